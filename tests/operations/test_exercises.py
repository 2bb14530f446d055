"""The exercises: each solution passes, and each other answer fails politely, with a hint."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import analysis
from analysis import open_study
from analysis.errors import ClaimError, NotebookError
from analysis.operations.exercises import check_answers, check_codings, write_exercises
from tiny_study import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.operations.study_frames import StudyFrames

EXERCISES = sorted(path.stem for path in (ROOT / "notebooks" / "exercises").glob("*.ipynb"))
# An answer to each that a person might give, and that is wrong.
WRONG = {
    "1-reproduce-a-number": 'answer = ((esa.codings["theme"] == "stigma").sum(), 13)',
    "2-count-who-answered": 'answer = (7, esa.codings["focus_group"].nunique())',
    "3-find-the-words": 'answer = esa.codings.loc[esa.codings["theme"] == "legal-environment", '
    '"segment"].unique()',
    "4-compare-two-regions": 'answers = {"esa": (4, 22), "wca": (4, 22)}',
    "5-compare-two-coders": "both, only_a, only_b, positive = 99, 8, 34, 0.82",
    "6-find-the-planted-error": 'answer = codings[codings["code"] != "criminalization"]',
}
HOW = ("solution", "untouched", "wrong")


@pytest.fixture(scope="module")
def demo() -> StudyFrames:
    """Give the study of the exercises, opened once."""
    return open_study("demo", ROOT)


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder with both versions of each exercise."""
    out = tmp_path_factory.mktemp("class")
    write_exercises(ROOT, out)
    return out


def code_of(notebook: Path, answer: str) -> list[str]:
    """Return the code cells of a notebook, with another answer if one is given."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    codes = {cell["id"]: cell["source"] for cell in cells if cell["cell_type"] == "code"}
    codes["answer"] += f"\n{answer}"
    return list(codes.values())


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("name", EXERCISES)
def test_exercise_is_checked_against_what_is_published(
    name: str, how: str, demo: StudyFrames, handed_out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A solution reproduces the claims; nothing, or a mistake, gets a hint and no traceback."""
    monkeypatch.setattr(analysis, "open_study", lambda _: demo)
    folder = handed_out / ("solutions" if how == "solution" else "exercises")
    *before, check = code_of(folder / f"{name}.ipynb", WRONG[name] if how == "wrong" else "")
    names: dict[str, object] = {}
    for code in before:
        exec(code, names)  # noqa: S102 (our own notebooks)
    *first, last = check.split("\ncheck_") if "\ncheck_" in check else ("", check[len("check_") :])
    exec("\n".join(first), names)  # noqa: S102
    feedback = eval(f"check_{last}", names)  # noqa: S307

    text = repr(feedback)
    if how == "solution":
        assert feedback.is_right
        assert text.startswith("Right: ")
        assert "Hint" not in text
    else:
        expected = {"untouched": "No answer yet", "wrong": "Not yet: "}[how]
        assert not feedback.is_right
        assert expected in text
        assert "\nHint: " in text


def test_there_are_six_exercises() -> None:
    """Each of the six has a wrong answer to be tested with."""
    assert list(WRONG) == EXERCISES


@pytest.mark.parametrize("answer", ["seven", (1, 2, 3), 7, [], ("a", 1), {}])
def test_answer_of_another_kind_is_no_error(answer: object, demo: StudyFrames) -> None:
    """An answer of another kind fails politely too."""
    given = {"esa.prevalence.stigma": answer}
    feedback = check_answers(demo, given, hint="Count.")  # type: ignore[arg-type]

    assert not feedback.is_right
    assert repr(feedback).startswith("Not yet: ")


@pytest.mark.parametrize(
    "answer", ["12 of 13", "(12, 13)", "fg03, fg04", pd.DataFrame({"segment": ["fg03.x"]}), [], 0.9]
)
def test_answer_in_another_form_is_answered_with_the_form(
    answer: object, demo: StudyFrames
) -> None:
    """Words and tables aren't ids, so nobody is told that they rest on other segments."""
    given = {"esa.prevalence.stigma": answer}

    feedback = repr(check_answers(demo, given, hint="Count."))  # type: ignore[arg-type]

    assert "give a pair, as (7, 13), or a list of ids" in feedback


def test_answer_that_is_not_a_number_is_answered_with_the_form(demo: StudyFrames) -> None:
    """A division by zero gives no number of a report."""
    claim = "study.agreement.positive_agreement.coder-a.coder-b.health-access"

    feedback = repr(check_answers(demo, {claim: float("nan")}, hint="Count."))

    assert "give a number, as 7" in feedback


@pytest.mark.parametrize("answer", [7, ["esa"], pd.DataFrame({"focus_group": []})])
def test_codings_of_another_kind_are_no_error(answer: object, demo: StudyFrames) -> None:
    """What isn't a table of codings fails politely too."""
    feedback = check_codings(demo.place("esa"), answer, hint="Count.")  # type: ignore[arg-type]

    assert not feedback.is_right
    assert "the table has no column" in repr(feedback)


def test_coefficient_may_be_rounded_as_reports_do(demo: StudyFrames) -> None:
    """A coefficient is right with two decimals, as the page shows it."""
    claim = "study.agreement.positive_agreement.coder-a.coder-b.health-access"
    shown = [check_answers(demo, {claim: each}, hint="").is_right for each in (0.92, 0.9, 11 / 12)]

    assert shown == [True, False, True]


def test_unknown_claim_is_refused(demo: StudyFrames) -> None:
    """A teacher who mistypes an id sees the closest one."""
    with pytest.raises(ClaimError, match=r"closest: esa\.prevalence\.stigma"):
        check_answers(demo, {"esa.prevalence.stigm": 1}, hint="")


def test_both_versions_are_written(handed_out: Path) -> None:
    """Each exercise exists without its solution and with it, and neither has a marker."""
    written = {path.relative_to(handed_out): path for path in handed_out.rglob("*.ipynb")}

    folders = ("exercises", "solutions")
    assert {path.as_posix() for path in written} == {
        f"{folder}/{name}.ipynb" for folder in folders for name in EXERCISES
    }
    texts = {path: path.read_text("utf-8") for path in written.values()}
    assert not any("SOLUTION" in text for text in texts.values())
    stubs = [path.parent.name for path, text in texts.items() if "# YOUR CODE HERE" in text]
    assert stubs == ["exercises"] * len(EXERCISES)


def test_outputs_are_not_handed_out(tmp_path: Path) -> None:
    """The outputs of a teacher who ran an exercise would give the solution away."""
    folder = tmp_path / "notebooks" / "exercises"
    folder.mkdir(parents=True)
    cell = {"cell_type": "code", "id": "answer", "source": "7", "outputs": [{"text": "7"}]}
    (folder / "1-x.ipynb").write_text(json.dumps({"cells": [cell]}), encoding="utf-8")

    for path in write_exercises(tmp_path, tmp_path / "out"):
        assert json.loads(path.read_text("utf-8"))["cells"][0]["outputs"] == []


def test_work_is_not_overwritten(tmp_path: Path) -> None:
    """A file that exists already may be somebody's work: nothing is written."""
    write_exercises(ROOT, tmp_path)
    (work,) = (tmp_path / "exercises").glob("3-*")
    work.write_text("mine", encoding="utf-8")
    (tmp_path / "solutions" / work.name).unlink()

    with pytest.raises(NotebookError, match="somebody's work"):
        write_exercises(ROOT, tmp_path)

    assert work.read_text("utf-8") == "mine"
    assert not (tmp_path / "solutions" / work.name).exists()


@pytest.mark.parametrize(
    "code",
    [
        "### BEGIN SOLUTION\nx = 1",
        "x = 1\n### END SOLUTION",
        "### BEGIN SOLUTION\n" * 2 + "### END SOLUTION",
        "### END SOLUTION\n### BEGIN SOLUTION",
    ],
)
def test_marker_that_is_missing_is_refused(tmp_path: Path, code: str) -> None:
    """A solution that never ends would be given to students, or hide the code that follows."""
    folder = tmp_path / "notebooks" / "exercises"
    folder.mkdir(parents=True)
    cell = {"cell_type": "code", "id": "answer", "source": code}
    (folder / "1-x.ipynb").write_text(json.dumps({"cells": [cell]}), encoding="utf-8")

    with pytest.raises(NotebookError, match=r"1-x\.ipynb: cell answer"):
        write_exercises(tmp_path, tmp_path / "out")
