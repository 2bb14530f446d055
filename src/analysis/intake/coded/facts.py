"""What a study says of focus groups and segments, by the names of its columns."""

from __future__ import annotations

DOCUMENT_FACTS = (
    "focus_group",
    "title",
    "held_on",
    "scope",
    "places",
    "speaks_of",
    "organiser",
    "theme",
    "participants",
    "language",
    "consent",
    "received_by",
    "source",
    "source_sha256",
    "withdrawn",
)
SELECTION_FACTS = (
    "segment",
    "section",
    "question",
    "position",
    "role",
    "label",
    "text_kind",
    "language",
    "source_sha256",
)
OF_NO_TEXT = "it is said of no document that has text"
SAID_ALREADY = "the same is said of the same document already"
"""Why what a tool says of a document is set aside."""

GROUP_PREFIX = "focus_group_"
"""Stands before a fact of a focus group in a table whose rows are code applications."""

SHARED_NAMES = ("title", "theme", "language", "source", "source_sha256")
"""What a plain table may call so without meaning the focus group; these need the prefix."""
