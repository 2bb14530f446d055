from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.errors import StudyError
from analysis.study.instrument import read_instrument
from analysis.study.opened_study import OpenedStudy, open_study
from analysis.synthetic.generator import SyntheticStudy, generate_study
from analysis.synthetic.proportions import Proportions, read_proportions
from analysis.synthetic.seeded_random import SeededRandom, Weighted
from analysis.synthetic.sentences import read_sentences
from analysis.tables import focus_groups as groups_table
from analysis.tables import segments as segments_table
from analysis.tables.cleaning import DUPLICATE, clean
from analysis.tables.placing import homes_of
from analysis.tables.received import OF_FOCUS_GROUPS, ReceivedTables
from analysis.tables.text_cleaning import read_spelling, steps_of_cleaning

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.tables.cleaning import CleanedTables

SEEDS = (2020, 7)
HELD_IN = {"esa": 12, "wca": 10, "ap": 8, "eeca": 6, "mena": 5, "la": 4, "car": 3}
STRESSED = 8
"""Tenths from which a region stresses a code."""


@pytest.fixture(scope="module")
def opened(root: Path) -> OpenedStudy:
    """Give the demonstration study, opened."""
    return open_study(root, "demo")


@pytest.fixture(scope="module")
def proportions(opened: OpenedStudy) -> Proportions:
    """Give the proportions of synthetic studies."""
    return read_proportions(opened.places)


@pytest.fixture(scope="module", params=SEEDS)
def tables(request: pytest.FixtureRequest, root: Path) -> ReceivedTables:
    """Give the tables of a study as large as the demonstration study, from several seeds."""
    return _generate(48, request.param, root)


@pytest.fixture(scope="module")
def cleaned(tables: ReceivedTables, opened: OpenedStudy) -> CleanedTables:
    """Give the tables cleaned."""
    steps = steps_of_cleaning(read_spelling(opened.spelling_path))
    return clean(tables, steps, repeats=opened.settings.repeats)


@pytest.fixture(scope="module")
def voiced(tables: ReceivedTables, opened: OpenedStudy) -> pd.DataFrame:
    """Give how many focus groups of country scope voice each code, by code and region."""
    groups = tables.focus_groups[tables.focus_groups[groups_table.SCOPE] == "country"]
    region = homes_of(groups, opened.places)
    region.index = pd.Index(groups[groups_table.FOCUS_GROUP])
    applied = tables.code_applications.merge(tables.segments[["segment", "focus_group"]])
    pairs = applied.assign(region=applied["focus_group"].map(region)).dropna()
    pairs = pairs.drop_duplicates(["focus_group", "code"])
    counts = pd.crosstab(pairs["code"], pairs["region"])
    return counts.reindex(list(opened.codebook.codes), fill_value=0)


def _generate(focus_groups: int, seed: int, root: Path) -> ReceivedTables:
    made = list(generate_study(SyntheticStudy(focus_groups, seed, root)))
    rows = {
        "focus_groups": [group.focus_group for group in made],
        "segments": [row for group in made for row in group.segments],
        "code_applications": [row for group in made for row in group.code_applications],
    }
    frames = {
        name: pd.DataFrame(rows[name], columns=list(columns), dtype="str")
        for name, columns in OF_FOCUS_GROUPS.items()
    }
    return ReceivedTables(codebook=pd.DataFrame(), **frames)


def test_regions_have_their_focus_groups(tables: ReceivedTables, opened: OpenedStudy) -> None:
    """Forty-eight focus groups lie in seven regions, and three submissions are wider."""
    homes = homes_of(tables.focus_groups, opened.places)
    by_scope = Counter(tables.focus_groups["scope"])

    assert by_scope == {"country": 48, "region": 1, "continent": 2}
    assert Counter(homes) == Counter(HELD_IN) + Counter(esa=1, africa=1, americas=1)


def test_regions_lie_on_the_continents_meant(tables: ReceivedTables, opened: OpenedStudy) -> None:
    """Regions of two continents have focus groups on both, and none lies in Oceania."""
    country_scope = tables.focus_groups[tables.focus_groups["scope"] == "country"]
    countries = {place for cell in country_scope["places"] for place in cell.split(";")}
    held_in = [opened.places.countries[country] for country in countries]
    met = {(country.region, country.continent) for country in held_in}

    assert met == {
        ("esa", "africa"),
        ("wca", "africa"),
        ("mena", "africa"),
        ("mena", "asia"),
        ("eeca", "asia"),
        ("eeca", "europe"),
        ("ap", "asia"),
        ("la", "americas"),
        ("car", "americas"),
    }


def test_countries_meet_at_most_twice(tables: ReceivedTables) -> None:
    """No country has more than two focus groups, and one focus group is of two countries."""
    country_scope = tables.focus_groups[tables.focus_groups["scope"] == "country"]
    places = country_scope["places"].str.split(";")

    assert Counter(places.explode()).most_common(1)[0][1] == 2
    assert Counter(places.map(len)) == {1: 47, 2: 1}


def test_focus_groups_say_what_tables_need(tables: ReceivedTables) -> None:
    """Ids, dates, participants and consent are as the demonstration is meant to be."""
    groups = tables.focus_groups
    present = groups[groups_table.PARTICIPANTS].map(groups_table.count_participants)

    assert groups["focus_group"].tolist()[:2] == ["fg01", "fg02"]
    assert groups["focus_group"].tolist()[47:] == [
        "fg48",
        "regional-esa",
        "continental-africa",
        "continental-americas",
    ]
    assert groups["held_on"].is_monotonic_increasing
    assert groups["held_on"].between("2020-03-01", "2020-11-30").all()
    assert present.between(8, 20).all()
    assert Counter(groups["consent"]) == {
        "public-without-names": 39,
        "public": 9,
        "aggregate-only": 3,
    }
    assert groups["speaks_of"].tolist()[48:] == ["", "esa;wca;mena", "la;car"]


def test_every_reference_resolves(tables: ReceivedTables, opened: OpenedStudy) -> None:
    """Segments name focus groups; applications name segments, codes and coders that there are."""
    coders = {coder.coder for coder in opened.settings.coders}

    assert tables.segments["segment"].is_unique
    assert set(tables.segments["focus_group"]) == set(tables.focus_groups["focus_group"])
    assert set(tables.code_applications["segment"]) <= set(tables.segments["segment"])
    assert set(tables.code_applications["code"]) <= set(opened.codebook.codes)
    assert set(tables.code_applications["coder"]) == coders
    assert not tables.code_applications.duplicated().any()


def test_segments_are_in_cells_of_the_template(tables: ReceivedTables) -> None:
    """Every segment is in a cell of the template, at a position that fits its role."""
    texts = tables.segments
    letters = {"prose": "p", "lead_in": "p"}
    starts = texts["position"].str[0].where(texts["position"].str[0] == "p", "")
    has_letter = texts["position"].str[-1].str.isalpha()

    assert set(segments_table.cells_of(texts)) == set(read_instrument().cells)
    assert texts["position"].str.match(segments_table.POSITION_PATTERN).all()
    assert (starts == texts["role"].map(letters).fillna("")).all()
    assert (has_letter == (texts["role"] == "subpoint")).all()
    assert set(texts["text_kind"]) == {"synthetic"}


def test_three_cells_have_too_many_points(tables: ReceivedTables) -> None:
    """Three cells exceed the template, each in another focus group."""
    limited = [cell for cell in read_instrument().cells if read_instrument().limit(cell)]
    points = tables.segments[tables.segments["role"] == "point"]
    points = points[segments_table.cells_of(points).isin(limited)]
    counts = points.groupby(["focus_group", "section", "question"]).size()

    assert (counts > 5).sum() == 3
    assert counts.max() <= 7


def test_some_cells_are_unanswered(tables: ReceivedTables) -> None:
    """About six in a hundred cells of the domains have no answer."""
    domains = tables.segments[tables.segments["section"].isin(read_instrument().domains)]
    answered = domains.drop_duplicates(["focus_group", "section", "question"])
    asked = 12 * len(tables.focus_groups)

    assert 0.03 < 1 - len(answered) / asked < 0.1


def test_third_of_the_focus_groups_is_coded_twice(tables: ReceivedTables) -> None:
    """The first two coders share sixteen focus groups; every other has one coder."""
    located = tables.code_applications.merge(tables.segments[["segment", "focus_group"]])
    coders = located.groupby("focus_group")["coder"].agg(lambda names: ";".join(sorted(set(names))))
    counts = Counter(coders)

    assert counts == {"coder-a;coder-b": 16, "coder-a": 11, "coder-b": 11, "coder-c": 13}
    assert set(coders.loc["continental-africa":"continental-americas"]) == {"coder-c"}
    assert coders["regional-esa"] == "coder-c"


def test_headings_and_lead_ins_are_not_coded(cleaned: CleanedTables) -> None:
    """What only announces or heads other segments has no code."""
    headings = cleaned.segments.loc[cleaned.segments["is_heading"], "segment"]
    lead_ins = cleaned.set_aside.loc[
        cleaned.set_aside["reason"].str.startswith("lead-in"), "segment"
    ]
    coded = set(cleaned.code_applications["segment"])

    assert len(headings) > 10
    assert len(lead_ins) > 10
    assert coded.isdisjoint([*headings, *lead_ins])


def test_few_segments_stay_without_codes(cleaned: CleanedTables) -> None:
    """Coders leave a few segments without any code."""
    can_be_coded = cleaned.segments[~cleaned.segments["is_heading"]]
    uncoded = ~can_be_coded["segment"].isin(cleaned.code_applications["segment"])

    assert 0 < uncoded.mean() < 0.05


def test_noise_and_pasted_points_are_found_by_cleaning(
    tables: ReceivedTables, cleaned: CleanedTables
) -> None:
    """Cleaning repairs about one text in twelve, and sets four pasted points aside."""
    worn = cleaned.log.loc[cleaned.log["table"] == "segments", "item"].nunique()
    pasted = cleaned.set_aside[cleaned.set_aside["reason"] == DUPLICATE]

    assert 0.06 < worn / len(tables.segments) < 0.1
    assert {"quotes", "dashes", "white space", "spelling"} <= set(cleaned.log["step"])
    assert pasted["focus_group"].nunique() == len(pasted) == 4


def test_no_two_focus_groups_say_the_same(cleaned: CleanedTables) -> None:
    """No text appears twice in the study, but for headings; no focus group repeats a statement."""
    said = cleaned.segments[~cleaned.segments["is_heading"]]

    assert said["text"].is_unique
    assert not said.duplicated(["focus_group", "label"]).any()


def _said_in_several_groups(texts: pd.DataFrame) -> list[str]:
    """Return the sentences of eight words or more that several focus groups say."""
    sentences = texts.assign(text=texts["text"].str.split(r"[.!?;:]+", regex=True)).explode("text")
    words = sentences["text"].str.casefold().str.findall(r"[^\W_]+")
    said = sentences.assign(words=words.str.join(" "))[words.str.len() >= 8]
    groups = said.groupby("words")["focus_group"].nunique()
    return list(groups.index[groups > 1])


def test_no_long_sentence_is_said_by_two_focus_groups(cleaned: CleanedTables) -> None:
    """Each sentence of eight words or more belongs to one focus group, headings included."""
    assert _said_in_several_groups(cleaned.segments) == []


@pytest.mark.slow
def test_no_long_sentence_is_said_twice_in_a_large_study(root: Path, opened: OpenedStudy) -> None:
    """Of 2,000 focus groups too, no two say the same long sentence."""
    large = _generate(2_000, 2020, root)
    cleaned = clean(large, steps_of_cleaning(read_spelling(opened.spelling_path)))

    assert _said_in_several_groups(cleaned.segments) == []


def test_rare_statements_are_made_once(cleaned: CleanedTables) -> None:
    """Each rare statement is made at most once, and no focus group makes two."""
    rare = {entry.text for entry in read_sentences().rare}
    made = cleaned.segments[cleaned.segments["text"].isin(rare)]

    assert len(made) >= 20
    assert made["text"].is_unique
    assert made["focus_group"].is_unique


def test_stress_of_a_region_shows(voiced: pd.DataFrame, proportions: Proportions) -> None:
    """More focus groups of a region voice what it stresses than elsewhere, and most do."""
    share = voiced / pd.Series(HELD_IN)
    for region, tenths in proportions.tenths.items():
        stressed = [code for code, weight in tenths.items() if weight >= STRESSED]
        elsewhere = (voiced.drop(columns=region).sum(axis=1) / (48 - HELD_IN[region])).loc[stressed]

        assert len(stressed) >= 2
        assert share.loc[stressed, region].mean() > 0.8
        assert (share.loc[stressed, region] > elsewhere).all()


def test_regions_leave_codes_out_or_raise_them_once(
    voiced: pd.DataFrame, proportions: Proportions
) -> None:
    """Codes that a region never voices are absent there, and others come from one focus group."""
    for region, tenths in proportions.tenths.items():
        once = list(proportions.once[region])
        never = [code for code, weight in tenths.items() if not weight and code not in once]

        assert never
        assert once
        assert (voiced.loc[never, region] == 0).all()
        assert (voiced.loc[once, region] == 1).all()


def test_words_stay_in_the_regions_that_know_them(
    cleaned: CleanedTables, opened: OpenedStudy
) -> None:
    """Winter is spoken of where there is one, and islands where there are some."""
    homes = homes_of(cleaned.focus_groups, opened.places)
    homes.index = pd.Index(cleaned.focus_groups["focus_group"])
    home = cleaned.segments["focus_group"].map(homes)
    text = cleaned.segments["text"].str.lower()

    assert set(home[text.str.contains("winter")]) <= {"eeca"}
    assert set(home[text.str.contains(r"\bislands?\b")]) <= {"ap", "car", "americas"}


@pytest.mark.parametrize("focus_groups", [1, 2, 13, 49])
def test_other_sizes_have_the_same_proportions(
    root: Path, opened: OpenedStudy, focus_groups: int
) -> None:
    """A study of any size has its focus groups, and wider submissions where some lie there."""
    tables = _generate(focus_groups, 1, root)
    scopes = Counter(tables.focus_groups["scope"])
    homes = Counter(homes_of(tables.focus_groups, opened.places))

    assert scopes["country"] == focus_groups
    assert tables.focus_groups["focus_group"].is_unique
    assert homes["esa"] >= homes["car"]
    assert scopes["region"] == 1
    assert ("continental-americas" in set(tables.focus_groups["focus_group"])) == any(
        homes[region] for region in ("la", "car")
    )


def test_proportions_fit_the_codebook(proportions: Proportions, opened: OpenedStudy) -> None:
    """Each code has its proportions in each region, and each section its leaning to each theme."""
    codes, themes = list(opened.codebook.codes), list(opened.codebook.themes)

    assert {tuple(tenths) for tenths in proportions.tenths.values()} == {tuple(codes)}
    assert {code for related in proportions.related.values() for code in related} <= set(codes)
    assert {tuple(sorted(by)) for by in proportions.sections.values()} == {tuple(sorted(themes))}


def test_places_of_other_regions_are_refused(tmp_path: Path, root: Path) -> None:
    """Where places.csv has a country in another region, no study is generated, and it is named."""
    (tmp_path / "data").mkdir()
    for name in ("places.csv", "wider_places.csv", "spelling.csv"):
        text = (root / "data" / name).read_text(encoding="utf-8")
        moved = text.replace("KEN,Kenya,esa,", "KEN,Kenya,wca,")
        (tmp_path / "data" / name).write_text(moved, encoding="utf-8")

    with pytest.raises(StudyError) as refused:
        generate_study(SyntheticStudy(1, 1, tmp_path))

    assert refused.value.offenders == ("regions.csv: KEN is not in esa",)


def test_draws_are_the_same_everywhere() -> None:
    """The draws of a name are fixed, whatever Python draws them."""
    rng = SeededRandom(2020, "fg01")

    assert [rng.below(1000) for _ in range(5)] == [666, 291, 62, 506, 727]
    assert SeededRandom("shuffle").shuffled("abcdef") == list("decfba")


def test_names_keep_streams_apart() -> None:
    """Other names give other draws."""
    draws = {SeededRandom(seed, "fg01").below(1_000_000) for seed in range(20)}

    assert len(draws) == 20


def test_weights_decide_how_often_items_are_drawn() -> None:
    """An item of weight nought is never drawn, and the heaviest most often."""
    weighted = Weighted.of({"never": 0, "seldom": 1, "often": 9})
    rng = SeededRandom("weights")
    drawn = Counter(rng.weighted_choice(weighted) for _ in range(1000))

    assert set(drawn) == {"seldom", "often"}
    assert 850 < drawn["often"] < 950


def test_shuffling_keeps_items_and_leaves_them_as_they_were() -> None:
    """A shuffle is a new list with the same items."""
    items = [1, 2, 3, 4]

    assert sorted(SeededRandom("items").shuffled(items)) == items == [1, 2, 3, 4]
