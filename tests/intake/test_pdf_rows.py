from __future__ import annotations

import pytest

from analysis.intake.pdf_layout import PageLine, Row, mark_running

CELL = "A row"


def row(page: int, text: str) -> Row:
    line = PageLine(({"text": text, "x0": 0, "x1": 9, "top": 0, "bottom": 9},))
    return Row(page, 1, (line,), (), is_row=text == CELL, right=0, left=0)


@pytest.mark.parametrize(
    ("pages", "running"),
    [
        (["Lake|1|A row|Page 1", "Lake|1|b|A row|Page 2"], "Lake 1 Page 1 Lake 1 Page 2"),
        (["a|Draft|Lake", "b|Draft|Lake 2", "c|Draft|Lake 3"], "Draft Lake 2 Draft Lake 3"),
        (["a|Lake", "b|Lake|2", "c|Lake|3"], "Lake Lake 2 Lake 3"),
        (["Lake|a|b", "Lake|c|d", "Lake|a|e", "Lake|f", "Lake|g"], "Lake Lake Lake Lake Lake"),
        (["A row|A row", "A row|A row"], ""),
        (["a|a"], ""),
        (["Lake", "Lake"], "Lake Lake"),
    ],
)
def test_headers_and_footers_may_have_several_lines(pages: list[str], running: str) -> None:
    """What repeats at an edge is running, and behind it what repeats on half of the pages."""
    rows = [row(at, text) for at, page in enumerate(pages, 1) for text in page.split("|")]

    found = [each.question[0].text for each in mark_running(rows) if each.is_running]

    assert " ".join(found) == running
