"""Corpora made from as little as a test has to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.synthesis.corpus import Corpus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.quality.outcomes import Outcome
    from analysis.study.opened_study import OpenedStudy

    Rows = Iterable[Mapping[str, object]]

GROUP = {
    "title": "A meeting",
    "held_on": "2020-10-01",
    "scope": "country",
    "places": "KEN",
    "speaks_of": "",
    "organiser": "A network",
    "theme": "Care",
    "participants": "3 network members",
    "consent": "public",
    "withdrawn": "",
    "language": "en",
    "home": "esa",
    "coders": "ann",
}
SEGMENT = {
    "cell": "reaching_person.hope",
    "position": "1",
    "role": "point",
    "is_heading": False,
    "label": "",
    "text": "Words.",
    "text_kind": "verbatim",
    "language": "en",
    "withheld": False,
}
CODING = {"coders": 1, "of_coders": 1, "by_first": True}
COLUMNS = {
    "groups": ["focus_group", *GROUP],
    "segments": ["segment", "focus_group", *SEGMENT, "words", "shown_in"],
    "codings": ["segment", "focus_group", "cell", "code", "theme", *CODING],
    "set_aside": ["segment", "focus_group", "cell", "reason", "kept_as"],
}


def make_corpus(  # noqa: PLR0913 (a test says only what it is about)
    study: OpenedStudy,
    *,
    groups: Rows,
    segments: Rows = (),
    codings: Rows = (),
    set_aside: Rows = (),
    context: Rows = (),
    context_segments: Rows = (),
    warnings: tuple[Outcome, ...] = (),
    place: str = "esa",
) -> Corpus:
    """Make a corpus; a segment ``ken.1`` is of the focus group ``ken``, and so is its coding."""
    located = [_segment(row, place) for row in segments]
    cells = {str(row["segment"]): row["cell"] for row in located}
    coded = [_coding(row, cells, study) for row in codings]
    return Corpus(
        study=study,
        place=place,
        focus_groups=_table("groups", [GROUP | dict(row) for row in groups]),
        context=_table("groups", [GROUP | dict(row) for row in context]),
        segments=_table("segments", located),
        context_segments=_table("segments", [_segment(row, place) for row in context_segments]),
        codings=_table("codings", _in_order(coded, located)),
        set_aside=_table("set_aside", [{"kept_as": "", "cell": "", **row} for row in set_aside]),
        warnings=warnings,
    )


def make_groups(*names: str, **said: str) -> list[dict[str, str]]:
    """Make focus groups of these names."""
    return [{"focus_group": name, **said} for name in names]


def make_codings(*pairs: str, **said: int) -> list[dict[str, object]]:
    """Make codings, each named like ``ken.1 stigma``."""
    return [{"segment": segment, "code": code, **said} for segment, code in map(str.split, pairs)]


def _in_order(
    coded: list[dict[str, object]], located: list[dict[str, object]]
) -> list[dict[str, object]]:
    """Give codings in the order of the segments, and then of codes, as a corpus has them."""
    order = {row["segment"]: at for at, row in enumerate(located)}
    return sorted(coded, key=lambda row: (order[row["segment"]], row["code"]))


def _segment(row: Mapping[str, object], place: str) -> dict[str, object]:
    whole = SEGMENT | {"shown_in": place} | dict(row)
    group = str(row["segment"]).split(".", maxsplit=1)[0]
    return {"focus_group": group, "words": len(str(whole["text"]).split()), **whole}


def _coding(
    row: Mapping[str, object], cells: Mapping[str, object], study: OpenedStudy
) -> dict[str, object]:
    segment, code = str(row["segment"]), str(row["code"])
    group = segment.split(".", maxsplit=1)[0]
    theme = study.codebook.theme_of(code)
    return {"focus_group": group, "cell": cells[segment], "theme": theme, **CODING, **row}


def _table(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=COLUMNS[name])
    kinds = dict.fromkeys(("is_heading", "withheld", "by_first"), "bool")
    if name == "segments":
        kinds["words"] = "int64"
    if name == "codings":
        kinds |= dict.fromkeys(("coders", "of_coders"), "int64")
    return table.astype({column: kinds.get(column, "str") for column in COLUMNS[name]})
