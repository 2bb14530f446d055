from __future__ import annotations

import resource
from pathlib import Path
from typing import NoReturn

import pytest

from analysis.errors import SourceError, StudyError
from analysis.intake import sandbox
from analysis.intake.limits import ReceivedFile
from analysis.intake.sandbox import Sandbox

SENT = ReceivedFile(Path("sent.docx"), b"")


def name_of(file: ReceivedFile) -> str:
    return file.name


def refuse(file: ReceivedFile) -> NoReturn:
    raise StudyError("Refused.", offenders=[file.name], remedy="none")


def fail(file: ReceivedFile) -> NoReturn:
    raise KeyError(file.name)


def fill_memory(file: ReceivedFile) -> bytes:
    return file.name.encode() * 1024**3


def run_for_ever(file: ReceivedFile) -> NoReturn:
    while True:
        file.name  # noqa: B018


@pytest.mark.parametrize("most", [1, 10_000, resource.RLIM_INFINITY])
def test_limit_of_time_respects_one_that_is_there(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where whoever started it may use a processor for so long only, a file may at most so too."""
    limits: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (0, most))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limit: limits.append(limit))

    sandbox.limit_processor()

    ((soft, hard),) = limits
    assert hard == most
    assert soft == 1 if most == 1 else soft > sandbox.MOST_SECONDS


def test_reads_on_after_a_file_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that breaks a library, fills memory or never ends is refused; the next is read.

    The limit of time is that of the process which reads, and is short here for the test alone.
    """
    refusals = []
    with Sandbox() as process:
        assert process.read(name_of, SENT) == "sent.docx"
        for reader in (fail, fill_memory):
            with pytest.raises(SourceError) as refused:
                process.read(reader, SENT)
            refusals.append(refused.value.what)
        with pytest.raises(StudyError) as passed_on:
            process.read(refuse, SENT)
        monkeypatch.setattr(sandbox, "MOST_WAIT", 0.2)
        with pytest.raises(SourceError) as refused:
            process.read(run_for_ever, SENT)
        refusals.append(refused.value.what)
        monkeypatch.undo()
        assert process.read(name_of, SENT) == "sent.docx"

    assert passed_on.value.offenders == ("sent.docx",)
    assert refusals == [
        "sent.docx cannot be read: it is damaged, or made in an unusual way (KeyError).",
        "sent.docx cannot be read: it is damaged, or made in an unusual way (MemoryError).",
        "sent.docx takes too long to read.",
    ]
