from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from analysis.publishing.digests import CHUNK, digest_file, digest_files, digest_together

if TYPE_CHECKING:
    from pathlib import Path

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_digest_is_sha256(tmp_path: Path) -> None:
    """The digest of a file is the SHA-256 of its bytes (FIPS 180-4, examples of "" and "abc")."""
    for name, text in (("empty", ""), ("abc", "abc")):
        (tmp_path / name).write_text(text, encoding="utf-8")

    assert [digest_file(tmp_path / name) for name in ("empty", "abc")] == [EMPTY, ABC]


def test_large_file_is_read_in_parts(tmp_path: Path) -> None:
    """A file of several chunks has the digest of the whole."""
    content = b"x" * (CHUNK + 1)
    (tmp_path / "large").write_bytes(content)

    assert digest_file(tmp_path / "large") == hashlib.sha256(content).hexdigest()


def test_files_are_named_below_their_folder(tmp_path: Path) -> None:
    """Files are named by their path below a folder, sorted, whatever the order given."""
    (tmp_path / "b").mkdir()
    paths = [tmp_path / "b" / "abc", tmp_path / "a"]
    paths[0].write_text("abc", encoding="utf-8")
    paths[1].write_text("", encoding="utf-8")

    assert list(digest_files(paths, tmp_path).items()) == [("a", EMPTY), ("b/abc", ABC)]


def test_files_are_digested_as_asked(tmp_path: Path) -> None:
    """Whoever remembers digests of files may give them, and no file is read."""
    assert digest_files([tmp_path / "a"], tmp_path, lambda path: f"of {path.name}") == {"a": "of a"}


def test_digest_of_several_knows_names_and_bytes() -> None:
    """One digest for several files changes with any name or byte, and not with their order."""
    together = digest_together({"a": EMPTY, "b": ABC})

    assert together == digest_together({"b": ABC, "a": EMPTY})
    assert (
        len({together, digest_together({"a": ABC, "b": EMPTY}), digest_together({"a": EMPTY})}) == 3
    )
