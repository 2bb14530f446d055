"""Files as received, below `raw/`, and their list: no file is taken in twice."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import TYPE_CHECKING, NamedTuple

from analysis.errors import CodedDataError
from analysis.study.rows import read_rows
from analysis.tables.coded.renewal import replace_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.intake.coded.account import AccountLine

RAW = "raw"
REGISTRY = "registry.csv"
COLUMNS = ("file", "sha256", "kind", "focus_group", "words_sha256")
LOG_ENDING = ".import.json"
KEPT_DIGITS = 16


class RawFile(NamedTuple):
    """A file as received.

    Parameters
    ----------
    name : str
        Its name as received, which may be a person's and is not kept.
    content : bytes
        Its content.
    form : str
        Its format.
    """

    name: str
    content: bytes
    form: str

    @property
    def digest(self) -> str:
        """Its SHA-256."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def place(self) -> str:
        """Where it is kept below ``raw/``."""
        ending = self.name.rpartition(".")[2].lower()
        plain = f".{ending}" if ending.isascii() and ending.isalnum() else ""
        return f"{self.digest[:KEPT_DIGITS]}{plain}"


def refuse_repeated(folder: Path, files: Sequence[RawFile]) -> None:
    """Refuse files that were taken in before, or are there twice now.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    files : sequence of RawFile
        The files of this import.

    Raises
    ------
    CodedDataError
        When a file is there twice.
    """
    registry = folder / RAW / REGISTRY
    seen = (
        {row["sha256"] for row in read_rows(registry, ("sha256",))} if registry.is_file() else set()
    )
    offenders = []
    for file in files:
        if file.digest in seen:
            offenders.append(file.name)
        seen.add(file.digest)
    if offenders:
        raise CodedDataError(
            "A file was taken in before, or is named twice.",
            offenders=offenders,
            expected="each file once, so that nobody counts twice",
            remedy="leave the file out",
        )


def keep_files(folder: Path, files: Sequence[RawFile], lines: Sequence[AccountLine]) -> None:
    """Keep files as received, with the account of what became of them, and list them.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    files : sequence of RawFile
        The files of this import.
    lines : sequence of AccountLine
        What became of what they hold.
    """
    raw = folder / RAW
    for file in files:
        replace_bytes(raw / file.place, file.content)
    together = hashlib.sha256("".join(file.digest for file in files).encode()).hexdigest()
    told = {"files": [file.place for file in files], "account": [x._asdict() for x in lines]}
    log = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
    replace_bytes(raw / f"{together[:KEPT_DIGITS]}{LOG_ENDING}", log.encode())
    registry = raw / REGISTRY
    if registry.is_file():
        held = registry.read_bytes()
        header = held.decode("utf-8-sig").splitlines()[0].split(",")
    else:
        held, header = _csv([COLUMNS]), list(COLUMNS)
    listed = [{"file": x.place, "sha256": x.digest, "kind": x.form} for x in files]
    added = _csv([[row.get(name, "") for name in header] for row in listed])
    replace_bytes(registry, held if not added else held.rstrip(b"\r\n") + b"\n" + added)


def _csv(rows: Sequence[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
