"""Reports in each language: the same claims with the same values, in other words."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from babel.messages.pofile import read_po

from analysis.quality.outcome_sentences import describe_outcome
from analysis.quality.outcomes import Outcome
from analysis.study.language import in_language
from notebook_runs import REPORTS, run_notebook, write_language_root
from tiny_study import ROOT

if TYPE_CHECKING:
    from analysis.synthesis.claims import Fragment

    Shown = dict[str, list[Fragment]]

LANGUAGES = ("en", "fr", "pt")
# What differs between languages: words, and how numbers are written.
WORDS = ("label", "caveats")
TAG = re.compile(r"<[^>]+>")


@pytest.fixture(scope="module", params=REPORTS)
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """Give what a notebook shows of the tiny study in each language."""
    folder = tmp_path_factory.mktemp("languages")
    return {
        language: run_notebook(write_language_root(folder / language, language), request.param)
        for language in LANGUAGES
    }


def claims_of(fragments: list[Fragment]) -> dict[str, dict[str, Any]]:
    """Return the claims of a report without their words, by their ids."""
    records = [claim.record() for fragment in fragments for claim in fragment.carried]
    return {each["id"]: {key: each[key] for key in each if key not in WORDS} for each in records}


def words_of(fragments: list[Fragment]) -> str:
    text = unescape(TAG.sub(" ", " ".join(fragment.html for fragment in fragments)))
    return " ".join(text.split())


def translated_sentences(language: str) -> list[str]:
    """Return the English sentences without parts whose translation is another."""
    path = ROOT / "src/analysis/study/languages" / f"{language}.po"
    with path.open("rb") as file:
        messages = [m for m in read_po(file) if isinstance(m.id, str) and m.string != m.id]
    return [" ".join(m.id.split()) for m in messages if m.id and "{" not in m.id]


@pytest.mark.parametrize("language", ["fr", "pt"])
def test_claims_are_the_same_in_each_language(shown: Shown, language: str):
    """A report in another language makes the same claims, with the same values and evidence."""
    assert claims_of(shown[language]) == claims_of(shown["en"])


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", ("Les mots derrière chaque nombre", "community-fr", "Stigma", "octobre 2020")),
        (
            "pt",
            ("As palavras por trás de cada número", "community-pt", "Stigma", "outubro de 2020"),
        ),
    ],
)
def test_reports_speak_their_language(shown: Shown, language: str, expected: tuple[str, ...]):
    """Sentences, names of codes and dates are translated; a name without translation stays."""
    words = words_of(shown[language])

    assert [each for each in expected if each not in words] == []
    assert "What each number rests on" not in words


@pytest.mark.parametrize("language", ["fr", "pt"])
def test_reports_leave_no_sentence_in_english(shown: Shown, language: str):
    """No whole sentence of the catalogues is in English in a report of another language."""
    sentences = [s for s in translated_sentences(language) if len(s.split()) > 2]
    words = words_of(shown[language])

    assert len(sentences) > 500
    assert [sentence for sentence in sentences if sentence in words] == []


@pytest.mark.parametrize(("language", "marked"), [("en", False), ("fr", True), ("pt", True)])
def test_passages_keep_their_language(shown: Shown, language: str, *, marked: bool):
    """A passage is marked with its language where the report has another."""
    html = " ".join(fragment.html for fragment in shown[language])

    assert ('lang="en"' in html) == marked


CAVEAT = {
    "caveat": "{focus_group}: {detail} in {answer}.",
    "groups_of_rows": ("fg01", "fg02"),
    "cells_of_rows": ("context.hope", "context.hope"),
    "details": ("3", "1"),
    "cells": ("context.hope",),
    "answers": ("Hope",),
}


@pytest.mark.parametrize(
    ("language", "changes", "expected"),
    [
        ("en", {}, "Text is cut off: 2 passages (Kenya, 4 March 2025; fg02)."),
        ("en", {"focus_groups": ()}, "Text is cut off."),
        (
            "en",
            {"table": "focus_groups"},
            "Text is cut off: 2 focus groups (Kenya, 4 March 2025; fg02).",
        ),
        ("en", CAVEAT, "Kenya, 4 March 2025: 3 in Hope. fg02: 1 in Hope."),
        (
            "en",
            {**CAVEAT, "details": ()},
            "Text is cut off: 2 passages (Kenya, 4 March 2025; fg02).",
        ),
        (
            "fr",
            CAVEAT,
            "Le texte est coupé\u00a0: 2 passages (Kenya, 4 March 2025; fg02).",
        ),
    ],
)
def test_caveats_are_sentences_for_readers(language: str, changes: dict[str, Any], expected: str):
    """A caveat says how many passages, and where and when the focus groups met; no file, no rows.

    A group of which that is unknown has its id. Without groups it says what is wrong alone; a
    caveat written in English is for reports in English.
    """
    outcome = Outcome(
        expectation="x", table="segments", stage="cleaned", severity="warning",
        verdict="fell_short", fault="text is cut off", failing=2, focus_groups=("fg01", "fg02"),
    )  # fmt: skip
    with in_language(language):
        said = describe_outcome(replace(outcome, **changes), {"fg01": "Kenya, 4 March 2025"})

    assert said == expected
