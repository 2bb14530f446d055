from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.synthesis.claims import Ledger
from analysis.synthesis.corpus import open_corpus
from analysis.synthesis.excerpts import WITHHELD
from analysis.synthesis.wider_submissions import show_wider_submissions
from synthesis.made_corpora import make_corpus, make_groups
from tiny_study import STUDY

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy


@pytest.mark.usefixtures("tiny_root")
def test_wider_submission_is_told_point_by_point() -> None:
    """What a continent's own focus groups said is listed by question, each point linked."""
    shown = show_wider_submissions(open_corpus(STUDY, "africa"), Ledger("africa"))

    assert shown.html.count("<h3>") == 1
    assert "Networks of Africa" in shown.html
    assert '<a href="#segment-afr.1">' in shown.html
    assert "segment-ken" not in shown.html


def test_withheld_submission_is_named(study: OpenedStudy) -> None:
    """A wider submission whose consent is for counts only is named without its points."""
    corpus = make_corpus(
        study,
        groups=[*make_groups("afr", home="africa"), *make_groups("ken")],
        segments=[{"segment": "afr.1", "text": "", "withheld": True}],
        place="africa",
    )

    shown = show_wider_submissions(corpus, Ledger("africa"))

    assert WITHHELD in shown.text
    assert "<table" not in shown.html


def test_report_on_one_focus_group_is_about_it_anyway(study: OpenedStudy) -> None:
    """Where one wider submission is all that is counted, the whole report tells it."""
    corpus = make_corpus(
        study,
        groups=make_groups("afr", home="africa"),
        segments=[{"segment": "afr.1"}],
        place="africa",
    )

    assert show_wider_submissions(corpus, Ledger("africa")).html == ""
