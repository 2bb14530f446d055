"""What is checked, and against what: the tables of a study, and what the study allows in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING

import pandas as pd

from analysis.quality.personal_data.exceptions import read_exceptions
from analysis.quality.personal_data.lexicon import NO_WORDS, StudyWords, read_study_words
from analysis.quality.personal_data.table_scan import TableScan
from analysis.study.instrument import instrument_languages, read_instrument
from analysis.tables import code_applications, focus_groups, segments
from analysis.tables.near_copies import (
    count_runs,
    count_shared_runs,
    count_words,
    find_alike,
    find_runs,
    fold_words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.quality.personal_data.exceptions import PrivacyException
    from analysis.study.opened_study import OpenedStudy

WIDER_SCOPES = ("region", "continent", "global")
TEXT_KINDS = ("verbatim", "restated", "synthetic")
# What a suite may name as {"$PARAMETER": name}: attributes of the context.
PARAMETERS = (
    "cells",
    "codebook",
    "coders",
    "codes",
    "languages",
    "max_points",
    "places",
    "questions",
    "sections",
    "themes",
    "wrong_text_kinds",
)
# Every white space that Python knows, also where a library's own pattern knows ASCII alone.
_OTHER_SPACE = "\t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
WHITE_SPACE = f"[ {_OTHER_SPACE}]+"
ODD_SPACE = f"^$|^ | $|  |[{_OTHER_SPACE}]"


@dataclass(frozen=True, kw_only=True)
class CheckContext:
    """What a study, its codebook, its places and its instrument allow in the tables.

    Parameters
    ----------
    codes : tuple of str
        The codes that are applied.
    themes : tuple of str
        The themes above them, which are never applied.
    coders : tuple of str
        The coders that the study declares.
    places : mapping of str to str
        The scope (country, region, continent or global) of every known place.
    countries : mapping of str to frozenset of str
        The countries that make up each known place.
    names : mapping of str to str
        The place of each English name.
    cells : tuple of str
        The cells of the instrument, each ``section.question``.
    limited_cells : tuple of str
        The cells in which the instrument limits the points.
    languages : tuple of str
        The languages of the study.
    report_language : str
        The language of its reports.
    as_of : str
        The ISO date after which no date of the study is valid.
    max_points : int
        The number of points that the instrument allows in a limited cell.
    synthetic : bool
        Whether the study is synthetic.
    privacy_exceptions : tuple of PrivacyException
        Findings of the scan for personal data that a person has reviewed.
    scan_words : StudyWords
        What the study adds to the word lists of the scan.
    prompts : frozenset of str
        What the template itself says, in every language, as `fold_words` returns it.
    not_recorded : tuple of str
        Columns of focus groups that the study says nobody recorded.
    separate_groups : frozenset of (frozenset of str)
        The pairs of focus groups that a person has reviewed: alike, and two all the same.
    cell_names : mapping of str to str
        What cells are called for readers.
    rows_to_recode : frozenset of int
        The rows of code applications whose code was split and not yet chosen again.
    """

    codes: tuple[str, ...]
    themes: tuple[str, ...]
    coders: tuple[str, ...]
    places: Mapping[str, str]
    countries: Mapping[str, frozenset[str]]
    names: Mapping[str, str]
    cells: tuple[str, ...]
    limited_cells: tuple[str, ...]
    languages: tuple[str, ...]
    as_of: str
    max_points: int
    synthetic: bool
    report_language: str = "en"
    privacy_exceptions: tuple[PrivacyException, ...] = ()
    scan_words: StudyWords = NO_WORDS
    prompts: frozenset[str] = frozenset()
    not_recorded: tuple[str, ...] = ()
    separate_groups: frozenset[frozenset[str]] = frozenset()
    cell_names: Mapping[str, str] = field(default_factory=dict)
    rows_to_recode: frozenset[int] = frozenset()

    @property
    def codebook(self) -> tuple[str, ...]:
        """What may be in place of a code: themes and codes, and that no code applies."""
        return (*self.themes, *self.codes, code_applications.NO_CODE)

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections of the instrument."""
        return tuple(dict.fromkeys(cell.split(".")[0] for cell in self.cells))

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions of the instrument."""
        return tuple(dict.fromkeys(cell.split(".")[1] for cell in self.cells))

    @property
    def wrong_text_kinds(self) -> tuple[str, ...]:
        """The kinds of text that contradict the study: synthetic in a real one, and vice versa."""
        return tuple(kind for kind in TEXT_KINDS if (kind == "synthetic") != self.synthetic)

    def parameters(self) -> dict[str, str | int | list[str]]:
        """Return the values of ``{"$PARAMETER": name}`` in suites, by name."""
        values = {name: getattr(self, name) for name in PARAMETERS}
        return {
            name: value if isinstance(value, str | int) else list(value)
            for name, value in values.items()
        }


def context_of(opened: OpenedStudy) -> CheckContext:
    """Return what an opened study allows in its tables.

    Parameters
    ----------
    opened : OpenedStudy
        Its settings, codebook and instrument, and the places.

    Raises
    ------
    StudyError
        When the reviewed exceptions of the study cannot be used.
    """
    places, instrument = opened.places, opened.instrument
    wider = {place: scope for scope in WIDER_SCOPES for place in places.wider(scope)}
    known = {**dict.fromkeys(places.countries, "country"), **wider}
    return CheckContext(
        codes=tuple(opened.codebook.codes),
        themes=tuple(opened.codebook.themes),
        coders=tuple(coder.coder for coder in opened.settings.coders),
        places=known,
        countries={place: places.countries_in(place) for place in known},
        names={places.name(place): place for place in known},
        cells=tuple(instrument.cells),
        limited_cells=tuple(each for each in instrument.cells if instrument.limit(each)),
        languages=tuple(opened.settings.languages),
        report_language=opened.settings.report_language,
        as_of=opened.settings.as_of.isoformat(),
        max_points=instrument.max_points,
        synthetic=opened.settings.synthetic,
        privacy_exceptions=read_exceptions(opened.folder),
        scan_words=read_study_words(opened.folder),
        prompts=_prompts(),
        cell_names=instrument.cell_names,
        not_recorded=opened.settings.not_recorded,
        separate_groups=frozenset(map(frozenset, opened.settings.separate_groups)),
    )


@cache
def _prompts() -> frozenset[str]:
    """Return the questions and instructions of the template in each language."""
    forms = [read_instrument(language) for language in instrument_languages()]
    texts = [
        text
        for each in forms
        for text in (
            *(each.question_text(cell) for cell in each.cells),
            *each.form.how_to,
            *each.form.hints.values(),
            each.form.limit,
            each.form.no_limit,
        )
    ]
    return frozenset(map(fold_words, texts))


class CheckedTables:
    """The tables that are checked together, with what several derived columns are computed from.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables by name, all text, missing as ``""``.
    template : DataFrame, optional
        The segments as received, where those of the tables are cleaned: a position may be in the
        template and have been set aside.
    scan_words : StudyWords, optional
        What the study adds to the word lists of the scan for personal data.
    """

    def __init__(
        self,
        tables: Mapping[str, pd.DataFrame],
        template: pd.DataFrame | None = None,
        scan_words: StudyWords = NO_WORDS,
    ) -> None:
        self._scan_words = scan_words
        self._tables = tables
        self._template = template

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a table."""
        return self._tables[name]

    def __contains__(self, name: str) -> bool:
        """Return whether there is a table."""
        return name in self._tables

    def has(self, column: str) -> bool:
        """Return whether there is a column, named ``table.column``."""
        table, name = column.split(".")
        return table in self._tables and name in self._tables[table].columns

    @property
    def template(self) -> pd.DataFrame:
        """The segments as they were in the template, before any was set aside."""
        return self["segments"] if self._template is None else self._template

    @cached_property
    def cells(self) -> pd.Series:
        """The cell of each segment."""
        return segments.cells_of(self["segments"])

    @cached_property
    def cell_numbers(self) -> pd.Series:
        """A number for each cell of each focus group, by segment."""
        columns = [segments.FOCUS_GROUP, segments.SECTION, segments.QUESTION]
        return self["segments"].groupby(columns, sort=False).ngroup()

    @cached_property
    def text_numbers(self) -> pd.Series:
        """A number for each text but for case and white space; -1 for a blank one."""
        words = self["segments"][segments.TEXT].str.lower()
        is_odd = words.str.contains(ODD_SPACE)
        single = words[is_odd].str.replace(WHITE_SPACE, " ", regex=True).str.strip(" ")
        numbers, _ = pd.factorize(words.mask(is_odd, single.mask(single == "")))
        return pd.Series(numbers, words.index)

    @cached_property
    def folded(self) -> pd.Series:
        """The words of each segment alone."""
        texts = self["segments"][segments.TEXT]
        return pd.Series([*map(fold_words, texts.tolist())], texts.index, dtype="str")

    @cached_property
    def runs(self) -> pd.DataFrame:
        """The runs of words of each segment."""
        texts = self["segments"]
        return find_runs(self.folded, texts[segments.FOCUS_GROUP])

    @cached_property
    def number_of_words(self) -> pd.Series:
        """How many words each segment has."""
        return count_words(self.folded)

    @cached_property
    def number_of_runs(self) -> pd.Series:
        """How many different runs of words each segment has."""
        return count_runs(self.runs, self.folded)

    @cached_property
    def shared_runs(self) -> pd.DataFrame:
        """How many runs of words of each segment another focus group has too."""
        return count_shared_runs(self.runs)

    @cached_property
    def alike_groups(self) -> pd.DataFrame:
        """The pairs of focus groups that are alike, each in both orders."""
        return find_alike(self.runs, self.shared_runs)

    @cached_property
    def is_heading(self) -> pd.Series:
        """Whether each segment is a point that only heads sub-points."""
        return segments.headings_of(self["segments"])

    @cached_property
    def is_coded(self) -> pd.Series:
        """Whether each segment has a code."""
        ids = self["segments"][segments.SEGMENT]
        return are_among(ids, self["code_applications"][code_applications.SEGMENT])

    @cached_property
    def groups_coded(self) -> pd.Series:
        """The focus group of the segment of each code application, missing where it is unknown."""
        texts = self["segments"][[segments.SEGMENT, segments.FOCUS_GROUP]]
        groups = texts.drop_duplicates(segments.SEGMENT).set_index(segments.SEGMENT)
        applied = self["code_applications"][code_applications.SEGMENT]
        return applied.map(groups[segments.FOCUS_GROUP])

    @cached_property
    def has_segments(self) -> pd.Series:
        """Whether each focus group has segments."""
        ids = self["focus_groups"][focus_groups.FOCUS_GROUP]
        return are_among(ids, self["segments"][segments.FOCUS_GROUP])

    @cached_property
    def scan(self) -> TableScan:
        """The scan of the tables for personal data."""
        return TableScan(self._tables, self._scan_words)


def are_among(ids: pd.Series, known: pd.Series) -> pd.Series:
    """Return which ids are among those known; a blank one never is.

    As objects, since the text of Arrow is compared one by one.
    """
    return (ids != "") & ids.astype(object).isin(known.astype(object))


Compute = Callable[[CheckedTables, CheckContext], pd.Series]


@dataclass(frozen=True, kw_only=True)
class DerivedColumn:
    """A column that is computed from the tables so that an expectation can look at it.

    Parameters
    ----------
    table : str
        The table that the column is added to.
    name : str
        The name of the column; a column of true and false is named by what should hold.
    meaning : str
        What the column says of a row, in one plain sentence.
    needs : tuple of str
        The columns that it is computed from, each ``table.column``.
    compute : callable
        From the tables and the context to the column, on the index of its table.
    is_shown : bool
        Whether outcomes repeat what the column says of a row: only where it is made of known words,
        and never of a value of a cell.
    """

    table: str
    name: str
    meaning: str
    needs: tuple[str, ...]
    compute: Compute
    is_shown: bool = False


def derived(table: str, meaning: str, *needs: str) -> Callable[[Compute], DerivedColumn]:
    """Return a decorator that makes a derived column of the function that computes it.

    Parameters
    ----------
    table : str
        The table that the column is added to.
    meaning : str
        What the column says of a row.
    *needs : str
        The columns that it is computed from: of its own table, or ``table.column``.
    """
    full = tuple(need if "." in need else f"{table}.{need}" for need in needs)

    def make(compute: Compute) -> DerivedColumn:
        name = compute.__name__
        return DerivedColumn(table=table, name=name, meaning=meaning, needs=full, compute=compute)

    return make
