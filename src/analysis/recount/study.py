"""The tables of a study, read with the csv module alone."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from hashlib import sha256
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, str]

DOMAINS = ("reaching_person", "structures", "context")
CELLS = (
    "theme.introduction",
    *(
        f"{domain}.{q}"
        for domain in DOMAINS
        for q in ("situation", "concerns", "hope", "constraints")
    ),
    "emerging.patterns",
    *(f"recommendations.{question}" for question in ("continue", "stop", "start", "key")),
)
CONSENT_TO_COUNT = {"public", "public-without-names", "aggregate-only"}
CONSENT_TO_SHOW = {"public", "public-without-names"}


@dataclass(frozen=True)
class Study:
    """The tables of a study, each row as a mapping of column to text."""

    name: str
    settings: dict[str, Any]
    codebook: dict[str, Row]
    focus_groups: dict[str, Row]
    segments: list[Row]
    code_applications: list[Row]
    spelling: dict[str, str]
    countries: list[Row]
    wider_places: list[Row]
    withdrawn: frozenset[str] = frozenset()
    coded: tuple[Row, ...] = ()
    findings: tuple[Row, ...] = ()
    added: tuple[Row, ...] = ()

    @property
    def themes(self) -> list[str]:
        """The themes, in the order of the codebook."""
        return [code for code, row in self.codebook.items() if not row["parent"]]

    @property
    def codes(self) -> list[str]:
        """The codes that can be applied, in the order of the codebook."""
        return [code for code, row in self.codebook.items() if row["parent"]]

    @property
    def coders(self) -> list[str]:
        """The coders, in the order of the settings."""
        return [coder["coder"] for coder in self.settings["coders"]]

    @property
    def coding(self) -> str:
        """Whether a code counts if ``any`` coder applied it, or only if ``all`` did."""
        return str(self.settings.get("publication", {}).get("coding", "any"))

    def may_count(self, group: str) -> bool:
        """Return whether a focus group may be counted."""
        row = self.focus_groups[group]
        return row["consent"] in CONSENT_TO_COUNT and not row["withdrawn"]

    def may_show(self, group: str) -> bool:
        """Return whether the words of a focus group may be shown."""
        return self.may_count(group) and self.focus_groups[group]["consent"] in CONSENT_TO_SHOW

    @property
    def rounds(self) -> bool:
        """Whether numbers of people are rounded."""
        return bool(
            self.settings.get("publication", {}).get("participants", "rounded") == "rounded"
        )

    def participants(self, group: str) -> int:
        """Return how many people took part, as in "15 network members (esa); 5 UN staff"."""
        parts = self.focus_groups[group]["participants"].split(";")
        return sum(int(part.split()[0]) for part in parts if part.strip())


def read_study(root: Path, name: str) -> Study:
    """Return the tables of a study."""
    data = root / "data"
    folder = data / name
    of_places = folder if (folder / "places.csv").exists() else data
    settings = yaml.safe_load((folder / "study.yaml").read_text(encoding="utf-8"))
    return Study(
        name=name,
        settings=settings,
        codebook={row["code"]: row for row in read_rows(folder / "codebook.csv")},
        focus_groups={row["focus_group"]: row for row in read_rows(folder / "focus_groups.csv")},
        segments=read_rows(folder / "segments.csv"),
        code_applications=_migrated(folder, settings),
        spelling={row["variant"]: row["preferred"] for row in read_rows(data / "spelling.csv")},
        countries=read_rows(of_places / "places.csv"),
        wider_places=read_rows(of_places / "wider_places.csv"),
        withdrawn=_withdrawn(folder / "withdrawn.csv"),
        coded=tuple(read_rows(folder / "coded.csv")) if (folder / "coded.csv").exists() else (),
        findings=tuple(read_rows(path)) if (path := folder / "findings.csv").exists() else (),
        added=tuple(read_rows(path)) if (path := folder / "evidence.csv").exists() else (),
    )


def _withdrawn(path: Path) -> frozenset[str]:
    return (
        frozenset(row["focus_group"] for row in read_rows(path)) if path.exists() else frozenset()
    )


def _migrated(folder: Path, settings: dict[str, Any]) -> list[Row]:
    """Return the codings with the current codes, one change of the codebook after the other."""
    rows = read_rows(folder / "code_applications.csv")
    path = folder / "codebook_changes.csv"
    changes = read_rows(path) if path.exists() else []
    versions = [change["version"] for change in changes]
    had = {each["coder"]: str(each.get("codebook_version", "")) for each in settings["coders"]}
    for number, change in enumerate(changes):
        rows = [
            migrated
            for row in rows
            for migrated in (
                _change(row, change, rows, changes[number + 1 :])
                if row["code"] == change["old"] and had.get(row["coder"]) not in versions[number:]
                else [row]
            )
        ]
    return list({tuple(row.values()): row for row in rows}.values()) if changes else rows


def _change(row: Row, change: Row, rows: list[Row], later: list[Row]) -> list[Row]:
    """Return what a coding becomes; no row, where the coder has recoded the segment."""
    new = split(change["new"])
    today = set(new)
    for each in later:
        if each["old"] in today:
            today.update(split(each["new"]))
    beside = [
        each["code"]
        for each in rows
        if (each["segment"], each["coder"]) == (row["segment"], row["coder"]) and each != row
    ]
    if change["change"] == "split" and set(beside) & today:
        return []
    if change["change"] == "retire" and beside:
        return []
    return [{**row, "code": new[0] if new else "none"}]


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def key_of(kind: str) -> str:
    """Return a kind of participants in lower case, words and numbers alone."""
    return " ".join("".join(each if each.isalnum() else " " for each in kind.lower()).split())


def slug_of(kind: str) -> str:
    """Return how the ids of claims name a kind of participants."""
    key = key_of(kind)
    plain = "".join(each if each in ascii_lowercase else " " for each in key).split()
    if " ".join(plain) == key:
        return "-".join(plain)
    return "-".join([*plain, sha256(key.encode()).hexdigest()[:6]])


def cell_of(segment: Row) -> str:
    """Return the cell (``section.question``) of a segment."""
    return f"{segment['section']}.{segment['question']}"


def split(text: str) -> list[str]:
    """Return the values of a field that holds several."""
    return [part.strip() for part in text.split(";") if part.strip()]
