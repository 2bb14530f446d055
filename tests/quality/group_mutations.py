"""Kinds of damage to focus groups: who met, where and when, and what they allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mutations import APPLIED, GROUPS, SEGMENTS, UNCODED, caught_by, repeat_rows, swap_values

if TYPE_CHECKING:
    from mutations import Tables


@caught_by(GROUPS, "no consent stated")
def blank_consent(tables: Tables) -> None:
    tables[GROUPS].loc[3, "consent"] = "  "


@caught_by(GROUPS, "consent unknown")
def contradictory_consent(tables: Tables) -> None:
    tables[GROUPS].loc[3, "consent"] = "public;none"


@caught_by(GROUPS, "no consent, and still has passages")
def refused_consent_with_words(tables: Tables) -> None:
    tables[GROUPS].loc[3, "consent"] = "none"


@caught_by(GROUPS, "withdrawn, and still has passages")
def withdrawn_with_words(tables: Tables) -> None:
    tables[GROUPS].loc[4, "withdrawn"] = "2024-06-01"


@caught_by(GROUPS, "withdrawn before it met", (GROUPS, "withdrawn, and still has passages"))
def withdrawn_before_it_met(tables: Tables) -> None:
    tables[GROUPS].loc[4, "withdrawn"] = "2023-06-01"


@caught_by(GROUPS, "date of withdrawal not valid", (GROUPS, "withdrawn, and still has passages"))
def withdrawn_by_a_word(tables: Tables) -> None:
    tables[GROUPS].loc[4, "withdrawn"] = "yes"


@caught_by(GROUPS, "source names another year than the date")
def year_mistyped_in_the_name_of_a_file(tables: Tables) -> None:
    tables[GROUPS].loc[2, "source"] = "focus-group-MWI-2014-03-04.docx"


@caught_by(
    GROUPS,
    "date more than five years before all later ones",
    (GROUPS, "source names another year than the date"),
)
def year_mistyped_in_the_date(tables: Tables) -> None:
    tables[GROUPS].loc[2, "held_on"] = "2014-03-04"


@caught_by(GROUPS, "date after the study's as_of")
def date_to_come(tables: Tables) -> None:
    tables[GROUPS].loc[2, "held_on"] = "2025-03-04"
    tables[GROUPS].loc[2, "source"] = ""


@caught_by(GROUPS, "date is no day of the calendar")
def date_as_people_write_it(tables: Tables) -> None:
    tables[GROUPS].loc[2, "held_on"] = "4/3/2024"


@caught_by(GROUPS, "date is no day of the calendar")
def day_that_never_was(tables: Tables) -> None:
    tables[GROUPS].loc[2, "held_on"] = "2024-02-30"


@caught_by(GROUPS, "focus group listed twice", (GROUPS, "same meeting as another focus group"))
def focus_group_listed_twice(tables: Tables) -> None:
    repeat_rows(tables, GROUPS, tables[GROUPS].loc[[3]])


@caught_by(
    GROUPS,
    "same meeting as another focus group",
    (GROUPS, "same texts as another focus group"),
    (GROUPS, "left out of the coding"),
    UNCODED,
)
def focus_group_bound_twice(tables: Tables) -> None:
    repeat_rows(tables, GROUPS, tables[GROUPS].loc[[3]].assign(focus_group="fg05"))
    texts = tables[SEGMENTS][tables[SEGMENTS]["focus_group"] == "fg02"]
    ids = texts["segment"].str.replace("fg02", "fg05")
    repeat_rows(tables, SEGMENTS, texts.assign(segment=ids, focus_group="fg05"))


@caught_by(
    GROUPS,
    "same texts as another focus group",
    (GROUPS, "left out of the coding"),
    UNCODED,
)
def submission_typed_again_on_another_day(tables: Tables) -> None:
    row = tables[GROUPS].loc[[3]].assign(focus_group="fg05", held_on="2024-03-15")
    repeat_rows(tables, GROUPS, row)
    texts = tables[SEGMENTS].loc[9:10]
    changed = texts.assign(
        segment=texts["segment"].str.replace("fg02", "fg05"),
        focus_group="fg05",
        text=texts["text"].str.upper().str.rstrip("."),
    )
    repeat_rows(tables, SEGMENTS, changed)


@caught_by(GROUPS, "same texts as another focus group", UNCODED)
def submission_entered_for_two_places(tables: Tables) -> None:
    texts = tables[SEGMENTS]
    words = texts.loc[texts["focus_group"] == "fg02", "text"].tolist()
    texts.loc[texts["focus_group"] == "fg03", "text"] = words
    tables[APPLIED] = tables[APPLIED][tables[APPLIED]["segment"] != "fg03.recommendations.stop.1"]


LONG = (
    "Two of us went to the station to report it and came home without the paper they promised.",
    "The landlord keeps the key of the gate and lets us in when he has had his share.",
    "Stop asking for a letter from the chief before a child may sit in the school.",
)


def _enter_again(tables: Tables) -> None:
    """Give both focus groups the same long words, one of them shouting, without its full stops."""
    texts = tables[SEGMENTS]
    texts.loc[[9, 10, 11], "text"] = LONG
    texts.loc[[12, 13, 14], "text"] = [text.upper().rstrip(".") for text in LONG]


ALSO = (
    (GROUPS, "same texts as another focus group"),
    (SEGMENTS, "said in another focus group too"),
)


@caught_by(GROUPS, "copy of another focus group", *ALSO)
def submission_entered_for_two_places_in_other_case(tables: Tables) -> None:
    _enter_again(tables)


@caught_by(GROUPS, "copy of another focus group", *ALSO)
def submission_entered_again_without_its_end(tables: Tables) -> None:
    _enter_again(tables)
    tables[SEGMENTS].loc[14, "text"] = "Stop taking our phones."


@caught_by(
    GROUPS,
    "title names another place",
    (GROUPS, "organiser names another place"),
    (GROUPS, "participants from another place"),
)
def groups_of_a_region_booked_under_another(tables: Tables) -> None:
    tables[GROUPS].loc[[2, 3], "places"] = "wca"
    tables[GROUPS].loc[[2, 3], "scope"] = "region"


@caught_by(GROUPS, "participants from another place")
def participants_of_another_focus_group(tables: Tables) -> None:
    swap_values(tables[GROUPS], "participants", (3, 4))


@caught_by(GROUPS, "scope and places disagree")
def region_as_a_country(tables: Tables) -> None:
    tables[GROUPS].loc[5, "scope"] = "country"


@caught_by(GROUPS, "place unknown")
def alpha_two_code_of_a_country(tables: Tables) -> None:
    tables[GROUPS].loc[4, "places"] = "GH"


@caught_by(GROUPS, "place listed twice")
def place_twice(tables: Tables) -> None:
    tables[GROUPS].loc[3, "places"] = "KEN;KEN"


@caught_by(GROUPS, "participants do not add up")
def participants_with_their_total(tables: Tables) -> None:
    tables[GROUPS].loc[2, "participants"] = "10 participants; 8 peers (MWI); 2 nurses"


@caught_by(GROUPS, "participants do not add up")
def participants_within_participants(tables: Tables) -> None:
    tables[GROUPS].loc[2, "participants"] = "10 peers of whom 2 are nurses"


@caught_by(GROUPS, "participants not understood")
def participants_in_prose(tables: Tables) -> None:
    tables[GROUPS].loc[2, "participants"] = "eight peers and two nurses"


@caught_by(GROUPS, "no passages", UNCODED)
def submission_without_its_text(tables: Tables) -> None:
    texts = tables[SEGMENTS]
    tables[SEGMENTS] = texts[texts["focus_group"] != "fg04"]
    applied = tables[APPLIED]
    tables[APPLIED] = applied[~applied["segment"].str.startswith("fg04")]
    tables[APPLIED] = tables[APPLIED][tables[APPLIED]["segment"] != "fg03.context.situation.1"]


@caught_by(GROUPS, "encoding damage")
def title_read_in_another_encoding(tables: Tables) -> None:
    tables[GROUPS].loc[5, "title"] = "Réunion régionale".encode().decode("latin-1")
