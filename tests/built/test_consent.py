"""No word is shown without consent, and every word that is shown is shown as it is."""

from __future__ import annotations

import json
from html import unescape
from typing import TYPE_CHECKING

import pytest

from built.built_study import BuiltStudy
from built.pages import SEGMENT
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
    bearing = [
        claim["id"]
        for page, claims in study.claims_of_pages.items()
        if not page.endswith("-cleaning")
        for claim in claims
        if group in claim["focus_groups"]
    ]
    named = [name for name, page in study.pages.items() if title in page.text]

    assert (bearing, named) == ([], [])


def test_hostile_words_are_shown_as_they_are(odd: Path):
    """A segment of markup, scripts, Markdown and LaTeX is read as the text it is."""
    study = BuiltStudy(odd, STUDY)
    page = study.pages["esa.html"]
    excerpts = [words for link, words in page.excerpts if link == f"#{SEGMENT}ken.1"]

    assert page.words[f"{SEGMENT}ken.1"].strip() == HOSTILE
    assert set(excerpts) == {HOSTILE}
