from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from analysis.study.language import in_language
from analysis.study.opened_study import OpenedStudy, open_study
from analysis.synthesis import who_was_heard
from analysis.synthesis.claims import Ledger
from analysis.synthesis.continent import show_cards
from analysis.synthesis.contrasts import contrast_regions, show_by_region, show_differences
from analysis.synthesis.markup import plain_text
from analysis.synthesis.overview import show_method, show_source
from analysis.synthesis.prevalence import measure_prevalence, show_raised
from analysis.synthesis.who_was_heard import describe_when, show_heard
from synthesis.made_corpora import make_codings, make_corpus, make_groups
from tiny_study import SHARED_FILES, STUDY, write_tiny_root

if TYPE_CHECKING:
    from analysis.synthesis.claims import Fragment

CODE = re.compile(r"<code>.*?</code>")


@pytest.fixture(scope="module")
def own_study(tmp_path_factory: pytest.TempPathFactory) -> OpenedStudy:
    """Give the tiny study with places of its own, which need not be countries."""
    root = write_tiny_root(tmp_path_factory.mktemp("own") / "root")
    for name in SHARED_FILES:
        shutil.copy(root / "data" / name, root / "data" / STUDY / name)
    return open_study(root, STUDY)


def claims_of(shown: Fragment, start: str) -> dict[str, object]:
    return {claim.id: claim.value for claim in shown.claims if claim.id.startswith(start)}


@pytest.mark.parametrize(
    ("days", "language", "expected"),
    [
        (("2020-10-01", "2020-10-31"), "en", "October 2020"),
        (("2020-10-05", "2020-07-31"), "en", "July to October 2020"),
        (("2020-12-31", "2021-01-01"), "en", "December 2020 to January 2021"),
        (("2020-08-05", "2020-10-05"), "fr", "août\u00a0\u2013 octobre 2020"),
        (("2020-08-05", "2020-10-05"), "pt", "de agosto a outubro de 2020"),
    ],
)
def test_months_are_written_from_first_to_last(
    study: OpenedStudy, days: tuple[str, ...], language: str, expected: str
) -> None:
    """The year is named once if it is the same; no French article precedes a month."""
    groups = [{"focus_group": day, "held_on": day} for day in days]

    with in_language(language):
        assert describe_when(make_corpus(study, groups=groups)) == expected


def test_own_places_are_not_called_regions(own_study: OpenedStudy) -> None:
    """A study may have sites or strata where others have regions: its pages say places."""
    groups = [
        *make_groups(*"abcdef", home="esa"),
        *make_groups(*"ghijkl", home="wca", places="GHA"),
    ]
    names = [f"{group['focus_group']}.1" for group in groups]
    corpus = make_corpus(
        own_study,
        groups=groups,
        segments=[{"segment": name} for name in names],
        codings=make_codings(*(f"{name} stigma" for name in names)),
        place="africa",
    )
    ledger = Ledger("africa")
    measure_prevalence(corpus, ledger)
    contrasts = contrast_regions(corpus, ledger)

    shown = [
        show_cards(corpus, ledger),
        show_by_region(corpus, ledger, contrasts),
        show_differences(corpus, ledger, contrasts),
    ]

    headings = [each for part in shown for each in re.findall("<h[23][^>]*>([^<]+)", part.html)]
    assert [each for each in headings if "lace" in each] == [
        "The places",
        "Topic by topic, place by place",
        "How places differ",
        "Topics that nobody in a place raised",
    ]
    assert not any("region" in plain_text(CODE.sub("", part.html)) for part in shown)


def test_study_without_template_and_map_has_no_empty_parts(
    own_study: OpenedStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is said of questions, of topics on cards, or of a map that isn't there."""
    monkeypatch.setattr(who_was_heard, "read_tiles", lambda *_: {})
    corpus = make_corpus(
        own_study,
        groups=make_groups("ken", "uga", participants=""),
        segments=[
            {"segment": f"{name}.1", "cell": "theme.introduction"} for name in ("ken", "uga")
        ],
        codings=make_codings("ken.1 stigma", "uga.1 stigma"),
        place="africa",
    )
    ledger = Ledger("africa")

    raised = show_raised(corpus, ledger, measure_prevalence(corpus, ledger))
    cards, heard = show_cards(corpus, ledger), show_heard(corpus, ledger)

    assert '<h2 id="what-was-raised">What was raised</h2>' in raised.html
    assert "by question" not in raised.text
    assert "Each card" not in cards.text
    assert 'class="beside"' not in heard.html


def test_names_in_another_language_are_marked(study: OpenedStudy) -> None:
    """Kinds of participants, hosts and themes are in the language of their focus group."""
    group = {"participants": "12 paires", "theme": "Soins", "organiser": "Un réseau"}
    groups = make_groups("ken", "uga", **group, language="fr")

    kinds = show_heard(make_corpus(study, groups=groups), Ledger("esa")).html
    listed = show_method(make_corpus(study, groups=groups), Ledger("esa")).html

    assert '<span lang="fr">paires</span>' in kinds
    assert re.findall('<span lang="fr">([^<]+)', listed) == ["Soins", "Un réseau", "paires"] * 2


def test_groups_are_counted_by_country_and_month(study: OpenedStudy) -> None:
    """A group of two countries counts in both, one of a region in none; months are in order."""
    groups = [
        *make_groups("both", places="KEN;UGA", held_on="2020-10-02"),
        *make_groups("ken", places="KEN", held_on="2020-07-01"),
        *make_groups("wide", places="esa", held_on="2020-08-01"),
    ]

    shown = show_heard(make_corpus(study, groups=groups), Ledger("esa"))

    assert claims_of(shown, "esa.count") == {
        "esa.countries": 2,
        "esa.countries.all": 21,
        "esa.countries.wider": 1,
        "esa.country.ken": 2,
        "esa.country.uga": 1,
    }
    months = claims_of(shown, "esa.month")
    assert list(months.items()) == [(f"esa.month.2020-{month}", 1) for month in ("07", "08", "10")]
    labels = {claim.id: claim.label for claim in shown.claims}
    assert labels["esa.month.2020-07"].endswith("that met in July 2020")


@pytest.mark.parametrize(
    ("place", "country", "folded"), [("esa", "KEN", True), ("car", "JAM", False)]
)
def test_countries_in_which_none_met_are_named(
    study: OpenedStudy, place: str, country: str, *, folded: bool
) -> None:
    """Up to fifteen are named in the sentence; more are folded."""
    groups = make_groups("one", "two", places=country, home=place)

    shown = show_heard(make_corpus(study, groups=groups, place=place), Ledger(place))

    named = ("None met in" in shown.text, "Countries in which none met" in shown.text)
    assert named == (not folded, folded)


@pytest.mark.parametrize(("last", "drawn"), [("2020-10-31", False), ("2020-11-01", True)])
def test_line_of_dates_needs_two_months(study: OpenedStudy, last: str, *, drawn: bool) -> None:
    """Within one month there is no line of dates: the sentence on top says it all."""
    groups = [*make_groups("ken"), *make_groups("uga", held_on=last)]

    shown = show_heard(make_corpus(study, groups=groups), Ledger("esa"))

    assert ("figure-dates" in shown.html, "One dot" in shown.text) == (drawn, drawn)


def test_place_of_wider_discussions_alone_shows_nobody(study: OpenedStudy) -> None:
    """Where no focus group is counted there is no section."""
    corpus = make_corpus(study, groups=[], context=make_groups("afr"))

    assert show_heard(corpus, Ledger("esa")).html == ""


def test_study_with_its_own_places_names_no_countries(own_study: OpenedStudy) -> None:
    """Places of a study of its own are counted like countries, and never called countries."""
    groups = [
        {"focus_group": "ken", "home": "esa", "held_on": "2020-07-01"},
        {"focus_group": "uga", "home": "esa", "places": "UGA"},
    ]
    corpus = make_corpus(own_study, groups=groups, place="esa")
    continent = make_corpus(own_study, groups=groups, place="africa")

    shown = [
        show_source(corpus, Ledger("esa")),
        show_heard(corpus, Ledger("esa")),
        show_cards(continent, Ledger("africa")),
    ]

    words = " ".join(CODE.sub("", each.html) for each in shown)
    assert re.findall(r"country|countries", re.sub(r'"[^"]*"', "", words)) == []
    assert "Map of Eastern and Southern Africa. Focus groups: Kenya 1, Uganda 1." in words
    assert claims_of(shown[1], "esa.country") == {"esa.country.ken": 1, "esa.country.uga": 1}
