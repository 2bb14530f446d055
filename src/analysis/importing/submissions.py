"""Submissions become focus groups and segments of a study: all of them, or none."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from analysis.errors import CompendiumError, SourceError
from analysis.importing.known_groups import (
    StandingGroups,
    name_focus_group,
    read_standing_groups,
    words_digest,
)
from analysis.importing.result import RawCopy, add_to_study, digest_of_file, study_held
from analysis.intake.account import Account, sum_accounts
from analysis.intake.focus_group import FocusGroups
from analysis.intake.limits import receive
from analysis.intake.reading import read_described
from analysis.intake.sandbox import Sandbox
from analysis.intake.stated_places import read_given_places
from analysis.study.places import folder_of_places, read_places
from analysis.study.root import require_study
from analysis.study.settings import Study, read_study
from analysis.tables import focus_groups, segments
from analysis.tables.registry import Received

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from analysis.intake.focus_group import FocusGroup
    from analysis.intake.submission import Repair, Submission, Suspicion


@dataclass(frozen=True)
class SentFile:
    """A file as it was sent.

    Parameters
    ----------
    path : Path
        Where it is.
    content : bytes
        Its content.
    told : tuple of (Submission, FocusGroup)
        The submissions that it holds, each with the focus group that it tells of.
    """

    path: Path
    content: bytes
    told: tuple[tuple[Submission, FocusGroup], ...]

    @property
    def sha256(self) -> str:
        """Return the digest of its content."""
        return digest_of_file(self.content)


@dataclass(frozen=True)
class TakenIn:
    """A submission that was taken in.

    Parameters
    ----------
    focus_group : str
        The id that its focus group was given.
    raw : str
        What its file is called in ``raw/``.
    sent_as : str
        Where it stood in what was sent; told and never kept, for names of files name people.
    segments : int
        How many segments it has.
    consent : str
        What its focus group allows.
    account : Account
        What became of its items.
    repairs, suspicions, remainder
        What was mended, what looks wrong, and where something belongs to no question.
    """

    focus_group: str
    raw: str
    sent_as: str
    segments: int
    consent: str
    account: Account
    repairs: tuple[Repair, ...]
    suspicions: tuple[Suspicion, ...]
    remainder: tuple[str, ...]

    def kept(self) -> dict[str, Any]:
        """Return what is kept of this beside the file."""
        return {name: value for name, value in asdict(self).items() if name != "sent_as"}


def account_of(taken: Sequence[TakenIn]) -> Account:
    """Return the account of all that was taken in."""
    return sum_accounts(each.account for each in taken)


VERBATIM, SYNTHETIC = "verbatim", "synthetic"


def focus_group_row(name: str, group: FocusGroup, submission: Submission) -> dict[str, str]:
    """Return the row of a focus group."""
    return dict.fromkeys(focus_groups.COLUMNS, "") | {
        focus_groups.FOCUS_GROUP: name,
        focus_groups.TITLE: group.title,
        focus_groups.HELD_ON: str(group.held_on),
        focus_groups.SCOPE: group.scope,
        focus_groups.PLACES: ";".join(group.places),
        focus_groups.SPEAKS_OF: ";".join(group.speaks_of),
        focus_groups.ORGANISER: group.organiser,
        focus_groups.THEME: group.theme,
        focus_groups.PARTICIPANTS: group.participants,
        focus_groups.LANGUAGE: group.language,
        focus_groups.CONSENT: group.consent,
        focus_groups.RECEIVED_BY: "survey form" if submission.where else "filled-in template",
        focus_groups.SOURCE_SHA256: submission.source_sha256,
    }


def segment_rows(name: str, submission: Submission, *, text_kind: str) -> list[dict[str, str]]:
    """Return the rows of the segments of a submission, in its order."""
    return [
        dict.fromkeys(segments.COLUMNS, "")
        | {
            segments.SEGMENT: f"{name}.{point.place}",
            segments.FOCUS_GROUP: name,
            segments.SECTION: point.section,
            segments.QUESTION: point.question,
            segments.POSITION: point.position,
            segments.ROLE: point.role,
            segments.TEXT: point.text,
            segments.TEXT_KIND: text_kind,
            segments.LANGUAGE: submission.language,
        }
        for point in submission.points
    ]


CAME_BACK = (
    "a focus group of this place and day was withdrawn for good: where this is another one, "
    "say yes under another in a table for --met"
)
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
            sent_as=self.submission.place_in(self.sent.path.name),
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
    require_study(root / "data", study)
    with study_held(root, study) as folder:
        settings = read_study(folder)
        standing = read_standing_groups(folder)
        telling = FocusGroups(
            read_places(folder_of_places(folder)), read_given_places(places) if places else {}
        )
        sent = _read_files(files, telling)
        entries = _enter(sent, telling, settings, standing)
        _write(folder, entries, SYNTHETIC if settings.synthetic else VERBATIM)
    return tuple(entry.taken_in() for entry in entries)


def _read_files(files: Sequence[Path], telling: FocusGroups) -> list[SentFile]:
    """Read every file; what cannot be read is told of all of them at once."""
    reader = partial(read_described, telling)
    sent: list[SentFile] = []
    refused: list[CompendiumError] = []
    with Sandbox() as sandbox:
        for path in files:
            try:
                file = receive(path)
                sent.append(SentFile(path, file.content, sandbox.read(reader, file)))
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
        for submission, group in file.told:
            place = submission.place_in(file.path.name)
            faults = [
                *_faults(group, submission, settings),
                *standing.faults(file.sha256, submission, is_another=group.is_another),
            ]
            is_asked = not (group.missing or group.is_another)
            if is_asked and standing.left_from(group.places, str(group.held_on)):
                faults.append(CAME_BACK)
            offenders += [f"{place}: {fault}" for fault in faults]
            if not faults:
                name = name_focus_group(group, standing.taken)
                raw = raw or f"{name}{file.path.suffix.casefold()}"
                entries.append(_Entry(file, submission, group, name, raw))
                standing.take(name, submission)
        standing.take_file(file.sha256)
    offenders += [
        f"row {row} of the table for --met: no such submission"
        for row in telling.unmatched(group for file in sent for _, group in file.told)
    ]
    if offenders:
        raise SourceError(
            "These submissions cannot be taken in; nothing was written.",
            offenders=offenders,
            expected="for each a place, a day, a language of the study, an answer, and to be new",
            remedy=AGAIN,
        )
    return entries


def _faults(group: FocusGroup, submission: Submission, settings: Study) -> Iterator[str]:
    yield from group.missing
    if submission.language not in settings.languages:
        yield f"its language is {submission.language}: add that to languages in study.yaml"
    if group.held_on and group.held_on > settings.as_of:
        yield f"its date is later than {settings.as_of}, the as_of of study.yaml"
    if not submission.points:
        yield "no question is answered"


def _write(folder: Path, entries: Sequence[_Entry], text_kind: str) -> None:
    """Write tables, raw copies and logs, all at once."""
    rows = {
        "focus_groups": [
            focus_group_row(each.name, each.group, each.submission) for each in entries
        ],
        "segments": [
            row
            for each in entries
            for row in segment_rows(each.name, each.submission, text_kind=text_kind)
        ],
    }
    add_to_study(folder, rows, [_raw_copy(raw, of) for raw, of in _by_raw(entries).items()])


def _by_raw(entries: Sequence[_Entry]) -> dict[str, list[_Entry]]:
    found: dict[str, list[_Entry]] = {}
    for entry in entries:
        found.setdefault(entry.raw, []).append(entry)
    return found


def _raw_copy(raw: str, entries: Sequence[_Entry]) -> RawCopy:
    sent = entries[0].sent
    return RawCopy(
        raw,
        sent.content,
        tuple(each.received() for each in entries),
        {"sha256": sent.sha256, "submissions": [each.taken_in().kept() for each in entries]},
    )
