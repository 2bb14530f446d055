from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from analysis.engine.environment import SETTINGS, TaskEnvironment, fixed_settings, in_environment

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_settings_are_the_same_on_every_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a machine's time zone, language and threads are, tasks find the same."""
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)

    with fixed_settings(MORE="more"):
        found = dict(os.environ)

    assert {name: found[name] for name in SETTINGS} == SETTINGS
    assert found["MORE"] == "more"


def test_environment_is_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Afterwards the environment is what it was, whatever happened within."""
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    monkeypatch.delenv("MORE", raising=False)
    before = dict(os.environ)

    with suppress(KeyError), fixed_settings(MORE="more"):
        os.environ["LEFT"] = "behind"
        raise KeyError("a mistake")

    assert dict(os.environ) == before


def test_task_finds_its_folders(tmp_path: Path) -> None:
    """A task finds the root and the folder of builds by their variables."""
    environment = TaskEnvironment(tmp_path, tmp_path / "build")

    with in_environment(environment):
        found = (os.environ["COMPENDIUM_ROOT"], os.environ["COMPENDIUM_BUILD"], os.environ["TZ"])

    assert found == (str(tmp_path), str(tmp_path / "build"), "UTC")
