"""The corpus of a place: the focus groups that a report counts, with their segments and codings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import PlaceError
from analysis.quality.outcomes import read_outcomes
from analysis.study.opened_study import OpenedStudy, open_study
from analysis.study.root import find_root
from analysis.synthesis.codings import count_codings
from analysis.tables.build_folder import build_folder
from analysis.tables.cleaning import CleanedTables, clean, read_cleaned
from analysis.tables.focus_groups import CONSENT_TO_COUNT, CONSENT_TO_SHOW
from analysis.tables.placing import homes_of, lies_in, overlaps, places_to_report, tables_of_place
from analysis.tables.received import read_received
from analysis.tables.segments import sort_key
from analysis.tables.text_cleaning import read_spelling, steps_of_cleaning

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from analysis.quality.outcomes import Outcome

PARTS = ("focus_groups", "segments", "codings", "set_aside")
SEGMENT_COLUMNS = (
    "segment",
    "focus_group",
    "section",
    "question",
    "cell",
    "position",
    "role",
    "is_heading",
    "label",
    "text",
    "text_kind",
    "language",
    "shown_in",
)


@dataclass(frozen=True)
class Corpus:
    """What a report on a place is written from.

    Parameters
    ----------
    study : OpenedStudy
        The study.
    place : str
        A region or a continent.
    focus_groups : DataFrame
        The focus groups counted, with their ``home``.
    context : DataFrame
        Focus groups that overlap the place without lying in it: named, never counted.
    segments : DataFrame
        The segments of the focus groups counted, in the template's order. ``text`` and ``label``
        are empty where consent is for counts only; ``text`` also where another report shows it
        (``shown_in``).
    context_segments : DataFrame
        The segments of context that no narrower report holds, likewise.
    codings : DataFrame
        The codings counted.
    set_aside : DataFrame
        Segments that cleaning set aside.
    warnings : tuple of Outcome
        Expectations that fell short of what is counted, without stopping it.
    """

    study: OpenedStudy
    place: str
    focus_groups: pd.DataFrame
    context: pd.DataFrame
    segments: pd.DataFrame
    context_segments: pd.DataFrame
    codings: pd.DataFrame
    set_aside: pd.DataFrame
    warnings: tuple[Outcome, ...]

    @property
    def name(self) -> str:
        """The name of the place."""
        return self.study.places.name(self.place)

    @property
    def is_single(self) -> bool:
        """Whether one focus group alone is counted, so that no prevalence can be told."""
        return len(self.focus_groups) == 1

    @cached_property
    def codable(self) -> pd.DataFrame:
        """Segments that can bear codes: all but points that only head sub-points."""
        return self.segments[~self.segments["is_heading"]]

    @cached_property
    def points(self) -> pd.DataFrame:
        """Segments that count as points: sub-points count within the point that heads them."""
        return self.segments[self.segments["role"] != "subpoint"]

    @cached_property
    def meetings(self) -> dict[str, tuple[str, str]]:
        """The places and the date of each focus group, counted or context."""
        groups = pd.concat([self.focus_groups, self.context])
        held = zip(groups["places"], groups["held_on"], strict=True)
        return dict(zip(groups["focus_group"], held, strict=True))

    @cached_property
    def coded_groups(self) -> list[str]:
        """Focus groups with a coded segment: the denominator of themes and codes."""
        return sorted(self.codings["focus_group"].unique())

    def answered(self, cell: str) -> list[str]:
        """Return the focus groups that answered a cell: its denominator."""
        codable = self.codable
        return sorted(codable.loc[codable["cell"] == cell, "focus_group"].unique())


def open_corpus(study: str, place: str) -> Corpus:
    """Return the corpus of a place.

    In a build it is read from what earlier steps left; elsewhere it is worked out from the tables
    as received, so that a notebook runs as it stands.

    Parameters
    ----------
    study : str
        The study.
    place : str
        A region or a continent, by code or name.

    Raises
    ------
    StudyError
        When there is no such study.
    PlaceError
        When the place is unknown, or no focus group of the study lies in it.
    """
    opened = open_study(find_root(), study)
    place = opened.places.resolve(place)
    if opened.places.scope(place) == "continent":
        return _open_continent(opened, place)
    return _open_region(opened, place)


def _open_region(opened: OpenedStudy, place: str) -> Corpus:
    own = _own_parts(opened, place)
    return _corpus(opened, place, [own], context_parts=None)


def _open_continent(opened: OpenedStudy, place: str) -> Corpus:
    own = _own_parts(opened, place)
    groups = read_received(opened.folder).focus_groups
    regions, _ = places_to_report(groups, opened.places, opened.settings.continents)
    in_part = [region for region in regions if opened.places.overlaps(region, place)]
    parts = [_without_text(_region_parts(opened, region), region) for region in in_part]
    return _corpus(opened, place, [*parts, own], context_parts=own)


Parts = dict[str, pd.DataFrame]


def _corpus(
    opened: OpenedStudy, place: str, parts: list[Parts], *, context_parts: Parts | None
) -> Corpus:
    whole = {name: _concat([part[name] for part in parts]) for name in PARTS}
    groups = whole["focus_groups"]
    inside = groups["places"].map(lambda at: lies_in(at, place, opened.places)).astype(bool)
    counted = groups[inside & groups["counts"]]
    if not len(groups):
        raise PlaceError(
            f"No focus group of {opened.settings.name} lies in {place}.",
            remedy="choose a place that the study's focus groups lie in",
        )
    context = _context(opened, place)
    names = set(counted["focus_group"])
    own = context_parts["segments"] if context_parts else whole["segments"].iloc[:0]
    return Corpus(
        study=opened,
        place=place,
        focus_groups=counted.reset_index(drop=True),
        context=context,
        segments=_of(whole["segments"], names),
        context_segments=_of(own, set(context["focus_group"])),
        codings=_of(whole["codings"], names),
        set_aside=_of(whole["set_aside"], names),
        warnings=_warnings(opened, groups["home"].unique(), names),
    )


def _concat(frames: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    return pd.concat(filled, ignore_index=True)


def _of(table: pd.DataFrame, groups: set[str]) -> pd.DataFrame:
    return table[table["focus_group"].isin(groups)].reset_index(drop=True)


def _context(opened: OpenedStudy, place: str) -> pd.DataFrame:
    groups = read_received(opened.folder).focus_groups
    held_at = groups["places"]
    touching = held_at.map(lambda at: overlaps(at, place, opened.places)).astype(bool)
    inside = held_at.map(lambda at: lies_in(at, place, opened.places)).astype(bool)
    named = (groups["withdrawn"] == "") & groups["consent"].isin(CONSENT_TO_COUNT)
    context = groups[touching & ~inside & named]
    return context.assign(home=homes_of(context, opened.places)).reset_index(drop=True)


def cleaned_tables(opened: OpenedStudy, place: str) -> CleanedTables:
    """Return the cleaned tables of the focus groups at home in a place.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    place : str
        A region or a continent.
    """
    build = build_folder(opened.root, opened.settings.name)
    if build is not None and build.cleaned(place).is_dir():
        return read_cleaned(build.cleaned(place))
    received = tables_of_place(read_received(opened.folder), place, opened.places)
    return clean(received, steps_of_cleaning(read_spelling(opened.spelling_path)))


def _own_parts(opened: OpenedStudy, place: str) -> Parts:
    """Return the parts of a place from its cleaned tables, withholding what consent withholds."""
    cleaned = cleaned_tables(opened, place)
    groups = cleaned.focus_groups
    consenting = groups["consent"].isin(CONSENT_TO_COUNT) & (groups["withdrawn"] == "")
    shown = groups.loc[groups["consent"].isin(CONSENT_TO_SHOW), "focus_group"]
    segments = _in_template_order(cleaned.segments, opened)
    hidden = ~segments["focus_group"].isin(shown)
    withheld = segments.assign(
        label=segments["label"].mask(hidden, ""),
        text=segments["text"].mask(hidden, ""),
        shown_in=pd.Series(place, index=segments.index, dtype="str").mask(hidden, ""),
    )
    return {
        "focus_groups": groups.assign(
            home=homes_of(groups, opened.places).astype("str"), counts=consenting
        ),
        "segments": withheld[list(SEGMENT_COLUMNS)],
        "codings": count_codings(
            segments[~segments["is_heading"]],
            cleaned.code_applications,
            opened.codebook,
            opened.settings.publication.coding,
        ),
        "set_aside": cleaned.set_aside,
    }


def _in_template_order(segments: pd.DataFrame, opened: OpenedStudy) -> pd.DataFrame:
    cells = {cell: order for order, cell in enumerate(opened.instrument.cells)}
    keys = pd.DataFrame(
        {
            "focus_group": segments["focus_group"],
            "cell": segments["cell"].map(cells),
            "position": segments["position"].map(sort_key),
        },
        index=segments.index,
    )
    return segments.loc[keys.sort_values(["focus_group", "cell", "position"]).index]


def _region_parts(opened: OpenedStudy, region: str) -> Parts:
    build = build_folder(opened.root, opened.settings.name)
    if build is not None and build.aggregates(region).is_dir():
        return read_parts(build.aggregates(region))
    return _own_parts(opened, region)


def _without_text(parts: Parts, region: str) -> Parts:
    """Return parts whose texts, but for those that travel as excerpts, stand in another report."""
    segments = parts["segments"]
    shown = segments["shown_in"].mask(segments["shown_in"] != "", region)
    return {**parts, "segments": segments.assign(shown_in=shown)}


def _warnings(opened: OpenedStudy, places: Iterable[str], groups: set[str]) -> tuple[Outcome, ...]:
    build = build_folder(opened.root, opened.settings.name)
    if build is None:
        return ()
    found = [
        outcome
        for place in sorted(places)
        if build.outcomes(f"cleaned-{place}").is_file()
        for outcome in read_outcomes(build.outcomes(f"cleaned-{place}")).warnings
    ]
    return tuple(outcome for outcome in found if not groups.isdisjoint(outcome.focus_groups))


def read_parts(folder: Path) -> Parts:
    """Return the parts that a narrower report left."""
    return {name: pd.read_parquet(folder / f"{name}.parquet") for name in PARTS}


def write_parts(corpus: Corpus, segments_with_text: Iterable[str]) -> bool:
    """Leave what a wider report is built from, and return whether this is part of a build.

    Parameters
    ----------
    corpus : Corpus
        The corpus of a region.
    segments_with_text : iterable of str
        The segments whose text travels on as excerpts; the text of all others stays here.
    """
    build = build_folder(corpus.study.root, corpus.study.settings.name)
    if build is None:
        return False
    folder = build.aggregates(corpus.place)
    folder.mkdir(parents=True, exist_ok=True)
    kept = corpus.segments["segment"].isin(set(segments_with_text))
    parts = replace(
        corpus, segments=corpus.segments.assign(text=corpus.segments["text"].where(kept, ""))
    )
    for name in PARTS:
        getattr(parts, name).to_parquet(folder / f"{name}.parquet", index=False)
    return True
