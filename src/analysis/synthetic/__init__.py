"""Synthetic studies: a seed goes in, a whole study of invented focus groups comes out.

Such a study shows, tests and measures the compendium without anybody's words. The same number of
focus groups and the same seed give the same bytes. Start reading at `write.write_synthetic_study`:
`study_plan` decides who meets, where and about what, `conversation` and `answers` what they say,
`rewording` in which words, `coders` which codes are applied. What experts edit is in `data/`: the
sentences, how often each region speaks of each code, and the codebook.
"""
