from __future__ import annotations

import io
import random
import stat
import zipfile
from typing import TYPE_CHECKING

import pytest

from analysis.errors import SourceError
from analysis.intake import limits
from analysis.intake.limits import (
    archive_of,
    decode_text,
    parse_xml,
    receive,
    require_form,
)
from analysis.intake.reading import read_submissions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KEPT = b"<a/>"


def zipped(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return written.getvalue()


def encrypted(content: bytes) -> bytes:
    """Return an archive whose entries say that they are encrypted."""
    at = content.index(b"PK\x01\x02") + 8
    return content[:at] + b"\x01" + content[at + 1 :]


def lying(content: bytes) -> bytes:
    """Return an archive whose only entry unpacks to more than it says."""
    at = content.index(b"PK\x01\x02") + 24
    return content[:at] + b"\x01\0\0\0" + content[at + 4 :]


def linked() -> bytes:
    """Return an archive with an entry that is a link to another file."""
    entry = zipfile.ZipInfo("a")
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(entry, "/etc/hosts")
    return written.getvalue()


NOISE = random.Random(1).randbytes(100_000)  # noqa: S311
"""Bytes that cannot be packed."""


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(SourceError) as refused:
        call()
    return str(refused.value)


def test_refuses_files_that_are_not_there_empty_or_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is absent, a folder, empty or too large is refused, each with its own message."""
    monkeypatch.setattr(limits, "MOST_BYTES", 1024**2)
    (tmp_path / "empty.docx").touch()
    (tmp_path / "large.docx").write_bytes(bytes(1024**2 + 1))
    (tmp_path / "folder.docx").mkdir()

    refusals = [
        refusal(lambda name=name: receive(tmp_path / f"{name}.docx")).splitlines()[0]
        for name in ("absent", "empty", "large", "folder")
    ]

    assert refusals == [
        "absent.docx does not exist.",
        "empty.docx is empty: it has no bytes.",
        "large.docx is too large.",
        "folder.docx is not a file.",
    ]


@pytest.mark.parametrize("ending", [".odt", ".doc", ""])
def test_other_formats_are_refused(ending: str, tmp_path: Path) -> None:
    """A file with another ending is refused before it is read, and the endings are listed."""
    path = tmp_path / f"sent{ending}"
    path.write_text("STOP", encoding="utf-8")

    with pytest.raises(SourceError, match="unsupported format") as refused:
        read_submissions(receive(path))

    assert refused.value.offenders == (ending or "no ending",)
    assert ".docx, .pdf" in refused.value.expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (zipped(("a", KEPT))[:-30], "is damaged or was cut short"),
        (encrypted(zipped(("a", KEPT))), "is encrypted"),
        (zipped(("../a", KEPT)), "lead out of a folder"),
        (zipped(("/a", KEPT)), "lead out of a folder"),
        (zipped(("C:/a", KEPT)), "lead out of a folder"),
        (linked(), "lead out of a folder"),
        (zipped(("a", bytes(2 * 1024**2)), ("b", NOISE)), "more than 100 times its size"),
        (zipped(("a", bytes(2 * 1024**2))), "more than 100 times its size"),
        (zipped(*((str(number), bytes(1024**2)) for number in range(3))), "100 times its size"),
        (zipped(*((str(number), b"") for number in range(1001))), "has too many parts"),
        (zipped(("a", KEPT), method=zipfile.ZIP_BZIP2), "compressed in an unsupported way"),
        (b"Country: Lesotho", "is not what its name says: it is text"),
    ],
    ids=lambda value: value if isinstance(value, str) else "archive",
)
def test_refuses_archives_that_hide_something(content: bytes, expected: str) -> None:
    """Archives that are damaged, or could do harm when unpacked, are refused before they are."""
    assert expected in refusal(lambda: archive_of("sent.zip", content))


def test_archive_unpacks_no_more_than_it_says() -> None:
    """An entry that unpacks to more than its size is damaged."""
    archive = archive_of("sent.zip", lying(zipped(("a", bytes(5000)))))

    assert "is damaged or was cut short" in refusal(lambda: archive.read("a"))


def test_archive_gives_its_files() -> None:
    """A sound archive names its files and unpacks them."""
    archive = archive_of("sent.zip", zipped(("b.xml", KEPT), ("c/", b""), ("c/d", b"")))

    assert (archive.names, archive.read("b.xml")) == (("b.xml", "c/d"), KEPT)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "declares a document type"),
        ('<!doctype a SYSTEM "file:///etc/passwd"><a/>'.encode("utf-16"), "a document type"),
        (b"<a>" * 300 + b"</a>" * 300, "is nested too deep"),
        (b"<a><b></a>", "is damaged: it is not well-formed XML"),
        (b"", "is damaged: it is not well-formed XML"),
    ],
)
def test_refuses_xml_that_reads_files_fills_space_or_is_none(content: bytes, expected: str) -> None:
    """No entity is resolved, no DTD is read, and no nesting goes too deep."""
    assert expected in refusal(lambda: parse_xml(content, "part a.xml"))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"caf\xe9", "line 1: byte 3"),
        ("one".encode("utf-16"), "is UTF-16"),
        (b"a\0b", "is not text"),
        (b" \n\t", "holds only white space"),
    ],
)
def test_refuses_text_in_another_encoding(content: bytes, expected: str) -> None:
    """What is not UTF-8, or says nothing, is refused, each with its own message."""
    assert expected in refusal(lambda: decode_text("sent.txt", content))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"%PDF-1.7\n", "it is a PDF"),
        (zipped(("xl/workbook.xml", KEPT)), "it is an Excel workbook"),
        (zipped(("word/other.xml", KEPT)), "it is a zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is encrypted, or was written by an old"),
    ],
)
def test_file_is_recognised_whatever_its_name_says(content: bytes, expected: str) -> None:
    """A file with the ending of another form is refused with what it is."""
    assert expected in refusal(lambda: require_form("sent.docx", content, ("docx",)))
