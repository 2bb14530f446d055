"""A built study: its release as published, next to its CSV files as counted again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from analysis.publishing.claim_files import ENDING, read_claim_file
from analysis.recount.corpus import open_whole
from analysis.recount.study import read_study
from built.pages import read_pages

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.recount.corpus import Whole
    from built.pages import Page

Claim: TypeAlias = "dict[str, Any]"


@dataclass(frozen=True)
class BuiltStudy:
    """A study of a root in which it was built."""

    root: Path
    name: str

    @property
    def release(self) -> Path:
        """The folder of its release."""
        return self.root / "reports" / self.name

    @cached_property
    def whole(self) -> Whole:
        """The study, read from its CSV files and cleaned without the program."""
        return open_whole(read_study(self.root, self.name))

    @cached_property
    def claims_of_pages(self) -> dict[str, list[Claim]]:
        """The claims of each report, by its name."""
        paths = sorted(self.release.glob(f"*{ENDING}"))
        return {path.name.removesuffix(ENDING): read_claim_file(path) for path in paths}

    @cached_property
    def claims(self) -> dict[str, Claim]:
        """All claims, by their ids."""
        return {claim["id"]: claim for claims in self.claims_of_pages.values() for claim in claims}

    @cached_property
    def pages(self) -> dict[str, Page]:
        """The pages, by their names."""
        return read_pages(self.release)

    @property
    def continents(self) -> list[str]:
        """The continents that it reports on."""
        return list(self.whole.study.settings["continents"])

    @property
    def places_of_reports(self) -> list[str]:
        """The places that it reports on."""
        known = {row["place"] for row in self.whole.study.wider_places}
        return [name for name in self.claims_of_pages if name in known]

    @property
    def homes(self) -> dict[str, str]:
        """The home of each focus group that may be counted."""
        groups = [group for group in self.whole.study.focus_groups if self.may_count(group)]
        return {group: self.whole.homes.home(group) for group in groups}

    def may_count(self, group: str) -> bool:
        """Return whether a focus group may be counted."""
        return self.whole.study.may_count(group)

    def places_with_words(self, group: str) -> list[str]:
        """Return the reports that hold a focus group's words: its home's, or all it touches."""
        home = self.whole.homes.home(group)
        touched = [place for place in self.continents if self.whole.homes.overlaps(group, place)]
        return touched if home == "global" else [home]
