from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from analysis.errors import StudyError
from analysis.study.csv_rows import write_csv
from analysis.study.opened_study import OpenedStudy, open_study
from analysis.synthesis import concerns_and_hope, finding_evidence
from analysis.synthesis.aggregates import hand_on, open_continent
from analysis.synthesis.claims import Ledger
from analysis.synthesis.cleaning_report import keep_cleaned, open_cleaning
from analysis.synthesis.concerns_and_hope import show_concerns_and_hope
from analysis.synthesis.contrasts import contrast_regions
from analysis.synthesis.corpus_tables import open_region
from analysis.synthesis.finding_evidence import show_finding_evidence
from analysis.synthesis.findings import choose_quotes, show_findings
from analysis.synthesis.most_raised import find_candidates, find_outstanding
from analysis.synthesis.prevalence import measure_prevalence
from analysis.synthesis.who_was_heard import show_heard
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
        {
            "segment": f"{group}.{cell[8:]}",
            "cell": cell,
            "text": f"Words of {group}." + " And more." * at,
        }
        for at, group in enumerate(GROUPS)
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
    return show_findings(corpus, ledger, choose_quotes(corpus, 3).findings)


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


def test_continent_may_quote_the_same_passages_in_a_build_and_by_hand(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a region quotes for its findings travels to the continent, within a build and without.

    Only the finding quotes ken.6: the code is raised by two groups, and under STOP.
    """
    study = tiny_root / "data" / STUDY
    row = "one,esa,stop,Raids end ({prevalence.stigma}).,stigma,W. Riter,person,2021-01-02\n"
    (study / "findings.csv").write_text(HEAD + row, encoding="utf-8")
    with (study / "study.yaml").open("a", encoding="utf-8") as settings:
        settings.write("publication: {excerpts_per_theme: 1}\n")
    by_hand = open_continent(STUDY, "africa").passages["segment"]
    monkeypatch.setenv("COMPENDIUM_BUILD", str(tiny_root / "build"))
    for place in ("esa", "wca", "africa"):
        keep_cleaned(open_cleaning(STUDY, place))
    for region in ("esa", "wca"):
        corpus = open_region(STUDY, region)
        hand_on(corpus, choose_quotes(corpus, 1).segments)

    built = open_continent(STUDY, "africa").passages["segment"]

    assert "ken.6" in set(built)
    assert list(by_hand) == list(built)


def test_place_of_one_group_has_no_findings(written: OpenedStudy) -> None:
    """What one focus group says is no finding on its place, whatever findings.csv has."""
    corpus = make_corpus(
        written,
        groups=make_groups("ken"),
        segments=[{"segment": "ken.1", "cell": HOPE}],
        codings=make_codings("ken.1 stigma"),
    )

    assert choose_quotes(corpus, 3).findings == []


def test_number_that_the_report_does_not_have_is_refused(written: OpenedStudy) -> None:
    """A placeholder for a region is refused on the report of a region, with row and remedy."""
    path = written.folder / "findings.csv"
    text = path.read_text(encoding="utf-8").replace("@hope", "@wca")
    path.write_text(text, encoding="utf-8")

    with pytest.raises(StudyError, match=r"row 2: \{prevalence.stigma@wca\}"):
        show(make(written, stigma={"hope": 2}))


def test_finding_may_name_groups_countries_and_passages(written: OpenedStudy) -> None:
    """Each of these placeholders becomes a number, whatever else the report counts."""
    row = "one,esa,hope,{groups} {countries} {segments},stigma,W. Riter,person,2021-01-02\n"
    (written.folder / "findings.csv").write_text(HEAD + row, encoding="utf-8")
    corpus = make(written, stigma={"hope": 2})

    shown = show_findings(corpus, Ledger("esa"), choose_quotes(corpus, 3).findings)

    assert [claim.id for claim in shown.claims] == ["esa.groups", "esa.countries", "esa.segments"]
    assert "6 1 12" in words(shown)


def test_finding_in_a_study_with_its_own_places_names_no_countries(written: OpenedStudy) -> None:
    """Its places need not be countries, so that there is no such number."""
    for name in ("places.csv", "wider_places.csv"):
        shutil.copy(written.root / "data" / name, written.folder / name)
    row = "one,esa,hope,In {countries}.,stigma,W. Riter,person,2021-01-02\n"
    (written.folder / "findings.csv").write_text(HEAD + row, encoding="utf-8")

    with pytest.raises(StudyError, match=r"row 2: \{countries\}"):
        show(make(written, stigma={"hope": 2}))


def test_evidence_behind_a_finding_is_described(written: OpenedStudy) -> None:
    """A finding has its groups, passages and questions, no grade, and a recount by hand."""
    corpus, ledger = make(written, stigma={"hope": 2, "concerns": 4}), Ledger("esa")
    measure_prevalence(corpus, ledger)

    shown = show_finding_evidence(corpus, ledger, choose_quotes(corpus, 3).findings)

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
    place = f"{corpus.study.instrument.title('context')}, hope 1"
    assert re.findall(r'href="#(segment-g\d.hope)"><span data-term="">([^<]+)', shown.html) == [
        ("segment-g0.hope", place),
        ("segment-g1.hope", place),
    ]


def test_evidence_counts_countries_and_words_that_are_there(written: OpenedStudy) -> None:
    """A region is no country, and passages without words have no length; a theme has its codes."""
    path = written.folder / "findings.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",stigma,W", ",rights,W"), "utf-8")
    corpus = make_corpus(
        written,
        groups=[*make_groups("a", places="KEN"), *make_groups("b", "c", places="esa")],
        segments=[
            {"segment": "a.1", "cell": HOPE, "text": "Four words are here."},
            {"segment": "b.1", "cell": HOPE, "text": "", "words": 0},
            {"segment": "c.1", "cell": HOPE, "text": "", "words": 0},
        ],
        codings=make_codings("a.1 stigma", "b.1 stigma", "c.1 criminalization"),
    )
    ledger = Ledger("esa")
    measure_prevalence(corpus, ledger)

    shown = show_finding_evidence(corpus, ledger, choose_quotes(corpus, 3).findings)

    counted = {claim.id: claim.value for claim in shown.claims}
    kinds = ("groups", "countries", "words")
    assert [counted[f"esa.finding.one.{kind}"] for kind in kinds] == [3, 1, 4]


@pytest.mark.parametrize(
    ("rows", "groups", "linked"),
    [(3, ["g0", "g2", "g4"], ["g0.1"]), (18, list(GROUPS), ["g0.1", "g0.2", "g0.3"])],
    ids=["many-groups", "many-passages"],
)
def test_recount_of_many_groups_and_passages_fits_a_page(
    written: OpenedStudy,
    monkeypatch: pytest.MonkeyPatch,
    rows: int,
    groups: list[str],
    linked: list[str],
) -> None:
    """Of many groups some from all over the list are there, and then one passage of each."""
    monkeypatch.setattr(finding_evidence, "MOST_ROWS", rows)
    segments = [{"segment": f"g0.{n}", "cell": HOPE, "position": f"{n}"} for n in range(1, 6)]
    segments += [{"segment": f"{group}.1", "cell": HOPE} for group in GROUPS[1:]]
    codings = make_codings(*(f"g0.{n} stigma" for n in range(1, 6)))
    corpus, ledger = (
        make_corpus(written, groups=make_groups(*GROUPS), segments=segments, codings=codings),
        Ledger("esa"),
    )
    measure_prevalence(corpus, ledger)

    shown = show_finding_evidence(corpus, ledger, choose_quotes(corpus, 3).findings)

    assert re.findall("<code>(g[0-9])</code>", shown.html) == groups
    links = re.findall(r'href="#segment-(g0.\d)"', shown.html.partition("<h3>")[2])
    assert links == linked
    assert "and others" in words(shown)
    more = "The evidence.json of the report lists the other groups."
    assert (more in words(shown)) == (len(groups) < len(GROUPS))


def test_finding_on_regions_rests_on_their_groups_alone(written: OpenedStudy) -> None:
    """Where its number is of a region, groups and passages of others are not behind a finding."""
    row = "two,africa,any,Raised ({prevalence.stigma@wca}).,stigma,W. Riter,person,2021-01-02\n"
    (written.folder / "findings.csv").write_text(HEAD + row, encoding="utf-8")
    corpus = make_corpus(
        written,
        groups=[*make_groups("ken"), *make_groups("gha", "nga", "tgo", home="wca")],
        segments=[{"segment": f"{name}.1"} for name in ("ken", "gha", "nga", "tgo")],
        codings=make_codings("ken.1 stigma", "gha.1 stigma", "nga.1 services"),
        place="africa",
    )
    ledger = Ledger("africa")
    measure_prevalence(corpus, ledger)
    contrast_regions(corpus, ledger)

    shown = show_finding_evidence(corpus, ledger, choose_quotes(corpus, 3).findings)

    (behind,) = [each for each in shown.claims if each.id == "africa.finding.two.groups"]
    assert (behind.text, behind.segments) == ("1 of 2", ("gha.1",))


def test_evidence_in_a_study_with_its_own_places_counts_no_countries(written: OpenedStudy) -> None:
    """Places of a study of its own need not be countries, so there is no column of countries."""
    for name in ("places.csv", "wider_places.csv"):
        shutil.copy(written.root / "data" / name, written.folder / name)
    corpus, ledger = make(written, stigma={"hope": 2}), Ledger("esa")
    measure_prevalence(corpus, ledger)

    shown = show_finding_evidence(corpus, ledger, choose_quotes(corpus, 3).findings)

    assert "esa.finding.one.kinds" in {claim.id for claim in shown.claims}
    assert "Countries" not in shown.html


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

    shown = show_finding_evidence(corpus, ledger, choose_quotes(corpus, 3).findings)

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


@pytest.mark.parametrize(("answered", "candidates"), [(9, ["stigma"]), (10, [])])
def test_candidate_is_raised_by_a_third_of_those_answering(
    study: OpenedStudy, answered: int, candidates: list[str]
) -> None:
    """Three of nine groups are a third; three of ten are fewer."""
    groups = [f"g{at}" for at in range(answered)]
    corpus = make_corpus(
        study,
        groups=make_groups(*groups),
        segments=[{"segment": f"{group}.1", "cell": HOPE} for group in groups],
        codings=make_codings(*(f"{group}.1 stigma" for group in groups[:3])),
    )

    assert [each.code for each in find_candidates(corpus, Ledger("esa"), "hope")] == candidates


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


def test_where_no_topic_is_named_the_report_says_so(study: OpenedStudy) -> None:
    """Of two focus groups no topic is raised by three: what they ask for is no "most raised"."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[{"segment": "ken.1", "cell": "recommendations.stop", "label": "Stop raids"}],
    )

    text = words(show(corpus))

    assert text.startswith("What they ask for Nobody wrote findings for this report. No topic")


def test_without_findings_requests_are_counted_and_named_by_label(study: OpenedStudy) -> None:
    """What to stop is never a topic after the verb: labels of several groups, then themes."""
    cell, labels = f"{ASKED}.stop", ("Stop raids", "STOP raids!", "Stop fines")
    corpus = make_corpus(
        study,
        groups=make_groups(*GROUPS[:3]),
        segments=[
            {"segment": f"{group}.1", "cell": cell, "label": label}
            for group, label in zip(GROUPS, labels, strict=False)
        ],
        codings=make_codings("g0.1 criminalization", "g2.1 stigma"),
    )

    assert (
        "Stop 3 points from 3 of 3 focus groups. Different labels: 2 . "
        "Stop raids ( 2 groups) Rights 2 of 3 \u2013 Stop raids"
    ) in words(show(corpus))


def test_theme_is_exemplified_by_a_point_with_a_label(study: OpenedStudy) -> None:
    """Of the points of a theme the first with a label is named, and none where all lack one."""
    cell = f"{ASKED}.stop"
    corpus = make_corpus(
        study,
        groups=make_groups("g0", "g1"),
        segments=[
            {"segment": "g0.1", "cell": cell, "label": ""},
            {"segment": "g0.2", "cell": cell, "label": "Stop raids"},
            {"segment": "g1.1", "cell": cell, "label": "", "text": "No more fees."},
        ],
        codings=make_codings("g0.1 criminalization", "g0.2 criminalization", "g1.1 services"),
    )

    said = words(show(corpus))

    assert "Rights 1 of 2 \u2013 Stop raids" in said
    assert "No more fees" not in said


def test_three_ties_are_named(study: OpenedStudy) -> None:
    """Up to three topics at the same count are named."""
    corpus = make(study, stigma={"hope": 4}, services={"hope": 4}, community={"hope": 4})

    assert words(show(corpus)).count("( 4 of 6 )") == 3


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


def test_topic_raised_as_much_under_other_questions_does_not_stand_out(study: OpenedStudy) -> None:
    """A difference of zero is none."""
    corpus = make(study, stigma={"hope": 4, "concerns": 4})

    assert find_outstanding(find_candidates(corpus, Ledger("esa"), "hope"), []) is None


def test_of_topics_that_stand_out_alike_the_larger_count_is_named(study: OpenedStudy) -> None:
    """Ties go to the larger count."""
    corpus = make(study, stigma={"hope": 4, "concerns": 1}, community={"hope": 5, "concerns": 2})

    outstanding = find_outstanding(find_candidates(corpus, Ledger("esa"), "hope"), [])

    assert outstanding is not None
    assert outstanding.code == "community"


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
        community={"hope": 1, "concerns": 5},
        stigma={"hope": 6, "concerns": 1},
        services={"hope": 2, "concerns": 2},
    )

    shown = show_concerns_and_hope(corpus, Ledger("esa"))

    assert re.findall(r'<th scope="row">([^<]+)', shown.html) == ["Community", "Stigma"]
    assert "Community is raised more as a concern than as hope; Stigma more as hope" in words(shown)
    assert "Community: Concerns 5 of 6, Hope 1 of 6, Constraints 0 of 0" in shown.html


def test_topic_of_three_groups_as_a_constraint_alone_is_shown(study: OpenedStudy) -> None:
    """Three groups under any of the three questions are enough, also under constraints."""
    cell = "context.constraints"
    corpus = make_corpus(
        study,
        groups=make_groups(*GROUPS[:3]),
        segments=[{"segment": f"{group}.1", "cell": cell} for group in GROUPS[:3]],
        codings=make_codings(*(f"{group}.1 stigma" for group in GROUPS[:3])),
    )

    shown = show_concerns_and_hope(corpus, Ledger("esa"))

    assert re.findall(r'<th scope="row">([^<]+)', shown.html) == ["Stigma"]


def test_of_many_topics_those_of_the_largest_difference_are_drawn(
    study: OpenedStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They stay in their order, and the title claims nothing of a topic that is not more hope."""
    monkeypatch.setattr(concerns_and_hope, "MOST_DRAWN", 2)
    corpus = make(
        study,
        community={"hope": 4, "concerns": 4},
        stigma={"hope": 1, "concerns": 5},
        services={"hope": 3, "concerns": 2},
    )

    shown = show_concerns_and_hope(corpus, Ledger("esa"))
    monkeypatch.setattr(concerns_and_hope, "MOST_DRAWN", 16)
    without = make(study, community={"hope": 4, "concerns": 4}, stigma={"hope": 1, "concerns": 5})

    assert re.findall(r'<th scope="row">([^<]+)', shown.html) == ["Stigma", "Services"]
    assert "raised more as a concern" not in show_concerns_and_hope(without, Ledger("esa")).text


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
