from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from analysis.errors import ClaimError
from analysis.synthesis.accounting import show_accounting, show_conservation
from analysis.synthesis.aggregates import open_continent
from analysis.synthesis.claims import Ledger
from analysis.tables.cleaning import DUPLICATE, LEAD_IN
from synthesis.made_corpora import make_codings, make_corpus, make_groups
from tiny_study import STUDY

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.corpus import Corpus


@pytest.fixture
def corpus(study: OpenedStudy) -> Corpus:
    """Give a segment of each fate: coded, uncoded, a heading, and two set aside."""
    return make_corpus(
        study,
        groups=make_groups("ken"),
        segments=[
            {"segment": "ken.1", "is_heading": True},
            {"segment": "ken.2", "role": "subpoint"},
            {"segment": "ken.3", "role": "subpoint"},
        ],
        codings=make_codings("ken.2 stigma", "ken.2 services"),
        set_aside=[
            {"segment": "ken.4", "focus_group": "ken", "reason": LEAD_IN},
            {"segment": "ken.5", "focus_group": "ken", "reason": DUPLICATE},
        ],
    )


def test_every_segment_has_one_fate(corpus: Corpus) -> None:
    """Each segment received is coded, uncoded, a heading, a lead-in or a repeat; one of these."""
    shown = show_accounting(corpus, Ledger("esa"))

    assert {claim.id.removeprefix("esa.accounted."): claim.segments for claim in shown.claims} == {
        "coded": ("ken.2",),
        "uncoded": ("ken.3",),
        "headings": ("ken.1",),
        "lead_ins": ("ken.4",),
        "duplicates": ("ken.5",),
        "received": ("ken.1", "ken.2", "ken.3", "ken.4", "ken.5"),
    }


def test_segment_set_aside_for_no_known_reason_is_named(corpus: Corpus) -> None:
    """A segment that is in none of the parts stops the report, by its name."""
    broken = replace(corpus, set_aside=corpus.set_aside.replace(DUPLICATE, "mislaid"))

    with pytest.raises(ClaimError, match=r"do not add up to what was received\.\n  ken\.5: 0"):
        show_accounting(broken, Ledger("esa"))


def test_segment_that_is_there_twice_is_named(corpus: Corpus) -> None:
    """A segment that is counted and set aside too stops the report, by its name."""
    twice = corpus.set_aside.replace("ken.5", "ken.2")

    with pytest.raises(ClaimError, match=r"ken\.2: 2 times"):
        show_accounting(replace(corpus, set_aside=twice), Ledger("esa"))


@pytest.mark.usefixtures("tiny_root")
def test_continent_is_the_sum_of_its_parts() -> None:
    """Focus groups and segments of the parts add up to those of the continent."""
    shown = show_conservation(open_continent(STUDY, "africa"), Ledger("africa"))

    values = {claim.id.removeprefix("africa."): claim.value for claim in shown.claims}
    assert [values[f"part.groups.{part}"] for part in ("esa", "wca", "africa")] == [2, 1, 1]
    assert [values[f"part.segments.{part}"] for part in ("esa", "wca", "africa")] == [7, 2, 2]
    assert (values["groups"], values["segments"]) == (4, 11)


@pytest.mark.usefixtures("tiny_root")
def test_continent_that_is_no_sum_is_refused() -> None:
    """A segment that belongs to no part of the continent stops the report."""
    corpus = open_continent(STUDY, "africa")
    lost = corpus.segments.assign(
        focus_group=corpus.segments["focus_group"].astype("str").replace("gha", "gone")
    )

    with pytest.raises(ClaimError) as refusal:
        show_conservation(replace(corpus, segments=lost), Ledger("africa"))

    assert "africa.part.segments.wca: 0 passages" in refusal.value.offenders
    assert refusal.value.expected == "11 passages in all"
