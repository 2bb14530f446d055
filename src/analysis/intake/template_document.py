"""The empty template, as a Word document that a host can fill in."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm

from analysis.errors import SourceError, StorageError
from analysis.study.instrument import read_instrument

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from docx.document import Document
    from docx.table import Table

    from analysis.study.instrument import Instrument, Section

BOX = "\u2610"
ENDING = ".docx"
WIDTHS = (Cm(5.5), Cm(11))
# Neither the day nor the hour of writing is in the document: the same template is the same bytes.
WRITTEN_ON = datetime(2020, 1, 1, tzinfo=UTC)
PACKED_ON = (1980, 1, 1, 0, 0, 0)


def write_template(path: Path, language: str = "en") -> None:
    """Write an empty template.

    Parameters
    ----------
    path : Path
        The document to write, a ``.docx`` that is not there yet.
    language : str
        ISO 639.

    Raises
    ------
    StudyError
        When there is no template in that language.
    SourceError
        When the name is no document's, or there is such a file.
    StorageError
        When it cannot be written.
    """
    content = template_bytes(language)
    if path.suffix.casefold() != ENDING:
        raise SourceError(
            "A template is a Word document.",
            offenders=[path.name],
            expected=f"a name that ends in {ENDING}",
            remedy="choose such a name",
        )
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise SourceError(
            f"{path.name} exists already; nothing was written.",
            remedy="choose another name, or move the file away",
        ) from None
    except OSError as error:
        raise StorageError(
            f"{path.name} cannot be written: {error.strerror}.", remedy="choose another folder"
        ) from None


def template_bytes(language: str) -> bytes:
    """Return the document that is the empty template in a language: always the same bytes."""
    return pack_alike(build_template(read_instrument(language)))


def build_template(instrument: Instrument) -> Document:
    """Return the empty template as a document."""
    document = docx.Document()
    _describe(document, instrument)
    form = instrument.form
    document.add_heading(form.title, 0)
    for paragraph in form.how_to:
        document.add_paragraph(paragraph)
    document.add_heading(form.consent_heading, 1)
    options = "\n".join(f"{BOX} {option}" for option in form.consent_options.values())
    _add_rows(_add_table(document), [(form.consent_question, options)])
    document.add_heading(form.facts_heading, 1)
    for fact in form.hints:
        document.add_paragraph(form.hint(fact))
    _add_rows(_add_table(document), [(label, "") for label in form.facts.values()])
    for section in instrument.sections:
        document.add_heading(section.heading, 1)
        document.add_paragraph(_limit_of(instrument, section))
        table = _add_table(document, (form.question_header, form.answer_header))
        _add_rows(table, [(question.text, "") for question in section.questions])
    document.add_heading(form.contact_heading, 1)
    document.add_paragraph(form.contact_note)
    _add_rows(_add_table(document), [(label, "") for label in form.contacts])
    return document


def pack_alike(document: Document) -> bytes:
    """Return a document as bytes that do not depend on when they are written."""
    saved, packed = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as parts, zipfile.ZipFile(packed, "w") as written:
        for name in parts.namelist():
            entry = zipfile.ZipInfo(name, PACKED_ON)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            written.writestr(entry, parts.read(name))
    return packed.getvalue()


def _limit_of(instrument: Instrument, section: Section) -> str:
    form = instrument.form
    limit = instrument.limit(f"{section.section}.{section.questions[0].question}")
    return form.limit.format(points=limit) if limit else form.no_limit


def _describe(document: Document, instrument: Instrument) -> None:
    about = document.core_properties
    about.author = about.last_modified_by = about.comments = about.keywords = ""
    about.title = instrument.name
    about.language = instrument.language
    about.created = about.modified = WRITTEN_ON
    about.revision = 1
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), instrument.language)
    document.styles["Normal"].element.get_or_add_rPr().append(language)


def _add_table(document: Document, header: tuple[str, str] | None = None) -> Table:
    table: Table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    if header:
        _add_rows(table, [header])
        properties = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001
        repeated = OxmlElement("w:tblHeader")
        properties.append(repeated)
    return table


def _add_rows(table: Table, rows: Iterable[tuple[str, str]]) -> None:
    for question, answer in rows:
        cells = table.add_row().cells  # type: ignore[no-untyped-call]
        for cell, text, width in zip(cells, (question, answer), WIDTHS, strict=True):
            cell.width = width
            first, *others = text.split("\n")
            cell.paragraphs[0].add_run(first)
            for line in others:
                cell.add_paragraph(line)
