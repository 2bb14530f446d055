"""What a Word document says beside its body: notes, comments, headers and footers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docx.oxml import parse_xml
from docx.oxml.ns import qn

from analysis.intake import account as reasons

if TYPE_CHECKING:
    from collections.abc import Iterator

# By the kind of a part of the document, what its paragraphs are called, and why they are set aside.
BESIDE = {
    "footnotes": ("footnote", reasons.NOTES),
    "endnotes": ("endnote", reasons.NOTES),
    "comments": ("comment", reasons.NOTES),
    "header": ("", reasons.RUNNING),
    "footer": ("", reasons.RUNNING),
}


def notes_of(document: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - python-docx has no types
    """Yield the reason, and the place if a person must look there, of each paragraph beside."""
    for relation in document.part.rels.values():
        kind = relation.reltype.rpartition("/")[2]
        if relation.is_external or kind not in BESIDE:
            continue
        name, reason = BESIDE[kind]
        paragraphs = parse_xml(relation.target_part.blob).iter(qn("w:p"))
        said = (each for each in paragraphs if any(text.text for text in each.iter(qn("w:t"))))
        for number, _ in enumerate(said, start=1):
            yield reason, f"{name} paragraph {number}" if name else ""
