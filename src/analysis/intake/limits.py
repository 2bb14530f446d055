"""Limits on files that came from outside: their size, their form, and what they may hide."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from lxml import etree  # type: ignore[import-untyped]

from analysis.errors import SourceError
from analysis.study.digests import digest_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

MOST_BYTES = 50 * 1024**2
MOST_ENTRIES = 1_000
MOST_RATIO = 100
MOST_UNPACKED = 500 * 1024**2
HARMLESS_BYTES = 1024**2
"""Bytes that an entry may unpack to, however well it is packed."""
TOO_DENSE = f"unpacks to more than {MOST_RATIO} times its size"
SAVE_AGAIN = "open it in the program that wrote it, and save it again"

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_PDF = b"%PDF-"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_ESCAPES = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)|[\0\\]")
_DOCTYPE = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E", re.IGNORECASE)
# The part by which a kind of document is recognised in an archive.
_DOCUMENTS = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
}
_DESCRIPTIONS = {
    "docx": "a Word document",
    "xlsx": "an Excel workbook",
    "pptx": "a presentation",
    "zip": "a zip archive",
    "pdf": "a PDF",
    "ole": "an encrypted or an old Office document",
    "text": "text",
}


@dataclass(frozen=True)
class ReceivedFile:
    """A file as received: its path, and its bytes, which are read once."""

    path: Path
    content: bytes

    @property
    def name(self) -> str:
        """Return its name."""
        return self.path.name

    @property
    def ending(self) -> str:
        """Return the ending of its name in lower case, such as ``.docx``."""
        return self.path.suffix.casefold()

    @cached_property
    def sha256(self) -> str:
        """Return the digest of its content."""
        return digest_bytes(self.content)


def receive(path: Path) -> ReceivedFile:
    """Read a file, if it exists, is not empty and is not too large.

    Raises
    ------
    SourceError
        When it does not exist, is a folder, may not be read, has no bytes, or more than 50 MB.
    """
    if not path.is_file():
        raise SourceError(
            f"{path.name} is not a file." if path.exists() else f"{path.name} does not exist.",
            expected="a file to import",
            remedy="check the name of the file",
        )
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise SourceError(
            f"{path.name} cannot be read: {error.strerror}.",
            remedy="check who may read the file",
        ) from None
    if not content:
        raise SourceError(
            f"{path.name} is empty: it has no bytes.",
            expected="a file that was sent whole",
            remedy="ask for the file again",
        )
    if len(content) > MOST_BYTES:
        raise SourceError(
            f"{path.name} is too large.",
            expected=f"at most {MOST_BYTES // 1024**2} MB",
            remedy="remove pictures from it, or split it",
        )
    return ReceivedFile(path, content)


def form_of(content: bytes) -> str:
    """Return what a file is by its first bytes, whatever its name says.

    Returns
    -------
    str
        ``docx``, ``xlsx``, ``pptx``, ``zip``, ``damaged`` (an archive that cannot be opened),
        ``pdf``, ``ole`` (an encrypted or old Office document), or ``text``.

    Examples
    --------
    >>> form_of(b"%PDF-1.7"), form_of(b"Country: Lesotho")
    ('pdf', 'text')
    """
    if content.startswith((_ZIP, _EMPTY_ZIP)):
        return _form_of_archive(content)
    if _PDF in content[:1024]:
        return "pdf"
    return "ole" if content.startswith(_OLE) else "text"


def require_form(name: str, content: bytes, forms: tuple[str, ...]) -> None:
    """Refuse a file unless it has one of some forms, as `form_of` names them."""
    form = form_of(content)
    if form in forms:
        return
    if form == "damaged":
        raise _truncated(name)
    if form == "ole":
        raise SourceError(
            f"{name} is encrypted, or was written by an old Office program.",
            expected=" or ".join(_DESCRIPTIONS[each] for each in forms),
            remedy="remove the password, or save it in a current format",
        )
    raise SourceError(
        f"{name} is not what its name says: it is {_DESCRIPTIONS[form]}.",
        expected=" or ".join(_DESCRIPTIONS[each] for each in forms),
        remedy="give it the ending of its own format, or save it in the format of its ending",
    )


def decode_text(name: str, content: bytes) -> str:
    """Return the text of a file in UTF-8, without byte order mark.

    Raises
    ------
    SourceError
        When it is in another encoding, holds bytes that no text has, or is blank.
    """
    remedy = "save the text again as UTF-8"
    if content.startswith(_UTF_16):
        raise SourceError(f"{name} is UTF-16, not UTF-8.", expected="text in UTF-8", remedy=remedy)
    try:
        text = content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceError(
            f"{name} is not UTF-8.",
            offenders=[f"line {line}: byte {error.start} is no UTF-8 character"],
            expected="text in UTF-8",
            remedy=remedy,
        ) from None
    if "\0" in text:
        raise SourceError(f"{name} is not text.", expected="text in UTF-8", remedy=remedy)
    if not text.strip():
        raise SourceError(
            f"{name} is empty: it holds only white space.",
            expected="text in UTF-8",
            remedy="convert the document again",
        )
    return text


@dataclass(frozen=True)
class Archive:
    """A zip archive whose entries may be unpacked: its name, and its files in their order."""

    name: str
    names: tuple[str, ...]
    _opened: zipfile.ZipFile

    def read(self, entry: str) -> bytes:
        """Return the content of an entry.

        Raises
        ------
        SourceError
            When the archive lacks the entry, or it is damaged.
        """
        if entry not in self.names:
            raise SourceError(
                f"{self.name} has no part {entry}.", expected=entry, remedy=SAVE_AGAIN
            )
        try:
            return self._opened.read(entry)
        except Exception as error:  # a zip that was tampered with fails in many ways
            raise _truncated(self.name) from error


def archive_of(name: str, content: bytes) -> Archive:
    """Return a zip archive, if it is safe to unpack.

    Raises
    ------
    SourceError
        When it is no archive, is truncated or encrypted, has more than 1,000 entries, has names
        that lead out of a folder, or unpacks to more than 100 times its size.
    """
    if not content.startswith((_ZIP, _EMPTY_ZIP)):
        require_form(name, content, ("zip",))
    try:
        opened = zipfile.ZipFile(io.BytesIO(content))
    except Exception as error:  # see Archive.read
        raise _truncated(name) from error
    entries = opened.infolist()
    _refuse_entries(name, entries, len(content))
    return Archive(name, tuple(entry.filename for entry in entries if not entry.is_dir()), opened)


def _refuse_entries(name: str, entries: Sequence[zipfile.ZipInfo], size: int) -> None:
    """Refuse an archive whose entries could do harm when they are unpacked.

    Offenders are given by number, since names may be those of people. Entries may share their
    packed bytes, of which the file has `size`; an entry never unpacks to more than it states.
    """
    faults: dict[str, Callable[[zipfile.ZipInfo], bool]] = {
        "is encrypted": lambda entry: bool(entry.flag_bits & 0x1),
        "has parts whose names lead out of a folder": _leads_out,
        "is compressed in an unsupported way": lambda entry: (
            entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        ),
        TOO_DENSE: lambda entry: (
            entry.file_size > max(HARMLESS_BYTES, MOST_RATIO * entry.compress_size)
        ),
    }
    for what, is_fault in faults.items():
        offenders = [f"part {at}" for at, entry in enumerate(entries, start=1) if is_fault(entry)]
        if offenders:
            raise SourceError(
                f"{name} {what}.", offenders=offenders, remedy=f"{SAVE_AGAIN}, without a password"
            )
    unpacked = sum(each.file_size for each in entries)
    if unpacked > max(HARMLESS_BYTES, MOST_RATIO * size):
        raise SourceError(f"{name} {TOO_DENSE}.", remedy=SAVE_AGAIN)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED:
        raise SourceError(
            f"{name} has too many parts, or unpacks to too much.",
            expected=f"at most {MOST_ENTRIES} parts and {MOST_UNPACKED // 1024**2} MB",
            remedy="split it",
        )


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    return is_link or _ESCAPES.search(entry.orig_filename) is not None


def parse_xml(content: bytes, name: str) -> etree._Element:
    """Return the root of an XML document, read without entities, DTD or network.

    Raises
    ------
    SourceError
        When it declares a DTD, is nested deeper than 256 elements, or is no XML; `name` names it.
    """
    if _DOCTYPE.search(content):
        raise SourceError(
            f"{name} declares a document type, which can read files or fill memory.",
            expected="XML without DTD and entities",
            remedy=SAVE_AGAIN,
        )
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, recover=False
    )
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        is_deep = "depth" in str(error).casefold()
        what = "is nested too deep" if is_deep else "is damaged: it is not well-formed XML"
        raise SourceError(f"{name} {what}.", remedy=SAVE_AGAIN) from None


def require_sound_xml(archive: Archive) -> None:
    """Refuse an archive with a part of XML that `parse_xml` refuses."""
    for entry in archive.names:
        if entry.endswith((".xml", ".rels")):
            parse_xml(archive.read(entry), f"{archive.name}, part {entry}")


def _form_of_archive(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            names = set(opened.namelist())
    except Exception:  # see Archive.read
        return "damaged"
    return next((form for part, form in _DOCUMENTS.items() if part in names), "zip")


def _truncated(name: str) -> SourceError:
    return SourceError(
        f"{name} is damaged or was cut short: its parts cannot be unpacked.",
        expected="a file that was sent whole",
        remedy="ask for the file again",
    )
