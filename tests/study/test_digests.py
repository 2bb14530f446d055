from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.errors import StudyError
from analysis.study.digests import (
    KEY_FILE,
    digest_bytes,
    digest_file,
    digest_text,
    digest_together,
    published_digest,
    write_key,
)
from analysis.study.settings import Publication, Study, read_study
from tiny_study import KEY, STUDY, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
"""The SHA-256 of ``abc``: FIPS 180-2, appendix B.1."""


def test_digest_is_the_published_one(tmp_path: Path) -> None:
    """Bytes, a text and a file of the same content have the digest that the standard gives."""
    file = tmp_path / "abc.txt"
    file.write_bytes(b"abc")

    assert {digest_bytes(b"abc"), digest_text("abc"), digest_file(file)} == {ABC}


def test_text_that_has_no_encoding_has_a_digest() -> None:
    """Half of a surrogate pair, which some files hold, counts as a question mark."""
    assert digest_text("a\ud800") == digest_text("a?")


def test_files_together_have_one_digest() -> None:
    """Their order doesn't matter; their names and what they hold do."""
    both = digest_together({"one.csv": "1", "two.csv": "2"})

    assert digest_together({"two.csv": "2", "one.csv": "1"}) == both
    assert digest_together({"two.csv": "1", "one.csv": "2"}) != both
    assert digest_together({"one.csv": "1"}) != both


DIGEST = "0123456789abcdef" * 4
# openssl: printf %s DIGEST | openssl dgst -sha256 -mac HMAC -macopt hexkey:KEY
KEYED = "33223fac4261880aff09c60dec62a63700b19241e48072684ab80c0d9d8ec793"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the folder of a study whose tables are private."""
    return write_tiny_root(tmp_path / "root") / "data" / STUDY


def test_digest_of_private_tables_is_their_hmac(folder: Path) -> None:
    """Only who has the key can compute what is published of a digest."""
    assert (folder / KEY_FILE).read_text(encoding="utf-8").strip() == KEY
    assert published_digest(read_study(folder), folder, DIGEST) == KEYED


def test_digest_of_public_tables_is_as_it_is(folder: Path) -> None:
    """Who may read the tables can check them against the digests, and needs no key for it."""
    settings = read_study(folder)
    public = settings.model_copy(update={"publication": Publication(tables="public")})
    (folder / KEY_FILE).unlink()

    assert published_digest(public, folder, DIGEST) == DIGEST


@pytest.mark.parametrize("key", [None, "", "5e5e", "word " * 20])
def test_key_that_is_missing_or_malformed_is_refused(folder: Path, key: str | None) -> None:
    """A key is never created again, which would hide that it was lost."""
    path = folder / KEY_FILE
    path.unlink() if key is None else path.write_text(key, encoding="utf-8")

    with pytest.raises(StudyError, match=f"data/{STUDY}/{KEY_FILE}"):
        published_digest(read_study(folder), folder, DIGEST)

    assert path.exists() == (key is not None)


def test_new_key_serves_and_is_written_once(folder: Path, tmp_path: Path) -> None:
    """A new key has the form that is asked for; one that is there is never replaced."""
    settings: Study = read_study(folder)
    write_key(tmp_path)

    assert published_digest(settings, tmp_path, DIGEST) not in (DIGEST, KEYED)
    with pytest.raises(FileExistsError):
        write_key(tmp_path)
