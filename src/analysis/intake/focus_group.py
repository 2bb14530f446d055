"""The focus group that a submission tells of: where and when it met, who spoke, what it allows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.errors import PlaceError
from analysis.intake.contacts import WITHHELD
from analysis.intake.stated_consent import read_consent
from analysis.intake.stated_dates import read_date
from analysis.intake.stated_participants import read_participants
from analysis.intake.stated_places import ROW, NamedPlaces, key_of_submission
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

YES = "yes"


@dataclass(frozen=True)
class FocusGroup:
    """A focus group as its submission tells of it.

    Parameters
    ----------
    title : str
        Title for readers.
    held_on : date or None
        The day on which it met; None where nothing tells it.
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
        What it allows.
    suspicions : tuple of Suspicion
        What looks wrong.
    lacking : tuple of str
        What it lacks, and without which it cannot be taken in.
    is_another : bool
        Whether a person says that it is none of those that left its study.
    given_as : str
        What a table of places calls it; empty where that says nothing of it.
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
    lacking: tuple[str, ...]
    is_another: bool = False
    given_as: str = ""


@dataclass
class _Telling:
    """A focus group while it is told of."""

    facts: Mapping[str, str]
    suspicions: list[Suspicion] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)

    def suspect(self, place: str, what: str) -> None:
        self.suspicions.append(Suspicion(place, what))

    def get(self, fact: str) -> str:
        return self.facts.get(fact, "")


class FocusGroups:
    """Tells of focus groups, given where places lie and what a person says of submissions.

    Parameters
    ----------
    places : Places
        Every place that there is.
    given : mapping of str to mapping
        What a table of places says of submissions; see `read_given_places`.
    """

    def __init__(self, places: Places, given: Mapping[str, Mapping[str, str]]) -> None:
        self._places = places
        self._named = NamedPlaces(places)
        self._given = given

    def describe(self, submission: Submission, *names: str) -> FocusGroup:
        """Return the focus group that a submission tells of.

        Parameters
        ----------
        submission : Submission
            The submission.
        *names : str
            What a table of places may call it, besides its country as written.
        """
        telling = _Telling(submission.facts)
        given_as = self._given_as(telling, names)
        given = self._given.get(given_as, {})
        scope, places = self._place(telling, given)
        held_on = _day(telling, given)
        speaks_of = self._speaks_of(telling, scope)
        participants = self._participants(telling, places if scope == "region" else speaks_of)
        consent = _consent(telling, submission.language)
        _suspect_answers(telling, submission)
        return FocusGroup(
            title=self._title(places, held_on),
            held_on=held_on,
            scope=scope,
            places=places,
            speaks_of=speaks_of,
            organiser=telling.get(ORGANISER).replace(WITHHELD, "").strip(),
            theme=telling.get(THEME).replace(WITHHELD, "").strip(),
            participants=participants,
            language=submission.language,
            consent=consent,
            suspicions=tuple(telling.suspicions),
            lacking=tuple(telling.lacking),
            is_another=given.get("another", "").strip().casefold() == YES,
            given_as=given_as,
        )

    def unmatched(self, groups: Iterable[FocusGroup]) -> list[str]:
        """Return the rows of the table of places that tell of none of some focus groups."""
        matched = {group.given_as for group in groups}
        return [given[ROW] for key, given in self._given.items() if key not in matched]

    def _given_as(self, telling: _Telling, names: tuple[str, ...]) -> str:
        keys = map(key_of_submission, (*names, telling.get(PLACE)))
        return next((key for key in keys if key and key in self._given), "")

    def _place(self, telling: _Telling, given: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
        if given.get("places", "").strip():
            return self._given_place(telling, given["places"])
        for fact in (PLACE, SCOPE):
            text = telling.get(fact)
            found = self._of_one_scope(self._named.find(text))
            scope = self._places.scope(found[0]) if found else ""
            if scope != "country" and self._named.names_part(text):
                break
            if not found:
                continue
            if fact == SCOPE and telling.get(PLACE):
                telling.suspect(PLACE, "names no known place: that of the scope was taken")
            if len(found) > 1 and scope == "country":
                telling.suspect(fact, f"{len(found)} countries stand in one field")
            if left := self._named.left_over(text):
                telling.suspect(fact, f"says more than names of places in {left} of its parts")
            return scope, found
        telling.lacking.append("no known place: name it in a table for --met")
        return "", ()

    def _given_place(self, telling: _Telling, text: str) -> tuple[str, tuple[str, ...]]:
        try:
            found = tuple(self._places.resolve(name) for name in text.split(";") if name.strip())
        except PlaceError as error:
            telling.lacking.append(
                f"the table for --met names an unknown place: {error.offenders[0]}"
            )
            return "", ()
        scopes = {self._places.scope(place) for place in found}
        if len(scopes) != 1:
            names = "places of several scopes" if scopes else "no place"
            telling.lacking.append(f"the table for --met names {names}")
            return "", ()
        return scopes.pop(), found

    def _of_one_scope(self, found: tuple[str, ...]) -> tuple[str, ...]:
        """Return the countries named, or the widest places, whose regions are named beside them."""
        for scope in ("country", "global", "continent", "region"):
            places = tuple(place for place in found if self._places.scope(place) == scope)
            if places:
                return places
        return ()

    def _speaks_of(self, telling: _Telling, scope: str) -> tuple[str, ...]:
        if scope in ("", "country", "region"):
            return ()
        named = self._named.find(f"{telling.get(PLACE)} | {telling.get(SCOPE)}")
        return tuple(place for place in named if self._places.scope(place) == "region")

    def _participants(self, telling: _Telling, claimed: tuple[str, ...]) -> str:
        text = telling.get(PARTICIPANTS)
        found = read_participants(text.replace(WITHHELD, ""), self._named)
        if found.names:
            telling.suspect(PARTICIPANTS, "persons look named: what names them was left out")
        if not found.is_clear:
            telling.suspect(PARTICIPANTS, "has a number that may be the sum, or a part, of others")
        if text and not (found.told or found.names):
            telling.suspect(PARTICIPANTS, "does not tell how many of which kind: left out")
        told = {region for place in found.places for region in self._regions_of(place)}
        unheard = [region for region in claimed if region not in told]
        if found.places and unheard:
            telling.suspect(
                SCOPE,
                f"claims to speak of {len(claimed)} regions, and tells of no participant from "
                f"{', '.join(unheard)}",
            )
        return found.told

    def _regions_of(self, place: str) -> tuple[str, ...]:
        regions = self._places.wider("region")
        return tuple(region for region in regions if self._places.lies_in(place, region))

    def _title(self, places: tuple[str, ...], held_on: date | None) -> str:
        names = ", ".join(self._places.name(place) for place in places)
        return f"Focus group, {names}" + (f", {date_in_words(held_on)}" if held_on else "")


def _day(telling: _Telling, given: Mapping[str, str]) -> date | None:
    stated = given.get("held_on", "").strip()
    written = read_date(stated or telling.get(HELD_ON))
    if len(written.days) == 1:
        if not stated and not written.is_usual:
            telling.suspect(HELD_ON, f"is written in another form: read as {written.days[0]}")
        return written.days[0]
    what = "its date can mean several days" if written.days else "no date that can be read"
    telling.lacking.append(f"{what}: give held_on in a table for --met")
    return None


def _consent(telling: _Telling, language: str) -> str:
    consent, doubt = read_consent(telling.get(CONSENT), language)
    if doubt:
        telling.suspect(CONSENT, f"{doubt}: taken as none")
    return consent


def _suspect_answers(telling: _Telling, submission: Submission) -> None:
    """Tell of cells with too many points, and of cells without an answer."""
    instrument = read_instrument(submission.language)
    for cell in instrument.cells:
        answered = [point for point in submission.points if point.cell == cell]
        points = sum(point.role == "point" for point in answered)
        limit = instrument.limit(cell)
        if limit is not None and points > limit:
            telling.suspect(cell, f"has {points} points, where the template allows {limit}")
        if not answered:
            telling.suspect(cell, "is not answered")
