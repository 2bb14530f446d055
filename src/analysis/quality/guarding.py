"""The guarding of a study in a build: part by part as received, and place by place when cleaned."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from analysis.quality import library
from analysis.quality.guard_context import context_of
from analysis.quality.guards import Drafts, Guarded
from analysis.quality.linked_tables import LinkedTables
from analysis.quality.personal_data.study_texts import require_impersonal
from analysis.quality.suites import read_suites
from analysis.quality.whole_study import suites_of_parts, whole_study
from analysis.tables import segments
from analysis.tables.ahead import take_ahead
from analysis.tables.build_folder import WHOLE
from analysis.tables.parted import CLEANED_TABLES, Parting
from analysis.tables.parting import number_rows, read_part
from analysis.tables.received import COLUMNS, read_table, table_path
from analysis.tables.settled_codes import read_settled_codes
from analysis.tables.table_files import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from analysis.quality.outcomes import GuardReport, Stage
    from analysis.quality.suites import Suite
    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.build_folder import BuildFolder

    # A part of the tables, or the whole of them, and the stage at which it is guarded.
    PartAtStage: TypeAlias = tuple[str, Stage]

# Parts of so many rows are guarded at once: more take hardly less time for each, but more memory.
ROWS_AT_ONCE = 300_000


def prepare() -> None:
    """Import what judges, which takes seconds, so that guarding need not wait for it."""
    library.prepare()


def guard_parts(
    opened: OpenedStudy, build: BuildFolder, asked: Iterable[PartAtStage]
) -> Iterator[GuardReport]:
    """Yield what the suites find in parts of a study's tables, part by part.

    Small parts are guarded together, which takes hardly longer than one of them alone.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    build : BuildFolder
        Holds the parts as received, how they were parted, and the cleaned tables.
    asked : iterable of (str, str)
        A place and ``cleaned``; a part and ``received``; or the whole and ``received``, for what
        no part can tell.

    Raises
    ------
    GuardError
        When a suite cannot be used, or the study says something personal beside its tables.
    """
    suites = read_suites(opened.root / "expectations")
    context = context_of(opened)
    require_impersonal(opened, context.privacy_exceptions)
    guarded = (_guarded(opened, build, suites, each) for each in asked)
    # The next batch is read and derived while one is evaluated.
    for drafts in take_ahead(Drafts(each, context) for each in _in_batches(guarded)):
        yield from drafts.reports()


def telling_alone(opened: OpenedStudy) -> frozenset[str]:
    """Return the expectations that touch numbers by what tables as received alone can tell.

    Of all others, cleaned tables tell what still falls short when reports count.

    Parameters
    ----------
    opened : OpenedStudy
        The study.

    Raises
    ------
    GuardError
        When a suite cannot be used.
    """
    suites = read_suites(opened.root / "expectations")
    cleaned = {each.id for suite in suites for each in suite.at("cleaned")}
    received = (each for suite in suites for each in suite.at("received") if each.touches)
    return frozenset(each.id for each in received) - cleaned


def _in_batches(guarded: Iterable[Guarded]) -> Iterator[list[Guarded]]:
    """Yield what is guarded together."""
    waiting: list[Guarded] = []
    for each in guarded:
        waiting.append(each)
        if sum(each.tables.rows for each in waiting) >= ROWS_AT_ONCE:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def _guarded(
    opened: OpenedStudy, build: BuildFolder, suites: Sequence[Suite], asked: PartAtStage
) -> Guarded:
    part, stage = asked
    if stage == "cleaned":
        return Guarded(tables=_read_cleaned(opened, build, part), stage=stage, suites=suites)
    if part == WHOLE:
        parting = Parting.from_json(build.parting.read_text(encoding="utf-8"))
        return whole_study(opened, build, parting, suites)
    received = read_part(opened, build, part).by_name()
    tables = LinkedTables({name: received[name] for name in TABLES})
    return Guarded(tables=tables, stage=stage, suites=suites_of_parts(suites))


def _read_cleaned(opened: OpenedStudy, build: BuildFolder, place: str) -> LinkedTables:
    folder, received = build.cleaned(place), build.received(place)
    tables = {
        **{name: pd.read_parquet(folder / f"{name}.parquet") for name in CLEANED_TABLES},
        "code_applications": read_settled_codes(opened.folder, build, place),
    }
    stood = pd.read_parquet(received / "segments.parquet", columns=list(segments.IN_TEMPLATE))
    # Cleaning leaves the codebook as it is; what falls short in it stands beside numbers too.
    codebook = read_table(table_path(opened.folder, "codebook"), COLUMNS["codebook"])
    return LinkedTables({"codebook": codebook, **number_rows(tables, received)}, stood)
