"""Every claim of every report, counted again from the CSV files without the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.recount.claims import recount_report
from analysis.recount.corpus import Corpus
from analysis.recount.study import CELLS, read_rows

if TYPE_CHECKING:
    from analysis.recount.corpus import Whole
    from built.built_study import BuiltStudy, Claim


def differences(whole: Whole, page: str, claims: list[Claim]) -> list[str]:
    """Return where the claims of a page differ from the recount, or have none."""
    numbers = recount_report(whole, page, claims)
    found = []
    for claim in claims:
        number = numbers.get(claim["id"])
        if number is None:
            found.append(f"{claim['id']}: no rule")
        else:
            found += number.differences(claim) + number.missing_names(claim)
    return found


def test_every_claim_holds_when_counted_again(study: BuiltStudy):
    """Value, counts, focus groups, segments and label of each claim follow from the CSV files."""
    found = [
        each
        for page, claims in study.claims_of_pages.items()
        for each in differences(study.whole, page, claims)
    ]

    assert found == []


def test_every_report_makes_claims(study: BuiltStudy):
    """No page passes the recount by claiming nothing."""
    reports = {path.stem for path in study.release.glob("*.ipynb")}
    claiming = {page for page, claims in study.claims_of_pages.items() if claims}

    assert claiming == reports


def test_every_theme_and_code_is_reported(study: BuiltStudy):
    """What nobody raised is claimed too: each report names each theme and code."""
    places = {row["place"] for row in study.whole.study.wider_places}
    reported = {
        page: {claim["id"].rpartition(".")[2] for claim in claims}
        for page, claims in study.claims_of_pages.items()
        if page in places
    }
    codes = set(study.whole.study.codebook)
    missing = [(page, code) for page in reported for code in codes - reported[page]]

    assert missing == []


def quoted_in(study: BuiltStudy, place: str) -> set[str]:
    """Return the passages that a report quotes."""
    links = (link.partition("#segment-")[2] for link, _ in study.pages[f"{place}.html"].excerpts)
    return set(filter(None, links))


def test_excerpts_are_those_of_the_page(study: BuiltStudy):
    """How many excerpts there are, and from how many focus groups, is as the page shows."""
    differing = []
    for place in study.places_of_reports:
        name = f"{place}.excerpts"
        if name not in study.claims:
            continue
        quoted = {
            link.partition("#segment-")[2] for link, _ in study.pages[f"{place}.html"].excerpts
        }
        claimed = set(study.claims[name]["segments"])
        groups = {study.whole.group_of(segment) for segment in claimed}
        counted = (len(claimed), len(groups))
        listed = (study.claims[name]["value"], study.claims[f"{name}.groups"]["value"])
        differing += [place] if not claimed <= quoted or counted != listed else []

    assert differing == []


def test_every_group_that_may_be_shown_is_quoted(study: BuiltStudy):
    """Each focus group with words that may be shown is quoted in its report, or listed."""
    whole, missing = study.whole, []
    with_words = {s.group for s in whole.cleaned.kept.values() if s.text and not s.is_heading}
    for place in study.places_of_reports:
        claims = study.claims
        if f"{place}.excerpts" not in claims:
            continue
        quoted = {whole.group_of(segment) for segment in quoted_in(study, place)}
        counted = with_words.intersection(claims[f"{place}.groups"]["focus_groups"])
        unquoted = {group for group in counted if whole.study.may_show(group)} - quoted
        listed = set(claims.get(f"{place}.excerpts.unheard", {}).get("focus_groups", ()))
        missing += [(place, group) for group in unquoted - listed]

    assert missing == []


def test_matrix_counts_the_passages_of_each_focus_group(study: BuiltStudy):
    """Each cell of the framework matrix is as counted again, but for topics that are not shown."""
    whole = study.whole
    everyone = Corpus(whole, filter(study.may_count, whole.study.focus_groups))
    cells = [cell for cell in CELLS if any(each.cell == cell for each in everyone.codable)]
    themes = [code for code, row in whole.study.codebook.items() if not row["parent"]]
    raised = {theme: [whole.group_of(s) for s in everyone.supporting(theme)] for theme in themes}
    expected = {}
    for group in everyone.groups:
        answers = [each.cell for each in everyone.codable if each.group == group]
        by_theme = [str(raised[theme].count(group)) for theme in themes]
        hidden = ["not shown for a single group: consent is for counts over groups"]
        counted = [str(answers.count(cell)) for cell in cells]
        expected[group] = counted + (by_theme if whole.study.may_show(group) else hidden)
    found: dict[str, list[str]] = {}
    for header, *row in study.pages["matrix.html"].rows:
        if (group := header.rpartition(" ")[2]) in expected:
            found.setdefault(group, []).extend(each.replace("\u00b7", "0") for each in row)

    assert found == expected


def test_recount_finds_what_is_wrong(study: BuiltStudy):
    """A wrong value, a segment too few, another name and an unknown id are each reported."""
    claim = study.claims["africa.segments"]
    wrong = [
        {**claim, "value": -1},
        {**claim, "segments": claim["segments"][1:]},
        {**claim, "label": "Passages"},
        {**claim, "id": "africa.unknown"},
    ]
    found = [differences(study.whole, "africa", [each]) for each in wrong]

    assert [len(each) for each in found] == [1, 1, 1, 1]


def test_downloads_have_the_numbers_of_the_reports(study: BuiltStudy):
    """Each prevalence in the download is the number that the report of its place claims."""
    path = study.release / "downloads" / "prevalence.csv"
    differing, compared = [], 0
    for row in read_rows(path) if path.is_file() else ():
        at = "" if row["question"] == "any" else f".{row['question']}"
        name = f"{row['place']}.prevalence.{row['topic']}{at}"
        if row["section"] != "any":
            name = f"{row['place']}.cell.{row['section']}.{row['question']}.{row['topic']}"
        claim = study.claims.get(name)
        if claim is None:
            continue
        compared += 1
        counted = (str(claim["numerator"]), str(claim["denominator"]), str(len(claim["segments"])))
        found = (row["focus_groups"], row["of_focus_groups"], row["passages"])
        differing += [] if counted == found else [f"{name}: {found}, claimed {counted}"]

    several = any(study.claims[f"{place}.groups"]["value"] > 1 for place in study.places_of_reports)
    assert differing == []
    assert (compared > 0) == several
