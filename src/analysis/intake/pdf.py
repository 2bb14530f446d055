"""Reader of submissions in PDF: rows of ruled tables, and the lines between them, page by page."""

from __future__ import annotations

import io
import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from analysis.errors import SourceError
from analysis.intake.limits import require_form
from analysis.intake.line_reader import read_lines
from analysis.intake.lines import ItemCounter, TemplateLine, clean_text, read_paragraphs
from analysis.intake.pdf_layout import (
    MARGIN,
    Page,
    Row,
    Setting,
    mark_running,
    paragraphs_of,
    read_page,
    usual_distance,
    would_fit,
)
from analysis.intake.submission import Suspicion
from analysis.intake.template_wording import read_wording
from analysis.study.instrument import instrument_languages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.intake.limits import ReceivedFile
    from analysis.intake.submission import Submission
    from analysis.intake.template_wording import TemplateWording

MOST_PAGES = 200
DAMAGED = Suspicion("file", "the PDF is damaged in places: words may be missing from it")
END, END_WITHIN = b"%%EOF", 2048
UNSEEN = re.compile(rb"(?<![\d.])[37]\s+Tr\b")
"""The operator from which on text is not drawn."""
LARGE = 0.25
"""Share of a page from which on a picture may hold more than a logo does."""


def read_pdf(file: ReceivedFile) -> Submission:
    """Return the submission in a PDF: of text, and not of pictures of text."""
    import pdfplumber  # noqa: PLC0415 (heavy)
    from pdfplumber.utils.exceptions import (  # noqa: PLC0415
        MalformedPDFException,
        PdfminerException,
    )

    require_form(file.name, file.content, ("pdf",))
    if END not in file.content[-END_WITHIN:]:
        raise _cut_short(file.name)
    try:
        with _FaultCounter() as faults, pdfplumber.open(io.BytesIO(file.content)) as opened:
            _refuse_pages(file.name, len(opened.pages))
            rows = mark_running([row for page in opened.pages for row in read_page(page)])
            suspicions = [*_suspect_pictures(opened.pages, rows), *_suspect_unseen(opened.pages)]
    except (PdfminerException, MalformedPDFException) as error:
        raise _unreadable(file.name, error) from error
    if not rows:
        raise SourceError(
            f"{file.name} has no text: its pages are pictures.",
            expected="a PDF that a program wrote",
            remedy="save the document as PDF or Word, or have its text recognised",
        )
    submission = read_lines(_lines_of(_join_questions(rows)), file.name)
    if faults.count or not _is_whole(file.content):
        suspicions.insert(0, DAMAGED)
    return replace(submission, suspicions=(*suspicions, *submission.suspicions))


def _is_whole(content: bytes) -> bool:
    """Return whether every page unpacks to its end; the library reads on where one does not."""
    import pdfplumber  # noqa: PLC0415
    from pdfminer import settings  # noqa: PLC0415
    from pdfminer.pdftypes import stream_value  # noqa: PLC0415

    settings.STRICT = True
    try:
        with pdfplumber.open(io.BytesIO(content)) as opened:
            for page in opened.pages:
                for stream in page.page_obj.contents:
                    stream_value(stream).get_data()
    except Exception:  # whatever it complains of is a fault
        return False
    finally:
        settings.STRICT = False
    return True


class _FaultCounter(logging.Handler):
    """Counts and drops the complaints of the library, which reads on; they may hold words."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0
        self._logger = logging.getLogger("pdfminer")

    def emit(self, _: logging.LogRecord) -> None:
        self.count += 1

    def __enter__(self) -> Self:
        self._logger.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self)


def _suspect_pictures(pages: Sequence[Page], rows: Sequence[Row]) -> Iterator[Suspicion]:
    """Yield the pages with pictures, whose words no program reads."""
    with_words = {row.page for row in rows if not row.is_running}
    for page in pages:
        where = f"page {page.page_number}"
        if page.page_number not in with_words and (page.images or page.curves):
            yield Suspicion(where, "is a picture: its text was not read")
        elif any(_is_silent(picture, page) for picture in page.images):
            yield Suspicion(where, "has a large picture: its text was not read")


def _suspect_unseen(pages: Sequence[Page]) -> Iterator[Suspicion]:
    """Yield the pages with text that is not drawn: it may be what a program recognised in a scan.

    It's kept, since it may be all there is of an answer.
    """
    from pdfminer.pdftypes import stream_value  # noqa: PLC0415

    for page in pages:
        streams = (stream_value(stream).get_data() for stream in page.page_obj.contents)
        if any(map(UNSEEN.search, streams)):
            yield Suspicion(
                f"page {page.page_number}", "has text that nobody sees, and that was read"
            )


def _is_silent(picture: dict[str, Any], page: Page) -> bool:
    """Return whether a picture is large, and has no letter on it."""
    area = (picture["x1"] - picture["x0"]) * (picture["bottom"] - picture["top"])
    return area >= LARGE * page.width * page.height and not any(
        picture["x0"] <= letter["x0"] <= picture["x1"]
        and picture["top"] <= letter["top"] <= picture["bottom"]
        for letter in page.chars
    )


def _refuse_pages(name: str, pages: int) -> None:
    if pages > MOST_PAGES:
        raise SourceError(
            f"{name} has {pages} pages.",
            expected=f"a submission of at most {MOST_PAGES}",
            remedy="split it into its submissions",
        )


def _unreadable(name: str, error: Exception) -> SourceError:
    cause = type(error.args[0] if error.args else error).__name__
    if "Password" in cause or "Encrypt" in cause:
        return SourceError(
            f"{name} is encrypted.",
            expected="a PDF without a password",
            remedy="save it without a password",
        )
    return _cut_short(name)


def _cut_short(name: str) -> SourceError:
    return SourceError(
        f"{name} is damaged or was cut short: it cannot be read as a PDF.",
        expected="a file that was sent whole",
        remedy="ask for the file again",
    )


def _lines_of(rows: Sequence[Row]) -> list[TemplateLine]:
    """Return rows as lines of a submission, lines between tables being put into paragraphs."""
    bullets = [line.x0 - row.left for row in rows for line in row.last_cell if line.is_bullet]
    columns = [cell for row in rows for cell in (row.question, row.answer)]
    setting = Setting(usual_distance(columns), min(bullets, default=0.0))
    lines: list[TemplateLine] = []
    above: Row | None = None
    waiting: list[Row] = []
    counter = ItemCounter()
    for row in rows:
        is_body = not row.is_row and not row.is_running
        if is_body and not _is_page_break(waiting, row):
            waiting.append(row)
            continue
        lines += _flush(waiting, above, setting, counter)
        above = waiting[-1] if waiting else above
        waiting = [row] if is_body else []
        if not is_body:
            counter = ItemCounter() if row.is_row else counter
            lines.append(_line_of(row, above, setting))
            above = row if row.last_cell and not row.is_running else above
    lines += _flush(waiting, above, setting, counter)
    return [replace(line, number=number) for number, line in enumerate(lines, start=1)]


def _join_questions(rows: Sequence[Row]) -> list[Row]:
    """Put rows together whose question a page break cut."""
    wordings = [read_wording(language) for language in instrument_languages()]
    joined: list[Row] = []
    for row in rows:
        at = next((n for n in range(len(joined) - 1, -1, -1) if not joined[n].is_running), -1)
        above = joined[at] if at >= 0 else None
        if above and above.page != row.page and _is_one_question(above, row, wordings):
            joined[at] = replace(above, question=(*above.question, *row.question))
            row = replace(row, question=())  # noqa: PLW2901 - the rest of its row continues the one above
        joined.append(row)
    return joined


def _is_one_question(above: Row, row: Row, wordings: Sequence[TemplateWording]) -> bool:
    if not (above.is_row and row.is_row and above.question and row.question):
        return False
    first, second = (clean_text(" ".join(each.text for each in r.question)) for r in (above, row))
    return any(
        wording.knows(f"{first} {second}") and not wording.knows(second) for wording in wordings
    )


def _is_page_break(waiting: Sequence[Row], row: Row) -> bool:
    return bool(waiting) and waiting[-1].page != row.page


def _flush(
    waiting: Sequence[Row], above: Row | None, setting: Setting, counter: ItemCounter
) -> Iterator[TemplateLine]:
    """Yield the paragraphs that lines between tables make up."""
    if not waiting:
        return
    first = waiting[0]
    lines = [line for row in waiting for line in row.question]
    is_first = above is not None and not above.is_row and above.page != first.page
    for paragraph in paragraphs_of(lines, first, setting):
        for block in read_paragraphs([paragraph], counter):
            yield replace(
                TemplateLine.of_block(0, block, first.where),
                follows_gap=is_first,
                continues=_continues(first, above) if is_first and above else None,
            )
            is_first = False


def _line_of(row: Row, above: Row | None, setting: Setting) -> TemplateLine:
    question = clean_text(" ".join(line.text for line in row.question))
    blocks = read_paragraphs(paragraphs_of(row.last_cell, row, setting))
    return TemplateLine(
        number=0,
        first=question,
        second=" ".join(block.text for block in blocks) if row.is_row else "",
        is_row=row.is_row,
        where=row.where,
        blocks=blocks,
        continues=_continues(row, above) if row.is_row and above and not question else None,
        is_running=row.is_running,
    )


def _continues(row: Row, above: Row) -> bool:
    """Return whether the first line of a row continues the last one above a page break.

    It does when its first word would not have fitted there, unless a sentence ended there and
    another starts; even then it does where it is below the words, and not the bullet, of an item.
    """
    if not row.last_cell or not above.last_cell or row.last_cell[0].opens_item:
        return False
    line, last = row.last_cell[0], above.last_cell[-1]
    if would_fit(line, last, above.right):
        return False
    is_ended = last.text.rstrip("'\")]\u2019\u201d")[-1:] in ".!?:\u2026"
    starts_new = not line.text[:1].islower()
    is_hanging = line.x0 - row.left > 2 * MARGIN + _indent_of(above)
    return is_hanging or not (is_ended and starts_new)


def _indent_of(row: Row) -> float:
    """Return how far in the line furthest to the left is, in points."""
    return min(line.x0 for line in row.last_cell) - row.left
