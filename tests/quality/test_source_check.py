from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import SourceError
from analysis.intake.limits import receive
from analysis.intake.markdown_text import read_markdown_text
from analysis.intake.normalisation import digest_normalised
from analysis.quality.source_check import (
    SourceCheck,
    check_source,
    check_study_source,
    require_source,
)
from analysis.tables.received import read_received
from analysis.tables.segments import COLUMNS
from intake.filled_templates import Filling, fill_docx
from tiny_study import STUDY, put_value, write_tiny_root

INVENTED = Path(__file__).parents[1] / "intake" / "data" / "whole.txt"
Check = Callable[[str], SourceCheck]
Reworded = Callable[[str, str], SourceCheck]
KEN_6 = 7
PUBLISHED = Path("data") / "source" / "unaids-africa-focus-group-2020.txt"


@pytest.fixture(scope="module")
def segments() -> pd.DataFrame:
    """Give a segment for each point of the invented submission."""
    rows = [
        {
            "segment": f"s.{point.place}",
            "focus_group": "lake",
            "section": point.section,
            "question": point.question,
            "position": point.position,
            "source_sha256": digest_normalised(point.text),
        }
        for point in read_markdown_text(receive(INVENTED)).points
    ]
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str").fillna("")


@pytest.fixture(scope="module")
def restated(root: Path) -> pd.DataFrame:
    """Give the restated segments of africa-2020."""
    return read_received(root / "data" / "africa-2020").segments


@pytest.fixture(scope="module")
def published(shared: Path) -> str:
    """Give the text of the published continental submission."""
    return (shared / PUBLISHED).read_text(encoding="utf-8")


@pytest.fixture
def check_text(tmp_path: Path, segments: pd.DataFrame) -> Check:
    """Give a check of a text against the invented submission's segments."""

    def check(text: str) -> SourceCheck:
        path = tmp_path / "source.txt"
        path.write_text(text, encoding="utf-8")
        return check_source(segments, read_markdown_text(receive(path)))

    return check


@pytest.fixture
def check_reworded(
    tmp_path: Path, shared: Path, restated: pd.DataFrame, published: str
) -> Reworded:
    """Give a check of the published source with one point reworded."""
    submission = read_markdown_text(receive(shared / PUBLISHED))
    wordings = {point.place: point.text for point in submission.points}

    def check(place: str, pattern: str) -> SourceCheck:
        path = tmp_path / "source.txt"
        plain = published.replace("*", "")
        wording = wordings[place]
        reworded = replace_once(plain, wording, pattern.format(wording=wording))
        path.write_text(reworded, encoding="utf-8")
        return check_source(restated, read_markdown_text(receive(path)))

    return check


@pytest.fixture(scope="module")
def invented() -> str:
    """Give the text of the invented submission."""
    return INVENTED.read_text(encoding="utf-8")


def replace_once(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


def shortfalls(check: SourceCheck) -> dict[str, tuple[str, ...]]:
    outcomes = ("moved", "changed", "missing", "left_over")
    return {outcome: found for outcome in outcomes if (found := getattr(check, outcome))}


def test_unchanged_source_passes(check_text: Check, invented: str):
    """Every segment of an unedited source has its counterpart, and nothing is left over."""
    check = check_text(invented)

    assert shortfalls(check) == {}
    assert (check.passed, len(check.matched), check.total) == (True, 32, 32)


def test_conversion_by_another_program_passes(check_text: Check, invented: str):
    """Quotes, dashes, bullets and white space are not the source's words."""
    other = invented.replace("\u201c", '"').replace("\u2022", "\u25cf").replace(" late", "   late")

    assert check_text(other).passed


@pytest.mark.parametrize(
    ("old", "new", "segment"),
    [
        ("before clinics", "after clinics", "s.theme.introduction.1"),
        ("late & seldom", "late & often", "s.reaching_person.situation.p1"),
        ("last boat", "first boat", "s.structures.situation.2"),
        ("hung to dry", "hung to fix", "s.structures.situation.2"),
        ("We miss:", "They miss:", "s.structures.situation.p2"),
        ("From nurses", "From doctors", "s.context.hope.1b"),
        ("Learning:", "Teaching:", "s.context.hope.1"),
        ("Stop closing", "Avoid closing", "s.recommendations.stop.1"),
        ("Stay there", "Stay here", "s.recommendations.key.p2"),
        ("Most of all", "most of all", "s.emerging.patterns.2a"),
        ("closing at noon", "closing at", "s.recommendations.stop.1"),
    ],
)
def test_changed_word_names_its_segment(
    check_text: Check, invented: str, old: str, new: str, segment: str
):
    """A source with one changed word is refused, naming the segment."""
    check = check_text(replace_once(invented, old, new))

    assert shortfalls(check) == {"changed": (segment,)}
    with pytest.raises(SourceError, match=f"{segment}: the source has another wording there"):
        require_source(check)


def test_removed_point_is_missing_and_those_below_moved(check_text: Check, invented: str):
    """A removed point is named itself; the points below it are elsewhere."""
    check = check_text(replace_once(invented, "\u2022 Early hours", ""))

    assert shortfalls(check) == {
        "moved": ("s.structures.situation.2", "s.structures.situation.3"),
        "missing": ("s.structures.situation.1",),
    }


def test_added_point_is_left_over(check_text: Check, invented: str):
    """A point put in is named by its place, and no segment is said to have changed."""
    check = check_text(
        replace_once(invented, "\u2022 A night line", "\u2022 Fuel \u2022 A night line")
    )

    assert shortfalls(check) == {
        "moved": ("s.structures.situation.3",),
        "left_over": ("structures.situation.3",),
    }


def test_swapped_points_moved(check_text: Check, invented: str):
    """The order of points belongs to the source."""
    check = check_text(
        replace_once(
            invented,
            "Stock runs out \u2022 Records get wet",
            "Records get wet \u2022 Stock runs out",
        )
    )

    assert shortfalls(check) == {"moved": ("s.structures.concerns.1", "s.structures.concerns.2")}


@pytest.mark.parametrize(
    ("old", "new", "left_over"),
    [
        ("UNAIDS\n", "UNAIDS\n\nOne thing more.\n", ("line 61",)),
        ("UNAIDS\n", "UNAIDS\n\n- One thing more.\n", ("line 61",)),
        (
            "\nSECTION 3: RECOMMENDATIONS",
            "\nOne thing more.\n\nSECTION 3: RECOMMENDATIONS",
            ("emerging.patterns.p1",),
        ),
        ("CONTINUE\t", "PAUSE\tOne thing more.\nCONTINUE\t", ("line 54",)),
        ("What is working that", "What is useful that", ("recommendations.continue.p1",)),
    ],
)
def test_nothing_among_the_answers_is_skipped(
    check_text: Check, invented: str, old: str, new: str, left_over: tuple[str, ...]
):
    """Text among or after the answers that is not of the template is left over."""
    head, found, tail = invented.rpartition(old)
    assert found

    check = check_text(head + new + tail)

    assert shortfalls(check) == {"left_over": left_over}


def test_changed_question_leaves_its_answer_over(check_text: Check, invented: str):
    """An answer under an unknown question has no segment: its line is left over."""
    check = check_text(replace_once(invented, "| What concerns us? |", "| What worries us? |"))

    assert shortfalls(check) == {
        "missing": ("s.structures.concerns.1", "s.structures.concerns.2"),
        "left_over": ("line 37",),
    }


def test_refusal_quotes_nothing_of_the_source(check_text: Check, invented: str):
    """The message holds ids and places, and no word of the answers."""
    check = check_text(replace_once(invented, "Stay there", "Remain unquoted"))

    with pytest.raises(SourceError) as refusal:
        require_source(check)

    assert "unquoted" not in str(refusal.value)
    assert str(refusal.value).splitlines()[:2] == [
        "The source does not match its segments: 31 of 32 do.",
        "  s.recommendations.key.p2: the source has another wording there",
    ]


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("focus_group", "sea", "there are 2 in these segments"),
        ("source_sha256", "", "no digest of their source"),
        ("position", "2", "theme.introduction.2: s.theme.introduction.1, s.theme.introduction.2"),
        ("segment", "s.theme.introduction.2", "theme.introduction.1, theme.introduction.2"),
    ],
)
def test_refuses_segments_that_cannot_be_compared(
    segments: pd.DataFrame, column: str, value: str, message: str
):
    """Segments of two focus groups, without digest, or sharing id or place are refused."""
    wrong = segments.assign(**{column: [value, *segments[column].iloc[1:]]})

    with pytest.raises(SourceError, match=message):
        check_source(wrong, read_markdown_text(receive(INVENTED)))


def test_no_segments_are_no_success(segments: pd.DataFrame):
    """An empty table cannot pass."""
    with pytest.raises(SourceError, match="there are 0 in these segments"):
        check_source(segments.iloc[:0], read_markdown_text(receive(INVENTED)))


def test_all_81_segments_match_the_published_source(shared: Path, restated: pd.DataFrame):
    """Each restated segment of africa-2020 has its counterpart, and nothing is left over."""
    check = check_source(restated, read_markdown_text(receive(shared / PUBLISHED)))

    assert shortfalls(check) == {}
    assert (check.passed, len(check.matched), check.total) == (True, 81, 81)


def test_published_source_has_the_digest_that_its_focus_group_cites(shared: Path, root: Path):
    """The focus group names the very text that its segments restate."""
    tables = read_received(root / "data" / "africa-2020")

    check = check_source(tables.segments, read_markdown_text(receive(shared / PUBLISHED)))

    assert list(tables.focus_groups["source_sha256"]) == [check.source_sha256]


def test_one_changed_word_in_any_segment_of_the_published_source_names_it(
    tmp_path: Path, published: str, restated: pd.DataFrame, shared: Path
):
    """Whichever of the 81 segments a word is changed in, that segment alone is named."""
    found: list[tuple[str, dict[str, tuple[str, ...]]]] = []
    for point in read_markdown_text(receive(shared / PUBLISHED)).points:
        path = tmp_path / "changed.txt"
        path.write_text(_with_one_word_changed(published, point.text), encoding="utf-8")
        found.append(
            (point.place, shortfalls(check_source(restated, read_markdown_text(receive(path)))))
        )

    assert found == [(segment, {"changed": (segment,)}) for segment in restated["segment"]]


@pytest.mark.parametrize(
    ("segment", "moved"),
    [
        ("theme.introduction.5", ("theme.introduction.6",)),
        ("context.situation.p1", ("context.situation.p2",)),
        ("context.concerns.5", ()),
        ("context.hope.2b", ("context.hope.2c",)),
        ("recommendations.stop.6", ("recommendations.stop.7",)),
        ("recommendations.key.p3", ()),
    ],
)
def test_point_removed_from_the_published_source_is_missing(
    check_reworded: Reworded, segment: str, moved: tuple[str, ...]
):
    """A segment whose point was taken out of the source is named as missing."""
    check = check_reworded(segment, "")

    assert shortfalls(check) == {"missing": (segment,)} | ({"moved": moved} if moved else {})


@pytest.mark.parametrize(
    ("above", "added", "left_over"),
    [
        ("theme.introduction.6", "\n- More.", "theme.introduction.7"),
        ("context.concerns.5", " \u2022 More.", "context.concerns.6"),
        ("context.hope.1c", " \u25cb More.", "context.hope.1d"),
        ("recommendations.stop.7", " \u2022 More.", "recommendations.stop.8"),
        ("recommendations.key.p3", "</p> <p>More.", "recommendations.key.p4"),
    ],
)
def test_point_added_to_the_published_source_is_left_over(
    check_reworded: Reworded, above: str, added: str, left_over: str
):
    """A point put into the source is named by its place."""
    check = check_reworded(above, "{wording}" + added)

    assert shortfalls(check) == {"left_over": (left_over,)}


def _with_one_word_changed(text: str, wording: str) -> str:
    """Replace the longest first words of a wording that are in the text once."""
    words = wording.split(" ")
    for last in range(len(words)):
        for first in range(last, -1, -1):
            stretch = " ".join(words[first : last + 1])
            if text.count(stretch) == 1:
                changed = " ".join([*words[first:last], "otherwise"])
                return text.replace(stretch, changed)
    raise AssertionError("no part of the wording is in the text once")


def test_restated_segments_are_those_shared_for_the_study(shared: Path, restated: pd.DataFrame):
    """Ids, order, places, roles, labels and texts are those written for the project."""
    given = pd.read_csv(
        shared / "data" / "africa-2020" / "segments.csv", dtype="str", keep_default_na=False
    )

    pd.testing.assert_frame_equal(restated[list(given.columns)].reset_index(drop=True), given)


def test_no_sentence_of_the_source_is_in_the_restated_segments(
    published: str, restated: pd.DataFrame
):
    """No eight words in a row of any restated text are in the source."""
    source = " ".join(published.lower().split())
    words = [text.lower().split() for text in restated["text"]]
    copied = [
        " ".join(text[start : start + 8])
        for text in words
        for start in range(len(text) - 7)
        if " ".join(text[start : start + 8]) in source
    ]

    assert copied == []


@pytest.fixture
def check_published(root: Path, tmp_path: Path) -> Check:
    """Give a check of a text against africa-2020, with the facts of its focus group."""

    def check(text: str) -> SourceCheck:
        path = tmp_path / "source.txt"
        path.write_text(text, encoding="utf-8")
        return check_study_source(root / "data" / "africa-2020", path)

    return check


def test_change_outside_the_answers_is_reported(check_published: Check, published: str) -> None:
    """A source whose other facts differ matches, and is reported to be another source."""
    texts = (published, published.replace("Organizer: UNAIDS", "Organizer: UN", 1))

    checks = [check_published(text) for text in texts]

    assert [check.passed for check in checks] == [True, True]
    assert [check.differs_elsewhere for check in checks] == [False, True]


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("\nDate: 12 October", "\nDate: 13 October", "held_on"),
        ("discussion: 12 October 2020", "discussion: 12 October 2019", "held_on"),
        ("\nDate: 12 October 2020", "\nDate: soon", "held_on"),
        ("Country: Continental Focus Group Discussion (Africa)", "Country: Kenya", "places"),
        ("15 members", "16 members", "participants"),
    ],
    ids=["date", "date-below", "no-date", "country", "participants"],
)
def test_changed_fact_of_the_header_is_refused(
    check_published: Check, published: str, old: str, new: str, column: str
) -> None:
    """A source that states another date, place or number of people is not the one restated."""
    check = check_published(replace_once(published, old, new))

    assert (check.passed, check.other_facts) == (False, (column,))
    with pytest.raises(SourceError, match=f"focus_groups.csv, {column}: the source states another"):
        require_source(check)


def test_source_is_read_as_an_import_reads_it(tmp_path: Path) -> None:
    """A source may have any format that an import reads, such as a Word document."""
    root, words = write_tiny_root(tmp_path / "root"), "Raids on the places where we work."
    put_value(root, "segments", (KEN_6, "text_kind"), "restated")
    put_value(root, "segments", (KEN_6, "source_sha256"), digest_normalised(words))
    facts = {"held_on": "2020-10-01", "place": "Kenya", "participants": "8 network members"}
    source = tmp_path / "source.docx"
    source.write_bytes(fill_docx(Filling({"recommendations.stop": [("point", words)]}, facts)))

    check = check_study_source(root / "data" / STUDY, source)

    assert (check.matched, check.passed) == (("ken.6",), True)


def test_superscript_is_a_difference(tmp_path: Path, segments: pd.DataFrame, invented: str) -> None:
    """A number in superscript is not the number that its digits would make."""
    place, text = next(
        (point.place, point.text) for point in read_markdown_text(receive(INVENTED)).points
    )
    wording = f"{text} 10<sup>5</sup>"
    expected = segments.copy()
    expected.loc[expected["segment"] == f"s.{place}", "source_sha256"] = digest_normalised(wording)
    found = {}
    for written in ("10<sup>5</sup>", "10\u2075", "105"):
        path = tmp_path / "source.txt"
        path.write_text(replace_once(invented, text, f"{text} {written}"), encoding="utf-8")
        check = check_source(expected, read_markdown_text(receive(path)))
        found[written] = shortfalls(check)

    assert found == {
        "10<sup>5</sup>": {},
        "10\u2075": {},
        "105": {"changed": (f"s.{place}",)},
    }
