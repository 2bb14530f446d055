"""Where focus groups count: a place counts those all of whose own places lie in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.recount.study import split

if TYPE_CHECKING:
    from analysis.recount.study import Study

SCOPES = ("country", "region", "continent", "global")


class Homes:
    """Returns which focus groups of a study lie in which place."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._scopes = {row["country"]: "country" for row in study.countries}
        self._scopes |= {row["place"]: row["scope"] for row in study.wider_places}
        self.names = {row["country"]: row["name"] for row in study.countries}
        self.names |= {row["place"]: row["name"] for row in study.wider_places}
        self._countries: dict[str, set[str]] = {place: set() for place in self._scopes}
        for row in study.countries:
            for place in (row["country"], row["region"], row["continent"], "global"):
                self._countries[place].add(row["country"])

    def scope(self, place: str) -> str:
        """Return the scope of a place."""
        return self._scopes[place]

    def lies_in(self, group: str, place: str) -> bool:
        """Return whether a focus group counts at a place."""
        parts = self._places_of(group)
        return bool(parts) and all(
            SCOPES.index(self._scopes[part]) <= SCOPES.index(self._scopes[place])
            and self._countries[part] <= self._countries[place]
            for part in parts
        )

    def overlaps(self, group: str, place: str) -> bool:
        """Return whether a focus group speaks from some part of a place."""
        return any(
            self._countries[part] & self._countries[place] for part in self._places_of(group)
        )

    def home(self, group: str) -> str:
        """Return the narrowest region or continent that holds a focus group, or ``global``."""
        for scope in ("region", "continent"):
            for row in self._study.wider_places:
                if row["scope"] == scope and self.lies_in(group, row["place"]):
                    return row["place"]
        return "global"

    def counted_in(self, place: str) -> list[str]:
        """Return the focus groups that a report on a place counts."""
        groups = self._study.focus_groups
        return [
            name for name in groups if self._study.may_count(name) and self.lies_in(name, place)
        ]

    def received_at(self, place: str) -> list[str]:
        """Return the focus groups that count and whose segments are cleaned at a place."""
        continental = self._scopes[place] == "continent"
        return [
            name
            for name in filter(self._study.may_count, self._study.focus_groups)
            if self.home(name) == place
            or (continental and self.home(name) == "global" and self.overlaps(name, place))
        ]

    def countries_of(self, groups: list[str]) -> set[str]:
        """Return the countries that focus groups name as their places."""
        named = {part for group in groups for part in self._places_of(group)}
        return {place for place in named if self._scopes[place] == "country"}

    def _places_of(self, group: str) -> list[str]:
        return split(self._study.focus_groups[group]["places"])
