"""Submissions taken into a study: all of them, or none."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import CompendiumError, SourceError, StorageError
from analysis.intake.apart import ReadingApart
from analysis.intake.focus_group import FocusGroup, FocusGroups
from analysis.intake.limits import read_limited
from analysis.intake.received_file import read_submissions
from analysis.intake.written_places import read_given_places
from analysis.study.changeover import Changeover, complete_changeover
from analysis.study.places import read_places
from analysis.study.root import SETTINGS_FILE
from analysis.study.settings import Study, read_study
from analysis.tables import focus_groups, segments
from analysis.tables.appending import append_rows
from analysis.tables.received import table_paths
from analysis.tables.registry import FILE, RAW, Received, read_registry, registry_text
from analysis.tables.standing_groups import StandingGroups, read_standing_groups
from analysis.tables.submission_rows import (
    SYNTHETIC,
    VERBATIM,
    base_name,
    focus_group_row,
    name_focus_group,
    segment_rows,
    words_digest,
)
from analysis.tables.taken_in import SentFile, TakenIn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from analysis.intake.submission import Submission

FOR_OWNER_ALONE = 0o600
AGAIN = "correct what is named, and import all files again"


@dataclass(frozen=True)
class _Entry:
    """A submission on its way in."""

    sent: SentFile
    submission: Submission
    group: FocusGroup
    name: str
    raw: str

    def received(self) -> Received:
        kind = "survey" if self.submission.where else "submission"
        words = words_digest(self.submission)
        return Received(self.raw, self.sent.sha256, kind, self.name, words)

    def taken_in(self) -> TakenIn:
        return TakenIn(
            focus_group=self.name,
            raw=self.raw,
            sent_as=self.sent.place(self.submission),
            segments=len(self.submission.points),
            consent=self.group.consent,
            account=self.submission.account,
            repairs=self.submission.repairs,
            suspicions=(*self.submission.suspicions, *self.group.suspicions),
            remainder=self.submission.remainder,
        )


def import_submissions(
    root: Path, study: str, files: Sequence[Path], places: Path | None = None
) -> tuple[TakenIn, ...]:
    """Take submissions into a study, and return what became of each.

    Parameters
    ----------
    root : Path
        The folder with ``data/``.
    study : str
        The study.
    files : sequence of Path
        The files as received.
    places : Path, optional
        A table that says where, and when, focus groups met whose submissions do not say it.

    Raises
    ------
    CompendiumError
        When any file or submission cannot be taken in, naming each; nothing was written then.
    """
    folder = root / "data" / study
    settings = read_study(folder)
    with _alone(folder):
        complete_changeover(folder)
        standing = read_standing_groups(folder)
        telling = FocusGroups(
            read_places(root / "data"), read_given_places(places) if places else {}
        )
        sent = _read_files(files)
        entries = _enter(sent, telling, settings, standing)
        try:
            _write(folder, entries, SYNTHETIC if settings.synthetic else VERBATIM)
        except OSError as error:
            raise StorageError(
                "The study cannot be written; nothing was changed.",
                offenders=[f"{study}: {error.strerror}"],
                remedy="make room, or give yourself the right to write there; then import again",
            ) from error
    return tuple(entry.taken_in() for entry in entries)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Refuse to take in while another process does."""
    with (folder / SETTINGS_FILE).open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StorageError(
                f"Another import into {folder.name} is at work.",
                remedy="wait until it has ended; then import again",
            ) from None
        yield


def _read_files(files: Sequence[Path]) -> list[SentFile]:
    """Read every file; what cannot be read is told of all of them at once."""
    sent: list[SentFile] = []
    refused: list[CompendiumError] = []
    with ReadingApart() as apart:
        for path in files:
            try:
                content = read_limited(path)
                sent.append(SentFile(path, content, apart.read(read_submissions, path)))
            except CompendiumError as error:
                refused.append(error)
    if len(refused) == 1 and len(files) == 1:
        raise refused[0]
    if refused:
        raise SourceError(
            f"{len(refused)} of {len(files)} files cannot be read; nothing was written.",
            offenders=[_in_a_line(error) for error in refused],
            expected="files that can all be read",
            remedy=AGAIN,
        )
    return sent


def _in_a_line(error: CompendiumError) -> str:
    told = [error.what, *error.offenders[:3]]
    return " ".join(told) + (f" ({error.remedy})" if error.remedy else "")


def _enter(
    sent: Sequence[SentFile], telling: FocusGroups, settings: Study, standing: StandingGroups
) -> list[_Entry]:
    """Name every submission, or tell of all that cannot be taken in."""
    entries: list[_Entry] = []
    offenders: list[str] = []
    for file in sent:
        raw = ""
        for submission in file.submissions:
            place = file.place(submission)
            group = telling.describe(submission, place, file.path.name)
            faults = [
                *_faults(group, submission, settings),
                *standing.faults(file.sha256, submission),
            ]
            if not group.lacking and base_name(group) in standing.withdrawn:
                faults.append("a focus group of this place and day was withdrawn for good")
            offenders += [f"{place}: {fault}" for fault in faults]
            if not faults:
                name = name_focus_group(group, standing.taken)
                raw = raw or f"{name}{file.path.suffix.casefold()}"
                entries.append(_Entry(file, submission, group, name, raw))
                standing.take(name, submission)
        standing.take_file(file.sha256)
    if offenders:
        raise SourceError(
            "These submissions cannot be taken in; nothing was written.",
            offenders=offenders,
            expected="for each a place, a day, a language of the study, an answer, and to be new",
            remedy=AGAIN,
        )
    return entries


def _faults(group: FocusGroup, submission: Submission, settings: Study) -> Iterator[str]:
    yield from group.lacking
    if submission.language not in settings.languages:
        yield f"its language is {submission.language}: add that to languages in study.yaml"
    if group.held_on and group.held_on > settings.as_of:
        yield f"its date is later than {settings.as_of}, the as_of of study.yaml"
    if not submission.points:
        yield "no question is answered"


def _write(folder: Path, entries: Sequence[_Entry], text_kind: str) -> None:
    """Write tables, raw copies and logs, all at once."""
    paths = table_paths(folder)
    groups = [focus_group_row(each.name, each.group, each.submission) for each in entries]
    rows = [
        row
        for each in entries
        for row in segment_rows(each.name, each.submission, text_kind=text_kind)
    ]
    (folder / RAW).mkdir(exist_ok=True)
    with Changeover(folder) as change:
        for path, columns, added in (
            (paths["focus_groups"], focus_groups.COLUMNS, groups),
            (paths["segments"], segments.COLUMNS, rows),
        ):
            append_rows(path, change.stage(path.name), columns, added)
        registry = (*read_registry(folder), *(each.received() for each in entries))
        change.stage(f"{RAW}/{FILE}").write_text(registry_text(registry), encoding="utf-8")
        for raw, of_file in _by_raw(entries).items():
            _write_private(change.stage(f"{RAW}/{raw}"), of_file[0].sent.content)
            change.stage(f"{RAW}/{raw}.import.json").write_text(_log(of_file), encoding="utf-8")
        change.commit()


def _by_raw(entries: Sequence[_Entry]) -> dict[str, list[_Entry]]:
    found: dict[str, list[_Entry]] = {}
    for entry in entries:
        found.setdefault(entry.raw, []).append(entry)
    return found


def _log(entries: Sequence[_Entry]) -> str:
    told = {
        "sha256": entries[0].sent.sha256,
        "submissions": [entry.taken_in().kept() for entry in entries],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _write_private(path: Path, content: bytes) -> None:
    """Write a file that nobody else may read: it holds contacts."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FOR_OWNER_ALONE)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
