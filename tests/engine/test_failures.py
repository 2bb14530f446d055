from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from analysis.engine.failures import has_critical, join_failures
from analysis.engine.task import Work
from analysis.errors import CompendiumError, NotebookError, StorageError, WorkerError
from analysis.quality.outcomes import CheckReport, Outcome, write_outcomes

if TYPE_CHECKING:
    from pathlib import Path

GUARD = Work(name="guard esa cleaned", kind="guard", leaves=("guards/esa.json", "warnings.json"))


def outcome_of(**told: Any) -> Outcome:  # noqa: ANN401 (fields of several types)
    return Outcome(expectation="a", table="segments", stage="cleaned", **told)


def failure_of(place: str) -> NotebookError:
    return NotebookError(
        f"{place} failed.", offenders=["cell x: its cause"], remedy=f"read {place}"
    )


@pytest.mark.parametrize(
    ("outcome", "critical"),
    [
        (outcome_of(severity="critical", verdict="fell_short"), True),
        (outcome_of(severity="critical", verdict="held"), False),
        (outcome_of(severity="warning", verdict="fell_short"), False),
    ],
    ids=["critical", "held", "warning"],
)
def test_only_what_is_critical_may_stop_a_release(
    tmp_path: Path,
    outcome: Outcome,
    critical: bool,  # noqa: FBT001
) -> None:
    """A guard may stop a release where something critical does not hold, and else does not."""
    write_outcomes(CheckReport((outcome,)), tmp_path / "guards" / "esa.json")

    assert has_critical(tmp_path, GUARD) is critical


def test_nothing_that_failed_raises_nothing() -> None:
    """Where nothing failed there is nothing to raise."""
    assert join_failures({}) is None


def test_one_failure_is_raised_as_it_is() -> None:
    """Where one piece of work failed, its own refusal is what is told."""
    failure = failure_of("mena")

    with pytest.raises(NotebookError) as raised:
        join_failures({"mena": failure})

    assert raised.value is failure
    assert raised.value.offenders == ("cell x: its cause",)


def test_failures_are_told_together() -> None:
    """Where several failed all are told, whatever the order in which they did."""
    with pytest.raises(NotebookError) as raised:
        join_failures({place: failure_of(place) for place in ("wca", "esa")})

    assert raised.value.what == "2 pieces of work failed."
    assert raised.value.offenders == (
        "esa failed. cell x: its cause",
        "wca failed. cell x: its cause",
    )
    assert raised.value.remedy == "read esa; read wca"


def test_remedies_of_many_failures_are_few() -> None:
    """Of many different remedies the first are told; one that is the same is told once."""
    places = ("a", "b", "c", "d", "e")
    with pytest.raises(NotebookError) as many:
        join_failures({place: failure_of(place) for place in places})
    with pytest.raises(NotebookError) as alike:
        join_failures({place: NotebookError(f"{place}.", remedy="wait") for place in places})

    assert many.value.remedy == "read a; read b; read c; and the like for the others"
    assert alike.value.remedy == "wait"


@pytest.mark.parametrize(
    ("failure", "offenders"),
    [
        (WorkerError("It ended.", offenders=["by SIGKILL"]), ("esa: by SIGKILL",)),
        (StorageError("It is full."), ("esa",)),
        (NotebookError("It failed.", offenders=["cell x"]), ("cell x",)),
    ],
    ids=["process", "storage", "notebook"],
)
def test_what_could_have_struck_any_work_names_it(
    failure: CompendiumError, offenders: tuple[str, ...]
) -> None:
    """A process that ended, or a full disk, is told with the work that it struck."""
    with pytest.raises(type(failure)) as raised:
        join_failures({"esa": failure})

    assert raised.value.offenders == offenders


def test_failures_that_say_the_same_are_one() -> None:
    """A disk that is full, or a suite that stops all guards, is told once, with all it struck."""
    with pytest.raises(StorageError) as full:
        join_failures({place: StorageError("It is full.") for place in ("wca", "esa")})
    broken = NotebookError("A suite is broken.", offenders=["row 2"])
    with pytest.raises(NotebookError) as suite:
        join_failures({"guard esa": broken, "guard wca": broken})

    assert full.value.offenders == ("esa", "wca")
    assert suite.value.offenders == ("row 2",)
