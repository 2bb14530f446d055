"""One small defect for each expectation that ships, and the rows that it must be found in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

Tables = dict[str, pd.DataFrame]
Change = Callable[[Tables], None]


@dataclass(frozen=True)
class Defect:
    """What is changed in the tiny study, and what must be found."""

    table: str
    fault: str
    change: Change
    rows: tuple[int, ...]

    @property
    def key(self) -> tuple[str, str]:
        """The table and the fault, which name one expectation."""
        return self.table, self.fault


def put(*changes: tuple[str, int, str, str]) -> Change:
    """Give a change that puts values into cells."""

    def change(tables: Tables) -> None:
        for table, row, column, value in changes:
            tables[table].loc[row, column] = value

    return change


def _in(table: str, row: int, column: str, value: str, fault: str) -> Defect:
    return Defect(table, fault, put((table, row, column, value)), (row,))


def _in_text(text: str, fault: str) -> Defect:
    return _in("segments", 5, "text", text, fault)


CODEBOOK = [
    _in("codebook", 3, "code", "", "no code"),
    Defect("codebook", "code defined twice", put(("codebook", 4, "code", "stigma")), (3, 4)),
    _in("codebook", 4, "code", "hope\n", "code malformed"),
    _in("codebook", 4, "parent", "stigma", "parent is no theme"),
    _in("codebook", 4, "parent", "", "theme without codes"),
    _in("codebook", 4, "name", " ", "no name"),
    Defect("codebook", "name used twice", put(("codebook", 4, "name", "Stigma")), (3, 4)),
    _in("codebook", 4, "name", "H\u00c3\u00b4pe", "encoding damage"),
    _in("codebook", 4, "exclude", "Fear (stgma).", "refers to a code that does not exist"),
    _in("codebook", 4, "definition", "TODO", "definition is only a placeholder"),
    _in("codebook", 2, "definition", "", "no definition"),
    _in("codebook", 4, "code", "joy", "code never applied"),
    _in("codebook", 4, "name_fr", " ", "no name in the language of the reports"),
    _in("codebook", 3, "include", "Call 0712 555 014.", "personal data"),
    _in("codebook", 3, "exclude", "What Thandiwe means by it.", "name alone"),
    _in("codebook", 3, "code", "reviewed", "reviewed exception that covers nothing"),
    Defect(
        "codebook",
        "reviewed when its words were others",
        put(("codebook", 3, "code", "reviewed"), ("codebook", 3, "name", "Dr Haddad")),
        (3,),
    ),
    Defect(
        "codebook",
        "definition used twice",
        put(("codebook", 4, "definition", "Being looked down on.")),
        (3, 4),
    ),
    Defect(
        "codebook",
        "control characters",
        put(("codebook", 4, "definition", "Raids\x07 at night.")),
        (4,),
    ),
]


def _in_groups(column: str, value: str, fault: str) -> Defect:
    return _in("focus_groups", 3, column, value, fault)


LONG = (
    "Two of us went to the station to report it and came home without the paper they promised, "
    "and the landlord who keeps the key of the gate let us in when he had had his share."
)

FOCUS_GROUPS = [
    _in_groups("focus_group", "", "no id"),
    Defect(
        "focus_groups",
        "focus group listed twice",
        put(("focus_groups", 3, "focus_group", "one")),
        (2, 3),
    ),
    _in_groups("focus_group", "Two", "id malformed"),
    _in_groups("title", "", "no title"),
    _in_groups("organiser", "Dr Haddad", "personal data"),
    _in_groups("theme", "What Thandiwe means", "name alone"),
    _in_groups("focus_group", "reviewed", "reviewed exception that covers nothing"),
    Defect(
        "focus_groups",
        "reviewed when its words were others",
        put(
            ("focus_groups", 2, "focus_group", "reviewed"),
            ("focus_groups", 2, "organiser", "Call 0712 555 014."),
        ),
        (2,),
    ),
    _in_groups("held_on", "", "no date"),
    _in_groups("held_on", "2020-02-30", "date is no day of the calendar"),
    _in_groups("held_on", "2021-01-01", "date after the study's as_of"),
    _in_groups("scope", "", "no scope"),
    _in_groups("scope", "province", "scope unknown"),
    _in_groups("places", "", "no place"),
    _in_groups("places", "esa;NA", "place unknown"),
    _in_groups("places", "KEN", "scope and places disagree"),
    _in_groups("speaks_of", "wca;nowhere", "speaks of an unknown place"),
    _in_groups("organiser", "", "no organiser"),
    _in_groups("theme", "", "no theme"),
    _in_groups("participants", "", "no participants"),
    _in_groups("participants", "many nurses", "participants not understood"),
    _in_groups("language", "", "no language"),
    _in_groups("language", "de", "language not of the study"),
    _in_groups("consent", "", "no consent stated"),
    _in_groups("consent", "yes", "consent unknown"),
    _in_groups("source_sha256", "0" * 63, "digest malformed"),
    _in_groups("withdrawn", "2020-11-31", "date of withdrawal not valid"),
    _in_groups("withdrawn", "2021-01-01", "date of withdrawal after the study's as_of"),
    _in_groups("withdrawn", "2020-11-01", "withdrawn, and still has passages"),
    _in_groups("held_on", "2014-10-13", "date more than five years before all later ones"),
    _in_groups("source", "discussion-2014-10-13.docx", "source names another year than the date"),
    _in_groups("places", "esa; esa", "place listed twice"),
    _in_groups("title", "Peers in Ghana", "title names another place"),
    _in_groups("title", "Second <b>meeting</b>", "title has HTML or control characters"),
    _in_groups("participants", "7 participants; 3 nurses; 4 peers", "participants do not add up"),
    _in_groups("participants", "3 nurses (GHA)", "participants from another place"),
    _in_groups("organiser", "A network\x07 of peers", "control characters"),
    _in_groups("title", "Meeting of 10 December 2020", "title names another date"),
    _in_groups("organiser", "A network in Ghana", "organiser names another place"),
    _in_groups("theme", "A network", "organiser and theme swapped"),
    _in_groups("participants", "66 nurses", "more participants than a focus group can have"),
    _in_groups("organiser", "R\u00c3\u00a9seau", "encoding damage"),
    _in_groups("consent", "none", "no consent, and still has passages"),
    _in_groups("withdrawn", "2020-01-01", "withdrawn before it met"),
    Defect(
        "focus_groups",
        "same meeting as another focus group",
        lambda tables: _meet_again(tables["focus_groups"]),
        (2, 3),
    ),
    Defect(
        "focus_groups",
        "left out of the coding",
        put(("code_applications", 6, "segment", "one.e")),
        (3,),
    ),
    Defect("focus_groups", "one coder missing", lambda tables: _code(tables, "one", 0), (2,)),
    Defect("focus_groups", "no passages", put(("segments", 7, "focus_group", "one")), (3,)),
    Defect(
        "focus_groups",
        "copy of another focus group",
        put(
            ("segments", 2, "text", LONG),
            ("segments", 7, "text", LONG.upper().replace(",", "").rstrip(".")),
        ),
        (2, 3),
    ),
    Defect(
        "focus_groups",
        "same texts as another focus group",
        lambda tables: _share_texts(tables["segments"]),
        (2, 3),
    ),
]


def _share_texts(segments: pd.DataFrame) -> None:
    """Let both focus groups say the same three things, in another order."""
    segments["focus_group"] = ["one", "one", "one", "two", "two", "two"]
    segments["text"] = ["Care.", "Peace.", "Bread.", "Bread.", "Care.", "Peace."]


def _meet_again(groups: pd.DataFrame) -> None:
    """List the first focus group again, under another id, title and consent."""
    same = ["held_on", "scope", "places", "organiser", "theme", "participants"]
    groups.loc[3, same] = groups.loc[2, same]


def _code(tables: Tables, stray: str, left: int) -> None:
    """Have two coders code five segments of four groups with two codes, but for one coder in one.

    That coder codes as many segments there as are left of the five.
    """
    groups = ["one", "two", "three", "four"]
    named = [(group, f"{group}.{number}") for group in groups for number in range(5)]
    tables["segments"] = pd.DataFrame(named, columns=["focus_group", "segment"], dtype="str")
    rows = [
        (segment, code, coder)
        for group, segment in named
        for code in ("stigma", "hope")
        for coder in ("ann", "bot")
        if not (group == stray and coder == "bot" and int(segment[-1]) >= left)
    ]
    tables["code_applications"] = _applied(rows)


def _applied(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    index = pd.RangeIndex(2, len(rows) + 2, name="row")
    return pd.DataFrame(rows, columns=["segment", "code", "coder"], index=index, dtype="str")


def _split_code(tables: Tables) -> None:
    """Have the row whose code was split, and which its coder has not coded again."""
    tables["code_applications"] = tables["code_applications"].rename(index={3: 99})


def _fill_down(tables: Tables) -> None:
    _code(tables, "", 0)
    rows = [(f"one.{number}", "hope", "ann") for number in range(5)]
    tables["code_applications"] = _applied([*rows, ("two.1", "stigma", "ann")])


def _apply_all(tables: Tables) -> None:
    book = tables["codebook"]
    tables["codebook"] = pd.concat([book, book.loc[[3, 4]]])
    codes = ["stigma", "hope", "joy", "fear"]
    rows = [("one.d", code, "ann") for code in codes]
    tables["code_applications"] = _applied([*rows, ("one.e", "hope", "bot")])


LONG = "The officers at the crossing take our phones and our money"

SEGMENTS = [
    _in("segments", 5, "segment", "", "no id"),
    Defect("segments", "passage listed twice", put(("segments", 6, "segment", "one.d")), (5, 6)),
    _in("segments", 5, "segment", "one..d", "id malformed"),
    _in("segments", 5, "focus_group", "", "no focus group"),
    _in("segments", 5, "focus_group", "three", "focus group unknown"),
    Defect("segments", "kept without consent", put(("focus_groups", 3, "consent", "none")), (7,)),
    _in("segments", 5, "section", "", "no section"),
    _in("segments", 5, "section", "annex", "section unknown"),
    _in("segments", 5, "question", "", "no question"),
    _in("segments", 5, "question", "why", "question unknown"),
    _in("segments", 5, "question", "introduction", "section does not ask this question"),
    _in("segments", 5, "position", "", "no position"),
    _in("segments", 5, "position", "01", "position malformed"),
    Defect(
        "segments",
        "position used twice in an answer",
        put(("segments", 6, "position", "1")),
        (5, 6),
    ),
    _in("segments", 5, "role", "", "no role"),
    _in("segments", 5, "role", "bullet", "role unknown"),
    _in("segments", 5, "role", "subpoint", "role and position disagree"),
    Defect(
        "segments",
        "more points in one answer than the template allows",
        put(("segments", 7, "focus_group", "one"), ("segments", 7, "position", "3")),
        (5, 6, 7),
    ),
    _in_text("Achieng, 27, was arrested.", "personal data"),
    _in_text("What Thandiwe means is clear.", "name alone"),
    _in("segments", 5, "segment", "one.reviewed", "reviewed exception that covers nothing"),
    Defect(
        "segments",
        "reviewed when its words were others",
        put(
            ("segments", 5, "segment", "one.reviewed"),
            ("segments", 5, "text", "Write to a.name@example.org"),
        ),
        (5,),
    ),
    _in_text(" \n", "no text"),
    _in_text("- N/A -", "text is only a placeholder"),
    _in_text("Stop <b>arrests</b>.", "text has HTML"),
    _in_text("Stop\x07 arrests.", "text has control characters"),
    _in_text("Stop ar\u200brests.", "text has invisible characters"),
    _in_text("Arr\u00c3\u00aatons les arrestations.", "encoding damage"),
    _in_text("100 %", "text without a letter"),
    _in_text("What must stop?", "text is the template's own"),
    _in_text("Stop the arrests of us all " * 9 + "now and then", "text is cut off"),
    _in_text("Stop \u0430rrests.", "word of two alphabets"),
    _in_text("Stop arrests in Sex workersitzterland.", "replaced within a word"),
    _in_text("#NAME?", "text was changed by a spreadsheet"),
    _in_text(f"{LONG}. We wait. {LONG}.", "sentence pasted twice"),
    _in_text(
        "Stop arrests. Les policiers nous ont suivies dans la rue avec des chiens.",
        "languages mixed in one answer",
    ),
    _in("segments", 5, "label", "Arrests&nbsp;", "label has HTML or control characters"),
    Defect(
        "segments",
        "label used twice in an answer",
        put(("segments", 5, "label", "Police"), ("segments", 6, "label", "Police")),
        (5, 6),
    ),
    _in(
        "segments",
        5,
        "segment",
        "one.recommendations.stop.2",
        "id of another place in the template",
    ),
    _in("segments", 6, "position", "3", "position missing before this one"),
    _in("segments", 4, "position", "2a", "sub-point without its point"),
    Defect(
        "segments",
        "lead-in without a list",
        put(("segments", 2, "section", "recommendations"), ("segments", 2, "question", "start")),
        (2,),
    ),
    Defect("segments", "text pasted twice", put(("segments", 6, "text", "STOP  arrests.")), (5, 6)),
    _in_text("Stop arrests here. " * 300, "whole transcript in one passage"),
    Defect(
        "segments",
        "said in another focus group too",
        put(
            ("segments", 5, "text", "Stop the raids on the places where we all work."),
            ("segments", 7, "text", "stop the raids on the places where we ALL work"),
        ),
        (5, 7),
    ),
    Defect(
        "segments",
        "same source, other text",
        put(("segments", 6, "source_sha256", f"{3:064}")),
        (5, 6),
    ),
    Defect(
        "segments",
        "label and text swapped",
        put(("segments", 5, "label", "Stop arrests."), ("segments", 5, "text", "Arrests")),
        (5,),
    ),
    _in("segments", 5, "text_kind", "", "no kind of text"),
    _in("segments", 5, "text_kind", "edited", "kind of text unknown"),
    _in("segments", 5, "text_kind", "synthetic", "synthetic and real mixed"),
    _in("segments", 5, "language", "", "no language"),
    _in("segments", 5, "language", "en\n", "language not of the study"),
    _in("segments", 5, "source_sha256", "F" * 64, "digest malformed"),
    _in("segments", 5, "source_sha256", "", "restated without the digest of its source"),
    Defect("segments", "lead-in coded", put(("code_applications", 2, "segment", "one.a")), (2,)),
    Defect(
        "segments", "lead-in still coded", put(("code_applications", 2, "segment", "one.a")), (2,)
    ),
    Defect(
        "segments",
        "point above sub-points coded",
        put(("code_applications", 2, "segment", "one.b")),
        (3,),
    ),
    _in("segments", 5, "role", "set_aside", "set aside to protect people"),
    Defect(
        "segments", "passage without codes", put(("code_applications", 2, "segment", "one.d")), (4,)
    ),
]

CODE_APPLICATIONS = [
    _in("code_applications", 3, "segment", "", "no passage"),
    _in("code_applications", 3, "segment", "one.z", "passage unknown"),
    _in("code_applications", 3, "code", "", "no code"),
    _in("code_applications", 3, "code", "stgma", "code unknown"),
    _in("code_applications", 3, "code", "rights", "theme applied in place of a code"),
    _in("code_applications", 3, "coder", "", "no coder"),
    _in("code_applications", 3, "coder", "eve", "coder unknown"),
    Defect(
        "code_applications",
        "code applied twice by one coder",
        put(("code_applications", 4, "coder", "ann"), ("code_applications", 4, "code", "stigma")),
        (3, 4),
    ),
    Defect(
        "code_applications",
        "coder without an application",
        put(("code_applications", 4, "coder", "ann")),
        (),
    ),
    Defect(
        "code_applications",
        "same coding as another coder",
        lambda tables: _code(tables, "", 0),
        tuple(range(2, 82)),
    ),
    Defect("code_applications", "code split, and not chosen again", _split_code, (99,)),
    Defect("code_applications", "one code on a whole focus group", _fill_down, (2, 3, 4, 5, 6)),
    Defect("code_applications", "nearly every code on one passage", _apply_all, (2, 3, 4, 5)),
    Defect(
        "code_applications",
        "stray codes of a coder",
        lambda tables: _code(tables, "one", 1),
        (3, 5),
    ),
]

DEFECTS = (*CODEBOOK, *FOCUS_GROUPS, *SEGMENTS, *CODE_APPLICATIONS)
