"""Rebuild what is out of date of a study's release.

A study's tables, the notebooks, the suites and this program enter; an executed notebook and a page
for each report leave, in the study's folder below ``build/``, and then a release. Start reading in
`build`, which asks `inputs` whether there is anything to do, `plan` for the tasks, `keys` which of
them are out of date, and `scheduler` to run these; `steps` holds what a task of each kind does.
"""
