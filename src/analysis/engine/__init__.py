"""Rebuild the reports of a study that are out of date.

A study's tables, the notebooks, the suites and this program enter; an executed notebook and a page
for each report leave, in the study's folder below ``build/``, and then a release. Start reading in
`build`, which asks `inputs` whether there is anything to do, `plan` for the tasks, `keys` which of
them are out of date, and `scheduler` to run these; `steps` has a function for each kind of task.
"""
