from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import pandas as pd
import pytest

from analysis.errors import PlaceError, StudyError
from analysis.quality.outcomes import CheckReport, Outcome, write_outcomes
from analysis.synthesis import links
from analysis.synthesis.aggregates import hand_on, make_aggregates, open_continent
from analysis.synthesis.cleaning_report import keep_cleaned, open_cleaning
from analysis.synthesis.corpus_tables import count_codings, open_region
from analysis.synthesis.excerpts import FairChoice, choose_excerpts
from analysis.synthesis.links import number_of_page, pages_of_segments
from analysis.tables.build_folder import BuildFolder
from synthesis.made_corpora import make_codings, make_corpus, make_groups
from tiny_study import STUDY, put_value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.corpus import Corpus

KEN, UGA, GHA, AFR = 2, 3, 4, 5
TABLES = ("focus_groups", "context", "segments", "context_segments", "codings", "set_aside")
SEGMENTS = pd.DataFrame(
    {
        "segment": ["ken.2", "ken.1", "uga.1"],
        "focus_group": ["ken", "ken", "uga"],
        "cell": ["structures.hope", "structures.hope", "structures.hope"],
    },
    dtype="str",
)
APPLICATIONS = pd.DataFrame(
    [
        ("ken.1", "stigma", "ann"),
        ("ken.1", "stigma", "bot"),
        ("ken.1", "stigma", "bot"),
        ("ken.1", "services", "bot"),
        ("uga.1", "services", "ann"),
        ("gone.1", "services", "ann"),
    ],
    columns=["segment", "code", "coder"],
    dtype="str",
)
UNSTATED = pd.DataFrame(columns=["segment", "coder"], dtype="str")


def names(table: pd.DataFrame, column: str = "focus_group") -> list[str]:
    return sorted(table[column].unique())


def open_place(place: str) -> Corpus:
    """Open the corpus of a region or a continent of the tiny study."""
    return (open_continent if place in {"africa", "asia"} else open_region)(STUDY, place)


def add_asia(root: Path) -> None:
    settings = root / "data" / STUDY / "study.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[africa]", "[africa, asia]"), encoding="utf-8")


@pytest.mark.usefixtures("tiny_root")
def test_region_counts_what_lies_in_it_and_names_the_rest() -> None:
    """A region counts the focus groups in it; one of its continent is context, and not counted."""
    corpus = open_place("esa")

    assert names(corpus.focus_groups) == ["ken", "uga"]
    assert names(corpus.segments) == ["ken", "uga"]
    assert names(corpus.codings) == ["ken", "uga"]
    assert names(corpus.context) == ["afr"]
    assert corpus.context_segments.empty


@pytest.mark.usefixtures("tiny_root")
def test_continent_counts_its_regions_and_its_own() -> None:
    """A continent counts each focus group of its regions, and those of its own scope, once."""
    corpus = open_continent(STUDY, "Africa")

    assert list(corpus.focus_groups["focus_group"]) == ["ken", "uga", "gha", "afr"]
    assert list(corpus.focus_groups["home"]) == ["esa", "esa", "wca", "africa"]
    assert len(corpus.segments) + len(corpus.set_aside) == 12
    assert corpus.context.empty


def test_region_that_spans_continents_is_partitioned(tiny_root: Path) -> None:
    """A region counts all of itself, each continent the part in it, and no one what spans both."""
    add_asia(tiny_root)
    put_value(tiny_root, "focus_groups", (KEN, "places"), "EGY")
    put_value(tiny_root, "focus_groups", (UGA, "places"), "SAU")
    put_value(tiny_root, "focus_groups", (AFR, "places"), "mena")

    corpora = {place: open_place(place) for place in ("mena", "africa", "asia")}

    counted = {place: names(corpus.focus_groups) for place, corpus in corpora.items()}
    context = {place: names(corpus.context) for place, corpus in corpora.items()}
    assert counted == {"mena": ["afr", "ken", "uga"], "africa": ["gha", "ken"], "asia": ["uga"]}
    assert context == {"mena": [], "africa": ["afr"], "asia": ["afr"]}
    assert corpora["africa"].context_segments.empty, "their words stand in the region's report"


def test_words_of_no_continent_are_in_each(tiny_root: Path) -> None:
    """A global submission is counted at no continent, and its words stand in those it touches."""
    put_value(tiny_root, "focus_groups", (AFR, "places"), "global")

    corpus = open_place("africa")

    assert names(corpus.focus_groups) == ["gha", "ken", "uga"]
    assert names(corpus.context_segments, "segment") == ["afr.1", "afr.2"]


def test_consent_for_counts_withholds_words(tiny_root: Path) -> None:
    """Where consent is for counts only, segments count without text and label."""
    put_value(tiny_root, "segments", (8, "label"), "Nurses whisper")

    segments = open_place("esa").segments

    withheld = segments[segments["focus_group"] == "uga"]
    told = withheld[["text", "label", "withheld", "shown_in"]].to_numpy().tolist()
    assert told == [["", "", True, "esa"]] * 2
    assert not segments.loc[segments["focus_group"] == "ken", "withheld"].any()


@pytest.mark.parametrize(("column", "value"), [("consent", "none"), ("withdrawn", "2020-11-01")])
def test_what_may_not_count_is_nowhere(tiny_root: Path, column: str, value: str) -> None:
    """Without consent, or withdrawn, a focus group is in no table of the corpus."""
    put_value(tiny_root, "focus_groups", (KEN, column), value)
    put_value(tiny_root, "focus_groups", (AFR, column), value)

    corpus = open_place("esa")

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
def test_segments_are_in_the_order_of_the_template() -> None:
    """Segments stand by focus group, then as the template asks, whatever the rows of the file."""
    segments = open_place("esa").segments

    ken = list(segments.loc[segments["focus_group"] == "ken", "segment"])
    assert ken == ["ken.1", "ken.3", "ken.4", "ken.5", "ken.6"]


@pytest.mark.usefixtures("tiny_root")
def test_point_that_heads_subpoints_is_a_point_without_a_code() -> None:
    """A point above sub-points counts as the point, and its sub-points are what can be coded."""
    corpus = open_region(STUDY, "esa")

    points, codable = (found("reaching_person.hope") for found in (corpus.points, corpus.answers))
    assert (points.segments, codable.segments) == (["ken.3"], ["ken.4", "ken.5"])


def test_code_on_a_heading_does_not_count(tiny_root: Path) -> None:
    """A code that a coder put on a point above sub-points is counted nowhere."""
    put_value(tiny_root, "code_applications", (4, "segment"), "ken.3")
    put_value(tiny_root, "code_applications", (5, "segment"), "ken.3")

    assert "ken.3" not in set(open_place("esa").codings["segment"])


@pytest.mark.usefixtures("tiny_root")
def test_denominators_are_those_that_answered() -> None:
    """The denominator of a cell is who answered it, that of themes who has a coded segment."""
    corpus = open_place("africa")

    assert corpus.answered("recommendations.key") == {"gha"}
    assert corpus.answered("structures.constraints") == set()
    assert corpus.coded_groups == {"afr", "gha", "ken", "uga"}


@pytest.mark.parametrize(
    ("open_place", "study", "place", "message"),
    [
        (open_region, "tny", "esa", "closest: tiny"),
        (open_continent, STUDY, "afrika", "closest: africa"),
        (open_region, STUDY, "KEN", "No focus group of tiny that may be counted lies in"),
        (open_region, STUDY, "africa", "Expected: esa, wca"),
        (open_continent, STUDY, "asia", "Expected: africa"),
    ],
    ids=["unknown-study", "unknown-place", "country", "continent", "nobody-there"],
)
@pytest.mark.usefixtures("tiny_root")
def test_place_without_a_report_is_refused(
    open_place: Callable[[str, str], Corpus], study: str, place: str, message: str
) -> None:
    """An unknown study or place, and one that has no report, are refused with what there is."""
    with pytest.raises((StudyError, PlaceError)) as refusal:
        open_place(study, place)

    assert message in str(refusal.value)


def run_build(root: Path, monkeypatch: pytest.MonkeyPatch) -> BuildFolder:
    """Leave in a build folder what the notebooks of a build leave."""
    monkeypatch.setenv("COMPENDIUM_BUILD", str(root / "build"))
    for place in ("esa", "wca", "africa"):
        keep_cleaned(open_cleaning(STUDY, place))
    for region in ("esa", "wca"):
        corpus = open_place(region)
        hand_on(corpus, choose_excerpts(corpus, FairChoice(corpus), 3).segments)
    return BuildFolder(root / "build" / STUDY)


@pytest.mark.parametrize("place", ["esa", "wca", "africa"])
def test_corpus_is_the_same_in_a_build_and_outside(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """A corpus read from a build's parts is the corpus worked out from the tables as received."""
    worked_out = open_place(place)
    run_build(tiny_root, monkeypatch)

    read = open_place(place)

    # In a build passages are on pages of their own.
    for name in TABLES:
        tables = (
            getattr(each, name).drop(columns="shown_in", errors="ignore")
            for each in (read, worked_out)
        )
        pd.testing.assert_frame_equal(*tables)


def test_words_of_excerpts_travel_to_the_continent(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stays behind is the heading, which is never quoted; its label would travel."""
    run_build(tiny_root, monkeypatch)

    segments = open_place("africa").segments

    without = segments[(segments["text"] == "") & ~segments["withheld"]]
    assert list(without["segment"]) == ["ken.3"]


def test_warnings_of_a_build_are_those_of_its_focus_groups(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A corpus takes the warnings that concern who it counts, from every place and stage."""
    build = run_build(tiny_root, monkeypatch)
    for place, group in (("esa", "ken"), ("wca", "gha"), ("africa", "nobody")):
        write_outcomes(CheckReport((make_warning(group),)), build.warnings("cleaned", place))
    received = replace(make_warning("uga"), message="uga came short.")
    write_outcomes(CheckReport((received,)), build.warnings("received", "esa"))

    corpora: dict[str, Corpus] = {place: open_place(place) for place in ("esa", "africa")}

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


def test_only_some_words_are_handed_on(study: OpenedStudy) -> None:
    """Words of excerpts, single mentions, uncoded passages and key recommendations are handed on.

    So is one passage of each code under a question. All counts are, and all labels.
    """
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[
            {"segment": "ken.1"},
            {"segment": "ken.2", "label": "Kept"},
            {"segment": "ken.3"},
            {"segment": "ken.4", "cell": "recommendations.key"},
            {"segment": "uga.1"},
            {"segment": "uga.2"},
        ],
        codings=make_codings(
            *("ken.1 stigma", "ken.2 stigma", "uga.1 stigma"),
            *("uga.2 services", "ken.4 stigma"),
        ),
    )

    handed_on = make_aggregates(corpus, choose_excerpts(corpus, FairChoice(corpus), 1).segments)

    segments = handed_on["segments"].set_index("segment")
    assert list(segments.index[segments["text"] != ""]) == ["ken.1", "ken.3", "ken.4", "uga.2"]
    assert segments.loc["ken.2", "label"] == "Kept"
    assert len(handed_on["codings"]) == 5


def test_aggregates_are_kept_only_in_a_build(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a build a region's aggregates are left for its continents; elsewhere nothing is."""
    corpus = open_place("wca")
    hand_on(corpus, ())
    outside = (tiny_root / "build").exists()
    monkeypatch.setenv("COMPENDIUM_BUILD", "build")

    hand_on(corpus, ())

    assert not outside
    kept = tiny_root / "build" / STUDY / "aggregates" / "wca" / "focus_groups.parquet"
    assert list(pd.read_parquet(kept)["focus_group"]) == ["gha"]


@pytest.mark.parametrize(
    ("shown_in", "address"),
    [
        ("esa", "#segment-ken.1"),
        ("wca", "wca.html#segment-ken.1"),
        ("esa.words-002", "esa.words-002.html#segment-ken.1"),
    ],
)
def test_words_of_another_page_are_linked_there(
    study: OpenedStudy, shown_in: str, address: str
) -> None:
    """The address of a segment is on this page, or on the page that shows it."""
    segments = [{"segment": "ken.1", "shown_in": shown_in}]
    corpus = make_corpus(study, groups=make_groups("ken"), segments=segments)

    assert (corpus.address_of("ken.1"), corpus.address_of("ken.9")) == (address, "")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            "any",
            [
                ("ken.1", "services", "support", 1, 2),
                ("ken.1", "stigma", "rights", 2, 2),
                ("uga.1", "services", "support", 1, 1),
            ],
        ),
        ("all", [("ken.1", "stigma", "rights", 2, 2), ("uga.1", "services", "support", 1, 1)]),
    ],
)
def test_code_counts_by_the_study_s_rule(
    study: OpenedStudy,
    rule: Literal["any", "all"],
    expected: list[tuple[str, str, str, int, int]],
) -> None:
    """A code counts once any coder put it, or when all did who looked at the segment."""
    codings = count_codings(SEGMENTS, APPLICATIONS, study.codebook, rule, UNSTATED)

    counted = codings[["segment", "code", "theme", "coders", "of_coders"]]
    assert list(counted.itertuples(index=False, name=None)) == expected


def test_coder_who_looked_and_applied_nothing_counts(study: OpenedStudy) -> None:
    """A coder who looked at a segment did not agree; one who never saw it cannot disagree."""
    looked = pd.DataFrame({"segment": ["uga.1"], "coder": ["bot"]})

    stated = count_codings(SEGMENTS, APPLICATIONS, study.codebook, "all", looked)
    unstated = count_codings(SEGMENTS, APPLICATIONS, study.codebook, "all", UNSTATED)

    assert [len(codings[codings["segment"] == "uga.1"]) for codings in (stated, unstated)] == [0, 1]


@pytest.mark.parametrize("seed", range(5))
def test_order_of_coders_is_irrelevant(study: OpenedStudy, seed: int) -> None:
    """Whatever the order of the code applications, the codings and their order are the same."""
    shuffled = APPLICATIONS.sample(frac=1, random_state=seed)

    codings = [
        count_codings(SEGMENTS, applied, study.codebook, "any", UNSTATED)
        for applied in (APPLICATIONS, shuffled)
    ]

    pd.testing.assert_frame_equal(codings[0], codings[1])


def test_uncoded_study_has_no_codings(study: OpenedStudy) -> None:
    """Without code applications there are no codings, and the columns stand."""
    codings = count_codings(SEGMENTS, APPLICATIONS.iloc[:0], study.codebook, "any", UNSTATED)

    assert (len(codings), "theme" in codings) == (0, True)


def test_code_outside_the_codebook_is_refused(study: OpenedStudy) -> None:
    """A code that the codebook does not have is refused, with the closest."""
    applied = pd.DataFrame([("ken.1", "stgma", "ann")], columns=["segment", "code", "coder"])

    with pytest.raises(StudyError, match=r"'stgma' \(closest: stigma"):
        count_codings(SEGMENTS, applied, study.codebook, "any", UNSTATED)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a page hold two segments of nine bytes."""
    monkeypatch.setattr(links, "BYTES_AROUND", 1)
    monkeypatch.setattr(links, "BYTES_A_PAGE", 20)


def of_groups(groups: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"focus_group": groups, "text": "d\u00e9j\u00e0 vu"})


def pages(tmp_path: Path, *groups: str) -> list[str]:
    segments = of_groups(pd.Series(groups, dtype="str"))
    return list(pages_of_segments(BuildFolder(tmp_path), "esa", segments))


@pytest.mark.parametrize(
    ("groups", "numbers"),
    [
        (["a", "b", "c", "d"], [1, 1, 2, 2]),
        (["d", "c", "b", "a"], [2, 2, 1, 1]),
        (["a", "b", "b", "b", "c"], [1, 1, 1, 1, 2]),
        (["a", "a", "a", "a", "a", "b"], [1, 1, 1, 1, 1, 2]),
    ],
    ids=["in-order", "whatever-the-rows", "whole-groups", "no-empty-page"],
)
@pytest.mark.usefixtures("small_pages")
def test_pages_hold_whole_focus_groups(
    tmp_path: Path, groups: Sequence[str], numbers: Sequence[int]
) -> None:
    """A page takes focus groups in the order of their ids until it is full, and none is empty."""
    assert [number_of_page(page) for page in pages(tmp_path, *groups)] == numbers


@pytest.mark.usefixtures("small_pages")
def test_outside_a_build_there_are_no_further_pages() -> None:
    """Without a build, segments have no page but the report."""
    segments = of_groups(pd.Series(["a"] * 9, dtype="str"))

    assert set(pages_of_segments(None, "esa", segments)) == {"esa"}


@pytest.mark.usefixtures("small_pages")
def test_categories_that_do_not_occur_have_no_page(tmp_path: Path) -> None:
    """Focus groups that are known and have no segment move no page."""
    groups = pd.Series(list("bbdd"), dtype=pd.CategoricalDtype(list("abcde")))

    found = pages_of_segments(BuildFolder(tmp_path), "esa", of_groups(groups))

    assert [number_of_page(page) for page in found] == [1, 1, 2, 2]
