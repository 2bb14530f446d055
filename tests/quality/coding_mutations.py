"""Kinds of damage to the codebook and to what coders put on segments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from mutations import APPLIED, BOOK, GROUPS, SEGMENTS, UNCODED, caught_by, repeat_rows

if TYPE_CHECKING:
    from mutations import Tables


@caught_by(APPLIED, "code unknown")
def unknown_code(tables: Tables) -> None:
    tables[APPLIED].loc[2, "code"] = "transport"


@caught_by(APPLIED, "code unknown", (BOOK, "code never applied"))
def code_of_another_version_of_the_codebook(tables: Tables) -> None:
    applied = tables[APPLIED]
    applied["code"] = applied["code"].replace("peers", "peer-support")


@caught_by(APPLIED, "theme applied in place of a code")
def theme_that_was_a_code_in_the_last_version(tables: Tables) -> None:
    tables[APPLIED].loc[3, "code"] = "support"


@caught_by(APPLIED, "code applied twice by one coder")
def coder_who_coded_twice(tables: Tables) -> None:
    rows = tables[APPLIED]
    repeat_rows(tables, APPLIED, rows[rows["coder"] == "bo"].head(2))


@caught_by(APPLIED, "coder unknown")
def coder_by_her_name(tables: Tables) -> None:
    tables[APPLIED].loc[5, "coder"] = "Annet"


@caught_by(APPLIED, "passage unknown", UNCODED, (GROUPS, "left out of the coding"))
def codes_on_segments_of_another_export(tables: Tables) -> None:
    applied = tables[APPLIED]
    applied["segment"] = applied["segment"].str.replace("fg04.", "group-4.")


@caught_by(SEGMENTS, "lead-in coded")
def coded_lead_in(tables: Tables) -> None:
    tables[APPLIED].loc[6, "segment"] = "fg01.context.hope.p1"


@caught_by(SEGMENTS, "lead-in still coded", stage="cleaned")
def lead_in_that_cleaning_left_coded(tables: Tables) -> None:
    tables[APPLIED].loc[6, "segment"] = "fg01.context.hope.p1"


@caught_by(SEGMENTS, "point above sub-points coded")
def coded_heading(tables: Tables) -> None:
    tables[APPLIED].loc[6, "segment"] = "fg01.context.hope.1"


@caught_by(SEGMENTS, "passage without codes")
def overlooked_segment(tables: Tables) -> None:
    applied = tables[APPLIED]
    tables[APPLIED] = applied[applied["segment"] != "fg04.context.situation.1"]


@caught_by(BOOK, "parent is no theme", (BOOK, "code never applied"))
def cycle_in_the_codebook(tables: Tables) -> None:
    tables[BOOK].loc[[2, 3], "parent"] = ["policing", "rights"]


@caught_by(BOOK, "parent is no theme")
def parent_that_is_missing(tables: Tables) -> None:
    tables[BOOK].loc[6, "parent"] = "health"


@caught_by(BOOK, "parent is no theme")
def codebook_of_three_levels(tables: Tables) -> None:
    tables[BOOK].loc[4, "parent"] = "policing"


@caught_by(BOOK, "code defined twice", (BOOK, "name used twice"), (BOOK, "definition used twice"))
def code_defined_twice(tables: Tables) -> None:
    repeat_rows(tables, BOOK, tables[BOOK].loc[[3]])


@caught_by(BOOK, "definition used twice")
def definition_pasted_under_two_codes(tables: Tables) -> None:
    tables[BOOK].loc[4, "definition"] = tables[BOOK].loc[3, "definition"]


@caught_by(BOOK, "definition is only a placeholder")
def definition_to_be_written(tables: Tables) -> None:
    tables[BOOK].loc[4, "definition"] = "To be defined."


@caught_by(BOOK, "code never applied")
def code_that_only_the_codebook_knows(tables: Tables) -> None:
    repeat_rows(
        tables,
        BOOK,
        pd.DataFrame(
            [["housing", "support", "Housing", "A room.", "", "", "", ""]],
            columns=tables[BOOK].columns,
        ),
    )


@caught_by(APPLIED, "coder without an application")
def file_of_a_coder_that_was_not_imported(tables: Tables) -> None:
    tables[APPLIED] = tables[APPLIED][tables[APPLIED]["coder"] == "ann"]


def _more_answers(tables: Tables, texts: list[str]) -> list[str]:
    """Add answers to the third focus group, and return their ids."""
    ids = [f"fg03.context.situation.{number}" for number, _ in enumerate(texts, start=3)]
    row = tables[SEGMENTS].loc[[13]]
    added = pd.concat([row] * len(texts)).assign(
        segment=ids, position=[each.rpartition(".")[2] for each in ids], label="", text=texts
    )
    repeat_rows(tables, SEGMENTS, added)
    return ids


ANSWERS = ["Buses", "Fees", "Queues", "Forms", "Guards", "Rain", "Rumours", "Shifts"]


@caught_by(APPLIED, "same coding as another coder")
def file_imported_under_two_coders(tables: Tables) -> None:
    ids = _more_answers(tables, [f"{each} keep us away." for each in ANSWERS])
    rows = [(segment, "care", coder) for segment in ids for coder in ("ann", "bo")]
    repeat_rows(tables, APPLIED, pd.DataFrame(rows, columns=tables[APPLIED].columns))


@caught_by(APPLIED, "one code on a whole focus group")
def code_filled_down_a_column(tables: Tables) -> None:
    applied = tables[APPLIED]
    is_first = applied["segment"].str.startswith("fg01") & (applied["coder"] == "bo")
    applied.loc[is_first, "code"] = "care"


@caught_by(APPLIED, "nearly every code on one passage")
def segment_with_every_code(tables: Tables) -> None:
    rows = [("fg04.context.situation.1", code, "bo") for code in ("policing", "care", "peers")]
    repeat_rows(tables, APPLIED, pd.DataFrame(rows, columns=tables[APPLIED].columns))


@caught_by(APPLIED, "stray codes of a coder")
def codes_in_a_focus_group_of_another_coder(tables: Tables) -> None:
    applied = tables[APPLIED]
    is_first = applied["segment"].str.startswith("fg01") & (applied["coder"] == "bo")
    tables[APPLIED] = applied.drop(applied[is_first].index[1:])


@caught_by(GROUPS, "one coder missing")
def file_of_a_coder_missing_for_one_focus_group(tables: Tables) -> None:
    applied = tables[APPLIED]
    is_first = applied["segment"].str.startswith("fg01") & (applied["coder"] == "bo")
    tables[APPLIED] = applied[~is_first]


@caught_by(GROUPS, "left out of the coding", UNCODED)
def focus_group_that_nobody_coded(tables: Tables) -> None:
    applied = tables[APPLIED]
    tables[APPLIED] = applied[~applied["segment"].str.startswith("fg02")]
