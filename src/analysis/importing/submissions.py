"""The import of submissions: focus groups and segments of a study, all of them or none."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from analysis.errors import CompendiumError, SourceError
from analysis.importing.known_groups import CONFIRM, KnownGroups, read_known_groups, words_digest
from analysis.importing.result import RawCopy, add_to_study, hold_study
from analysis.intake.account import ITEMS, AccountLine, sum_lines
from analysis.intake.focus_group import FocusGroups
from analysis.intake.limits import receive
from analysis.intake.reading import read_described
from analysis.intake.sandbox import Sandbox
from analysis.intake.stated_places import read_given_places
from analysis.study.places import folder_of_places, read_places
from analysis.study.root import require_study
from analysis.study.settings import Study, read_study
from analysis.tables import focus_groups, segments
from analysis.tables.received import COLUMNS, read_text_table, table_path
from analysis.tables.registry import Received

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from analysis.intake.focus_group import FocusGroup
    from analysis.intake.limits import ReceivedFile
    from analysis.intake.submission import Repair, Submission, Suspicion

VERBATIM, SYNTHETIC = "verbatim", "synthetic"
CAME_BACK = f"a focus group of this place and day was withdrawn for good: {CONFIRM}"
AGAIN = "correct what is named, and import all files again"


@dataclass(frozen=True)
class ImportedSubmission:
    """What became of one submission.

    Parameters
    ----------
    focus_group : str
        The id that its focus group was given.
    raw : str
        The name of its file in ``raw/``.
    sent_as : str
        The name of its file as received; printed and never kept, for file names name people.
    segments : int
        How many segments it has.
    consent : str
        What its focus group allows.
    account : AccountLine
        What became of its items.
    repairs, suspicions, remainder
        What was repaired, what looks wrong, and where something belongs to no question.
    """

    focus_group: str
    raw: str
    sent_as: str
    segments: int
    consent: str
    account: AccountLine
    repairs: tuple[Repair, ...]
    suspicions: tuple[Suspicion, ...]
    remainder: tuple[str, ...]

    def log(self) -> dict[str, Any]:
        """Return what is kept of this next to the file."""
        return {name: value for name, value in asdict(self).items() if name != "sent_as"}


@dataclass(frozen=True)
class SubmissionsResult:
    """What came of an import of submissions.

    Parameters
    ----------
    study : str
        The study.
    submissions : tuple of ImportedSubmission
        What became of each.
    in_study : mapping of str to int
        The rows of each table after the import.
    """

    study: str
    submissions: tuple[ImportedSubmission, ...]
    in_study: Mapping[str, int]

    @property
    def account(self) -> AccountLine:
        """What became of the items of all submissions."""
        return sum_lines(ITEMS, (each.account for each in self.submissions))


@dataclass(frozen=True)
class _ReadFile:
    """A file as received, and each submission in it with its focus group."""

    file: ReceivedFile
    submissions: tuple[tuple[Submission, FocusGroup], ...]


@dataclass(frozen=True)
class _Entry:
    """A submission that will be imported."""

    file: ReceivedFile
    submission: Submission
    group: FocusGroup
    name: str
    raw: str

    def received(self) -> Received:
        kind = "survey" if self.submission.where else "submission"
        return Received(self.raw, self.file.sha256, kind, self.name, words_digest(self.submission))

    def imported(self) -> ImportedSubmission:
        return ImportedSubmission(
            focus_group=self.name,
            raw=self.raw,
            sent_as=self.submission.place_in(self.file.name),
            segments=len(self.submission.points),
            consent=self.group.consent,
            account=self.submission.account,
            repairs=self.submission.repairs,
            suspicions=(*self.submission.suspicions, *self.group.suspicions),
            remainder=self.submission.remainder,
        )


def import_submissions(
    root: Path, study: str, files: Sequence[Path], met: Path | None = None
) -> SubmissionsResult:
    """Import submissions into a study, and return what became of each.

    Parameters
    ----------
    root : Path
        The folder with ``data/``.
    study : str
        The study.
    files : sequence of Path
        The files as received.
    met : Path, optional
        A table of where and when focus groups met whose submissions don't state it.

    Raises
    ------
    CompendiumError
        When any file or submission cannot be imported, naming each; nothing was written then.
    """
    require_study(root / "data", study)
    with hold_study(root, study) as folder:
        settings = read_study(folder)
        tables = {
            name: read_text_table(table_path(folder, name), COLUMNS[name])
            for name in ("focus_groups", "segments")
        }
        known = read_known_groups(folder, tables)
        describing = FocusGroups(
            read_places(folder_of_places(folder)), read_given_places(met) if met else {}
        )
        entries = _name_submissions(_read_files(files, describing), describing, settings, known)
        in_study = _write(folder, entries, SYNTHETIC if settings.synthetic else VERBATIM)
    return SubmissionsResult(study, tuple(entry.imported() for entry in entries), in_study)


def _read_files(files: Sequence[Path], describing: FocusGroups) -> list[_ReadFile]:
    """Read every file; all that cannot be read are reported at once."""
    reader = partial(read_described, describing)
    found: list[_ReadFile] = []
    refused: list[CompendiumError] = []
    with Sandbox() as sandbox:
        for path in files:
            try:
                file = receive(path)
                found.append(_ReadFile(file, sandbox.read(reader, file)))
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
    return found


def _in_a_line(error: CompendiumError) -> str:
    text = " ".join([error.what, *error.offenders[:3]])
    return text + (f" ({error.remedy})" if error.remedy else "")


def _name_submissions(
    files: Sequence[_ReadFile], describing: FocusGroups, settings: Study, known: KnownGroups
) -> list[_Entry]:
    """Give each submission an id, or report all that cannot be imported."""
    entries: list[_Entry] = []
    offenders: list[str] = []
    for read in files:
        file, raw = read.file, ""
        for submission, group in read.submissions:
            faults = [
                *_faults(group, submission, settings),
                *known.reasons_against(file.sha256, submission, is_another=group.is_another),
                *_came_back(group, known),
            ]
            offenders += [f"{submission.place_in(file.name)}: {fault}" for fault in faults]
            if not faults:
                name = known.name(group)
                raw = raw or f"{name}{file.ending}"
                entries.append(_Entry(file, submission, group, name, raw))
                known.add(name, submission)
        known.add_file(file.sha256)
    offenders += _copies(entries, known)
    offenders += [
        f"row {row} of the table for --met: no imported file has this submission"
        for row in describing.unmatched(group for read in files for _, group in read.submissions)
    ]
    if offenders:
        raise SourceError(
            "These submissions cannot be imported; nothing was written.",
            offenders=offenders,
            expected="for each a place, a day, a language of the study, an answer, and to be new",
            remedy=AGAIN,
        )
    return entries


def _copies(entries: Sequence[_Entry], known: KnownGroups) -> Iterator[str]:
    """Yield the submissions that seem to be copies, unless a person says that they are not."""
    copies = known.find_copies(
        {each.name: [point.text for point in each.submission.points] for each in entries},
        {each.name for each in entries if each.group.is_another},
    )
    for each in entries:
        if each.name in copies:
            place = each.submission.place_in(each.file.name)
            yield f"{place}: {copies[each.name]}: {CONFIRM}"


def _faults(group: FocusGroup, submission: Submission, settings: Study) -> Iterator[str]:
    yield from group.missing
    if submission.language not in settings.languages:
        yield f"its language is {submission.language}: add that to languages in study.yaml"
    if group.held_on and group.held_on > settings.as_of:
        yield f"its date {group.held_on} is later than {settings.as_of}, the as_of of study.yaml"
    if not submission.points:
        yield "no question is answered"


def _came_back(group: FocusGroup, known: KnownGroups) -> Iterator[str]:
    """Yield that a focus group of this place and day was withdrawn, unless this is another."""
    is_doubtful = not (group.missing or group.is_another)
    if is_doubtful and known.has_withdrawn(group.places, str(group.held_on)):
        yield CAME_BACK


def _write(folder: Path, entries: Sequence[_Entry], text_kind: str) -> dict[str, int]:
    """Write rows, raw copies and logs, all at once; return the rows of each table then."""
    rows: dict[str, list[dict[str, str]]] = {"focus_groups": [], "segments": []}
    by_raw: dict[str, list[_Entry]] = {}
    for each in entries:
        rows["focus_groups"].append(_focus_group_row(each))
        rows["segments"] += _segment_rows(each, text_kind)
        by_raw.setdefault(each.raw, []).append(each)
    return add_to_study(folder, rows, [_raw_copy(raw, of) for raw, of in by_raw.items()])


def _raw_copy(raw: str, entries: Sequence[_Entry]) -> RawCopy:
    file = entries[0].file
    return RawCopy(
        raw,
        file.content,
        tuple(each.received() for each in entries),
        {"sha256": file.sha256, "submissions": [each.imported().log() for each in entries]},
    )


def _focus_group_row(entry: _Entry) -> dict[str, str]:
    group = entry.group
    return dict.fromkeys(focus_groups.COLUMNS, "") | {
        focus_groups.FOCUS_GROUP: entry.name,
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
        focus_groups.RECEIVED_BY: (
            "survey form" if entry.submission.where else "filled-in template"
        ),
        focus_groups.SOURCE_SHA256: entry.submission.source_sha256,
    }


def _segment_rows(entry: _Entry, text_kind: str) -> list[dict[str, str]]:
    return [
        dict.fromkeys(segments.COLUMNS, "")
        | {
            segments.SEGMENT: f"{entry.name}.{point.place}",
            segments.FOCUS_GROUP: entry.name,
            segments.SECTION: point.section,
            segments.QUESTION: point.question,
            segments.POSITION: point.position,
            segments.ROLE: point.role,
            segments.TEXT: point.text,
            segments.TEXT_KIND: text_kind,
            segments.LANGUAGE: entry.submission.language,
        }
        for point in entry.submission.points
    ]
