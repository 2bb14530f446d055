from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from analysis.errors import SourceError
from analysis.intake.focus_group import FocusGroups
from analysis.intake.limits import receive
from analysis.intake.pdf import read_pdf
from analysis.study.places import read_places
from intake.filled_templates import FILLINGS, LANGUAGES, Filling, empty_pdf, fill_pdf

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from analysis.intake.submission import Submission


@settings(max_examples=5)
@given(filling=FILLINGS, language=LANGUAGES)
def test_what_was_filled_in_comes_back(
    filling: Filling, language: str, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A printed template of any language gives back what was filled in, whatever pages cut."""
    path = tmp_path_factory.mktemp("sent") / "sent.pdf"
    path.write_bytes(fill_pdf(filling, language))

    submission = read_pdf(receive(path))
    group = FocusGroups(read_places(root / "data"), {}).describe(submission)

    assert [(each.cell, each.role, each.text) for each in submission.points] == filling.expected()
    assert submission.language == language
    assert {name: submission.facts[name] for name in filling.facts} == filling.facts
    assert group.consent == (filling.consent or "none")
    assert submission.remainder == ()
    assert submission.account.is_balanced
    assert "@" not in repr(submission)


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], Submission]:
    """Give a way to read a PDF."""

    def read_content(content: bytes) -> Submission:
        path = tmp_path / "sent.pdf"
        path.write_bytes(content)
        return read_pdf(receive(path))

    return read_content


def long_filling() -> Filling:
    """Return answers of many lines, which fill three pages."""
    said = "Boats leave before the clinics open, and come back after the clinics have closed; so"
    item = ("point", " ".join([said] * 40) + " it goes.")
    return Filling({cell: [item] for cell in ("theme.introduction", "structures.hope")})


def test_sentence_that_a_page_cuts_is_joined_and_told(read: Callable[[bytes], Submission]) -> None:
    """A row goes on over the page in mid-sentence, and the place of the cut is told."""
    filling = long_filling()

    submission = read(fill_pdf(filling))

    assert [(each.cell, each.role, each.text) for each in submission.points] == filling.expected()
    assert "page 2 row 1: joined a row cut by a page break in mid-sentence" in [
        repair.what for repair in submission.repairs
    ]


def test_headers_and_numbers_of_pages_are_no_words(read: Callable[[bytes], Submission]) -> None:
    """What stands on every page is set aside, and cuts no answer."""
    filling = long_filling()

    submission = read(fill_pdf(filling, running="Report of the lake\nPage {page} of many"))

    assert [(each.cell, each.role, each.text) for each in submission.points] == filling.expected()
    assert submission.account.set_aside["headers, footers and numbers of pages"] == 8
    assert submission.remainder == ()


def test_damage_in_the_midst_of_a_page_is_suspected(read: Callable[[bytes], Submission]) -> None:
    """Where the library reads on after a fault, a person is told that words may be missing."""
    content = bytearray(fill_pdf(long_filling()))
    at = content.rindex(b"endstream") - 100
    content[at] = ord("!")

    submission = read(bytes(content))

    assert [each.place for each in submission.suspicions if "damaged" in each.what] == ["file"]


def test_pages_that_are_pictures_are_suspected(read: Callable[[bytes], Submission]) -> None:
    """A scanned page among others is told, also below a header, and a logo is not."""
    filling = Filling({"structures.hope": [("point", "Boats.")]})
    told = [
        [
            (each.place, each.what)
            for each in read(fill_pdf(filling, running="The lake", pictures=(height,))).suspicions
        ]
        for height in (660, 300, 20)
    ]

    assert told == [
        [("page 3", "is a picture: nothing that stands on it was read")],
        [("page 2", "has a large picture: what stands in it was not read")],
        [],
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (lambda whole: whole[: len(whole) // 2], "is damaged or was cut short"),
        (lambda _: b"%PDF-1.7\nnothing\n%%EOF\n", "is damaged or was cut short"),
        (lambda _: b"Country: Lesotho", "is not what its name says: it is text"),
        (lambda _: fill_pdf(Filling({}), password="x"), "is encrypted"),  # noqa: S106
        (lambda _: empty_pdf(), "its pages are pictures"),
    ],
)
def test_refuses_what_cannot_be_read(
    content: Callable[[bytes], bytes], expected: str, read: Callable[[bytes], Submission]
) -> None:
    """A PDF that is cut short, encrypted or without text is refused, each with its own message."""
    with pytest.raises(SourceError, match=expected):
        read(content(fill_pdf(Filling({}))))
