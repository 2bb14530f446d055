"""The scan for what may identify a person, in all text that could be published.

A text goes in; the kinds of personal data that are found in it come out, never the words. Start
reading at `scan`: its kinds are found by `contacts`, `names`, `births` and `places`, with the words
in `lexicon`; `prefilter` selects the texts worth a look. `findings` scans the tables of a study,
`study_texts` what it publishes besides them; `exceptions` reads what a person has reviewed.
"""
