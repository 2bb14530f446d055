from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.synthesis.claims import Ledger
from analysis.synthesis.excerpts import WITHHELD
from analysis.synthesis.voices import find_heard_once, show_voices
from synthesis.made_corpora import make_codings, make_corpus, make_groups

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy


def test_code_of_one_focus_group_was_heard_once(study: OpenedStudy) -> None:
    """A code is heard once where one focus group raised it, however often it did."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[{"segment": name} for name in ("ken.1", "ken.2", "uga.1")],
        codings=make_codings("ken.1 stigma", "ken.2 stigma", "ken.1 services", "uga.1 services"),
    )

    once = find_heard_once(corpus)

    coded = corpus.rows.coded
    assert list(corpus.rows.bearing(coded.row[once]).segments) == ["ken.1", "ken.2"]
    assert [coded.codes[number] for number in coded.code[once]] == ["stigma", "stigma"]


def test_heading_is_not_uncoded(study: OpenedStudy) -> None:
    """A point that heads sub-points bears no code, and is none of the words that no code holds."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken"),
        segments=[
            {"segment": "ken.1", "is_heading": True},
            {"segment": "ken.2", "role": "subpoint"},
            {"segment": "ken.3", "role": "subpoint"},
        ],
        codings=make_codings("ken.2 stigma"),
    )

    assert list(corpus.rows.bearing(corpus.rows.uncoded).segments) == ["ken.3"]


def test_voices_stand_in_their_words(study: OpenedStudy) -> None:
    """What one focus group alone raised, and what no code holds, stands in its words."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[
            {"segment": "ken.1", "text": "Raised by one."},
            {"segment": "uga.1", "text": "Held by no code."},
            {"segment": "uga.2", "text": "Heard from both."},
            {"segment": "ken.2", "text": "Heard from both."},
        ],
        codings=make_codings("ken.1 stigma", "uga.2 services", "ken.2 services"),
    )

    shown = show_voices(corpus, Ledger("esa"))

    assert {claim.id: claim.value for claim in shown.claims} == {
        "esa.once.codes": 1,
        "esa.uncoded": 1,
    }
    assert "Raised by one." in shown.html
    assert "Held by no code." in shown.html
    assert "Heard from both." not in shown.html


def test_voice_without_words_here_says_why(study: OpenedStudy) -> None:
    """A voice whose words another report shows is linked there; one withheld is said to be so."""
    corpus = make_corpus(
        study,
        groups=make_groups("egy", "gha"),
        segments=[
            {"segment": "egy.1", "text": "", "label": "Elsewhere", "shown_in": "mena"},
            {"segment": "gha.1", "text": "", "withheld": True},
        ],
        codings=make_codings("egy.1 stigma", "gha.1 services"),
        place="africa",
    )

    shown = show_voices(corpus, Ledger("africa"))

    assert '<a href="mena.html#segment-egy.1"><span data-term="">Elsewhere' in shown.html
    assert shown.html.count(WITHHELD) == 1


def test_one_focus_group_is_not_set_apart_from_itself(study: OpenedStudy) -> None:
    """Where one focus group alone is coded, all was heard once, and stands above."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[{"segment": "ken.1"}],
        codings=make_codings("ken.1 stigma"),
    )

    shown = show_voices(corpus, Ledger("esa"))

    assert [claim.id for claim in shown.claims] == ["esa.uncoded"]
