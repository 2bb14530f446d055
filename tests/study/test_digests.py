from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.study.digests import digest_bytes, digest_file, digest_text, digest_together

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
