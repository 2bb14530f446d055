from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from analysis.intake.focus_group import FocusGroup, FocusGroups
from analysis.intake.limits import receive
from analysis.intake.markdown_text import read_markdown_text
from analysis.intake.stated_dates import read_date
from analysis.intake.stated_participants import read_participants
from analysis.intake.stated_places import PlaceFinder
from analysis.intake.submission import SourcePoint, Submission
from analysis.study.instrument import read_instrument
from analysis.study.places import Places, read_places

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = "data/source/unaids-africa-focus-group-2020.txt"
COMPLETE = {"place": "Kenya", "held_on": "2020-09-26", "consent": "Yes"}


@pytest.fixture(scope="module")
def places(root: Path) -> Places:
    """Give the places that there are."""
    return read_places(root / "data")


def submission_of(
    facts: dict[str, str], answers: dict[str, int] | None = None, language: str = "en"
) -> Submission:
    """Return a submission that says some facts, and has so many points in some cells."""
    points = tuple(
        SourcePoint(*cell.split("."), str(number), "point", "Boats.")
        for cell, count in (answers or dict.fromkeys(read_instrument().cells, 1)).items()
        for number in range(1, count + 1)
    )
    return Submission(facts, points, (), (), "", language)


def group_of(places: Places, **facts: str) -> FocusGroup:
    return FocusGroups(places, {}).describe(submission_of({**COMPLETE, **facts}))


def suspected(group: FocusGroup) -> list[str]:
    return [f"{each.place} {each.what}" for each in group.suspicions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-09-26", (date(2020, 9, 26), True)),
        ("26 September 2020", (date(2020, 9, 26), True)),
        ("September 26, 2020", (date(2020, 9, 26), True)),
        ("26 de septiembre de 2020", (date(2020, 9, 26), True)),
        ("26 of September 2020", (date(2020, 9, 26), False)),
        ("Saturday 26th Sept. 2020, online", (date(2020, 9, 26), False)),
        ("1er août 2020", (date(2020, 8, 1), False)),
        ("3 de Março de 2020", (date(2020, 3, 3), True)),
        ("26/09/2020", (date(2020, 9, 26), False)),
        ("3 April 2020 (03/04/2020), 10-12 h", (date(2020, 4, 3), False)),
        ("09.26.2020", (date(2020, 9, 26), False)),
    ],
)
def test_reads_dates_as_hosts_write_them(text: str, expected: tuple[date, bool]) -> None:
    """Names of months in four languages, and numbers that mean one day, give that day."""
    written = read_date(text)

    assert (written.days, written.is_usual) == ((expected[0],), expected[1])


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("03/04/2020", 2),
        ("31/02/2020", 0),
        ("soon", 0),
        ("2020", 0),
        ("12-14 October 2020", 2),
        ("12 and 13 October 2020", 2),
        ("October 12 \u2013 14, 2020", 2),
        ("30 September to 2 October 2020", 2),
        ("12 October 2020 and 14 October 2020", 2),
        ("12 a 14 de octubre de 2020", 2),
        ("12 et 13 octobre 2020", 2),
        ("26/09 - 27/09/2020", 2),
        ("2020-10-12, 2020-10-13", 2),
    ],
)
def test_date_that_means_no_day_or_several_is_not_guessed(text: str, days: int) -> None:
    """Nothing is made of what can mean several days, or none."""
    assert len(read_date(text).days) == days


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kenya", ("KEN",)),
        ("Kenya, Uganda and Tanzania", ("KEN", "UGA", "TZA")),
        ("Kenya Uganda Tanzania", ("KEN", "UGA", "TZA")),
        ("SÉNÉGAL et Côte d\u2019Ivoire", ("SEN", "CIV")),
        ("Guinea-Bissau", ("GNB",)),
        ("Moçambique", ("MOZ",)),
        ("South Africa", ("ZAF",)),
        ("Continental Focus Group Discussion (Africa)", ("africa",)),
        ("Eastern and Southern Africa and West and Central Africa", ("esa", "wca")),
        ("Nigeria", ("NGA",)),
        ("Congo Kinshasa", ("COD",)),
        ("Democratic Rep. of the Congo", ("COD",)),
        ("Congo, Democratic Republic of the", ("COD",)),
        ("Northern Ireland", ("GBR",)),
        ("Southern and Eastern Africa", ("esa",)),
        ("Wakanda", ()),
        ("", ()),
    ],
)
def test_finds_the_longest_names_of_places(
    text: str, expected: tuple[str, ...], places: Places
) -> None:
    """With or without commas, in four languages, and never a name within a longer one."""
    assert PlaceFinder(places).find(text) == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "15 members of sex worker networks from ESA, 5 from UNHCR and UNAIDS Secretariat,",
            "15 members of sex worker networks (esa); 5 UNHCR and UNAIDS Secretariat",
        ),
        ("8 peer educators from Kenya; 2 nurses", "8 peer educators (KEN); 2 nurses"),
        ("12 pairs éducateurs du Sénégal et 3 juristes", "12 pairs éducateurs (SEN); 3 juristes"),
        ("0 nurses, 4 fishers", "4 fishers"),
        ("12 Female Sex Workers from South Africa", "12 Female Sex Workers (ZAF)"),
        ("12 sex workers (10 female, 2 male)", "12 sex workers"),
        ("20 participants: 15 from ESA, 5 from UNHCR", "15 participants (esa); 5 UNHCR"),
        ("20 sex workers, of whom 15 women and 5 men", "15 women; 5 men"),
        ("9 sex workers aged 18 to 35 years, 3 nurses", "9 sex workers; 3 nurses"),
        ("9 sex workers (18-35 years); 3 nurses", "9 sex workers; 3 nurses"),
        ("12 travailleuses du sexe âgées de 18 à 35 ans", "12 travailleuses du sexe"),
        ("1,200 members", "1200 members"),
        ("1 200 membres", "1200 membres"),
        ("a full room", ""),
    ],
)
def test_counts_participants_by_kind(text: str, told: str, places: Places) -> None:
    """A count and a kind are one part each, with their place; totals and ages are no people."""
    found = read_participants(text, PlaceFinder(places))

    assert (found.kinds, found.is_clear) == (told, True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("12 sex workers (3 from Kenya)", "12 sex workers"),
        ("20 participants: 15 from ESA", "20 participants"),
        ("10 women, 5 nurses, 5 peers", "10 women; 5 nurses; 5 peers"),
        ("12 women, in total 12 people", "12 women, in total; 12 people"),
    ],
)
def test_number_that_may_be_a_sum_or_a_part_is_told(text: str, told: str, places: Places) -> None:
    """What the numbers are to one another, only a person can tell."""
    group = group_of(places, participants=text)

    assert group.participants == told
    assert suspected(group) == [
        "participants has a number that may be the sum, or a part, of others"
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Jane Doe, Mary Wanjiru Kamau and Dr. Ann Lee", ""),
        ("5 sex workers\nJane Doe\nMary Wanjiru", ""),
        ("10 members of KESWA (Jane Doe chair, Mary Wanjiru secretary)", ""),
        ("1 Jane Doe 2 Mary Wanjiru", ""),
        ("12 sex workers led by Jane Doe, 3 nurses", "3 nurses"),
        ("2 Jane da Silva", ""),
    ],
)
def test_names_of_participants_are_not_taken_over(text: str, told: str, places: Places) -> None:
    """What names persons is told as such, and no name of it stands anywhere."""
    group = group_of(places, participants=text)

    assert group.participants == told
    assert not {"Jane", "Mary"} & set(repr(group).split())
    assert suspected(group) == ["participants persons look named: what names them was left out"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (
            {"held_on": "26 of September 2020"},
            "held_on is written in another form: read as 2020-09-26",
        ),
        ({"place": "Kenya Uganda"}, "place 2 countries stand in one field"),
        ({"place": "Kenya, Wakanda"}, "place says more than names of places in 1 of its parts"),
        (
            {"place": "Wakanda", "scope": "Africa"},
            "place names no known place: that of the scope was taken",
        ),
        ({"place": "Congo Wakanda"}, "place says more than names of places in 1 of its parts"),
        ({"place": "Africa and Wakanda"}, "place says more than names of places in 1 of its parts"),
        (
            {"place": "ESA; Western and Central Africa", "participants": "9 peers from ESA"},
            "scope claims to speak of 2 regions, and tells of no participant from wca",
        ),
        (
            {"place": "Africa", "scope": "ESA and WCA", "participants": "9 peers from ESA"},
            "scope claims to speak of 2 regions, and tells of no participant from wca",
        ),
        ({"consent": ""}, "consent is not answered: taken as none"),
        ({"consent": "\u2610 Yes\n\u2610 No"}, "consent has no option ticked: taken as none"),
        (
            {"consent": "Perhaps"},
            "consent is answered in words that were not understood: taken as none",
        ),
    ],
)
def test_suspicion_is_told_and_nothing_mended(
    facts: dict[str, str], expected: str, places: Places
) -> None:
    """What looks wrong is told, without a word that a person wrote."""
    assert suspected(group_of(places, **facts)) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "East Africa",
        "West Africa",
        "Southern Africa",
        "Sub-Saharan Africa",
        "Afrique de l'Ouest",
        "África Austral",
        "Eastern Europe",
    ],
)
@pytest.mark.parametrize("fact", ["place", "scope"])
def test_part_of_a_wider_place_is_asked_for(fact: str, text: str, places: Places) -> None:
    """No continent is made of what says less, whichever fact says it."""
    group = group_of(places, **{"place": "The lake", "scope": "Africa", fact: text})

    assert group.places == ()
    assert group.missing[0].startswith("no known place: name it in a table for --met")


def test_sound_submission_raises_no_suspicion(places: Places) -> None:
    """Nothing is told of what is as it should be."""
    group = group_of(places, participants="8 fishers from Kenya")

    assert suspected(group) == []
    assert group.missing == ()
    assert suspected(group_of(places, place="Kenya (East Africa)")) == []


def test_too_many_points_and_empty_cells_are_told(places: Places) -> None:
    """More points than the template allows, and cells without an answer, are named."""
    answers = dict.fromkeys(read_instrument().cells, 1) | {"structures.hope": 6}
    del answers["context.hope"]
    group = FocusGroups(places, {}).describe(submission_of(COMPLETE, answers))

    assert suspected(group) == [
        "structures.hope has 6 points, where the template allows 5",
        "context.hope is not answered",
    ]


def test_published_submission_is_a_continental_focus_group_of_twenty(
    shared: Path, places: Places
) -> None:
    """The facts of the published submission, as they were read by hand."""
    submission = read_markdown_text(receive(shared / SOURCE))
    group = FocusGroups(places, {}).describe(submission)

    assert (group.scope, group.places, group.speaks_of) == (
        "continent",
        ("africa",),
        ("esa", "wca"),
    )
    assert (group.held_on, group.consent) == (date(2020, 10, 12), "public-without-names")
    assert group.participants == (
        "15 members of sex worker networks (esa); 5 UNHCR and UNAIDS Secretariat"
    )
    assert suspected(group) == [
        "scope claims to speak of 2 regions, and tells of no participant from wca",
        "recommendations.stop has 7 points, where the template allows 5",
    ]
    assert [f"{each.place} {each.what}" for each in submission.suspicions] == [
        "line 121 a word that a replacement of words seems to have gone through",
        "line 29 the host of a mail address looks mistyped: unaids.org?",
        "line 115 the host of a mail address looks mistyped: unaids.org?",
    ]
    assert submission.account.is_balanced
