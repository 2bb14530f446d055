"""The suites of expectations: one JSON file a table, which experts edit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from analysis.errors import CheckError, closest
from analysis.quality.context import PARAMETERS
from analysis.quality.derived import columns_of
from analysis.quality.outcomes import SEVERITIES, STAGES, Severity, Stage
from analysis.study.strict_parsing import parse_json
from analysis.tables.received import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PARAMETER = "$PARAMETER"
COLUMN_KEYS = ("column", "column_A", "column_B")
COLUMN_LIST_KEYS = ("column_list", "column_set")
# The columns that a type of expectation takes, by how its name starts; the first that fits counts.
COLUMNS_OF_TYPE = {
    "expect_column_pair_": ("column_A", "column_B"),
    "expect_column_": ("column",),
    "expect_compound_columns_": ("column_list",),
    "expect_multicolumn_": ("column_list",),
    "expect_select_column_": ("column_list",),
}
SUITE_META_KEYS = ("may_be_blank",)
SUITE_KEYS = ("name", "notes", "meta", "expectations")
EXPECTATION_KEYS = ("id", "type", "kwargs", "severity", "notes", "meta")
META_KEYS = ("fault", "expected", "caveat", "remedy", "touches", "stages")
# What a sentence for each answer in question may name.
PLACEHOLDERS = ("focus_group", "answer", "detail", "max_points")
# What a type of expectation compares with, by how its name ends; the first that fits counts.
# Without it, Great Expectations finds that everything holds.
COMPARED_BY_TYPE = {
    "_match_regex": "regex",
    "_match_regex_list": "regex_list",
    "_match_like_pattern": "like_pattern",
    "_match_like_pattern_list": "like_pattern_list",
    "_match_strftime_format": "strftime_format",
    "_match_json_schema": "json_schema",
    "_match_ordered_list": "column_list",
    "_match_set": "column_set",
    "_pair_values_to_be_in_set": "value_pairs_set",
    "_in_set": "value_set",
    "_contain_set": "value_set",
    "_equal_set": "value_set",
    "_in_type_list": "type_list",
    "_quantile_values_to_be_between": "quantile_ranges",
}
BETWEEN = "_to_be_between"
# What is never less than 0, and what is never more than 1.
COUNTED = ("_count_", "_lengths_", "_proportion_", "_stdev_")
SHARES = ("_proportion_",)


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """One expectation on a table, with its reason and its remedy.

    Parameters
    ----------
    id : str
        A fixed UUID.
    type : str
        The type of the expectation in Great Expectations.
    kwargs : mapping
        The arguments of the type.
    severity : str
        critical stops reports, a warning is shown in them, info is on the quality page alone.
    notes : str
        The reason, in one plain sentence.
    fault : str
        What is wrong where it falls short, in a few words.
    expected, caveat : str
        What holds where nothing is wrong, as a sentence for readers; and a sentence on each answer
        in which it doesn't, with `PLACEHOLDERS`; either may be empty.
    remedy : str
        What to do then.
    touches : tuple of str
        Patterns of the claims (without their place) that it touches; none where no number
        depends on it.
    stages : tuple of str
        The stages of the tables that it is evaluated on.
    """

    id: str
    type: str
    kwargs: Mapping[str, Any]
    severity: Severity
    notes: str
    fault: str
    remedy: str
    touches: tuple[str, ...]
    stages: tuple[Stage, ...] = STAGES
    expected: str = ""
    caveat: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it looks at."""
        single = [self.kwargs[key] for key in COLUMN_KEYS if key in self.kwargs]
        listed = [name for key in COLUMN_LIST_KEYS for name in self.kwargs.get(key, ())]
        return (*single, *listed)


@dataclass(frozen=True)
class Suite:
    """The expectations on one table.

    Parameters
    ----------
    table : str
        The table.
    expectations : tuple of Expectation
        In the order of the file.
    may_be_blank : tuple of str
        The columns that may be blank in every row.
    """

    table: str
    expectations: tuple[Expectation, ...]
    may_be_blank: tuple[str, ...] = ()

    def at(self, stage: Stage) -> tuple[Expectation, ...]:
        """Return the expectations that are evaluated at a stage."""
        return tuple(each for each in self.expectations if stage in each.stages)


def columns_read(table: str, expectation: Expectation) -> tuple[str, ...]:
    """Return the columns that an expectation looks at, those of its row condition included."""
    words = re.findall(r"\w+", str(expectation.kwargs.get("row_condition", "")))
    conditions = [name for name in columns_of(table) if name in words]
    return tuple(dict.fromkeys([*expectation.columns, *conditions]))


def read_suites(folder: Path) -> tuple[Suite, ...]:
    """Return the suites of a folder, one for each table of a study.

    Parameters
    ----------
    folder : Path
        The folder with ``codebook.json``, ``focus_groups.json`` and so on.

    Returns
    -------
    tuple of Suite
        In the order of the tables.

    Raises
    ------
    CheckError
        When a suite is missing, empty, or not what it should be, naming each fault.
    """
    suites = {name: _read_json(folder / f"{name}.json") for name in COLUMNS}
    offenders = [
        *(
            f"{path.name}: no table has this name{closest(path.stem, COLUMNS)}"
            for path in sorted(folder.glob("*.json"))
            if path.stem not in COLUMNS
        ),
        *(fault for name, suite in suites.items() for fault in _faults_of_suite(name, suite)),
    ]
    offenders = offenders or list(_repeated_ids(suites))
    if offenders:
        raise CheckError(
            "The suites of expectations cannot be used.",
            offenders=offenders,
            expected="what expectations/README.md describes",
            remedy="fix the suites; no table was evaluated",
        )
    return tuple(_suite_from(name, suite) for name, suite in suites.items())


def _read_json(path: Path) -> Any:  # noqa: ANN401 - what an expert wrote may be anything
    if not path.is_file():
        return None
    try:
        return parse_json(path.read_bytes())
    except ValueError as error:
        raise CheckError(
            f"The suite {path.name} is not JSON that can be used.",
            offenders=[f"{path.name}: {error}"],
            expected="JSON with each key once, and finite numbers",
            remedy="look there for a missing or extra comma or quote, or for what is named",
        ) from None


def _faults_of_suite(table: str, suite: Any) -> Iterator[str]:  # noqa: ANN401 - as read
    file = f"{table}.json"
    if suite is None:
        yield f"{file}: the table {table} has no suite"
        return
    if not isinstance(suite, dict) or not isinstance(suite.get("expectations"), list):
        yield f"{file}: has no list of expectations"
        return
    yield from (f"{file}: {fault}" for fault in _unknown(suite, SUITE_KEYS))
    if suite.get("name") != table:
        yield f"{file}: name is not {table}"
    yield from (f"{file}: {fault}" for fault in _faults_of_meta(table, suite.get("meta", {})))
    if not suite["expectations"]:
        yield f"{file}: the suite is empty, and would let any table pass"
    for number, entry in enumerate(suite["expectations"], start=1):
        if not isinstance(entry, dict):
            yield f"{file}: expectation {number} is not an object"
            continue
        yield from (
            f"{file}: expectation {number} ({entry.get('id') or 'no id'}): {fault}"
            for fault in (*_faults_of_expectation(entry), *_faults_of_kwargs(table, entry))
        )


def _faults_of_meta(table: str, meta: Any) -> Iterator[str]:  # noqa: ANN401 - as read
    if not isinstance(meta, dict):
        yield "meta is not an object"
        return
    yield from (f"meta: {fault}" for fault in _unknown(meta, SUITE_META_KEYS))
    blank = meta.get("may_be_blank", [])
    if not isinstance(blank, list):
        yield "may_be_blank is not a list"
        return
    yield from (f"may_be_blank: {fault}" for fault in _unknown(blank, COLUMNS[table]))


def _faults_of_expectation(entry: dict[str, Any]) -> Iterator[str]:
    meta: dict[str, Any] = entry["meta"] if isinstance(entry.get("meta"), dict) else {}
    yield from _unknown(entry, EXPECTATION_KEYS)
    yield from _unknown(meta, META_KEYS)
    if not _is_uuid(entry.get("id")):
        yield "id is missing, or isn't a UUID"
    if not re.fullmatch(r"expect_[a-z_]+", str(entry.get("type", ""))):
        yield "type is missing, or does not start with expect_"
    if entry.get("severity") not in SEVERITIES:
        yield f"severity is none of {', '.join(SEVERITIES)}"
    if not _is_text(entry.get("notes")):
        yield "notes are missing: give the reason in one sentence"
    yield from (
        f"meta.{key} is missing" for key in ("fault", "remedy") if not _is_text(meta.get(key))
    )
    yield from (
        f"meta.{key} is no sentence"
        for key in ("expected", "caveat")
        if key in meta and not _is_text(meta[key])
    )
    named = re.findall(r"\{([^}]*)\}?", str(meta.get("caveat", "")))
    yield from (f"meta.caveat: {fault}" for fault in _unknown(named, PLACEHOLDERS))
    if meta.get("touches") != [] and not _are_texts(meta.get("touches")):
        yield 'meta.touches is missing: list patterns of claims, ["*"] for all or [] for none'
    stages = meta.get("stages", list(STAGES))
    if not _are_texts(stages) or not set(stages) <= set(STAGES):
        yield f"meta.stages are others than {', '.join(STAGES)}"


def _faults_of_kwargs(table: str, entry: dict[str, Any]) -> Iterator[str]:
    kwargs = entry.get("kwargs")
    if not isinstance(kwargs, dict):
        yield "kwargs are missing"
        return
    yield from _lacking(str(entry.get("type", "")), kwargs)
    yield from _faults_of_idle(str(entry.get("type", "")), kwargs)
    lists = {key: kwargs[key] for key in COLUMN_LIST_KEYS if key in kwargs}
    yield from (f"{key} is not a list" for key, found in lists.items() if not _is_list(found))
    single = [kwargs[key] for key in COLUMN_KEYS if key in kwargs]
    listed = [name for found in lists.values() if _is_list(found) for name in found]
    yield from (f"column {fault}" for fault in _unknown([*single, *listed], columns_of(table)))
    named = [value[PARAMETER] for value in kwargs.values() if _is_parameter(value)]
    yield from (f"parameter {fault}" for fault in _unknown(named, PARAMETERS))


def _lacking(kind: str, kwargs: dict[str, Any]) -> Iterator[str]:
    """Yield the columns that an expectation of a type takes and does not name."""
    start = next((each for each in COLUMNS_OF_TYPE if kind.startswith(each)), "")
    others = [key for key in kwargs if key not in (*COLUMN_KEYS, *COLUMN_LIST_KEYS)]
    for key in COLUMNS_OF_TYPE.get(start, ()):
        if not kwargs.get(key):
            yield f"kwargs.{key} is missing{closest(key, others)}"


def _faults_of_idle(kind: str, kwargs: Mapping[str, Any]) -> Iterator[str]:
    """Yield why every table would meet an expectation."""
    mostly = kwargs.get("mostly")
    if isinstance(mostly, int | float) and mostly <= 0:
        yield "kwargs.mostly is 0, so that no row has to meet it"
    compared = next((COMPARED_BY_TYPE[end] for end in COMPARED_BY_TYPE if kind.endswith(end)), "")
    if compared and kwargs.get(compared) in (None, "", [], {}):
        others = [key for key in kwargs if key != compared]
        yield f"kwargs.{compared} is missing or empty{closest(compared, others)}"
    elif not compared and kind.endswith(BETWEEN) and not _is_bounded(kind, kwargs):
        yield "kwargs has no min_value or max_value that a table could fall short of"


def _is_bounded(kind: str, kwargs: Mapping[str, Any]) -> bool:
    """Return whether a bound is given that a table could pass."""
    least, most = kwargs.get("min_value"), kwargs.get("max_value")
    is_idle_least = _is_any_of(COUNTED, kind) and isinstance(least, int | float) and least <= 0
    is_idle_most = _is_any_of(SHARES, kind) and isinstance(most, int | float) and most >= 1
    return (least is not None and (not is_idle_least or bool(kwargs.get("strict_min")))) or (
        most is not None and (not is_idle_most or bool(kwargs.get("strict_max")))
    )


def _is_any_of(parts: tuple[str, ...], kind: str) -> bool:
    return any(part in kind for part in parts)


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _is_parameter(value: object) -> bool:
    return isinstance(value, dict) and PARAMETER in value


def _unknown(found: Any, known: tuple[str, ...]) -> list[str]:  # noqa: ANN401 - as read
    return [f"{name} is unknown{closest(str(name), known)}" for name in found if name not in known]


def _is_uuid(value: object) -> bool:
    try:
        return isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        return False


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_text(each) for each in value)


def _repeated_ids(suites: Mapping[str, Any]) -> Iterator[str]:
    first: dict[str, str] = {}
    for table, suite in suites.items():
        for expectation in suite["expectations"]:
            id_ = expectation["id"]
            if id_ in first:
                yield f"{table}.json: id {id_} is already that of one in {first[id_]}.json"
            first.setdefault(id_, table)


def _suite_from(table: str, suite: dict[str, Any]) -> Suite:
    return Suite(
        table=table,
        expectations=tuple(_expectation_from(each) for each in suite["expectations"]),
        may_be_blank=tuple(suite.get("meta", {}).get("may_be_blank", ())),
    )


def _expectation_from(entry: dict[str, Any]) -> Expectation:
    meta = entry["meta"]
    return Expectation(
        id=entry["id"],
        type=entry["type"],
        kwargs=entry["kwargs"],
        severity=cast("Severity", entry["severity"]),
        notes=entry["notes"],
        fault=meta["fault"],
        remedy=meta["remedy"],
        touches=tuple(meta["touches"]),
        stages=tuple(meta.get("stages", STAGES)),
        expected=meta.get("expected", ""),
        caveat=meta.get("caveat", ""),
    )
