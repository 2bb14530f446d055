"""Importing: what was received becomes rows of a study, all or nothing.

Submissions and coded data enter as files, read by `analysis.intake`. New rows of the study's
tables, the files as received and their rows in the registry leave, in one journaled change.
Start with `detect` (what the files are), then `submissions` or `coded.coded_import`, then `result`.
"""
