"""The scan for what may identify a person, in all text that could be published.

A text goes in; the kinds of personal data that are found in it come out, never the words. Start
reading at `scan`: it lists the columns and the kinds, which `contacts`, `names` and `local_places`
find with the words in `lexicon`; `prefilter` selects the texts worth a look. `table_scan` scans the
tables of a study, `study_texts` what it publishes besides them; `exceptions` reads what a person
has reviewed.
"""
