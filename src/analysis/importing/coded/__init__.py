"""The import of coded data: coded data and a mapping enter, rows of the four tables leave.

Start with `coded_import`, which reads as its steps: `mapping`, `merging`, `known_segments`,
`code_matching`, `focus_group_rows`, `coders`, `segment_rows`.
"""
