"""Kinds of damage to the words of segments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mutations import BOOK, GROUPS, SEGMENTS, caught_by

if TYPE_CHECKING:
    from mutations import Tables


def _text(table: Tables, row: int, text: str) -> None:
    table[SEGMENTS].loc[row, "text"] = text


@caught_by(SEGMENTS, "encoding damage")
def latin_letters_read_in_another_encoding(tables: Tables) -> None:
    _text(tables, 9, "Les infirmières chuchotent.".encode().decode("latin-1"))


@caught_by(SEGMENTS, "encoding damage")
def quotes_read_in_another_encoding(tables: Tables) -> None:
    _text(
        tables, 9, "They say \u201cnext\u201d and call others.".encode().decode("cp1252", "ignore")
    )


@caught_by(SEGMENTS, "encoding damage")
def cyrillic_read_in_another_encoding(tables: Tables) -> None:
    _text(
        tables,
        9,
        "\u041c\u0435\u0434\u0441\u0435\u0441\u0442\u0440\u044b".encode().decode(
            "cp1252", "ignore"
        ),
    )


@caught_by(SEGMENTS, "encoding damage")
def letters_lost_in_a_conversion(tables: Tables) -> None:
    _text(tables, 9, "Les infirmières chuchotent.".encode("latin-1").decode("utf-8", "replace"))


@caught_by(SEGMENTS, "word of two alphabets")
def cyrillic_letters_in_a_latin_word(tables: Tables) -> None:
    _text(tables, 9, "Nurses whisper wh\u0435n we come in.")


@caught_by(SEGMENTS, "text has invisible characters")
def zero_width_characters(tables: Tables) -> None:
    _text(tables, 9, "Nurses whisper\u200b when we come in.")


@caught_by(SEGMENTS, "text has control characters")
def words_turned_around(tables: Tables) -> None:
    _text(tables, 9, "Nurses \u202ewhisper\u202c when we come in.")


@caught_by(SEGMENTS, "text has control characters")
def line_end_as_a_workbook_writes_it(tables: Tables) -> None:
    _text(tables, 9, "Nurses whisper_x000D_\nwhen we come in.")


@caught_by(BOOK, "control characters")
def definition_with_a_bell(tables: Tables) -> None:
    tables[BOOK].loc[3, "definition"] = "Raids\x07 and arrests."


@caught_by(SEGMENTS, "text has HTML")
def html_from_a_web_form(tables: Tables) -> None:
    _text(tables, 9, "<p>Nurses whisper</p> when we come in.")


@caught_by(SEGMENTS, "label has HTML or control characters")
def html_in_a_label(tables: Tables) -> None:
    tables[SEGMENTS].loc[9, "label"] = "Whispers &amp; looks"


@caught_by(SEGMENTS, "replaced within a word")
def abbreviation_replaced_everywhere(tables: Tables) -> None:
    _text(tables, 9, "A nurse from SWitzerland told us.".replace("SW", "Sex workers"))


@caught_by(SEGMENTS, "replaced within a word")
def abbreviation_replaced_in_the_middle(tables: Tables) -> None:
    _text(tables, 9, "We aNSWer for each other.".replace("SW", "Sex worker"))


@caught_by(SEGMENTS, "text was changed by a spreadsheet")
def error_of_a_spreadsheet(tables: Tables) -> None:
    _text(tables, 9, "#NAME?")


@caught_by(SEGMENTS, "text was changed by a spreadsheet")
def formula_of_a_spreadsheet(tables: Tables) -> None:
    _text(tables, 9, "=HYPERLINK(A1)")


@caught_by(SEGMENTS, "languages mixed in one answer")
def two_languages_in_one_answer(tables: Tables) -> None:
    _text(tables, 9, "Nurses whisper. Les agents nous suivent dans la rue avec des chiens.")


@caught_by(SEGMENTS, "languages mixed in one answer")
def answer_under_another_language(tables: Tables) -> None:
    tables[SEGMENTS].loc[9, "language"] = "fr"
    _text(tables, 9, "They whisper when we come in, and the others are called because of that.")


@caught_by(SEGMENTS, "language not of the study")
def language_by_its_name(tables: Tables) -> None:
    tables[SEGMENTS].loc[9, "language"] = "English"


@caught_by(SEGMENTS, "text pasted twice")
def paragraph_pasted_into_two_cells(tables: Tables) -> None:
    _text(tables, 4, "A taxi to the clinic costs a DAY. ".strip())


@caught_by(SEGMENTS, "sentence pasted twice")
def paragraph_pasted_twice_into_one_cell(tables: Tables) -> None:
    once = "Nurses whisper to one another whenever one of us comes in."
    _text(tables, 9, f"{once}\n{once}")


@caught_by(SEGMENTS, "said in another focus group too")
def answer_copied_into_another_submission(tables: Tables) -> None:
    _text(tables, 13, "A TAXI to the clinic - costs a day")


@caught_by(SEGMENTS, "text is only a placeholder")
def answer_that_is_none(tables: Tables) -> None:
    _text(tables, 9, " n/a ")


@caught_by(SEGMENTS, "no text")
def answer_of_blanks(tables: Tables) -> None:
    _text(tables, 9, "\u00a0")


@caught_by(SEGMENTS, "no text", (SEGMENTS, "text has invisible characters"))
def answer_of_characters_without_width(tables: Tables) -> None:
    _text(tables, 9, "\u200b\ufeff")


@caught_by(SEGMENTS, "label used twice in an answer")
def repeated_label(tables: Tables) -> None:
    tables[SEGMENTS].loc[10, "label"] = "Whispers"


@caught_by(SEGMENTS, "encoding damage")
def letters_lost_as_question_marks(tables: Tables) -> None:
    _text(tables, 9, "Sofremos viol?ncia quando entramos.")


@caught_by(SEGMENTS, "encoding damage")
def letters_of_windows_read_on_a_mac(tables: Tables) -> None:
    _text(tables, 9, "Les infirmières chuchotent.".encode("cp1252").decode("mac_roman"))


@caught_by(SEGMENTS, "encoding damage")
def letters_of_a_mac_read_on_windows(tables: Tables) -> None:
    _text(tables, 9, "Les médecins chuchotent.".encode("mac_roman").decode("cp1252"))


@caught_by(SEGMENTS, "encoding damage")
def utf8_read_on_a_mac(tables: Tables) -> None:
    tables[SEGMENTS].loc[9, "label"] = "Médecins".encode().decode("mac_roman")


@caught_by(GROUPS, "encoding damage")
def organiser_read_in_another_encoding(tables: Tables) -> None:
    tables[GROUPS].loc[3, "organiser"] = "Réseau du Kenya".encode().decode("cp1252")


@caught_by(BOOK, "encoding damage")
def definition_read_in_another_encoding(tables: Tables) -> None:
    tables[BOOK].loc[3, "definition"] = "Ce que font les médecins.".encode().decode("latin-1")


@caught_by(SEGMENTS, "text is only a placeholder")
def null_of_a_database(tables: Tables) -> None:
    _text(tables, 9, "NULL")


@caught_by(SEGMENTS, "text is only a placeholder")
def missing_value_of_a_program(tables: Tables) -> None:
    _text(tables, 9, "nan")


@caught_by(SEGMENTS, "text was changed by a spreadsheet")
def number_in_short_form(tables: Tables) -> None:
    _text(tables, 9, "3E+05")


@caught_by(SEGMENTS, "text without a letter")
def answer_of_emoji(tables: Tables) -> None:
    _text(tables, 9, "\U0001f44d\U0001f44d 100")


@caught_by(SEGMENTS, "text is the template's own")
def question_read_as_an_answer(tables: Tables) -> None:
    _text(tables, 9, "WHAT  is the situation")


@caught_by(SEGMENTS, "text is cut off")
def cell_cut_at_255_characters(tables: Tables) -> None:
    words = "Nurses whisper when we come in and then they call the others to look at us "
    _text(tables, 9, (words * 5).replace("  ", " ")[:255])


@caught_by(SEGMENTS, "whole transcript in one passage")
def transcript_pasted_into_one_cell(tables: Tables) -> None:
    _text(tables, 3, "We wait, and then we walk home. " * 300)


@caught_by(SEGMENTS, "same source, other text")
def words_changed_after_they_were_restated(tables: Tables) -> None:
    tables[SEGMENTS].loc[[9, 12], "source_sha256"] = "0" * 64


@caught_by(SEGMENTS, "label and text swapped")
def label_and_text_swapped(tables: Tables) -> None:
    columns = ["label", "text"]
    texts = tables[SEGMENTS]
    texts.loc[9, columns] = texts.loc[9, columns[::-1]].to_numpy()


@caught_by(GROUPS, "organiser and theme swapped")
def organiser_and_theme_swapped(tables: Tables) -> None:
    columns = ["organiser", "theme"]
    groups = tables[GROUPS]
    groups.loc[3, columns] = groups.loc[3, columns[::-1]].to_numpy()


@caught_by(GROUPS, "organiser and theme swapped")
def organiser_filled_into_the_theme(tables: Tables) -> None:
    tables[GROUPS].loc[3, "theme"] = tables[GROUPS].loc[3, "organiser"]


@caught_by(GROUPS, "title names another date")
def day_and_month_swapped_in_the_date(tables: Tables) -> None:
    tables[GROUPS].loc[3, "title"] = "Peers in Kenya, 3 May 2024"


@caught_by(GROUPS, "organiser names another place")
def organiser_of_another_country(tables: Tables) -> None:
    tables[GROUPS].loc[3, "organiser"] = "Network of Ghana"


@caught_by(GROUPS, "more participants than a focus group can have")
def digit_too_many_in_participants(tables: Tables) -> None:
    tables[GROUPS].loc[3, "participants"] = "66 peers (KEN)"


@caught_by(BOOK, "name used twice")
def names_that_differ_in_case_and_separator(tables: Tables) -> None:
    tables[BOOK].loc[[3, 4], "name"] = ["Police violence", "Police-Violence "]


@caught_by(BOOK, "refers to a code that does not exist")
def reference_to_a_code_of_an_old_codebook(tables: Tables) -> None:
    tables[BOOK].loc[3, "exclude"] = "Looks and words (stigma). Health staff (stigma-at-clinics)."


@caught_by(BOOK, "refers to a code that does not exist")
def mistyped_reference(tables: Tables) -> None:
    tables[BOOK].loc[3, "exclude"] = "Looks and words (stgima)."
