"""Defects that were invented without a look at the suites: caught, or named as not caught."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from good_study import CONTEXT, good_tables, suites_for
from mutations import APPLIED, BOOK, GROUPS, SEGMENTS, repeat_rows

from analysis.quality.evaluation import check_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from mutations import Tables

    from analysis.quality.suites import Suite

    Suites = tuple[Suite, ...]
    Damage = Callable[[Tables], None]


def put(table: str, column: str, rows: int | list[int], value: str | list[str]) -> Damage:
    """Give damage that puts a value into some rows of a column."""

    def damage(tables: Tables) -> None:
        tables[table].loc[rows, column] = value

    return damage


def in_text(text: str) -> Damage:
    return put(SEGMENTS, "text", 9, text)


def in_groups(column: str, value: str) -> Damage:
    return put(GROUPS, column, 3, value)


def _leave_out_point(tables: Tables) -> None:
    tables[SEGMENTS] = tables[SEGMENTS].drop(5)


def _swap_groups(tables: Tables) -> None:
    texts = tables[SEGMENTS]
    words = texts["text"].to_list()
    texts.loc[9:14, "text"] = [*words[10:13], *words[7:10]]


def _code_alike(tables: Tables) -> None:
    applied = tables[APPLIED]
    applied.loc[applied["segment"].str.startswith("fg01"), "code"] = "care"


def _forget_coding(tables: Tables) -> None:
    applied = tables[APPLIED]
    tables[APPLIED] = applied[~applied["segment"].str.startswith("fg02")]


def _copy_group(tables: Tables) -> None:
    row = tables[GROUPS].loc[[3]].assign(focus_group="fg05", held_on="2024-03-15")
    repeat_rows(tables, GROUPS, row)
    texts = tables[SEGMENTS].loc[9:11]
    ids = texts["segment"].str.replace("fg02", "fg05")
    repeat_rows(tables, SEGMENTS, texts.assign(segment=ids, focus_group="fg05"))


LONG = "We wait, and then we walk home. " * 300
CUT = ("Nurses whisper when we come in and call the others to look at us and " * 4)[:255]
FRENCH = "Les agents nous suivent dans la rue avec des chiens et nous sommes sans abri la nuit."

# What is changed, and the fault that is found.
CAUGHT: dict[str, tuple[Damage, str]] = {
    "year of 2002": (
        in_groups("held_on", "2002-03-05"),
        "date more than five years before all later ones",
    ),
    "country in lower case": (in_groups("places", "ken"), "place unknown"),
    "language of three letters": (in_groups("language", "eng"), "language not of the study"),
    "blank consent": (in_groups("consent", ""), "no consent stated"),
    "consent Yes": (in_groups("consent", "Yes"), "consent unknown"),
    "missing point": (put(SEGMENTS, "position", 3, "3"), "position missing before this one"),
    "two points at a position": (
        put(SEGMENTS, "position", 3, "1"),
        "position used twice in an answer",
    ),
    "sub-point alone": (_leave_out_point, "sub-point without its point"),
    "coded heading": (
        put(APPLIED, "segment", 6, "fg01.context.hope.1"),
        "point above sub-points coded",
    ),
    "coded lead-in": (put(APPLIED, "segment", 6, "fg01.context.hope.p1"), "lead-in coded"),
    "id of another group": (
        put(SEGMENTS, "segment", 9, "fg09.context.situation.1"),
        "id of another place in the template",
    ),
    "text of 255 characters": (in_text(CUT), "text is cut off"),
    "lost reference": (in_text("#REF!"), "text was changed by a spreadsheet"),
    "formula": (in_text("=A1"), "text was changed by a spreadsheet"),
    "see above": (in_text("See above."), "text is only a placeholder"),
    "same as above": (in_text("same as above"), "text is only a placeholder"),
    "n/a": (in_text("N/A"), "text is only a placeholder"),
    "dash": (in_text("-"), "text is only a placeholder"),
    "address alone": (in_text("https://example.org/report"), "text is only a placeholder"),
    "another language": (in_text(FRENCH), "languages mixed in one answer"),
    "position as a date": (put(SEGMENTS, "position", 3, "01-Feb"), "position malformed"),
    "coder in other case": (put(APPLIED, "coder", 3, "Bo"), "coder unknown"),
    "code with a space": (put(APPLIED, "code", 3, "care "), "code unknown"),
    "applied theme": (put(APPLIED, "code", 3, "support"), "theme applied in place of a code"),
    "one name under two themes": (put(BOOK, "name", 6, "Policing"), "name used twice"),
    "one definition": (
        put(BOOK, "definition", 6, "What officers do."),
        "definition used twice",
    ),
    "definition to do": (
        put(BOOK, "definition", 6, "TODO"),
        "definition is only a placeholder",
    ),
    "theme above itself": (put(BOOK, "parent", 2, "rights"), "parent is no theme"),
    "transcript": (put(SEGMENTS, "text", 3, LONG), "whole transcript in one passage"),
    "text under two questions": (
        put(SEGMENTS, "text", 8, "Raids come at night."),
        "text pasted twice",
    ),
    "one code": (_code_alike, "one code on a whole focus group"),
    "0 members": (in_groups("participants", "0 members"), "participants not understood"),
    "15-20 members": (in_groups("participants", "15-20 members"), "participants not understood"),
    "fifteen members": (
        in_groups("participants", "fifteen members"),
        "participants not understood",
    ),
    "organiser as theme": (in_groups("theme", "Network of Kenya"), "organiser and theme swapped"),
    "region with a country": (in_groups("scope", "region"), "scope and places disagree"),
    "country twice": (in_groups("places", "KEN;KEN"), "place listed twice"),
    "short sha256": (in_groups("source_sha256", "0" * 60), "digest malformed"),
    "withdrawn before": (in_groups("withdrawn", "2023-01-01"), "withdrawn before it met"),
    "emoji": (in_text("\U0001f622\U0001f622"), "text without a letter"),
    "punctuation": (in_text("?!"), "text without a letter"),
    "Cyrillic letter": (put(BOOK, "code", 3, "p\u043elicing"), "code malformed"),
    "group without codes": (_forget_coding, "left out of the coding"),
    "group under two ids": (_copy_group, "same texts as another focus group"),
}
# What is changed, and the words that name it in the page on data quality.
NOT_CAUGHT: dict[str, tuple[Damage, str]] = {
    "one date": (put(GROUPS, "held_on", [2, 3, 4, 5], "2024-03-04"), "One date in every row"),
    "swapped groups": (_swap_groups, "Texts of two focus groups that were swapped"),
    "cut in a word": (in_text("Nurses whisper wh\u2026"), "cut in the middle of a word"),
    "two countries": (in_groups("places", "KEN;MWI"), "two countries with the scope country"),
    "speaks of elsewhere": (
        in_groups("speaks_of", "wca"),
        "speaks of a region where it did not meet",
    ),
}


def _faults(suites: Sequence[Suite], damage: Damage) -> set[str]:
    tables = good_tables()
    damage(tables)
    few = suites_for(tables, "received", suites)
    report = check_tables(tables, CONTEXT, stage="received", suites=few)
    return {each.fault for each in report.outcomes if not each.held}


@pytest.mark.parametrize(("damage", "fault"), CAUGHT.values(), ids=list(CAUGHT))
def test_invented_defect_is_caught(suites: Suites, damage: Damage, fault: str) -> None:
    """Each of these defects makes an expectation fall short that names it."""
    alone = [
        replace(
            suite, expectations=tuple(each for each in suite.expectations if each.fault == fault)
        )
        for suite in suites
    ]

    assert fault in _faults(alone, damage)


@pytest.mark.parametrize(("damage", "words"), NOT_CAUGHT.values(), ids=list(NOT_CAUGHT))
def test_other_defect_is_named(root: Path, suites: Suites, damage: Damage, words: str) -> None:
    """The page on data quality names each of the other defects, which no expectation catches."""
    page = (root / "docs" / "data-quality.md").read_text(encoding="utf-8")

    assert _faults(suites, damage) == set()
    assert words in page.partition("## What is not caught")[2]


def test_page_counts_invented_defects(root: Path) -> None:
    """The page on data quality says how many of these defects are caught, and how many are not."""
    page = (root / "docs" / "data-quality.md").read_text(encoding="utf-8")
    total = len(CAUGHT) + len(NOT_CAUGHT)

    assert f"{total} kinds of damage were invented" in page
    assert f"{len(CAUGHT)} are caught, and {len(NOT_CAUGHT)} are not." in page
