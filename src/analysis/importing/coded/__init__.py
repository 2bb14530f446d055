"""The import of coded data: coded data and a mapping enter, rows of the four tables leave.

Start with `coded_import`, which reads as its steps: `mapping`, `merging`, `code_matching`,
`focus_group_rows`, `segment_rows`.
"""
