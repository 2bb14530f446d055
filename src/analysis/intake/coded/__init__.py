"""Readers of coded data, a module for each tool, and writers of the formats that we export.

The bytes of a file enter, `coded_data.CodedData` leaves, with an account of each item. Start with
`recognition`, which lists the formats; a reader collects what it finds in a `CodedDataBuilder`.
"""
