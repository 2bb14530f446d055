"""The import of coded data: coded data and a mapping enter, rows of the four tables leave.

Start with `coded_import`, which reads as its steps: `mapping`, `merging`, `known_segments`,
`code_matching`, `coders`, `focus_group_rows`, `segment_rows`.
"""
