from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from analysis.engine.environment import SETTINGS, Surroundings, in_surroundings, settings_made

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_settings_are_the_same_on_every_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a machine says of time zone, language and threads, work is told the same."""
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)

    with settings_made(MORE="more"):
        told = dict(os.environ)

    assert {name: told[name] for name in SETTINGS} == SETTINGS
    assert told["MORE"] == "more"


def test_environment_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Afterwards the environment is what it was, whatever happened within."""
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    monkeypatch.delenv("MORE", raising=False)
    before = dict(os.environ)

    with suppress(KeyError), settings_made(MORE="more"):
        os.environ["LEFT"] = "behind"
        raise KeyError("a mistake")

    assert dict(os.environ) == before


def test_work_finds_its_folders(tmp_path: Path) -> None:
    """Work finds the root and the folder of builds by their variables."""
    surroundings = Surroundings(tmp_path, tmp_path / "build")

    with in_surroundings(surroundings):
        told = (os.environ["COMPENDIUM_ROOT"], os.environ["COMPENDIUM_BUILD"], os.environ["TZ"])

    assert told == (str(tmp_path), str(tmp_path / "build"), "UTC")


def test_kernels_are_warm_and_cells_have_an_hour(tmp_path: Path) -> None:
    """Without being told otherwise kernels are warm, and a cell may take an hour."""
    surroundings = Surroundings(tmp_path, tmp_path / "build")

    assert (surroundings.kernels, surroundings.cell_seconds) == ("warm", 3600)
