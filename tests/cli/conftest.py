from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from analysis import cli
from tiny_study import STUDY, publish_claims

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def tiny_root(tiny_root: Path) -> Path:
    """Give a root with the tiny study, and a report of it that makes two claims."""
    claim = {
        "id": "esa.groups",
        "label": "Focus groups [counted]",
        "value": 2,
        "unit": "focus groups",
        "segments": ["ken.1", "uga.1"],
        "caveats": ["Handle with care."],
        "cell": "summary",
    }
    share = {"id": "esa.share", "label": "Raised", "value": 2, "unit": "focus groups"}
    claims = [claim, {**share, "segments": [], "numerator": 2, "denominator": 3}]
    publish_claims(tiny_root, STUDY, "esa", claims)
    return tiny_root


@pytest.fixture
def run(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Give a way to run the program in the root: its exit code, what it says, what it complains."""
    monkeypatch.chdir(tiny_root)
    monkeypatch.delenv("COMPENDIUM_ROOT", raising=False)

    def run_program(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["compendium", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said, complained = capsys.readouterr()
        return int(ended.value.code or 0), said, complained

    return run_program
