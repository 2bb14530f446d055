"""What is known of a study's tables once they are parted by place; read without any library."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from analysis.tables.table_files import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# The part of what no place's part holds, and of what only shows across places.
ELSEWHERE = "elsewhere"
# What is cleaned of them, whatever codes say.
CLEANED_TABLES = ("focus_groups", "segments")
CODES = "code_applications"


@dataclass(frozen=True)
class PartOfTable:
    """The rows of one table that stand in one part.

    Parameters
    ----------
    rows : int
        How many they are.
    content : str
        The sha256 of what stands in them, in their order; not of where they stand in the file, so
        that a row put in for one place changes nothing for the places below it.
    numbers : str
        The sha256 of their rows in the file.
    """

    rows: int
    content: str
    numbers: str


@dataclass(frozen=True)
class WholeTable:
    """What no part can tell of one table of the study.

    Parameters
    ----------
    rows : int
        How many rows it has.
    blank_columns : tuple of str
        The columns that are blank in every row.
    """

    rows: int
    blank_columns: tuple[str, ...]


@dataclass(frozen=True)
class Parting:
    """The tables of a study, parted by place.

    Parameters
    ----------
    regions, continents : tuple of str
        The places that have a focus group to report on.
    cleaned : tuple of str
        The places at which focus groups are cleaned: each has a part.
    parts : mapping of str to mapping of str to PartOfTable
        By part (a place that is cleaned, or ``elsewhere``) and table.
    contexts : mapping of str to str
        By region or continent, the sha256 of the rows of the focus groups that its report may name
        without counting them: those that overlap it without lying in it, and may be counted.
    tables : mapping of str to WholeTable
        By table.
    applied : tuple of str
        The codes of the codebook that are applied anywhere, sorted.
    without_segments : tuple of str
        The focus groups of which there is no segment, sorted.
    with_same_words : tuple of str
        The focus groups, also unknown ones, of two or more segments that have exactly the texts of
        another one, in any order; sorted.
    misplaced : bool
        Whether some focus group lies in an unknown place, or in none that the study reports on.
    """

    regions: tuple[str, ...]
    continents: tuple[str, ...]
    cleaned: tuple[str, ...]
    parts: Mapping[str, Mapping[str, PartOfTable]]
    contexts: Mapping[str, str]
    tables: Mapping[str, WholeTable]
    applied: tuple[str, ...]
    without_segments: tuple[str, ...]
    with_same_words: tuple[str, ...]
    misplaced: bool

    @property
    def rows(self) -> dict[str, int]:
        """How many rows each part has, of all its tables."""
        parts = self.parts.items()
        return {part: sum(table.rows for table in tables.values()) for part, tables in parts}

    def content(self, part: str, of: Sequence[str] = TABLES) -> str:
        """Return the sha256 of what stands in a part, wherever in the files it stands.

        Parameters
        ----------
        part : str
            A place that is cleaned, or elsewhere.
        of : sequence of str, optional
            The tables that count.
        """
        tables = self.parts[part]
        return _digest([tables[name].content for name in of])

    def placed(self, part: str) -> str:
        """Return the sha256 of what stands in a part, and of the rows in which it stands."""
        tables = self.parts[part]
        return _digest([self.content(part), *(tables[name].numbers for name in TABLES)])

    def to_json(self) -> str:
        """Return the parting as JSON, the same for the same tables."""
        return json.dumps(asdict(self), indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Parting:
        """Return the parting that was written as JSON."""
        told = json.loads(text)
        lists = {name: tuple(value) for name, value in told.items() if isinstance(value, list)}
        parts = {
            part: {name: PartOfTable(**table) for name, table in tables.items()}
            for part, tables in told["parts"].items()
        }
        tables = {
            name: WholeTable(table["rows"], tuple(table["blank_columns"]))
            for name, table in told["tables"].items()
        }
        return cls(**{**told, **lists, "parts": parts, "tables": tables})


def _digest(digests: list[str]) -> str:
    return sha256("\n".join(digests).encode()).hexdigest()
