"""Reader of submissions in PDF: rows of ruled tables, and the lines between them, page by page."""

from __future__ import annotations

import io
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from analysis.errors import SourceError
from analysis.intake.limits import read_limited, require_form
from analysis.intake.markdown_text import read_lines
from analysis.intake.normalisation import digest
from analysis.intake.pdf_layout import (
    PageLine,
    Setting,
    finds_room,
    paragraphs_of,
    usual_distance,
)
from analysis.intake.pdf_pictures import suspect_pictures
from analysis.intake.pdf_rows import MARGIN, Row, mark_running, read_page
from analysis.intake.submission import Suspicion
from analysis.intake.template_lines import TemplateLine
from analysis.intake.template_wording import read_wording
from analysis.intake.typed_items import Counted, blocks_of, clean
from analysis.study.instrument import instrument_languages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from analysis.intake.submission import Submission
    from analysis.intake.template_wording import TemplateWording
    from analysis.intake.typed_items import Paragraph

MOST_PAGES = 200
DAMAGED = Suspicion("file", "the PDF is damaged in places: words may be missing from it")
END, END_WITHIN = b"%%EOF", 2048


def read_pdf(path: Path) -> Submission:
    """Return what a submission in a PDF says.

    Parameters
    ----------
    path : Path
        The document: text, and not pictures of text.

    Raises
    ------
    SourceError
        When it is no PDF, is encrypted or damaged, has no text, or is no submission.
    """
    import pdfplumber  # noqa: PLC0415 (heavy)
    from pdfplumber.utils.exceptions import (  # noqa: PLC0415
        MalformedPDFException,
        PdfminerException,
    )

    content = read_limited(path)
    require_form(path.name, content, ("pdf",))
    if END not in content[-END_WITHIN:]:
        raise _cut_short(path.name)
    try:
        with _Faults() as faults, pdfplumber.open(io.BytesIO(content)) as opened:
            _refuse_pages(path.name, len(opened.pages))
            rows = mark_running([row for page in opened.pages for row in read_page(page)])
            suspicions = list(suspect_pictures(opened.pages, rows))
    except (PdfminerException, MalformedPDFException) as error:
        raise _unreadable(path.name, error) from error
    if not rows:
        raise SourceError(
            f"{path.name} has no text: its pages are pictures.",
            expected="a PDF that a program wrote",
            remedy="save the document as PDF or Word, or have its text recognised",
        )
    lines = _lines_of(_join_questions(rows))
    words = " ".join(f"{line.first} {line.second}" for line in lines)
    submission = read_lines(lines, path.name, digest(words))
    if faults.count or not _is_whole(content):
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


class _Faults(logging.Handler):
    """Counts what the library complains of while it reads on; nothing of it is told."""

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
    bullets = [line.x0 - row.left for row in rows for line in row.words if line.is_bullet]
    columns = [cell for row in rows for cell in (row.question, row.answer)]
    setting = Setting(usual_distance(columns), min(bullets, default=0.0))
    lines: list[TemplateLine] = []
    above: Row | None = None
    waiting: list[Row] = []
    counted = Counted()
    for row in rows:
        is_body = not row.is_row and not row.is_running
        if is_body and not _is_page_break(waiting, row):
            waiting.append(row)
            continue
        lines += _flush(waiting, above, setting, counted)
        above = waiting[-1] if waiting else above
        waiting = [row] if is_body else []
        if not is_body:
            counted = Counted() if row.is_row else counted
            lines.append(_line_of(row, above, setting))
            above = row if row.words and not row.is_running else above
    lines += _flush(waiting, above, setting, counted)
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
            row = replace(row, question=())  # noqa: PLW2901 - the rest of its row goes on
        joined.append(row)
    return joined


def _is_one_question(above: Row, row: Row, wordings: Sequence[TemplateWording]) -> bool:
    if not (above.is_row and row.is_row and above.question and row.question):
        return False
    first, second = (clean(" ".join(each.text for each in r.question)) for r in (above, row))
    return any(
        wording.knows(f"{first} {second}") and not wording.knows(second) for wording in wordings
    )


def _is_page_break(waiting: Sequence[Row], row: Row) -> bool:
    return bool(waiting) and waiting[-1].page != row.page


def _flush(
    waiting: Sequence[Row], above: Row | None, setting: Setting, counted: Counted
) -> Iterator[TemplateLine]:
    """Yield the paragraphs that lines between tables make up."""
    if not waiting:
        return
    first = waiting[0]
    lines = [line for row in waiting for line in row.question]
    is_first = above is not None and not above.is_row and above.page != first.page
    for paragraph in _paragraphs(lines, first, setting):
        for block in blocks_of([paragraph], counted):
            yield TemplateLine(
                number=0,
                first=block.text,
                second="",
                is_row=False,
                follows_gap=is_first,
                where=first.where,
                blocks=(block,),
                goes_on=_goes_on(first, above) if is_first and above else None,
            )
            is_first = False


def _paragraphs(lines: Sequence[PageLine], row: Row, setting: Setting) -> list[Paragraph]:
    return paragraphs_of(lines, right=row.right, left=row.left, setting=setting)


def _line_of(row: Row, above: Row | None, setting: Setting) -> TemplateLine:
    question = clean(" ".join(line.text for line in row.question))
    blocks = blocks_of(_paragraphs(row.words, row, setting))
    return TemplateLine(
        number=0,
        first=question,
        second=" ".join(block.text for block in blocks) if row.is_row else "",
        is_row=row.is_row,
        follows_gap=False,
        where=row.where,
        blocks=blocks,
        goes_on=_goes_on(row, above) if row.is_row and above and not question else None,
        is_running=row.is_running,
    )


def _goes_on(row: Row, above: Row) -> bool:
    """Return whether the first line of a row goes on with the last one above a page break.

    It does when its first word had found no room there, unless a sentence ended there and another
    begins; even then it does where it stands under the words, and not the bullet, of an item.
    """
    if not row.words or not above.words or row.words[0].opens:
        return False
    line, last = row.words[0], above.words[-1]
    if finds_room(line, last, above.right):
        return False
    is_ended = last.text.rstrip("'\")]\u2019\u201d")[-1:] in ".!?:\u2026"
    begins_anew = not line.text[:1].islower()
    is_hanging = line.x0 - row.left > 2 * MARGIN + _indent_of(above)
    return is_hanging or not (is_ended and begins_anew)


def _indent_of(row: Row) -> float:
    """Return how far the line furthest to the left stands in, in points."""
    return min(line.x0 for line in row.words) - row.left
