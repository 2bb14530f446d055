from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from analysis.errors import PlaceError, StudyError
from analysis.quality.outcomes import GuardReport, Outcome, write_outcomes
from analysis.synthesis.claims import Ledger
from analysis.synthesis.cleaning_report import clean_place, keep_cleaned
from analysis.synthesis.corpus import open_corpus
from analysis.synthesis.handing_on import hand_on
from analysis.synthesis.prevalence import measure_prevalence
from analysis.tables.build_folder import BuildFolder
from tiny_study import STUDY, put_value

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.synthesis.corpus import Corpus

KEN, UGA, GHA, AFR = 2, 3, 4, 5
TABLES = ("focus_groups", "context", "segments", "context_segments", "codings", "set_aside")


def names(table: pd.DataFrame, column: str = "focus_group") -> list[str]:
    return sorted(table[column].unique())


def add_asia(root: Path) -> None:
    settings = root / "data" / STUDY / "study.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[africa]", "[africa, asia]"), encoding="utf-8")


@pytest.mark.usefixtures("tiny_root")
def test_region_counts_what_lies_in_it_and_names_the_rest() -> None:
    """A region counts the focus groups in it; one of its continent is context, and not counted."""
    corpus = open_corpus(STUDY, "esa")

    assert names(corpus.focus_groups) == ["ken", "uga"]
    assert names(corpus.segments) == ["ken", "uga"]
    assert names(corpus.codings) == ["ken", "uga"]
    assert names(corpus.context) == ["afr"]
    assert corpus.context_segments.empty


@pytest.mark.usefixtures("tiny_root")
def test_continent_counts_its_regions_and_its_own() -> None:
    """A continent counts each focus group of its regions, and those of its own scope, once."""
    corpus = open_corpus(STUDY, "Africa")

    assert list(corpus.focus_groups["focus_group"]) == ["ken", "uga", "gha", "afr"]
    assert list(corpus.focus_groups["home"]) == ["esa", "esa", "wca", "africa"]
    assert len(corpus.segments) + len(corpus.set_aside) == 12
    assert corpus.context.empty


def test_region_that_spans_continents_is_parted(tiny_root: Path) -> None:
    """A region counts all of itself, each continent the part in it, and no one what spans both."""
    add_asia(tiny_root)
    put_value(tiny_root, "focus_groups", (KEN, "places"), "EGY")
    put_value(tiny_root, "focus_groups", (UGA, "places"), "SAU")
    put_value(tiny_root, "focus_groups", (AFR, "places"), "mena")

    corpora = {place: open_corpus(STUDY, place) for place in ("mena", "africa", "asia")}

    counted = {place: names(corpus.focus_groups) for place, corpus in corpora.items()}
    context = {place: names(corpus.context) for place, corpus in corpora.items()}
    assert counted == {"mena": ["afr", "ken", "uga"], "africa": ["gha", "ken"], "asia": ["uga"]}
    assert context == {"mena": [], "africa": ["afr"], "asia": ["afr"]}
    assert corpora["africa"].context_segments.empty, "their words stand in the region's report"


def test_words_of_no_continent_stand_in_each(tiny_root: Path) -> None:
    """A global submission is counted at no continent, and its words stand in those it touches."""
    put_value(tiny_root, "focus_groups", (AFR, "places"), "global")

    corpus = open_corpus(STUDY, "africa")

    assert names(corpus.focus_groups) == ["gha", "ken", "uga"]
    assert names(corpus.context_segments, "segment") == ["afr.1", "afr.2"]


def test_consent_for_counts_withholds_words(tiny_root: Path) -> None:
    """Where consent is for counts only, segments count without text and label."""
    put_value(tiny_root, "segments", (8, "label"), "Nurses whisper")

    segments = open_corpus(STUDY, "esa").segments

    withheld = segments[segments["focus_group"] == "uga"]
    told = withheld[["text", "label", "withheld", "shown_in"]].to_numpy().tolist()
    assert told == [["", "", True, "esa"]] * 2
    assert not segments.loc[segments["focus_group"] == "ken", "withheld"].any()


@pytest.mark.parametrize(("column", "value"), [("consent", "none"), ("withdrawn", "2020-11-01")])
def test_what_may_not_count_is_nowhere(tiny_root: Path, column: str, value: str) -> None:
    """Without consent, or withdrawn, a focus group is in no table of the corpus."""
    put_value(tiny_root, "focus_groups", (KEN, column), value)
    put_value(tiny_root, "focus_groups", (AFR, column), value)

    corpus = open_corpus(STUDY, "esa")

    found = {name: names(getattr(corpus, name)) for name in TABLES}
    assert found == {
        "focus_groups": ["uga"],
        "segments": ["uga"],
        "codings": ["uga"],
        "set_aside": [],
        "context": [],
        "context_segments": [],
    }


@pytest.mark.usefixtures("tiny_root")
def test_segments_stand_in_the_order_of_the_template() -> None:
    """Segments stand by focus group, then as the template asks, whatever the rows of the file."""
    segments = open_corpus(STUDY, "esa").segments

    ken = list(segments.loc[segments["focus_group"] == "ken", "segment"])
    assert ken == ["ken.1", "ken.3", "ken.4", "ken.5", "ken.6"]


@pytest.mark.usefixtures("tiny_root")
def test_point_that_heads_subpoints_is_a_point_and_bears_no_code() -> None:
    """A point above sub-points counts as the point, and its sub-points are what can be coded."""
    rows = open_corpus(STUDY, "esa").rows

    codable = set(rows.bearing(rows.codable).segments)
    points = set(rows.bearing(np.flatnonzero(rows.is_point)).segments)
    assert "ken.3" in points - codable
    assert {"ken.4", "ken.5"} <= codable - points


def test_code_on_a_heading_does_not_count(tiny_root: Path) -> None:
    """A code that a coder put on a point above sub-points is counted nowhere."""
    put_value(tiny_root, "code_applications", (4, "segment"), "ken.3")
    put_value(tiny_root, "code_applications", (5, "segment"), "ken.3")

    assert "ken.3" not in set(open_corpus(STUDY, "esa").codings["segment"])


@pytest.mark.usefixtures("tiny_root")
def test_denominators_are_those_that_answered() -> None:
    """The denominator of a cell is who answered it, that of themes who has a coded segment."""
    corpus = open_corpus(STUDY, "africa")

    assert corpus.answered("recommendations.key") == {"gha"}
    assert corpus.answered("structures.constraints") == set()
    assert corpus.coded_groups == {"afr", "gha", "ken", "uga"}


@pytest.mark.parametrize(
    ("study", "place", "error", "message"),
    [
        ("tny", "esa", StudyError, "closest: tiny"),
        (STUDY, "afrika", PlaceError, "closest: africa"),
        (STUDY, "KEN", PlaceError, "No focus group of tiny that may be counted lies in this place"),
        (STUDY, "asia", PlaceError, "Expected: esa, wca, africa"),
    ],
    ids=["unknown-study", "unknown-place", "country", "nobody-there"],
)
@pytest.mark.usefixtures("tiny_root")
def test_place_without_a_report_is_refused(
    study: str, place: str, error: type[Exception], message: str
) -> None:
    """An unknown study or place, and one that has no report, are refused with what there is."""
    with pytest.raises(error) as refusal:
        open_corpus(study, place)

    assert message in str(refusal.value)


def run_build(root: Path, monkeypatch: pytest.MonkeyPatch) -> BuildFolder:
    """Leave in a build folder what the notebooks of a build leave."""
    monkeypatch.setenv("COMPENDIUM_BUILD", str(root / "build"))
    for place in ("esa", "wca", "africa"):
        keep_cleaned(clean_place(STUDY, place))
    for region in ("esa", "wca"):
        corpus = open_corpus(STUDY, region)
        hand_on(corpus, measure_prevalence(corpus, Ledger(region)), 3)
    return BuildFolder(root / "build" / STUDY)


@pytest.mark.parametrize("place", ["esa", "wca", "africa"])
def test_corpus_is_the_same_in_a_build_and_outside(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """A corpus read from a build's parts is the corpus worked out from the tables as received."""
    worked_out = open_corpus(STUDY, place)
    run_build(tiny_root, monkeypatch)

    read = open_corpus(STUDY, place)

    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(read, name), getattr(worked_out, name))


def test_few_words_travel_to_the_continent(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stays behind is the heading, which is no excerpt; its label would travel."""
    run_build(tiny_root, monkeypatch)

    segments = open_corpus(STUDY, "africa").segments

    without = segments[(segments["text"] == "") & ~segments["withheld"]]
    assert list(without["segment"]) == ["ken.3"]


def test_warnings_of_a_build_are_those_of_its_focus_groups(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A corpus takes the warnings that concern who it counts, from every place and stage."""
    build = run_build(tiny_root, monkeypatch)
    for place, group in (("esa", "ken"), ("wca", "gha"), ("africa", "nobody")):
        write_outcomes(GuardReport((make_warning(group),)), build.warnings("cleaned", place))
    received = replace(make_warning("uga"), message="uga came short.")
    write_outcomes(GuardReport((received,)), build.warnings("received", "esa"))

    corpora: dict[str, Corpus] = {place: open_corpus(STUDY, place) for place in ("esa", "africa")}

    told = {place: [w.message for w in corpus.warnings] for place, corpus in corpora.items()}
    of_esa = ["ken fell short.", "uga came short."]
    assert told == {"esa": of_esa, "africa": [*of_esa, "gha fell short."]}


def make_warning(group: str) -> Outcome:
    return Outcome(
        expectation="e",
        table="focus_groups",
        stage="cleaned",
        severity="warning",
        verdict="fell_short",
        focus_groups=(group,),
        message=f"{group} fell short.",
    )
