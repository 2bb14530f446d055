"""The scan for what may identify a person, in all text that could be published.

A text goes in; the kinds of personal data that are found in it come out, never the words. Start
reading at `scan`: its kinds are found by `contacts`, `names` and `places`, with the words in
`lexicon`; `prefilter` selects the texts worth a look. `exceptions` reads the findings that a person
has reviewed, and `study_texts` scans what a study publishes besides its tables.
"""
