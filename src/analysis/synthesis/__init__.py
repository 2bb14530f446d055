"""The analysis itself: what reports show, and the claims that support each number.

Cleaned tables of a place come in (`corpus_tables`) and become a `corpus`; a continent is joined
from what its regions hand on (`aggregates`). Each section of a report is a module that measures,
and returns its table or figure as a fragment of HTML with its claims (`claims`, `evidence`). Start
with a notebook, then `corpus` and `prevalence`.
"""
