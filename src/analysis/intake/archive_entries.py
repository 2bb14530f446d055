"""What the entries of a zip archive may be: how many, how large, and under which names."""

from __future__ import annotations

import re
import stat
import zipfile
from typing import TYPE_CHECKING

from analysis.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_ENTRIES = 1_000
MOST_RATIO = 100
MOST_UNPACKED = 500 * 1024**2
# What unpacks to less does no harm, however well it is packed.
HARMLESS_BYTES = 1024**2

SAVE_AGAIN = "open it in the program that wrote it, and save it again"
_ESCAPES = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)|[\0\\]")


def refuse_entries(name: str, entries: Sequence[zipfile.ZipInfo], size: int) -> None:
    """Refuse an archive whose entries could do harm when they are unpacked.

    Parameters
    ----------
    name : str
        The name of its file.
    entries : sequence of ZipInfo
        What it says of its entries; more is never unpacked of any of them.
    size : int
        The bytes of the file, in which entries may share what they are packed in.

    Raises
    ------
    SourceError
        When entries are encrypted, lead out of a folder, are packed in an unusual way, are too
        many, or unpack to too much; by number, for names may be those of people.
    """
    offenders = {
        f"{name} is encrypted.": [each for each in entries if each.flag_bits & 0x1],
        f"{name} has parts whose names lead out of a folder.": [
            each
            for each in entries
            if _ESCAPES.search(each.orig_filename) or stat.S_ISLNK(each.external_attr >> 16)
        ],
        f"{name} is packed in a way that is not read.": [
            each
            for each in entries
            if each.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        ],
        f"{name} unpacks to more than {MOST_RATIO} times its size.": [
            each
            for each in entries
            if each.file_size > max(HARMLESS_BYTES, MOST_RATIO * each.compress_size)
        ],
    }
    for what, found in offenders.items():
        if found:
            numbers = {id(entry): number for number, entry in enumerate(entries, start=1)}
            raise SourceError(
                what,
                offenders=[f"part {numbers[id(entry)]}" for entry in found],
                remedy=f"{SAVE_AGAIN}, without a password",
            )
    unpacked = sum(each.file_size for each in entries)
    if unpacked > max(HARMLESS_BYTES, MOST_RATIO * size):
        raise SourceError(
            f"{name} unpacks to more than {MOST_RATIO} times its size.", remedy=SAVE_AGAIN
        )
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED:
        raise SourceError(
            f"{name} has too many parts, or unpacks to too much.",
            expected=f"at most {MOST_ENTRIES} parts and {MOST_UNPACKED // 1024**2} MB",
            remedy="split it",
        )
