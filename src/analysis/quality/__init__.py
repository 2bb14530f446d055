"""What a study's tables must be before anything is counted from them.

Tables come in, as received or cleaned, with the suites of expectations that experts edit; outcomes
come out, in words and ids, which stop reports or are shown next to the numbers that they affect.
Start at `checks`; `suites` is what is expected, `derived` the columns that expectations look at,
`gx` the library that evaluates, `outcomes` what the rest of the program sees. `personal_data` is
the scan for what may identify a person, `source_check` compares restated segments with a source.
"""
