"""A study as DataFrames, for work in notebooks: ``from analysis import open_study``.

The tables are those that reports count: cleaned, without focus groups that may not be counted, and
without words that consent doesn't let be shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import PublishingError, TableError
from analysis.publishing.claim_diff import read_claims
from analysis.study.codebook import COLUMNS as OF_CODE
from analysis.study.opened_study import open_study
from analysis.study.root import find_root
from analysis.synthesis.corpus_tables import read_cleaned_tables, read_focus_groups, read_home
from analysis.tables.build_folder import build_folder
from analysis.tables.placing import lies_in, places_to_clean

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study.opened_study import OpenedStudy

# Numbers of people, which reports round, and what no report shows.
LEFT_OUT = ["participants", "received_by", "source", "source_sha256", "withdrawn", "home", "counts"]
OF_SEGMENT = ["segment", "focus_group", "place", "section", "question"]
WORDS = ["position", "role", "label", "text", "text_kind", "language", "withheld"]
CLAIMS = ["report", "id", "label", "value", "numerator", "denominator", "unit"]
# What they rest on: ids, joined by ";".
EVIDENCE = ["focus_groups", "segments"]


@dataclass(frozen=True, repr=False)
class StudyFrames:
    """The tables of a study, or of one of its places, as DataFrames.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    only : str
        A region or a continent; ``""`` for the whole study.
    """

    opened: OpenedStudy
    only: str = ""

    @classmethod
    def open(cls, name: str, root: Path | None) -> StudyFrames:
        """Return the tables of a study; ``analysis.open_study`` is the way here."""
        return cls(open_study(root or find_root(), name))

    @cached_property
    def focus_groups(self) -> pd.DataFrame:
        """One row for each focus group that is counted.

        The columns are those of ``focus_groups.csv``, without what consent doesn't let be shown,
        and ``place``: the region, or for a continent-wide discussion the continent, that counts it.
        Numbers of people are left out: reports round them.
        """
        return self._narrow(self._tables["focus_groups"])

    @cached_property
    def segments(self) -> pd.DataFrame:
        """One row for each segment that is counted, in the order of the template.

        ``segment, focus_group, place, section, question, position, role, label, text, text_kind,
        language``; ``text`` and ``label`` are ``""`` where consent is for counts only
        (``withheld``).
        """
        return self._narrow(self._tables["segments"])

    @cached_property
    def codings(self) -> pd.DataFrame:
        """One row for each code that a coder put on a segment.

        ``segment, focus_group, place, section, question, theme, code, coder``.
        """
        return self._narrow(self._tables["codings"])

    @cached_property
    def codebook(self) -> pd.DataFrame:
        """One row for each code: ``code, theme, name, definition, include, exclude``."""
        codes = [vars(code) for code in self.opened.codebook.codes.values()]
        return pd.DataFrame(codes, columns=list(OF_CODE)).rename(columns={"parent": "theme"})

    @cached_property
    def claims(self) -> pd.DataFrame:
        """One row for each published number.

        ``report, id, label, value, numerator, denominator, unit``, and what it rests on:
        ``focus_groups`` and ``segments``, ids joined by ``;``.

        Raises
        ------
        PublishingError
            When there are none, or they can't be read; in a build, which is about to replace them.
        """
        if build_folder(self.opened) is not None:
            raise PublishingError(
                "The published numbers can't be used while reports are built.",
                offenders=["study.claims"],
                expected="numbers from the tables of the study",
                remedy="count in study.focus_groups, .segments or .codings",
            )
        name = self.opened.settings.name
        published = read_claims(self.opened.root / "reports" / name)
        if not published:
            raise PublishingError(
                f"{name} has no published numbers.",
                offenders=[f"reports/{name} has no claims"],
                remedy=f"build its reports first: compendium build {name}",
            )
        rows = [{"report": report, **claim} for (report, _), claim in published.items()]
        claims = pd.DataFrame(rows, columns=[*CLAIMS, *EVIDENCE])
        claims = claims.assign(**{ids: claims[ids].str.join(";") for ids in EVIDENCE})
        own = claims["report"].str.partition("-")[0] == self.only.lower()
        return claims[own].reset_index(drop=True) if self.only else claims

    def place(self, name: str) -> StudyFrames:
        """Return the tables of one place.

        Parameters
        ----------
        name : str
            A country, a region or a continent, by code or name.

        Raises
        ------
        PlaceError
            When the place is unknown, with the closest one.
        """
        narrowed = replace(self, only=self.opened.places.resolve(name))
        # Reading and cleaning the tables takes seconds, so all places share them.
        vars(narrowed)["_tables"] = self._tables
        return narrowed

    def __repr__(self) -> str:
        """Count the rows, in a line."""
        of = f", {self.opened.places.name(self.only)}" if self.only else ""
        tables = {
            "focus group": self.focus_groups,
            "segment": self.segments,
            "coding": self.codings,
        }
        counts = ", ".join(
            f"{len(table)} {name}{'' if len(table) == 1 else 's'}" for name, table in tables.items()
        )
        return f"<{self.opened.settings.name}{of}: {counts}>"

    @cached_property
    def _tables(self) -> dict[str, pd.DataFrame]:
        opened = self.opened
        received = read_focus_groups(opened)
        homes = places_to_clean(received, opened.places, opened.settings.continents)
        if not homes:
            raise TableError(
                f"{opened.settings.name} has no focus group that may be counted.",
                offenders=[f"data/{opened.settings.name}/focus_groups"],
                remedy="import data, or fill its tables",
            )
        cleaned = {home: read_cleaned_tables(opened, home) for home in homes}
        read = {home: read_home(opened, home, tables) for home, tables in cleaned.items()}
        groups = _join({home: tables["focus_groups"] for home, tables in read.items()})
        segments = _join({home: tables["segments"] for home, tables in read.items()})
        cell = segments["cell"].astype("str").str.partition(".")
        segments = segments.assign(section=cell[0], question=cell[2])
        applied = pd.concat([tables.code_applications for tables in cleaned.values()])
        themes = {code: entry.parent for code, entry in opened.codebook.codes.items()}
        codings = applied[applied["code"].isin(themes)].merge(segments[OF_SEGMENT], on="segment")
        codings["theme"] = codings["code"].map(themes)
        return {
            "focus_groups": groups.drop(columns=LEFT_OUT),
            "segments": segments[[*OF_SEGMENT, *WORDS]],
            "codings": codings[[*OF_SEGMENT, "theme", "code", "coder"]],
        }

    def _narrow(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of the place."""
        if not self.only:
            return table
        groups = self._tables["focus_groups"]
        inside = groups["places"].map(lambda at: lies_in(at, self.only, self.opened.places))
        chosen = groups.loc[inside, "focus_group"]
        return table[table["focus_group"].isin(chosen)].reset_index(drop=True)


def _join(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of all places, as plain text, with the place that counts them."""
    placed = [table.assign(place=home) for home, table in tables.items()]
    joined = pd.concat(placed, ignore_index=True)
    kept = joined.dtypes == "bool"
    return joined.astype(dict.fromkeys(joined.columns[~kept], "str"))
