"""No word is shown without consent, and every word that is shown is shown as it is."""

from __future__ import annotations

import json
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

import pytest

from built.built_study import BuiltStudy
from built.pages import SEGMENT
from canaries import (
    COUNTED,
    MARKED,
    PUBLIC,
    SILENT,
    UNNAMED,
    contents_below,
    met,
    plantings_of,
)
from publishing.mock_fragments import HOSTILE
from tiny_study import STUDY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WITHHELD = ("uga.3", "shy.1", "gone.1")
READ = (".html", ".ipynb", ".json")


def withheld_words(study: BuiltStudy) -> set[str]:
    """Return texts and labels that may not be shown, but for what others said who may be shown."""
    words: dict[bool, set[str]] = {True: set(), False: set()}
    for row in study.whole.study.segments:
        cleaned = study.whole.cleaned.received[row["segment"]]
        shown = study.whole.study.may_show(row["focus_group"])
        words[shown] |= {row["text"], cleaned.text, row["label"], cleaned.label} - {""}
    shown_anyway = "\n".join(words[True])
    return {each for each in words[False] if each not in shown_anyway}


def shown_words(path: Path) -> str:
    """Return all that a file holds, as a reader would read it."""
    content = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        return unescape(content)
    return unescape("\n".join(strings_in(json.loads(content))))


def strings_in(value: object) -> Iterator[str]:
    """Yield every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings_in(each)


# The inputs of checks, and what they report of rows.
WITH_ROWS = ("seen", "checks/received", "partition.json")
# Of each focus group of the planted study, one for each consent, what its release holds.
HELD = {
    PUBLIC: {"text", "label", "title", "organiser", "theme", "participants"},
    UNNAMED: {"text", "label", "theme", "participants"},
    COUNTED: set(),
    SILENT: set(),
    MARKED: set(),
}


@pytest.mark.parametrize("group", HELD)
def test_release_holds_what_consent_lets(held: dict[str, set[str]], group: str):
    """No file of a release, whatever its format, holds more of a focus group than it allows."""
    assert held[group] == HELD[group]


@pytest.mark.parametrize("group", HELD)
def test_what_is_given_out_holds_no_more_than_consent_lets(given_out: Path, group: str):
    """No form in which a study is exported holds more of a focus group than its release may."""
    given = columns_held(given_out)[group]
    named = [name for name, content in contents_below(given_out) if group.encode() in content]

    assert given <= HELD[group]
    assert bool(named) == (group in (PUBLIC, UNNAMED))


@pytest.fixture(scope="module")
def held(planted: Path) -> dict[str, set[str]]:
    """Give for each focus group the columns whose words any file of the release holds."""
    return columns_held(planted / "reports")


def columns_held(folder: Path) -> dict[str, set[str]]:
    """Return for each focus group the columns whose words any file of a folder holds."""
    sought = tuple(replace(each, may_be_in=()) for group in HELD for each in plantings_of(group))
    places = {line.partition(": ")[0] for line in met(sought, folder)}
    named = [place.split(" of ") for place in places]
    return {group: {column for column, of in named if of == group} for group in HELD}


def test_who_may_not_be_counted_is_not_named(planted: Path):
    """Without consent, or withdrawn, a focus group's id is in nothing that is made of the parts."""
    on_the_way = tuple(f"build/{STUDY}/{name}" for name in WITH_ROWS)
    named = [
        (name, group)
        for name, content in contents_below(planted)
        for group in (SILENT, MARKED)
        if group.encode() in content and not name.startswith(("data/", *on_the_way))
    ]

    assert named == []


def test_counts_alone_count(planted: Path):
    """A focus group whose consent is for counts only is counted, with its participants."""
    claims = BuiltStudy(planted, STUDY).claims

    assert COUNTED in claims["esa.groups"]["focus_groups"]
    assert claims[f"esa.group.participants.{COUNTED}"]["value"] == 10
    assert {claims[f"study.{name}"]["value"] for name in ("withdrawn", "without_consent")} == {1}


def test_coded_data_are_offered_where_tables_are_public(study: BuiltStudy):
    """Only a study whose tables are public offers its segments and codings as a project."""
    publication = study.whole.study.settings.get("publication", {})
    is_offered = (study.release / "downloads" / f"{study.name}.qdpx").is_file()

    assert is_offered == (publication.get("tables") == "public")


def test_no_words_are_shown_without_consent(study: BuiltStudy):
    """Where consent is for counts only, or for nothing, no file of the release holds a word."""
    contents = {
        path.name: shown_words(path) for path in study.release.rglob("*") if path.suffix in READ
    }
    withheld = withheld_words(study)

    assert [(name, each) for name in contents for each in withheld if each in contents[name]] == []


def test_words_without_consent_are_looked_for(odd: Path):
    """The odd study has words to withhold: for counts only, without consent, and withdrawn."""
    study = BuiltStudy(odd, STUDY)
    texts = {study.whole.cleaned.received[name].text for name in WITHHELD}

    assert texts <= withheld_words(study)


@pytest.mark.parametrize("group", ["shy", "gone"])
def test_group_without_consent_is_nowhere(odd: Path, group: str):
    """A focus group that gave no consent, or withdrew, is in no claim and in no list."""
    study = BuiltStudy(odd, STUDY)
    title = study.whole.study.focus_groups[group]["title"]
    supporting = [
        claim["id"]
        for claims in study.claims_of_pages.values()
        for claim in claims
        if group in claim["focus_groups"]
    ]
    named = [name for name, page in study.pages.items() if title in page.text]

    assert (supporting, named) == ([], [])


def test_hostile_words_are_shown_as_they_are(odd: Path):
    """A segment of markup, scripts, Markdown and LaTeX is read as the text it is."""
    study = BuiltStudy(odd, STUDY)
    page = study.pages["esa.words-001.html"]
    quoted = dict(study.pages["esa.html"].excerpts)
    excerpts = [words for link, words in quoted.items() if link.endswith(f"#{SEGMENT}ken.1")]

    assert page.words[f"{SEGMENT}ken.1"].strip() == HOSTILE
    assert set(excerpts) == {HOSTILE}
