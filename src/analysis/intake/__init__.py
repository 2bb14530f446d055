"""Files as received go in, typed records come out; nothing is written here.

A file is received once, within limits (`limits`), and read in a process of its own (`sandbox`).
Start with `reading`: it picks the reader of a submission's format (`docx`, `pdf`, `html`,
`markdown_text`, `survey`), which makes lines of the file (`lines`). `line_reader` makes a
`submission.Submission` of them, and `focus_group` describes the focus group from the facts that it
states (`stated_…`). Coded data of other tools is read in `coded`; `template_document` writes the
empty template.
"""
