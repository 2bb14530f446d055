from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from analysis.errors import StudyError
from analysis.study.csv_rows import write_csv
from analysis.study.opened_study import OpenedStudy, open_study
from analysis.synthesis.claims import Ledger
from analysis.synthesis.concerns_and_hope import show_concerns_and_hope
from analysis.synthesis.excerpts import FairChoice
from analysis.synthesis.finding_evidence import show_finding_evidence
from analysis.synthesis.findings import (
    choose_findings,
    find_candidates,
    find_outstanding,
    show_findings,
)
from analysis.synthesis.heard import show_heard
from analysis.synthesis.prevalence import measure_prevalence
from analysis.tables.evidence import COLUMNS as EVIDENCE_COLUMNS
from analysis.tables.segments import COLUMNS as SEGMENT_COLUMNS
from synthesis.made_corpora import make_codings, make_corpus, make_groups
from tiny_study import STUDY, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.synthesis.claims import Fragment
    from analysis.synthesis.corpus import Corpus

HOPE, CONCERNS = "context.hope", "context.concerns"
ASKED = "recommendations"
GROUPS = tuple(f"g{at}" for at in range(6))
HEAD = "id,place,question,sentence,codes,author,author_kind,date\n"


def words(fragment: Fragment) -> str:
    return " ".join(fragment.text.split())


def make(study: OpenedStudy, **raised: dict[str, int]) -> Corpus:
    """Make six groups that all answered both questions; a code is raised by the first so many."""
    segments = [
        {"segment": f"{group}.{cell[8:]}", "cell": cell, "text": f"Words of {group}."}
        for group in GROUPS
        for cell in (HOPE, CONCERNS)
    ]
    codings = make_codings(
        *(
            f"{group}.{question} {code}"
            for code, counts in raised.items()
            for question, count in counts.items()
            for group in GROUPS[:count]
        )
    )
    return make_corpus(study, groups=make_groups(*GROUPS), segments=segments, codings=codings)


@pytest.fixture
def written(tmp_path: Path) -> OpenedStudy:
    """Give the tiny study with a finding of a region."""
    root = write_tiny_root(tmp_path / "root")
    row = (
        'one,esa,hope,"Hope, not stigma ({prevalence.stigma@hope} of {groups}).",stigma,'
        "W. Riter,person,2021-01-02\n"
    )
    (root / "data" / STUDY / "findings.csv").write_text(HEAD + row, encoding="utf-8")
    return open_study(root, STUDY)


def show(corpus: Corpus) -> Fragment:
    ledger = Ledger("esa")
    measure_prevalence(corpus, ledger)
    ledger.number("groups", "Focus groups", (len(corpus.groups), "focus groups"))
    return show_findings(corpus, ledger, choose_findings(corpus, FairChoice(corpus)))


def test_finding_is_shown_with_its_numbers_filled_in(written: OpenedStudy) -> None:
    """The numbers of a sentence are claims, and one passage is quoted for it."""
    shown = show(make(written, stigma={"hope": 2, "concerns": 4}))

    assert "Hope, not stigma ( 2 of 6 of 6 )." in words(shown)
    assert "esa.prevalence.stigma.hope" in {claim.id for claim in shown.claims}
    assert re.findall(r"<blockquote><p>([^<]+)", shown.html) == ["Words of g0."]
    assert "Findings on invented data, written by W. Riter (a person), 2 January 2021" in words(
        shown
    )
    assert ">What they said</h2>" in shown.html


def test_number_that_the_report_does_not_have_is_refused(written: OpenedStudy) -> None:
    """A placeholder for a region is refused on the report of a region, with row and remedy."""
    path = written.folder / "findings.csv"
    text = path.read_text(encoding="utf-8").replace("@hope", "@wca")
    path.write_text(text, encoding="utf-8")

    with pytest.raises(StudyError, match=r"row 2: \{prevalence.stigma@wca\}"):
        show(make(written, stigma={"hope": 2}))


def test_evidence_behind_a_finding_is_described(written: OpenedStudy) -> None:
    """A finding has its groups, passages and questions, no grade, and a recount by hand."""
    corpus, ledger = make(written, stigma={"hope": 2, "concerns": 4}), Ledger("esa")
    measure_prevalence(corpus, ledger)
    ledger.number("groups", "Focus groups", (6, "focus groups"))

    shown = show_finding_evidence(corpus, ledger, choose_findings(corpus, FairChoice(corpus)))

    counted = {claim.id: claim.text for claim in shown.claims if ".finding." in claim.id}
    assert counted == {
        "esa.finding.one.groups": "2 of 6",
        "esa.finding.one.countries": "1",
        "esa.finding.one.kinds": "1",
        "esa.finding.one.questions": "1",
        "esa.finding.one.passages": "2",
        "esa.finding.one.words": "3",
        "esa.finding.one.coded_twice": "0",
    }
    assert "not a GRADE-CERQual assessment" in words(shown)
    assert "not searched" in words(shown)
    assert re.findall('data-label="Raised it">(yes|no)', shown.html) == ["yes"] * 2 + ["no"] * 4


def test_evidence_that_a_person_added_is_shown(written: OpenedStudy) -> None:
    """A counter-voice is linked with who searched; an assessment is shown with its analyst."""
    corpus, ledger = make(written, stigma={"hope": 2, "concerns": 4}), Ledger("esa")
    voice = corpus.segments["segment"].iloc[0]
    judged = ["minor", "minor", "moderate", "serious", "low", "Few groups.", "A. Analyst"]
    rows = [
        ["one", "", voice, *[""] * 6, "B. Analyst", "2021-02-03"],
        ["one", "", "", *judged, "2021-02-03"],
    ]
    write_csv(
        written.folder / "segments.csv",
        [SEGMENT_COLUMNS, [voice, *[""] * (len(SEGMENT_COLUMNS) - 1)]],
    )
    write_csv(written.folder / "evidence.csv", [EVIDENCE_COLUMNS, *rows])
    measure_prevalence(corpus, ledger)
    ledger.number("groups", "Focus groups", (6, "focus groups"))

    shown = show_finding_evidence(corpus, ledger, choose_findings(corpus, FairChoice(corpus)))

    (claim,) = [each for each in shown.claims if each.id == "esa.counter_voices.one"]
    assert (claim.value, claim.segments) == (1, (voice,))
    for part in ("searched by B. Analyst", "moderate concerns", "low confidence", "Few groups."):
        assert part in words(shown)
    assert "not a GRADE-CERQual assessment" not in words(shown)


def test_candidates_are_raised_by_three_groups_and_a_third(study: OpenedStudy) -> None:
    """A candidate is raised by at least three groups and a third of those who answered."""
    corpus = make(study, stigma={"hope": 3}, services={"hope": 2}, community={"hope": 6})

    found = find_candidates(corpus, Ledger("esa"), "hope")

    assert [(each.code, each.claim.text) for each in found] == [
        ("community", "6 of 6"),
        ("stigma", "3 of 6"),
    ]


def test_without_findings_the_block_names_what_was_most_raised(study: OpenedStudy) -> None:
    """Without findings it says so, names the topic of most groups, and what stands out."""
    shown = show(
        make(
            study,
            community={"hope": 6, "concerns": 6},
            stigma={"hope": 5, "concerns": 3},
            services={"hope": 1, "concerns": 4},
        )
    )

    assert ">Most raised</h2>" in shown.html
    assert "findings" not in re.sub("<[^>]+>", "", shown.html).replace("wrote findings", "")
    assert "Concerns Most raised: Community ( 6 of 6 ). Stands out here: Services ( 4 of 6 )." in (
        words(shown)
    )


def test_many_ties_are_counted_and_not_named(study: OpenedStudy) -> None:
    """Of more than three topics at the same count, only their number is given."""
    counts = {"hope": 4}
    corpus = make(study, stigma=counts, services=counts, community=counts, criminalization=counts)

    assert "4 topics at 4 of 6" in words(show(corpus))


def test_topic_that_is_named_does_not_stand_out_again(study: OpenedStudy) -> None:
    """What stands out is named once, and only if its difference is above zero."""
    corpus = make(study, stigma={"hope": 5, "concerns": 3}, services={"hope": 4, "concerns": 5})
    found = find_candidates(corpus, Ledger("esa"), "hope")

    assert find_outstanding(found, []) == found[0]
    assert find_outstanding(found, [found[0]]) is None


def test_one_group_opens_with_what_it_asks_for(study: OpenedStudy) -> None:
    """Of one focus group the key recommendation and every STOP point are there in full."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken"),
        segments=[
            {"segment": "ken.1", "cell": f"{ASKED}.key", "label": "Money", "text": "Fund us."},
            {"segment": "ken.2", "cell": f"{ASKED}.stop", "label": "Raids", "text": "No raids."},
            {"segment": "ken.3", "cell": "emerging.patterns", "label": "Fear", "text": "Unseen."},
        ],
    )

    shown = show(corpus)

    assert ">Eastern and Southern Africa: one discussion</h2>" in shown.html
    texts = ("Fund us.", "No raids.", ">Fear</a>", "Unseen.")
    assert [text in shown.html for text in texts] == [True, True, True, False]


def test_concerns_and_hope_are_sorted_by_their_difference(study: OpenedStudy) -> None:
    """Topics of three or more groups are drawn, those that are a concern most first."""
    corpus = make(
        study,
        community={"hope": 6, "concerns": 1},
        stigma={"hope": 1, "concerns": 5},
        services={"hope": 2, "concerns": 2},
    )

    shown = show_concerns_and_hope(corpus, Ledger("esa"))

    assert re.findall(r'<th scope="row">([^<]+)', shown.html) == ["Stigma", "Community"]
    assert "Stigma is raised more as a concern than as hope; Community more as hope" in words(shown)
    assert "Stigma: Concerns 5 of 6, Hope 1 of 6, Constraints 0 of 0" in shown.html


def test_who_was_heard_names_countries_without_a_group(study: OpenedStudy) -> None:
    """The map, its sentence and its tables count groups by country; silent ones are named."""
    corpus = make_corpus(
        study,
        groups=[
            *make_groups("a", held_on="2020-07-03"),
            *make_groups("b", places="KEN;UGA", held_on="2020-09-03"),
            *make_groups("c", places="esa", held_on="2020-09-20"),
        ],
    )

    shown = show_heard(corpus, Ledger("esa"))

    claims = {claim.id: claim.value for claim in shown.claims}
    assert (claims["esa.countries"], claims["esa.countries.all"]) == (2, 21)
    assert (claims["esa.country.ken"], claims["esa.country.uga"]) == (2, 1)
    assert (claims["esa.month.2020-07"], claims["esa.month.2020-09"]) == (1, 2)
    assert claims["esa.countries.wider"] == 1
    assert "Zimbabwe" in words(shown)
    assert shown.html.count("<svg") == 2
