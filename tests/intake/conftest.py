from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.intake.limits import receive
from analysis.intake.reading import read_submissions
from analysis.study.places import Places, read_places

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from analysis.intake.submission import Submission

    Read = Callable[[str, bytes | str], Submission]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Give a way to read the submission in a file of some name and content."""

    def read_content(name: str, content: bytes | str) -> Submission:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        (submission,) = read_submissions(receive(path))
        return submission

    return read_content


@pytest.fixture(scope="session")
def places(root: Path) -> Places:
    """Give the places that there are."""
    return read_places(root / "data")
