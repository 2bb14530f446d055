"""The focus group that a submission describes: where and when it met, who spoke, its consent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.errors import DATE_FORM, PlaceError, describe_value
from analysis.intake.contacts import WITHHELD
from analysis.intake.stated_consent import read_consent
from analysis.intake.stated_dates import read_date
from analysis.intake.stated_participants import read_participants
from analysis.intake.stated_places import ROW, PlaceFinder, key_of_submission
from analysis.intake.submission import Suspicion
from analysis.intake.template_wording import CONSENT, PARTICIPANTS
from analysis.study.dates import date_in_words
from analysis.study.instrument import read_instrument

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from analysis.intake.submission import Submission
    from analysis.study.places import Places

PLACE, SCOPE, HELD_ON, ORGANISER, THEME = "place", "scope", "held_on", "organiser", "theme"
WIDEST_FIRST = ("country", "global", "continent", "region")
"""Scopes by precedence: countries count alone, and regions are named beside a wider place."""
YES = "yes"


@dataclass(frozen=True)
class FocusGroup:
    """A focus group as its submission describes it.

    Parameters
    ----------
    title : str
        Title for readers.
    held_on : date or None
        The day on which it met; None where it is unknown.
    scope : str
        ``country``, ``region``, ``continent`` or ``global``; empty where no place is known.
    places : tuple of str
        Its places, all of that scope.
    speaks_of : tuple of str
        The regions that it says it speaks for.
    organiser, theme, participants : str
        As `focus_groups.csv` has them.
    language : str
        The language of its words, ISO 639.
    consent : str
        ``public``, ``public-without-names``, ``aggregate-only`` or ``none``.
    suspicions : tuple of Suspicion
        What looks wrong.
    missing : tuple of str
        What is missing, and without which it cannot be imported.
    is_another : bool
        Whether a person says that it is none of those that left its study, or are there.
    given_as : str
        Its key in the table for ``--met``; empty where it has no row there.
    """

    title: str
    held_on: date | None
    scope: str
    places: tuple[str, ...]
    speaks_of: tuple[str, ...]
    organiser: str
    theme: str
    participants: str
    language: str
    consent: str
    suspicions: tuple[Suspicion, ...]
    missing: tuple[str, ...]
    is_another: bool = False
    given_as: str = ""


@dataclass
class _Description:
    """A description of a focus group while its facts are read."""

    facts: Mapping[str, str]
    suspicions: list[Suspicion] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def suspect(self, place: str, what: str) -> None:
        self.suspicions.append(Suspicion(place, what))

    def require(self, what: str, stated: str) -> None:
        self.missing.append(what + (f"; it states {stated}" if stated else ""))

    def get(self, fact: str) -> str:
        return self.facts.get(fact, "")

    def without_contacts(self, fact: str) -> str:
        return self.get(fact).replace(WITHHELD, "").strip()


class FocusGroups:
    """Describes the focus groups of submissions.

    Parameters
    ----------
    places : Places
        All places.
    given : mapping of str to mapping
        The table for ``--met``; see `read_given_places`.
    """

    def __init__(self, places: Places, given: Mapping[str, Mapping[str, str]]) -> None:
        self._places = places
        self._finder = PlaceFinder(places)
        self._given = given

    def describe(self, submission: Submission, *names: str) -> FocusGroup:
        """Return the focus group that a submission describes.

        Parameters
        ----------
        submission : Submission
            The submission.
        *names : str
            Names it may have in the table for ``--met``, besides its country as stated.
        """
        description = _Description(submission.facts)
        given_as = self._given_as(description, names)
        given = self._given.get(given_as, {})
        scope, places = self._place(description, given)
        held_on = _day(description, given)
        speaks_of = self._speaks_of(description, scope)
        claimed = places if scope == "region" else speaks_of
        participants = self._participants(description, claimed)
        consent = _consent(description, submission.language)
        _suspect_answers(description, submission)
        return FocusGroup(
            title=self._title(places, held_on),
            held_on=held_on,
            scope=scope,
            places=places,
            speaks_of=speaks_of,
            organiser=description.without_contacts(ORGANISER),
            theme=description.without_contacts(THEME),
            participants=participants,
            language=submission.language,
            consent=consent,
            suspicions=tuple(description.suspicions),
            missing=tuple(description.missing),
            is_another=given.get("another", "").strip().casefold() == YES,
            given_as=given_as,
        )

    def unmatched(self, groups: Iterable[FocusGroup]) -> list[str]:
        """Return the rows of the table for ``--met`` that none of some focus groups has."""
        matched = {group.given_as for group in groups}
        return [given[ROW] for key, given in self._given.items() if key not in matched]

    def _given_as(self, description: _Description, names: tuple[str, ...]) -> str:
        keys = map(key_of_submission, (*names, description.get(PLACE)))
        return next((key for key in keys if key and key in self._given), "")

    def _place(
        self, description: _Description, given: Mapping[str, str]
    ) -> tuple[str, tuple[str, ...]]:
        """Return the scope and the places of a focus group, and record what looks wrong."""
        if given.get("places", "").strip():
            return self._given_place(description, given["places"])
        for fact in (PLACE, SCOPE):
            text = description.get(fact)
            found = self._of_one_scope(self._finder.find(text))
            scope = self._places.scope(found[0]) if found else ""
            if scope != "country" and self._finder.names_part(text):
                break
            if not found:
                continue
            if fact == SCOPE and description.get(PLACE):
                description.suspect(PLACE, "names no known place: that of the scope is used")
            if len(found) > 1 and scope == "country":
                description.suspect(fact, f"{len(found)} countries in one field")
            if left := self._finder.left_over(text):
                description.suspect(fact, f"has more than names of places in {left} of its parts")
            return scope, found
        stated = description.get(PLACE)
        description.require(
            "no known place: name it in a table for --met",
            describe_value(stated, PLACE, self._finder.names) if stated else "",
        )
        return "", ()

    def _given_place(self, description: _Description, text: str) -> tuple[str, tuple[str, ...]]:
        """Return the scope and the places that the table for ``--met`` gives."""
        try:
            found = tuple(self._places.resolve(name) for name in text.split(";") if name.strip())
        except PlaceError as error:
            description.missing.append(
                f"the table for --met names an unknown place: {error.offenders[0]}"
            )
            return "", ()
        scopes = {self._places.scope(place) for place in found}
        if len(scopes) != 1:
            names = "places of several scopes" if scopes else "no place"
            description.missing.append(f"the table for --met names {names}")
            return "", ()
        return scopes.pop(), found

    def _of_one_scope(self, found: tuple[str, ...]) -> tuple[str, ...]:
        """Return the countries found, or else the widest places."""
        for scope in WIDEST_FIRST:
            places = tuple(place for place in found if self._places.scope(place) == scope)
            if places:
                return places
        return ()

    def _speaks_of(self, description: _Description, scope: str) -> tuple[str, ...]:
        if scope in ("", "country", "region"):
            return ()
        named = self._finder.find(f"{description.get(PLACE)} | {description.get(SCOPE)}")
        return tuple(place for place in named if self._places.scope(place) == "region")

    def _participants(self, description: _Description, claimed: tuple[str, ...]) -> str:
        """Return the participants, and record what looks wrong, also of the regions claimed."""
        text = description.get(PARTICIPANTS)
        found = read_participants(text.replace(WITHHELD, ""), self._finder)
        if found.names:
            description.suspect(PARTICIPANTS, "people seem to be named: the names were left out")
        if not found.is_clear:
            description.suspect(
                PARTICIPANTS, "has a number that may be the sum, or a part, of others"
            )
        if text and not (found.kinds or found.names):
            description.suspect(PARTICIPANTS, "does not state how many of which kind: left out")
        heard = {region for place in found.places for region in self._regions_of(place)}
        unheard = [region for region in claimed if region not in heard]
        if found.places and unheard:
            description.suspect(
                SCOPE,
                f"claims to speak for {len(claimed)} regions, and states no participant from "
                f"{', '.join(unheard)}",
            )
        return found.kinds

    def _regions_of(self, place: str) -> tuple[str, ...]:
        regions = self._places.wider("region")
        return tuple(region for region in regions if self._places.lies_in(place, region))

    def _title(self, places: tuple[str, ...], held_on: date | None) -> str:
        names = ", ".join(self._places.name(place) for place in places)
        return f"Focus group, {names}" + (f", {date_in_words(held_on)}" if held_on else "")


def _day(description: _Description, given: Mapping[str, str]) -> date | None:
    """Return the day of a focus group; it is missing where none or several are stated."""
    in_table = given.get("held_on", "").strip()
    stated = in_table or description.get(HELD_ON)
    read = read_date(stated)
    if len(read.days) == 1:
        if not in_table and not read.is_usual:
            description.suspect(HELD_ON, f"is written in another form: read as {read.days[0]}")
        return read.days[0]
    what = "its date can mean several days" if read.days else "no date that can be read"
    description.require(
        f"{what}: give held_on in a table for --met",
        describe_value(stated, HELD_ON, form=DATE_FORM) if stated else "",
    )
    return None


def _consent(description: _Description, language: str) -> str:
    consent, doubt = read_consent(description.get(CONSENT), language)
    if doubt:
        description.suspect(CONSENT, f"{doubt}: taken as none")
    return consent


def _suspect_answers(description: _Description, submission: Submission) -> None:
    """Record cells with too many points, and cells without an answer."""
    instrument = read_instrument(submission.language)
    for cell in instrument.cells:
        answered = [point for point in submission.points if point.cell == cell]
        points = sum(point.role == "point" for point in answered)
        limit = instrument.limit(cell)
        if limit is not None and points > limit:
            description.suspect(cell, f"has {points} points, where the template allows {limit}")
        if not answered:
            description.suspect(cell, "is not answered")
