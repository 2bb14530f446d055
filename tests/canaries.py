"""Canaries: made-up people, numbers, addresses and places, and where each may be met again.

Each row of a table below is a place in which input can hold something private. To cover one more
format, add a row: a name for the place, what plants a text there, and the folders in which it may
be met (`NOWHERE`, if no output may hold it). Words are made from the name of the place, so that
whatever is found shows where it was planted.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
from dataclasses import dataclass
from fnmatch import fnmatchcase
from hashlib import sha256
from typing import TYPE_CHECKING

import pyarrow.parquet as pq  # type: ignore[import-untyped]

from analysis.quality.personal_data.exceptions import short_digest
from analysis.tables.table_files import EXCEPTION_COLUMNS
from tiny_study import STUDY, put_value, table_of, write_tiny_root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SYLLABLES = (
    *("zu", "vo", "xi", "qe", "ja", "wy", "ko", "bru"),
    *("dze", "fli", "gho", "kri", "myx", "pwa", "tsu", "vle"),
)

RUN = re.compile(rb"[a-z0-9]{9,}")

NOWHERE: tuple[str, ...] = ()
SEEN = f"build/{STUDY}/seen/*"
# Rows of the tables, on their way: the owner's, as the tables are.
ON_THE_WAY = (f"build/{STUDY}/received/*", f"build/{STUDY}/cleaned/*", SEEN)
# What may not be counted goes no further than to the checks.
TO_CHECKS = (f"build/{STUDY}/received/elsewhere/*", SEEN)
# What may be shown, until it is withdrawn.
ANYWHERE = ("*",)


@dataclass(frozen=True)
class Canary:
    """Somebody who does not exist, as a text could describe them.

    Parameters
    ----------
    place : str
        Where the text is planted, in words.
    """

    place: str

    @property
    def words(self) -> tuple[str, str, str, str]:
        """A name of two words, a street and a town that are nowhere else."""
        digest = sha256(self.place.encode()).digest()
        made = [
            "".join(SYLLABLES[byte % len(SYLLABLES)] for byte in digest[at : at + 5]).capitalize()
            for at in range(0, 20, 5)
        ]
        return made[0], made[1], made[2], made[3]

    @property
    def number(self) -> str:
        """A number that nobody can call."""
        return str(int.from_bytes(sha256(self.place.encode()).digest()[20:28]) % 10**9).zfill(9)

    @property
    def name(self) -> str:
        """The name alone."""
        return " ".join(self.words[:2])

    @property
    def slug(self) -> str:
        """The name as an id or a file could have it."""
        return self.name.lower().replace(" ", "-")

    @property
    def mail(self) -> str:
        """An address in which all their words are."""
        first, last, street, town = self.words
        return f"{first}.{last}@{street}-{town}.example"

    @property
    def contact(self) -> str:
        """How they would be reached."""
        return f"{self.mail} or +999 {self.number}"

    @property
    def text(self) -> str:
        """All that is said of them."""
        first, last, street, town = self.words
        return f"Ask {first} {last} on +999 {self.number}, at 17 {street} Row near {town}."

    @property
    def needles(self) -> tuple[bytes, ...]:
        """What to look for, in lower case."""
        return tuple(each.lower().encode() for each in (*self.words, self.number))


@dataclass(frozen=True)
class Planting:
    """One place in which input can hold something private.

    Parameters
    ----------
    place : str
        The place in words.
    plant : callable
        Puts what is said of the canary there, in a root.
    may_be_in : tuple of str
        Patterns of the files below the root, besides its inputs, in which it may be met.
    """

    place: str
    plant: Callable[[Path, Canary], None]
    may_be_in: tuple[str, ...] = NOWHERE

    @property
    def canary(self) -> Canary:
        """Who is planted there."""
        return Canary(self.place)


def in_cell(
    table: str, row: int, column: str, form: str = "{0.text}"
) -> Callable[[Path, Canary], None]:
    """Return what plants a canary in a cell (the header being row 1)."""

    def plant(root: Path, canary: Canary) -> None:
        put_value(root, table, (row, column), form.format(canary))

    return plant


def in_file(name: str, content: str = "{0.text}\n") -> Callable[[Path, Canary], None]:
    """Return what plants a canary in a file of the study, or in its name."""

    def plant(root: Path, canary: Canary) -> None:
        path = root / "data" / STUDY / name.format(canary)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(content.format(canary))

    return plant


def in_archive(name: str) -> Callable[[Path, Canary], None]:
    """Return what plants a canary in a compressed file of the study, as documents are."""

    def plant(root: Path, canary: Canary) -> None:
        path = root / "data" / STUDY / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("docProps/core.xml", canary.text * 20)

    return plant


# Rows of the tiny study: one focus group for each value of consent.
PUBLIC, COUNTED, UNNAMED, WIDER = "ken", "uga", "gha", "afr"
SILENT, MARKED = "silent-one", "marked-one"
GROUP_ROWS = {PUBLIC: 2, COUNTED: 3, UNNAMED: 4, WIDER: 5, SILENT: 6, MARKED: 7}
SEGMENT_ROWS = {PUBLIC: 7, COUNTED: 9, UNNAMED: 10, WIDER: 12, SILENT: 14, MARKED: 15}
MAIL = ("mail", "", "")
MORE_GROUPS = tuple(
    (
        group,
        "",
        "2020-10-08",
        "country",
        at,
        "",
        "",
        "",
        "4 members",
        "en",
        consent,
        *MAIL,
        withdrawn,
    )
    for group, at, consent, withdrawn in (
        (SILENT, "GHA", "none", ""),
        (MARKED, "KEN", "public", "2020-11-01"),
    )
)
MORE_SEGMENTS = tuple(
    (
        f"{group}.1",
        group,
        "recommendations",
        "stop",
        "1",
        "point",
        "",
        "Words.",
        "synthetic",
        "en",
        "",
    )
    for group in (SILENT, MARKED)
)


def write_planted_root(folder: Path) -> Path:
    """Write a root with a study of all values of consent, canaries in every place, and return it.

    Parameters
    ----------
    folder : Path
        An empty folder, which becomes the root.
    """
    root = write_tiny_root(folder)
    for table, rows in (("focus_groups", MORE_GROUPS), ("segments", MORE_SEGMENTS)):
        with table_of(root, table).open("a", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    for planting in PLANTINGS:
        planting.plant(root, planting.canary)
    review_numbers(root)
    return root


def review_numbers(root: Path) -> None:
    """Put the numbers of canaries into the cells of a root, which would else be refused."""
    said = {table: _rows_by_id(root, table) for table in ("focus_groups", "segments")}
    ids = list(said["segments"])
    cells = [
        ("focus_groups", group, column)
        for group in GROUP_ROWS
        for column in (*NAMES, "theme", *UNSEEN)
    ]
    cells += [
        ("segments", ids[row - 2], column)
        for row in SEGMENT_ROWS.values()
        for column in ("label", "text")
    ]
    rows = [
        (
            *cell,
            "phone",
            "Nobody can call it.",
            "who made it up",
            short_digest(said[table][name][column]),
        )
        for cell in cells
        for table, name, column in [cell]
    ]
    path = root / "data" / STUDY / "privacy_exceptions.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([EXCEPTION_COLUMNS, *rows])


def _rows_by_id(root: Path, table: str) -> dict[str, dict[str, str]]:
    with table_of(root, table).open(encoding="utf-8", newline="") as file:
        return {next(iter(row.values())): row for row in csv.DictReader(file)}


def _of_group(group: str, columns: dict[str, tuple[str, ...]]) -> Iterator[Planting]:
    """Yield a planting for each column of a focus group, and of one of its segments."""
    for column, may_be_in in columns.items():
        is_said = column in ("text", "label")
        table = "segments" if is_said else "focus_groups"
        row = (SEGMENT_ROWS if is_said else GROUP_ROWS)[group]
        form = "9 friends of {0.name}" if column == "participants" else "{0.text}"
        yield Planting(f"{column} of {group}", in_cell(table, row, column, form), may_be_in)


WORDS = ("text", "label", "title", "organiser", "theme", "participants")
NAMES = ("title", "organiser")
UNSEEN = ("received_by", "source")

PLANTINGS = (
    *_of_group(COUNTED, dict.fromkeys((*WORDS, *UNSEEN), ON_THE_WAY)),
    *_of_group(SILENT, dict.fromkeys((*WORDS, *UNSEEN), TO_CHECKS)),
    *_of_group(MARKED, dict.fromkeys((*WORDS, *UNSEEN), TO_CHECKS)),
    *_of_group(UNNAMED, dict.fromkeys(("text", "label", "theme", "participants"), ANYWHERE)),
    *_of_group(UNNAMED, dict.fromkeys((*NAMES, *UNSEEN), ON_THE_WAY)),
    *_of_group(PUBLIC, dict.fromkeys(WORDS, ANYWHERE)),
    *_of_group(PUBLIC, dict.fromkeys(UNSEEN, ON_THE_WAY)),
    *_of_group(WIDER, dict.fromkeys(WORDS, ANYWHERE)),
    *_of_group(WIDER, dict.fromkeys(UNSEEN, ON_THE_WAY)),
    Planting("a memo beside the tables", in_file("memo.txt")),
    Planting("the name of a table that no study has", in_file("{0.slug}.csv")),
    Planting("a remark in study.yaml", in_file("study.yaml", "# {0.text}\n"), (SEEN,)),
    Planting("the name of a raw file", in_file("raw/{0.name}.txt", "Nothing.\n")),
    Planting("the text of a raw file", in_file("raw/mail.txt")),
    Planting("the properties of a document", in_archive("raw/template.docx")),
    Planting("the README of the study", in_file("README.md")),
)


def plantings_of(group: str) -> tuple[Planting, ...]:
    """Return the plantings in the rows of a focus group."""
    return tuple(each for each in PLANTINGS if each.place.endswith(f" of {group}"))


def contents_below(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield all that each file below a folder holds: its name, its bytes, and what it packs."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        yield name, name.encode()
        if path.is_file():
            content = path.read_bytes()
            yield name, content
            yield from ((name, packed) for packed in _unpacked(path, content))


def _unpacked(path: Path, content: bytes) -> Iterator[bytes]:
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        yield str(table.schema.metadata).encode()
        for column in table.columns:
            yield "\n".join(map(str, column.to_pylist())).encode()
    elif content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            for member in file.namelist():
                yield member.encode() + b"\n" + file.read(member)
    elif content.startswith(b"\x1f\x8b"):
        yield gzip.decompress(content)


def met(plantings: tuple[Planting, ...], folder: Path, reported: str = "") -> list[str]:
    """Return where canaries are met that may not be there: "place: file".

    Parameters
    ----------
    plantings : tuple of Planting
        The canaries to look for.
    folder : Path
        A root, of which the inputs are left out.
    reported : str
        What was reported on the terminal.
    """
    return met_but(plantings, folder, reported, ("data/*", "notebooks/*", "expectations/*"))


def met_but(
    plantings: tuple[Planting, ...], folder: Path, reported: str, inputs: tuple[str, ...]
) -> list[str]:
    """Return where canaries are met that may not be there, files of these patterns left out."""
    contents = [("(reported)", reported.lower().encode())]
    contents += [
        (name, content.lower())
        for name, content in contents_below(folder)
        if not any(fnmatchcase(name, pattern) for pattern in inputs)
    ]
    # A needle lies within a run of letters and digits: most are ruled out by these alone.
    runs = b" ".join({run for _, content in contents for run in RUN.findall(content)})
    return sorted(
        {
            f"{planting.place}: {name}"
            for planting in plantings
            if any(needle in runs for needle in planting.canary.needles)
            for name, content in contents
            if not any(fnmatchcase(name, pattern) for pattern in planting.may_be_in)
            and any(needle in content for needle in planting.canary.needles)
        }
    )


def plant_all(root: Path, plantings: tuple[Planting, ...]) -> None:
    """Plant canaries in a root."""
    for planting in plantings:
        planting.plant(root, planting.canary)


def break_line(table: str, row: int, form: str) -> Callable[[Path, Canary], None]:
    """Return what puts a broken line into a table in place of a row (the header being row 1)."""

    def plant(root: Path, canary: Canary) -> None:
        path = table_of(root, table)
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        lines[row - 1] = form.format(canary) + "\n"
        path.write_text("".join(lines), encoding="utf-8")

    return plant


def break_bytes(root: Path, canary: Canary) -> None:
    """Put a line that is not UTF-8 into a table."""
    with table_of(root, "segments").open("ab") as file:
        file.write(canary.text.encode() + b"\xe9\n")


def break_setting(old: str, new: str) -> Callable[[Path, Canary], None]:
    """Return what puts a canary into a setting."""

    def plant(root: Path, canary: Canary) -> None:
        path = root / "data" / STUDY / "study.yaml"
        path.write_text(
            path.read_text(encoding="utf-8").replace(old, new.format(canary)), encoding="utf-8"
        )

    return plant


# Each is refused; all of those of checks at once, each other one alone.
REFUSED_ALONE = (
    Planting("a row too long", break_line("segments", 3, '{0.name},"{0.text}",more')),
    Planting("a quote that is not closed", break_line("segments", 3, '{0.name},"{0.text}')),
    Planting("a quote within a value", break_line("segments", 3, '"{0.text}"{0.name},a')),
    Planting("no header", break_line("focus_groups", 1, '{0.name},"{0.text}",{0.slug}')),
    Planting("an extra column", break_line("code_applications", 1, "segment,code,coder,{0.name}")),
    Planting("a column by another name", break_line("code_applications", 1, "{0.name},code,coder")),
    Planting("a row that is not UTF-8", break_bytes),
    Planting("a coder who is named", break_setting("coder: ann", "coder: {0.name}")),
    Planting("a kind of coder", break_setting("kind: human", "kind: {0.name}")),
    Planting("a date", break_setting("2020-12-31", "{0.name}")),
    Planting("a language", break_setting("[en]", "[{0.name}]")),
    Planting("a setting that is none", break_setting("synthetic:", "{0.name}: x\nsynthetic:")),
    Planting("YAML that is none", break_setting("synthetic: true", "synthetic: *{0.slug}")),
    Planting("a code that is no id", in_cell("codebook", 3, "code", "{0.name}")),
    Planting("a parent that is no theme", in_cell("codebook", 3, "parent", "{0.text}")),
    Planting("a place that is none", in_cell("focus_groups", 2, "places", "{0.name}")),
)
REFUSED_BY_CHECKS = tuple(
    Planting(f"{column} in {table}", in_cell(table, row, column, "{0.text}"))
    for table, row, columns in (
        ("focus_groups", 2, ("held_on", "scope", "speaks_of", "participants", "language")),
        ("focus_groups", 3, ("focus_group", "consent", "source_sha256", "withdrawn")),
        ("segments", 4, ("section", "position", "text_kind", "source_sha256")),
        ("segments", 5, ("segment", "question", "role", "language")),
        ("segments", 6, ("focus_group",)),
        ("code_applications", 2, ("code",)),
        ("code_applications", 3, ("coder",)),
        ("code_applications", 4, ("segment",)),
    )
    for column in columns
)
