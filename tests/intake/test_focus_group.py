"""The focus group that a submission describes, one kind of fact after the other."""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING

import pytest

from analysis.errors import SourceError, TableError
from analysis.intake.contacts import MOST_WORDS_OF_A_PLACE, has_name
from analysis.intake.focus_group import FocusGroup, FocusGroups
from analysis.intake.limits import receive
from analysis.intake.markdown_text import read_markdown_text
from analysis.intake.stated_facts import MOST_CHARACTERS
from analysis.intake.stated_places import PlaceFinder, read_given_places
from analysis.intake.submission import SourcePoint, Submission
from analysis.intake.wording import listed_rows
from analysis.study.instrument import read_instrument

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study.places import Places

SOURCE = "data/source/unaids-africa-focus-group-2020.txt"
COMPLETE = {"place": "Kenya", "held_on": "2020-09-26", "consent": "Yes"}
UNANSWERED = "consent is not answered: taken as none"
UNTICKED = "consent has no option ticked: taken as none"
NOT_UNDERSTOOD = "consent is answered in words that were not understood: taken as none"


def submission_of(
    facts: dict[str, str], answers: dict[str, int] | None = None, language: str = "en"
) -> Submission:
    """Return a submission that states some facts, and has so many points in some cells."""
    points = tuple(
        SourcePoint(*cell.split("."), str(number), "point", "Boats.")
        for cell, count in (answers or dict.fromkeys(read_instrument().cells, 1)).items()
        for number in range(1, count + 1)
    )
    return Submission(facts, points, (), (), "", language)


def group_of(places: Places, language: str = "en", **facts: str) -> FocusGroup:
    submission = submission_of({**COMPLETE, **facts}, language=language)
    return FocusGroups(places, {}).describe(submission)


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
        ("Held on 10 December 2020", (date(2020, 12, 10), False)),
        ("26/09/2020", (date(2020, 9, 26), False)),
        ("3 April 2020 (03/04/2020), 10-12 h", (date(2020, 4, 3), False)),
        ("09.26.2020", (date(2020, 9, 26), False)),
    ],
)
def test_dates_are_read_as_hosts_write_them(
    text: str, expected: tuple[date, bool], places: Places
) -> None:
    """Names of months in four languages, and numbers that mean one day, give that day."""
    group = group_of(places, held_on=text)

    day, is_usual = expected
    assert group.held_on == day
    assert suspected(group) == (
        [] if is_usual else [f"held_on is written in another form: read as {day}"]
    )


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
def test_date_that_means_no_day_or_several_is_not_guessed(
    text: str, days: int, places: Places
) -> None:
    """It is missing, and a table can give it."""
    group = group_of(places, held_on=text)

    what = "its date can mean several days" if days else "no date that can be read"
    assert group.held_on is None
    assert group.missing[0].startswith(f"{what}: give held_on in a table for --met")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"held_on": "03/04/2020"}, "held_on '03/04/2020'"),
        ({"held_on": "when Jane Doe had time"}, "held_on of 22 characters"),
        ({"place": "Kennya"}, "place 'Kennya' (closest: Kenya)"),
        ({"place": "where Jane Doe lives"}, "place of 20 characters"),
        ({"place": "Lake " * 9}, "place of 45 characters"),
    ],
)
def test_stated_value_is_shown_where_it_looks_like_one(
    facts: dict[str, str], expected: str, places: Places
) -> None:
    """A date or the name of a place is shown, and other words by their number alone."""
    (missing,) = group_of(places, **facts).missing

    assert missing.endswith(f"; it states {expected}")


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
    assert group_of(places, place=text).places == expected


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (
            "15 members of sex worker networks from ESA, 5 from UNHCR and UNAIDS Secretariat,",
            "15 members of sex worker networks (esa); 5 UNHCR and UNAIDS Secretariat",
        ),
        ("8 peer educators from Kenya; 2 nurses", "8 peer educators (KEN); 2 nurses"),
        ("12 pairs éducateurs du Sénégal et 3 juristes", "12 pairs éducateurs (SEN); 3 juristes"),
        ("0 nurses, 4 fishers", "4 fishers"),
        ("8 network members, 2 from a clinic", "8 network members; 2 clinic"),
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
def test_counts_participants_by_kind(text: str, kinds: str, places: Places) -> None:
    """A count and a kind are one part each, with their place; totals and ages are no people."""
    group = group_of(places, participants=text)

    assert group.participants == kinds
    assert suspected(group) == (
        [] if kinds else ["participants does not state how many of which kind: left out"]
    )


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("12 sex workers (3 from Kenya)", "12 sex workers"),
        ("20 participants: 15 from ESA", "20 participants"),
        ("10 women, 5 nurses, 5 peers", "10 women; 5 nurses; 5 peers"),
        ("12 women, in total 12 people", "12 women, in total; 12 people"),
    ],
)
def test_number_that_may_be_a_sum_or_a_part_is_suspected(
    text: str, kinds: str, places: Places
) -> None:
    """Only a person knows what the numbers are to one another."""
    group = group_of(places, participants=text)

    assert group.participants == kinds
    assert suspected(group) == [
        "participants has a number that may be the sum, or a part, of others"
    ]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Jane Doe, Mary Wanjiru Kamau and Dr. Ann Lee", ""),
        ("5 sex workers\nJane Doe\nMary Wanjiru", ""),
        ("10 members of KESWA (Jane Doe chair, Mary Wanjiru secretary)", ""),
        ("1 Jane Doe 2 Mary Wanjiru", ""),
        ("12 sex workers led by Jane Doe, 3 nurses", "3 nurses"),
        ("2 Jane da Silva", ""),
    ],
)
def test_names_of_participants_are_not_taken_over(text: str, kinds: str, places: Places) -> None:
    """Words that name people are left out and suspected; no name is kept anywhere."""
    group = group_of(places, participants=text)

    assert group.participants == kinds
    assert not {"Jane", "Mary"} & set(repr(group).split())
    assert suspected(group) == ["participants people seem to be named: the names were left out"]


@pytest.mark.parametrize(
    ("text", "kinds", "is_clear"),
    [
        (f"{'9' * 5000} people", "", True),
        (f"{'9' * 5000} people (2 peers)", "", False),
        (f"12 peers ({'9' * 5000})", "12 peers", False),
    ],
)
def test_number_longer_than_any_count_counts_nobody(
    text: str,
    kinds: str,
    is_clear: bool,  # noqa: FBT001
    places: Places,
) -> None:
    """A run of digits is no number of people, and is no fault of the reader."""
    group = group_of(places, participants=text)

    unclear = "participants has a number that may be the sum, or a part, of others"
    assert group.participants == kinds
    assert (unclear in suspected(group)) != is_clear


@pytest.mark.parametrize(
    "bit",
    ["Aa Bb ", "A-", ",", "in ", "1", "1 ", "1(", "de ", "aged ", ".\n", "and ", "1 to ", "from,"],
)
def test_facts_are_understood_within_a_moment(bit: str, places: Places) -> None:
    """A fact that is as long as it may be takes no longer, whatever it repeats."""
    started = time.process_time()
    for text in ("5 " + bit * MOST_CHARACTERS, bit * (MOST_CHARACTERS // len(bit) // 2) + "("):
        value = (text + bit * MOST_CHARACTERS)[: MOST_CHARACTERS - 1] + "!"
        group_of(places, participants=value, consent=value, held_on=value, place=value)

    assert time.process_time() - started < 4


def test_places_are_no_names_of_people(places: Places) -> None:
    """No place is taken for the name of a person, however many words it has."""
    finder = PlaceFinder(places)
    listed = [row["name"] for row in listed_rows("place_names.csv", "name")]

    assert max(len(name.split()) for name in (*finder.names, *listed)) <= MOST_WORDS_OF_A_PLACE
    assert not has_name("Papua New Guinea Equatorial Guinea", finder.is_place)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Yes", "en", "public"),
        ("Yes, thank you.", "en", "public"),
        ("**Yes** (without participants\u2019 names)", "en", "public-without-names"),
        ("Yes, but without our names", "en", "public-without-names"),
        ("Oui, sans les noms", "fr", "public-without-names"),
        ("Não", "pt", "none"),
        ("No, thanks", "en", "none"),
        ("Sí", "es", "public"),
        ("Not sure", "en", NOT_UNDERSTOOD),
        ("Not sure, yes?", "en", NOT_UNDERSTOOD),
        ("Yes?", "en", NOT_UNDERSTOOD),
        ("Yes and no", "en", NOT_UNDERSTOOD),
        ("Yes, but please do not publish", "en", NOT_UNDERSTOOD),
        ("Yes, only in aggregate form", "en", NOT_UNDERSTOOD),
        ("Yes, but only for UNAIDS", "en", NOT_UNDERSTOOD),
        ("Yes but only internally", "en", NOT_UNDERSTOOD),
        ("Yes, if our names are removed", "en", NOT_UNDERSTOOD),
        ("Yes, only for counting, not our words", "en", NOT_UNDERSTOOD),
        ("Oui, mais ne pas publier", "fr", NOT_UNDERSTOOD),
        ("Oui, mais pas nos noms", "fr", NOT_UNDERSTOOD),
        ("Oui, sans publier les noms", "fr", NOT_UNDERSTOOD),
        ("Sim, mas não publicar", "pt", NOT_UNDERSTOOD),
        ("Si, pero no publicar", "es", NOT_UNDERSTOOD),
        ("Solo si se quitan los nombres", "es", NOT_UNDERSTOOD),
        ("Preguntar si el grupo acepta", "es", NOT_UNDERSTOOD),
        ("Yes\nNo", "en", NOT_UNDERSTOOD),
        ("Yes \u2610 No \u2612", "en", NOT_UNDERSTOOD),
        ("Yes\n\u2610", "en", NOT_UNDERSTOOD),
        ("Yes ( )", "en", NOT_UNDERSTOOD),
        ("\u2612 Yes \u2610 No", "en", "public"),
        ("", "en", UNANSWERED),
    ],
)
def test_consent_is_what_the_answer_says(
    text: str, language: str, expected: str, places: Places
) -> None:
    """Only a yes allows anything; what is not understood to its last word allows nothing."""
    assert consent_of(places, text, language) == expected


@pytest.mark.parametrize("language", ["en", "fr", "pt", "es"])
def test_ticked_option_is_the_consent(language: str, places: Places) -> None:
    """Of options to tick the ticked one counts, of two the stricter, of none nothing."""
    options = read_instrument(language).form.consent_options

    def ticked(*chosen: str, tick: str = "[x]", beside: str = "") -> str:
        lines = [f"{tick if name in chosen else '[ ]'} {each}" for name, each in options.items()]
        return consent_of(places, "\n".join([*lines, beside]), language)

    for tick in ("[x]", "\u2612", "\u2611", "\u2713", "\u2610 X", "\u2610 x", "\u2610 \u2713", "x"):
        assert [ticked(name, tick=tick) for name in options] == list(options)
    assert ticked("public", "aggregate-only") == "aggregate-only"
    assert ticked() == UNTICKED
    assert consent_of(places, "\n".join(options.values()), language) == UNTICKED
    assert ticked("public", beside="Jane Doe 2020") == NOT_UNDERSTOOD
    assert consent_of(places, options["aggregate-only"], language) == "aggregate-only"
    wrapped = "\u2612 " + "\n".join(options["public-without-names"].rsplit(" ", 3))
    assert consent_of(places, wrapped, language) == "public-without-names"


def consent_of(places: Places, text: str, language: str) -> str:
    """Return the consent in an answer, or the suspicion because of which it is none."""
    group = group_of(places, language, consent=text)
    (consent,) = suspected(group) or [group.consent]
    assert group.consent in (consent, "none")
    return consent


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (
            {"held_on": "26 of September 2020"},
            "held_on is written in another form: read as 2020-09-26",
        ),
        ({"place": "Kenya Uganda"}, "place 2 countries in one field"),
        ({"place": "Kenya, Wakanda"}, "place has more than names of places in 1 of its parts"),
        (
            {"place": "Wakanda", "scope": "Africa"},
            "place names no known place: that of the scope is used",
        ),
        ({"place": "Congo Wakanda"}, "place has more than names of places in 1 of its parts"),
        (
            {"place": "Africa and Wakanda"},
            "place has more than names of places in 1 of its parts",
        ),
        (
            {"place": "ESA; Western and Central Africa", "participants": "9 peers from ESA"},
            "scope claims to speak for 2 regions, and states no participant from wca",
        ),
        (
            {"place": "Africa", "scope": "ESA and WCA", "participants": "9 peers from ESA"},
            "scope claims to speak for 2 regions, and states no participant from wca",
        ),
        ({"consent": ""}, "consent is not answered: taken as none"),
        ({"consent": "\u2610 Yes\n\u2610 No"}, "consent has no option ticked: taken as none"),
        (
            {"consent": "Perhaps"},
            "consent is answered in words that were not understood: taken as none",
        ),
    ],
)
def test_suspicion_is_reported_and_nothing_repaired(
    facts: dict[str, str], expected: str, places: Places
) -> None:
    """What looks wrong is reported, without a word that a person wrote."""
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
    """A submission as it should be is not suspected."""
    group = group_of(places, participants="8 fishers from Kenya")

    assert suspected(group) == []
    assert group.missing == ()
    assert suspected(group_of(places, place="Kenya (East Africa)")) == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("sent.docx,Uganda,,", (("UGA",), date(2020, 9, 26))),
        ("Kenya,UGA;Rwanda,,", (("UGA", "RWA"), date(2020, 9, 26))),
        ("SENT.docx,,2020-10-01,", (("KEN",), date(2020, 10, 1))),
        ("survey.csv row 5,Uganda,,", (("KEN",), date(2020, 9, 26))),
    ],
)
def test_table_gives_places_and_days(
    row: str, expected: tuple[tuple[str, ...], date], places: Places, tmp_path: Path
) -> None:
    """A row names a file or a country as stated; rows that name neither are left over."""
    groups = FocusGroups(places, given_in(tmp_path, row))

    group = groups.describe(submission_of(COMPLETE), "sent.docx")

    assert (group.places, group.held_on) == expected
    assert groups.unmatched([group]) == (["2"] if row.startswith("survey") else [])


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("sent.docx,Ugandaa,,", "names an unknown place: Ugandaa (closest: Uganda)"),
        ("sent.docx,Kenya;esa,,", "names places of several scopes"),
        ("sent.docx,;,,", "names no place"),
    ],
)
def test_fault_of_the_table_is_reported(
    row: str, expected: str, places: Places, tmp_path: Path
) -> None:
    """Places in the table that are unknown, of several scopes or none are missing."""
    groups = FocusGroups(places, given_in(tmp_path, row))

    group = groups.describe(submission_of(COMPLETE), "sent.docx")

    assert group.missing == (f"the table for --met {expected}",)


def test_table_marks_another_focus_group(places: Places, tmp_path: Path) -> None:
    """A person says there that it is none of those that left the study."""
    groups = FocusGroups(places, given_in(tmp_path, "sent.docx,,,YES"))

    assert groups.describe(submission_of(COMPLETE), "sent.docx").is_another
    assert not groups.describe(submission_of(COMPLETE), "other.docx").is_another


def test_table_that_is_absent_or_lacks_a_column_is_refused(tmp_path: Path) -> None:
    """The table for --met has submission and places."""
    (tmp_path / "met.csv").write_text("submission\nsent.docx\n", encoding="utf-8")

    with pytest.raises(SourceError, match=r"absent\.csv does not exist"):
        read_given_places(tmp_path / "absent.csv")
    with pytest.raises(TableError, match="places"):
        read_given_places(tmp_path / "met.csv")


def given_in(folder: Path, row: str) -> dict[str, dict[str, str]]:
    """Return the table for --met that has one row."""
    path = folder / "met.csv"
    path.write_text(f"submission,places,held_on,another\n{row}\n", encoding="utf-8")
    return read_given_places(path)


def test_too_many_points_and_empty_cells_are_suspected(places: Places) -> None:
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
        "scope claims to speak for 2 regions, and states no participant from wca",
        "recommendations.stop has 7 points, where the template allows 5",
    ]
    assert [f"{each.place} {each.what}" for each in submission.suspicions] == [
        "line 121 a word that a search-and-replace seems to have changed",
        "line 29 the host of a mail address looks mistyped: unaids.org?",
        "line 115 the host of a mail address looks mistyped: unaids.org?",
    ]
    assert submission.account.is_balanced
