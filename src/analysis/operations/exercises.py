"""Exercises on a study: their files, and answers compared with claims, as ``verify`` does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd

from analysis.errors import ClaimError, NotebookError, closest, count
from analysis.publishing.claim_diff import changed_claims, describe_claim, read_claims
from analysis.study.language import write_coefficient

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from analysis.operations.study_frames import StudyFrames
    from analysis.publishing.claim_diff import Claims

    Answer: TypeAlias = "float | tuple[int, int] | Collection[str] | None"

PLANTED = "criminalization"
IDS = {"segments": "segment", "focus_groups": "focus group"}

EXERCISES = "exercises"
SOLUTIONS = "solutions"
BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
STUB = "# YOUR CODE HERE"
SOLUTION = re.compile(rf"^( *){BEGIN}\n(.*?)\n? *{END}$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Feedback:
    """Whether answers are those that are published, and what to show whoever gave them.

    Parameters
    ----------
    is_right : bool
        Whether all answers are.
    text : str
        A line for each answer, and a hint unless all are right.
    """

    is_right: bool
    text: str

    def __repr__(self) -> str:
        """Return the words."""
        return self.text


def check_answers(study: StudyFrames, answers: Mapping[str, Answer], *, hint: str) -> Feedback:
    """Compare answers with the published claims that they are to reproduce.

    Parameters
    ----------
    study : StudyFrames
        The study, or a place of it.
    answers : mapping of str to answer
        By the id of the claim: its number; a pair for a count of focus groups, as ``(7, 13)``; the
        ids of the segments or focus groups that it rests on; or None for no answer yet.
    hint : str
        Shown unless all answers are right.

    Raises
    ------
    ClaimError
        When an id is that of no published claim, with the closest one.
    """
    published = {name[1]: claim for name, claim in _published(study).items()}
    lines, right = [], True
    for identifier, answer in answers.items():
        if identifier not in published:
            near = closest(identifier, published)
            raise ClaimError(
                f"No published report makes the claim {identifier}{near}.",
                remedy="build the reports of the study first, or correct the id",
            )
        is_right, line = _compare(published[identifier], answer)
        right &= is_right
        lines.append(line)
    text = "\n".join(lines)
    return Feedback(is_right=True, text=text) if right else _not_yet(text, hint)


def _compare(claim: Mapping[str, Any], answer: Answer) -> tuple[bool, str]:
    """Return whether an answer agrees with a claim, and a line about it."""
    label = claim["label"]
    if answer is None:
        return False, f"No answer yet: {label}."
    given = _as_claim(claim, answer)
    if given is None:
        is_count = claim["denominator"] is not None
        wanted = "a pair, as (7, 13), or a list of ids" if is_count else "a number, as 7"
        return False, f"Not yet: give {wanted}, for: {label}."
    name = ("", claim["id"])
    if changed_claims({name: dict(claim)}, {name: given}):
        return False, f"Not yet: {label}: {describe_claim(given)} isn't what is published."
    for ids, noun in IDS.items():
        if set(given[ids]) != set(claim[ids]):
            others = count(len(claim[ids]), noun)
            return False, f"Not yet: {label}: the published number rests on {others}, not on these."
    return True, f"Right: {label}: {describe_claim(claim)}."


def _as_claim(claim: Mapping[str, Any], answer: Any) -> dict[str, Any] | None:  # noqa: ANN401
    """Return the claim with an answer as its value or evidence; None if it can't have one."""
    is_count = claim["denominator"] is not None
    is_many = isinstance(answer, Iterable) and not isinstance(answer, str | pd.DataFrame)
    parts = [*answer] if is_many else [answer]
    if parts and all(isinstance(each, str) and each.split() == [each] for each in parts):
        of_segments = bool(set(parts) & set(claim["segments"])) or not claim["focus_groups"]
        return {**claim, "segments" if of_segments else "focus_groups": parts}
    are_numbers = all(isinstance(each, Real) and isfinite(each) for each in parts)
    if not are_numbers or len(parts) != 1 + is_count:
        return None
    value, *of = (int(each) if isinstance(each, Integral) else float(each) for each in parts)
    if of:
        return {**claim, "value": value, "numerator": value, "denominator": of[0]}
    # A coefficient is given as the report shows it, or with all its digits.
    published = claim["value"]
    is_shown_so = published is not None and write_coefficient(value) == write_coefficient(published)
    return {**claim, "value": published if is_shown_so else value}


def plant_error(place: StudyFrames) -> pd.DataFrame:
    """Return the codings of a region, with one more that doesn't belong there."""
    codings = place.codings
    raised = codings.loc[codings["code"] == PLANTED, "focus_group"].unique()
    silent = codings[~codings["focus_group"].isin(raised)]
    theme = codings.loc[codings["code"] == PLANTED, "theme"].iloc[0]
    at = silent.index[len(silent) // 2]
    planted = codings.loc[[at]].assign(code=PLANTED, theme=theme)
    return pd.concat([codings.loc[:at], planted, codings.loc[at + 1 :]], ignore_index=True)


def check_codings(place: StudyFrames, codings: pd.DataFrame | None, *, hint: str) -> Feedback:
    """Count the prevalence of each code from codings, and compare with what is published.

    Parameters
    ----------
    place : StudyFrames
        The region.
    codings : DataFrame or None
        Its codings without the planted one; None for no answer yet.
    hint : str
        Shown if a number differs.
    """
    if codings is None:
        return _not_yet("No answer yet.", hint)
    given = getattr(codings, "columns", ())
    columns = [name for name in ("focus_group", "code") if name not in given]
    if columns:
        return _not_yet(f"Not yet: the table has no column {columns[0]}.", hint)
    codes = place.codebook["code"]
    names = {f"{place.only}.prevalence.{code}": code for code in codes}
    before = {name: claim for name, claim in _published(place).items() if name[1] in names}
    groups = codings.groupby("code")["focus_group"].nunique()
    of = codings["focus_group"].nunique()
    after = {}
    for name, claim in before.items():
        counted = int(groups.get(names[name[1]], 0))
        after[name] = {**claim, "value": counted, "numerator": counted, "denominator": of}
    moved = changed_claims(before, after)
    if moved:
        first = f"{moved[0].label}: {moved[0].new}, published {moved[0].old}"
        many = f"{len(moved)} of {len(before)} numbers differ" if len(moved) > 1 else "1 differs"
        return _not_yet(f"Not yet: {many}. {first}.", hint)
    return Feedback(is_right=True, text=f"Right: {len(before)} of {len(before)} numbers hold.")


def _not_yet(text: str, hint: str) -> Feedback:
    return Feedback(is_right=False, text=f"{text}\nHint: {hint}")


def _published(study: StudyFrames) -> Claims:
    return read_claims(study.opened.root / "reports" / study.opened.settings.name)


def write_exercises(root: Path, out: Path) -> list[Path]:
    """Write each exercise twice: without its solution, and with it.

    Parameters
    ----------
    root : Path
        The folder with ``notebooks/exercises/``, whose notebooks have both, the solution between
        nbgrader's markers.
    out : Path
        The folder to write ``exercises/`` and ``solutions/`` in.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    NotebookError
        When there is no exercise, a marker is missing, or a file exists already: it may be
        somebody's work.
    """
    sources = sorted((root / "notebooks" / EXERCISES).glob("*.ipynb"))
    if not sources:
        raise NotebookError(
            "There are no exercises.",
            offenders=[f"notebooks/{EXERCISES}/ has no notebook"],
            remedy="restore the folder from the repository",
        )
    written = {
        out / folder / source.name: _version(source, with_solution=folder == SOLUTIONS)
        for folder in (EXERCISES, SOLUTIONS)
        for source in sources
    }
    if existing := [str(path) for path in written if path.exists()]:
        raise NotebookError(
            "Exercises exist already; nothing was written.",
            offenders=existing,
            expected="a folder without them: they may be somebody's work",
            remedy="give another folder",
        )
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(written)


def _version(source: Path, *, with_solution: bool) -> str:
    """Return a notebook with or without its solution, and without outputs."""
    notebook = json.loads(source.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            code = "".join(cell["source"])
            _require_markers(code, f"notebooks/{EXERCISES}/{source.name}: cell {cell['id']}")
            code = SOLUTION.sub(r"\2" if with_solution else rf"\1{STUB}", code)
            cell.update(source=code, outputs=[], execution_count=None)
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _require_markers(code: str, where: str) -> None:
    """Refuse a solution that never starts or ends: it would be given to students."""
    solved = SOLUTION.sub(r"\2", code)
    if BEGIN in solved or END in solved:
        raise NotebookError(
            "A solution lacks a marker.",
            offenders=[where],
            expected=f"{BEGIN} and {END}, each on a line of its own, in turn",
            remedy="add the one that is missing",
        )
