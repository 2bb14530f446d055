"""The tables of a study: columns, reading, places, cleaning, consent and withdrawal.

A study's folder enters. `received` reads its tables strictly, as text; `partition` writes the rows
of each place for the steps of a build; `cleaning` returns the cleaned tables of a place, for its
reports; `consent` blanks what may not be shown. `focus_groups`, `segments` and `code_applications`
name the columns. `withdrawal` removes a focus group from the study's folder. Start with `received`.
"""
