from __future__ import annotations

import csv
import math
import re
from random import Random
from statistics import quantiles
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from analysis.errors import ParameterError
from analysis.publishing.claim_check import unclaimed_numbers
from analysis.publishing.html_reader import parse_html
from analysis.study.csv_rows import write_csv
from analysis.study.settings import Coder
from analysis.synthesis.agreement import compare_coders
from analysis.synthesis.agreement_claims import PairClaims, draw_alphas
from analysis.synthesis.agreement_codes import (
    OTHER_PAIRS,
    agreement_table,
    show_code_agreement,
)
from analysis.synthesis.agreement_section import (
    NOTHING_COMPARED,
    OF_MODELS,
    ONE_CODER,
    SETTLED,
    show_double_coding,
    show_overall_agreement,
)
from analysis.synthesis.claims import Ledger
from analysis.synthesis.coverage import open_coverage
from analysis.tables.coded import COLUMNS as CODED
from analysis.tables.received import COLUMNS
from tiny_study import SETTINGS, STUDY, put_value, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.synthesis.agreement import CoderPair
    from analysis.synthesis.claims import Claim

CODES = ("hope", "law")
ANA = Coder(coder="ana", kind="human", description="A person.")
BEN = Coder(coder="ben", kind="human", description="Another.")
NAMES = ["g1.1", "g1.2", "g1.3", "g1.4", "g2.1"]
SEGMENTS = pd.DataFrame(
    {
        "segment": NAMES,
        "focus_group": ["g1", "g1", "g1", "g1", "g2"],
        "section": "context",
        "question": "hope",
        "text": "Words.",
    }
)
FIVE = ("g1.1 law ana", "g1.1 law ben", "g1.2 law ana", "g1.2 hope ben", "g2.1 hope ana")


def frame(rows: Sequence[Sequence[str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["segment", "code", "coder"], dtype="str")


def pair_of(
    *rows: str,
    saw: Sequence[str] = ("ana g1", "ben g1"),
    codes: Sequence[str] = CODES,
    coders: Sequence[Coder] = (ANA, BEN),
    segments: pd.DataFrame = SEGMENTS,
) -> list[CoderPair]:
    stated = [(*row.split(), "", "", "") for row in saw]
    coded = pd.DataFrame(stated, columns=list(CODED), dtype="str")
    applied = frame([row.split() for row in rows])
    return compare_coders(segments, applied, coded, codes=codes, coders=coders)


def test_codes_are_counted_on_what_both_looked_at() -> None:
    """Of four segments that both saw, both applied one code to one, and one of them to another."""
    (pair,) = pair_of(*FIVE)

    measured = pair.stated.measure_codes()
    counts = measured[["code", "units", "both", "only_one", "only_other"]]
    assert counts.to_numpy().tolist() == [["hope", 4, 0, 0, 1], ["law", 4, 1, 1, 0]]


def test_alpha_and_positive_agreement_counted_by_hand() -> None:
    """Law: 3 of 8 ratings positive, so that 2 of 8 differ where chance makes 30 of 56 differ."""
    (pair,) = pair_of(*FIVE)

    law = pair.stated.measure_codes().set_index("code").loc["law"]
    assert law["alpha"] == pytest.approx(1 - (2 / 8) / (30 / 56))
    assert law["positive_agreement"] == pytest.approx(2 / 3)


def test_sets_are_compared_by_masi_distance() -> None:
    """Ratings: law 3, hope 1, none 4: of 56 ordered pairs 38 differ, by a distance of 1."""
    (pair,) = pair_of(*FIVE)

    alpha = pair.stated.set_distances.alpha(np.ones((1, 1), dtype=np.int64))
    assert alpha.tolist() == [pytest.approx(1 - (2 / 8) / (38 / 56))]


def test_what_a_coder_did_not_look_at_is_not_compared() -> None:
    """A group that one coder never saw plays no part, whatever the other applied there."""
    (pair,) = pair_of(*FIVE, saw=("ana g1", "ben g1", "ana g2"))

    assert sorted(pair.stated.units["segment"]) == ["g1.1", "g1.2", "g1.3", "g1.4"]
    assert pair.as_no.units.empty


def test_unstated_groups_have_no_coefficient_but_two_readings() -> None:
    """Blanks count as no on all four segments, or only the two with codes of both count."""
    (pair,) = pair_of(*FIVE, saw=())

    assert pair.stated.units.empty
    assert (len(pair.as_no.units), len(pair.as_unseen.units)) == (4, 2)


def test_stated_coder_holds_under_both_readings() -> None:
    """What one coder stated to have seen is not widened because the other stated nothing."""
    (pair,) = pair_of("g1.1 law ana", "g1.3 law ben", saw=("ana g1",))

    assert (len(pair.as_no.units), len(pair.as_unseen.units)) == (4, 1)


def test_row_for_every_segment_states_the_group() -> None:
    """A code or none on each segment of a group is a statement, without coded.csv."""
    silent = [f"{segment} none {coder}" for segment in NAMES[1:4] for coder in ("ana", "ben")]

    (pair,) = pair_of("g1.1 law ana", "g1.1 law ben", *silent, saw=())
    law = pair.stated.measure_codes().set_index("code").loc["law"]
    assert (len(pair.stated.units), law["alpha"]) == (4, 1)


def test_code_of_one_coder_alone_counts() -> None:
    """A code that the other never used is compared: its positive agreement is zero."""
    (pair,) = pair_of(*FIVE)

    hope = pair.stated.measure_codes().set_index("code").loc["hope"]
    assert (hope["only_other"], hope["positive_agreement"]) == (1, 0)


def test_code_that_a_version_lacked_is_left_out() -> None:
    """A coder cannot disagree about a code that their codebook did not have."""
    old = BEN.model_copy(update={"codes_not_in_version": ("hope",)})

    (pair,) = pair_of(*FIVE, coders=(ANA, old))
    assert (pair.stated.codes, pair.left_out) == (("law",), ("hope",))
    assert set(pair.stated.applied["code"]) == {"law"}


def test_unknown_code_is_refused_with_the_closest() -> None:
    """An applied code that is not to be compared is refused."""
    with pytest.raises(ParameterError, match=r"lw \(closest: law\)"):
        pair_of("g1.1 lw ana", "g1.1 law ben")


def test_coders_of_different_groups_are_no_pair() -> None:
    """Coders who share no focus group are not compared."""
    assert pair_of("g1.1 law ana", "g2.1 law ben", saw=("ana g1", "ben g2")) == []


def cut_segments(*rows: str) -> pd.DataFrame:
    """Give selections like ``g1.0-10`` of one document of running numbers."""
    text = "".join(f"{number:03d} " for number in range(100))
    spans = [tuple(map(int, row.split(".")[1].split("-"))) for row in rows]
    return pd.DataFrame(
        {
            "segment": list(rows),
            "focus_group": [row.split(".")[0] for row in rows],
            "section": "theme",
            "question": "introduction",
            "text": [text[start:end] for start, end in spans],
        }
    )


def test_own_passages_are_compared_by_characters() -> None:
    """Selections 0-40 and 20-80 share 20 characters; no coefficient is made of them."""
    selections = cut_segments("g1.0-40", "g1.20-80", "g1.90-100")
    rows = ("g1.0-40 law ana", "g1.20-80 law ben", "g1.90-100 law ben")

    third = BEN.model_copy(update={"coder": "third"})
    rows += ("g1.0-40 hope third",)
    pair, *_ = pair_of(*rows, segments=selections, coders=(ANA, BEN, third))
    assert pair.cut.characters("law", pair.coders) == (20, 20, 50)
    assert set(pair.cut.applied["code"]) == {"law"}
    assert pair.stated.units.empty
    assert pair.as_no.units.empty


def test_positions_of_several_documents_are_not_counted() -> None:
    """Overlapping selections of other words are of two documents: nothing is counted."""
    selections = cut_segments("g1.0-40", "g1.20-80")
    selections.loc[1, "text"] = "Other words than those of the first document, to the end."

    (pair,) = pair_of("g1.0-40 law ana", "g1.20-80 law ben", segments=selections)
    assert (pair.cut.groups, pair.cut.uncountable) == ({"g1"}, {"g1"})


def test_numbers_in_ids_are_not_always_positions() -> None:
    """Ids of a question and its points have no characters: passages are compared as usual."""
    names = ["g1.1-2", "g1.1-3", "g1.2-3"]
    segments = SEGMENTS.iloc[:3].assign(segment=names, text="Clinics close before we wake.")

    (pair,) = pair_of("g1.1-2 law ana", "g1.1-3 law ben", segments=segments)
    assert (len(pair.stated.units), pair.cut.groups) == (3, set())


def test_same_selections_are_units() -> None:
    """Where nobody cut over another's passage, passages are compared as usual."""
    selections = cut_segments("g1.0-40", "g1.40-80")

    (pair,) = pair_of("g1.0-40 law ana", "g1.40-80 law ben", segments=selections)
    assert (len(pair.stated.units), pair.is_selected) == (2, True)


def state(root: Path, *rows: str) -> None:
    lines = ["coder,focus_group", *rows]
    (root / "data" / STUDY / "coded.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def set_settings(root: Path, *changes: tuple[str, str]) -> None:
    text = SETTINGS
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (root / "data" / STUDY / "study.yaml").write_text(text, encoding="utf-8")


def shown() -> tuple[str, dict[str, Claim]]:
    """Give the words of the three parts on agreement of the tiny study, and their claims."""
    coverage, ledger = open_coverage(STUDY), Ledger("study")
    parts = [
        show(coverage, ledger)
        for show in (show_double_coding, show_overall_agreement, show_code_agreement)
    ]
    words = " ".join(" ".join(part.text.split()) for part in parts)
    return words, {claim.id.removeprefix("study.agreement."): claim for claim in ledger}


def test_page_gives_a_range_where_nothing_is_stated(tiny_root: Path) -> None:
    """Silence is not taken for no: the page says between what agreement lies, and what to do."""
    words, claims = shown()

    assert "blank counts as no" in words
    assert "blank counts as not looked at" in words
    assert "coded.csv" in words
    assert not [name for name in claims if name.startswith(("alpha.", "set_alpha."))]
    assert claims["unstated.ann.bot"].text == "2 of 4"
    assert tiny_root.is_dir()


def test_page_gives_a_coefficient_where_it_is_stated(tiny_root: Path) -> None:
    """Once coders say what they looked at, there is one number, and the units it rests on."""
    state(tiny_root, "ann,ken", "bot,ken", "ann,afr", "bot,afr")

    words, claims = shown()
    assert claims["units.ann.bot"].text == "6"
    assert claims["groups.ann.bot"].text == "2 of 4"
    assert "blank counts as no" not in words
    both = claims["both.ann.bot.criminalization"]
    only = claims["only.ann.ann.bot.criminalization"]
    assert (both.value, both.segments) == (1, ("afr.1",))
    assert (only.value, set(only.segments)) == (3, {"ken.5", "ken.6", "afr.2"})


def test_page_says_what_is_not_stated(tiny_root: Path) -> None:
    """How units were chosen, blind or not, how settled, which codebook: not stated by default."""
    state(tiny_root, "ann,ken", "bot,ken")

    words, _ = shown()
    for fact in ("were chosen", "other's codes", "were settled"):
        assert f"{fact}: not stated." in words
    assert "codebook: ann (not stated) and bot (not stated)" in words


def test_page_says_what_the_study_states(tiny_root: Path) -> None:
    """What study.yaml says about double coding is on the page, and its consequence."""
    stated = "double_coding: {chosen: random, blind: true, disagreements: discussion}\ncoders:"
    set_settings(
        tiny_root, ("coders:", stated), ("kind: human", "kind: human, codebook_version: 2.1")
    )

    words, _ = shown()
    assert "chosen: at random" in words
    assert "see each other's codes: no" in words
    assert "settled: by discussion" in words
    assert SETTLED in words
    assert "ann (2.1)" in words


def test_model_has_no_band_and_is_not_human_reliability(tiny_root: Path) -> None:
    """Where a coder is a language model, nothing is called reliable."""
    state(tiny_root, "ann,ken", "bot,ken")

    words, _ = shown()
    assert OF_MODELS in words
    assert "not reliable" not in words


@pytest.mark.parametrize(
    ("alpha", "uses", "reading"),
    [
        (0.6669, 5, "not reliable"),
        (0.667, 5, "tentative"),
        (0.7999, 5, "tentative"),
        (0.8, 5, "reliable"),
        (0.8, 4, "too few uses to say"),
        (None, 5, "too few uses to say"),
    ],
)
def test_reading_follows_krippendorff(
    tiny_root: Path, alpha: float | None, uses: int, reading: str
) -> None:
    """Alpha is read from 0.667 and from 0.800 on, and for a model not at all."""
    is_few = reading.startswith("too few")

    assert read(alpha, uses) == (reading if is_few else "not human reliability")
    set_settings(tiny_root, ("kind: model", "kind: human"))
    assert read(alpha, uses).startswith(reading)


def read(alpha: float | None, uses: int) -> str:
    """Give what the page says of an alpha of the two coders of the tiny study."""
    coverage = open_coverage(STUDY)
    return str(PairClaims(coverage, Ledger("study"), coverage.pairs[0]).read(alpha, uses))


def test_page_shows_three_pairs_in_detail(tiny_root: Path) -> None:
    """Of many pairs of coders only those who share most passages have tables of codes."""
    more = [f"  - {{coder: {name}, kind: human, description: X.}}\n" for name in ("cee", "dee")]
    set_settings(tiny_root, (SETTINGS, SETTINGS + "".join(more)))
    with table_of(tiny_root, "code_applications").open("a", encoding="utf-8") as table:
        table.write("ken.1,stigma,cee\nken.1,stigma,dee\n")
    state(tiny_root, *(f"{coder},ken" for coder in ("ann", "bot", "cee", "dee")))

    coverage = open_coverage(STUDY)
    html = str(show_code_agreement(coverage, Ledger("study")).html)
    assert (len(coverage.pairs), html.count('id="table-codes-')) == (6, 3)
    assert OTHER_PAIRS in html


def test_few_uses_are_too_few_to_say(tiny_root: Path) -> None:
    """Under five uses a code has no band, also of people."""
    state(tiny_root, "ann,ken", "bot,ken")
    set_settings(tiny_root, ("kind: model", "kind: human"))

    words, _ = shown()
    assert "too few uses to say" in words
    assert "This is not human reliability." not in words


def test_few_groups_are_shown_one_by_one(tiny_root: Path) -> None:
    """Below ten double-coded groups there is no interval, but each group's own agreement."""
    state(tiny_root, "ann,ken", "bot,ken", "ann,afr", "bot,afr")

    _, claims = shown()
    assert {name for name in claims if name.startswith("group_alpha.")} == {
        "group_alpha.ann.bot.afr",
        "group_alpha.ann.bot.ken",
    }
    assert not [name for name in claims if "_from." in name]


def test_group_in_which_nothing_varies_has_no_mark(tiny_root: Path) -> None:
    """Both put one code on each passage of a group: its alpha is not defined, and not drawn."""
    with table_of(tiny_root, "code_applications").open("a", encoding="utf-8") as table:
        table.write("gha.1,services,bot\ngha.2,services,bot\n")
    put_value(tiny_root, "code_applications", (12, "code"), "services")
    state(tiny_root, "ann,ken", "bot,ken", "ann,gha", "bot,gha")

    coverage, ledger = open_coverage(STUDY), Ledger("study")
    html = str(show_overall_agreement(coverage, ledger).html)
    (drawn,) = re.findall('aria-label="(Agreement in each focus group[^"]+)"', html)
    assert ledger["agreement.group_alpha.ann.bot.gha"].value is None
    assert ("ken" in drawn, "gha" in drawn) == (True, False)


def test_page_counts_characters_of_own_passages(tiny_root: Path) -> None:
    """Selections that overlap give characters by code, and no coefficient on the page."""
    words = "Nobody answers at night when the police come to us."
    with table_of(tiny_root, "segments").open("a", encoding="utf-8") as table:
        for at, (start, end) in enumerate([(0, 22), (15, 51)], start=8):
            row = f"ken.{start}-{end},ken,theme,introduction,p{at},prose,,"
            table.write(f"{row}{words[start:end]},synthetic,en,\n")
    with table_of(tiny_root, "code_applications").open("a", encoding="utf-8") as table:
        table.write("ken.0-22,stigma,ann\nken.15-51,stigma,bot\n")
    state(tiny_root, "ann,ken", "bot,ken")

    text, claims = shown()
    kinds = ("both", "only_one", "only_other")
    found = [claims[f"characters_{kind}.ann.bot.stigma"].value for kind in kinds]
    assert found == [7, 15, 29]
    assert "cut passages of their own" in text
    assert "alpha.ann.bot.stigma" not in claims


def test_nearly_perfect_agreement_is_not_shown_as_one() -> None:
    """A coefficient of 0.997 is more than 0.99, and not 1.00."""
    claim = Ledger("study").number("agreement.alpha.a.b", "Alpha", (0.997, "coefficient"))

    assert claim.text == "> 0.99"


@pytest.mark.parametrize("rows", [(), ("coder-1,ken", "coder-2,ken", "coder-1,afr", "coder-2,afr")])
def test_digits_of_coders_are_no_numbers(tiny_root: Path, rows: tuple[str, ...]) -> None:
    """Coders may be called by a number: their names are shown as names, in captions too."""
    set_settings(tiny_root, ("coder: ann", "coder: coder-1"), ("coder: bot", "coder: coder-2"))
    path = table_of(tiny_root, "code_applications")
    text = path.read_text(encoding="utf-8").replace(",ann", ",coder-1").replace(",bot", ",coder-2")
    path.write_text(text, encoding="utf-8")
    state(tiny_root, *rows)

    coverage, ledger = open_coverage(STUDY), Ledger("study")
    for show in (show_double_coding, show_overall_agreement, show_code_agreement):
        html = str(show(coverage, ledger).html)
        assert unclaimed_numbers(parse_html(html, "Agreement")) == []


def test_nothing_compared_is_said(tiny_root: Path) -> None:
    """Where no two coders share a focus group, no number is shown, and it is said why."""
    with table_of(tiny_root, "code_applications").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.reader(table) if row[2] != "bot"]
    write_csv(table_of(tiny_root, "code_applications"), rows)

    words, claims = shown()
    assert (words.strip(), claims) == (f"Who looked at what {NOTHING_COMPARED}", {})


def test_one_coder_is_compared_with_nobody(tiny_root: Path) -> None:
    """A study of one coder says so, and names no second one."""
    test_nothing_compared_is_said(tiny_root)
    settings = table_of(tiny_root, "study").with_name("study.yaml")
    lines = settings.read_text("utf-8").splitlines(keepends=True)
    settings.write_text("".join(line for line in lines if "coder: bot" not in line), "utf-8")

    words, _ = shown()
    assert words.strip() == f"Who looked at what {ONE_CODER}"


def test_order_of_rows_moves_no_number(tiny_root: Path) -> None:
    """Whatever the order of code applications, the same agreement is shown."""
    before = shown()
    path = table_of(tiny_root, "code_applications")
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([header, *reversed(rows)]) + "\n", encoding="utf-8")

    assert shown() == before


# --- A simulation: one coder codes everything, the other saw half, or misses codes ---------------

GROUPS, EACH, PREVALENCE = 12, 200, 0.44


def simulate(seed: int, *, missed: float, added: float) -> dict[str, set[tuple[str, str]]]:
    """Give the segments and codes that each coder would apply, had they seen everything.

    Each segment has one of two codes; the second coder misses some, and adds the first to others.
    """
    random = Random(seed)  # noqa: S311 (nothing secret)
    coded: dict[str, set[tuple[str, str]]] = {"ann": set(), "bot": set()}
    for group in range(GROUPS):
        for number in range(EACH):
            code = "stigma" if random.random() < PREVALENCE else "services"
            applied = (f"g{group:02d}.{number}", code)
            coded["ann"].add(applied)
            if random.random() >= missed:
                coded["bot"].add(applied)
            if code != "stigma" and random.random() < added:
                coded["bot"].add((applied[0], "stigma"))
    return coded


def ratings_of(coded: dict[str, set[tuple[str, str]]], groups: range) -> list[tuple[bool, bool]]:
    """Give whether each of the two put stigma on each segment of some groups."""
    return [
        tuple((f"g{group:02d}.{at}", "stigma") in coded[coder] for coder in ("ann", "bot"))
        for group in groups
        for at in range(EACH)
    ]


def write_simulation(
    root: Path, coded: dict[str, set[tuple[str, str]]], saw: dict[str, range]
) -> None:
    """Write the tables of two people, each coding just the groups that they saw."""
    names = [f"g{group:02d}" for group in range(GROUPS)]
    tail = ("2020-10-01", "country", "KEN", "", "A network", "Care", "8 members", "en", "public")
    groups = [(name, name, *tail, "mail", "", "", "") for name in names]
    segments = [
        (
            *(f"{name}.{at}", name, "theme", "introduction", f"p{at + 1}", "prose", ""),
            *(f"Words {name} {at}.", "synthetic", "en", ""),
        )
        for name in names
        for at in range(EACH)
    ]
    applied = [
        (segment, code, coder)
        for coder, found in coded.items()
        for segment, code in sorted(found)
        if int(segment[1:3]) in saw[coder]
    ]
    tables = {"focus_groups": groups, "segments": segments, "code_applications": applied}
    for name, rows in tables.items():
        write_csv(table_of(root, name), [COLUMNS[name], *rows])
    set_settings(root, ("kind: model", "kind: human"))


def plain_alpha(pairs: list[tuple[bool, bool]]) -> float:
    """Give Krippendorff's alpha from its definition: observed over expected disagreement."""
    ratings = [rating for pair in pairs for rating in pair]
    true, total = sum(ratings), len(ratings)
    observed = 2 * sum(a != b for a, b in pairs) / total
    return 1 - observed / (2 * true * (total - true) / (total * (total - 1)))


ALL, HALF = range(GROUPS), range(GROUPS // 2)


@pytest.mark.parametrize(
    ("bot_saw", "missed", "added"), [(HALF, 0.1, 0.05), (ALL, 0.3, 0.0)], ids=["half", "omissions"]
)
def test_printed_alpha_is_the_true_one(
    tiny_root: Path, bot_saw: range, missed: float, added: float
) -> None:
    """Whether the second coder saw half or missed codes, what is printed is true within 0.03."""
    coded = simulate(2020, missed=missed, added=added)
    saw = {"ann": ALL, "bot": bot_saw}
    write_simulation(tiny_root, coded, saw)
    state(tiny_root, *(f"{coder},g{group:02d}" for coder in saw for group in saw[coder]))

    _, claims = shown()
    truth = plain_alpha(ratings_of(coded, ALL))
    printed = claims["alpha.ann.bot.stigma"]
    assert float(printed.text) == pytest.approx(truth, abs=0.03)
    assert printed.value == pytest.approx(plain_alpha(ratings_of(coded, bot_saw)))
    ends = [claims[f"alpha_{end}.ann.bot.stigma"] for end in ("from", "to") if len(bot_saw) >= 10]
    assert not ends or ends[0].value < truth < ends[1].value


def test_interval_is_that_of_plain_draws(tiny_root: Path) -> None:
    """Focus groups are drawn again and again; the interval holds 95 % of the alphas."""
    coded = simulate(2020, missed=0.3, added=0.0)
    write_simulation(tiny_root, coded, {"ann": ALL, "bot": ALL})
    state(tiny_root, *(f"{coder},g{group:02d}" for coder in ("ann", "bot") for group in ALL))
    by_group = [ratings_of(coded, range(group, group + 1)) for group in ALL]
    random = Random(2020)  # noqa: S311 (nothing secret)
    alphas = []
    for _ in range(1000):
        drawn = [by_group[int(random.random() * GROUPS)] for _ in ALL]
        alphas.append(plain_alpha([pair for group in drawn for pair in group]))
    cuts = quantiles(alphas, n=40, method="inclusive")

    _, claims = shown()
    ends = [claims[f"alpha_{end}.ann.bot.stigma"].value for end in ("from", "to")]
    assert ends == [pytest.approx(cuts[0], abs=1e-6), pytest.approx(cuts[-1], abs=1e-6)]


@pytest.mark.parametrize("groups", [9, 10])
def test_interval_needs_ten_focus_groups(tiny_root: Path, groups: int) -> None:
    """From ten focus groups on that both coded there is an interval; below, each has its own."""
    coded = {"ann": {(f"g{at:02d}.{n}", "stigma") for at in range(groups) for n in range(2)}}
    coded["bot"] = {row for row in coded["ann"] if row[0] != "g00.1"}
    write_simulation(tiny_root, coded, {"ann": ALL, "bot": ALL})
    state(tiny_root, *(f"{coder},g{at:02d}" for coder in coded for at in range(groups)))

    _, claims = shown()
    kinds = {name.split(".")[0] for name in claims}
    ends = {"set_alpha_from", "set_alpha_to", "alpha_from", "alpha_to"}
    assert kinds & ends == (ends if groups == 10 else set())
    assert ("group_alpha" in kinds) == (groups == 9)


def test_code_on_every_passage_has_no_coefficient(tiny_root: Path) -> None:
    """Where nothing varies, alpha and its interval are not defined, and nothing warns."""
    every = {(f"g{group:02d}.{at}", "stigma") for group in ALL for at in range(EACH)}
    write_simulation(tiny_root, {"ann": every, "bot": every}, {"ann": ALL, "bot": ALL})
    state(tiny_root, *(f"{coder},g{group:02d}" for coder in ("ann", "bot") for group in ALL))

    _, claims = shown()
    assert claims["alpha.ann.bot.stigma"].text == "not defined"
    assert claims["set_alpha.ann.bot"].text == "not defined"
    assert not [name for name in claims if "_from." in name]


def test_undefined_alpha_is_not_drawn_as_zero() -> None:
    """Of a code that two coders used too little, the figure has no mark for them."""
    drawn = [
        str(draw_alphas("codes", "Title", ["Law"], [("ann and bot", [alpha])]))
        for alpha in (0.0, math.nan)
    ]

    marks = [html.count("<path") + html.count("<use") for html in drawn]
    assert marks[1] == marks[0] - 1


def test_omissions_do_not_vanish(tiny_root: Path) -> None:
    """With 30 % missed, 0.72 is true; a blank that counts as unseen would give far more."""
    coded = simulate(2020, missed=0.3, added=0.0)
    write_simulation(tiny_root, coded, {"ann": ALL, "bot": ALL})

    words, claims = shown()
    low, high = (claims[f"{name}.ann.bot.stigma"] for name in ("blank_is_no", "blank_is_unseen"))
    assert float(low.text) == pytest.approx(0.72, abs=0.03)
    assert high.value is not None
    assert high.value > 0.9
    assert "alpha.ann.bot.stigma" not in claims
    assert "not stated who looked at what" in words


def test_range_of_a_partial_coder_holds_the_truth(tiny_root: Path) -> None:
    """Where the second coder saw half of each group, and nobody says so, the range is right."""
    coded = simulate(7, missed=0.1, added=0.05)
    truth = plain_alpha(ratings_of(coded, ALL))
    coded["bot"] = {row for row in coded["bot"] if int(row[0].split(".")[1]) < EACH // 2}
    write_simulation(tiny_root, coded, {"ann": ALL, "bot": ALL})

    _, claims = shown()
    low, high = (claims[f"{n}.ann.bot.stigma"].value for n in ("blank_is_no", "blank_is_unseen"))
    assert low is not None
    assert high is not None
    assert low < truth < high


def test_download_has_every_coefficient(tiny_root: Path) -> None:
    """Percent agreement, kappa and AC1 are in the download, with what blanks count as."""
    state(tiny_root, "ann,ken", "bot,ken")

    table = agreement_table(open_coverage(STUDY))
    assert table.columns.tolist() == [
        *("coder_one", "coder_other", "basis", "focus_groups", "code", "units", "both"),
        *("only_one", "only_other", "positive_agreement", "alpha", "percent_agreement"),
        *("kappa", "ac1"),
    ]
    assert set(table["basis"]) == {
        *("stated", "blank counts as no", "blank counts as not looked at")
    }
