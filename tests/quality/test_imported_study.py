from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING

import pytest

from analysis.importing.coded.code_tree import NOT_DEFINED
from analysis.importing.coded.coded_import import CodedImport, import_coded
from analysis.intake.sandbox import Sandbox
from analysis.quality.checks import check_named
from analysis.quality.derived.texts import CONTROL
from tiny_study import STUDY, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = """\
title: Interviews on care
languages: [en]
continents: [africa]
as_of: 2026-05-01
synthetic: false
not_recorded: [title, organiser, theme, participants]
coders: [{coder: ann, kind: human, description: Codes all interviews.}]
"""
MAPPING = """\
focus_groups: {scope: country, consent: public, language: en}
documents:
  Interview 1: {held_on: 2015-03-02, places: KEN}
  Interview 2: {held_on: 2016-04-05, places: UGA}
  Group 3: {held_on: 2019-08-09, places: KEN}
text_kind: verbatim
"""
# What people say in every interview, as a transcript and a spreadsheet write it.
ORDINARY = (
    "Yes.",
    "Mmm. It's hard\u2026 really hard.",
    "No, never.",
    "Yes.",
    "[laughter]",
)
OWN = {
    "Interview 1": (
        "  They said \u201cno\u201d\u00a0and we left.",
        "Police come at night.\x0bThey take the money.\r\nWe run to the pier, to the boats.",
        "The doctor asked <name removed> to leave, and <laughs> we all did.",
        "I hide the pills in a tin of tea\u200b so that nobody asks.",
    ),
    "Interview 2": (
        "Los de la noche nos quitan las cosas por nada, says my aunt.",
        "We need PrEP & condoms; nobody brings them here any more.",
        "Nights are long, and the road  has no lights at all.\x85",
    ),
    "Group 3": (
        "We put money together when one of us is arrested.",
        "A lawyer comes on Thursdays, and she never asks for money.\u2028She is kind.",
    ),
}
CODES = ("Stigma", "Police violence", "Access to care", "Hope")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a root with a study of three coded interviews, imported from one table."""
    root = write_tiny_root(tmp_path_factory.mktemp("root"))
    folder = root / "data" / STUDY
    (folder / "study.yaml").write_text(SETTINGS, encoding="utf-8")
    for path in folder.glob("*.csv"):
        path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", encoding="utf-8")
    (root / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    with (root / "codings.csv").open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file).writerow
        write(["document", "id", "text", "code", "coder"])
        for document, own in OWN.items():
            for at, text in enumerate((*own, *ORDINARY)):
                for code in {CODES[at % 4], CODES[(at + len(own)) % 4]}:
                    write([document, f"{document}-{at}", text, code, "ann"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sandbox, "read", lambda _, reader, file: reader(file))
        order = CodedImport(root, STUDY, (root / "codings.csv",), mapping=root / "mapping.yaml")
        import_coded(order)
    return root


def test_ordinary_import_has_no_warning(root: Path) -> None:
    """Nothing that transcripts, spreadsheets and importers do by habit marks a number."""
    outcomes = check_named(root, STUDY).outcomes

    short = [each for each in outcomes if each.verdict != "held"]
    assert [(each.table, each.fault) for each in short if each.severity != "info"] == []
    assert [each.fault for each in short] == [
        "text has invisible characters",
        "languages mixed in one answer",
    ]


def test_filler_of_the_importer_is_the_suites(root: Path) -> None:
    """The codebook's suite leaves out the words that an import puts in place of definitions."""
    suite = json.loads((root / "expectations" / "codebook.json").read_text("utf-8"))
    conditions = [
        each["kwargs"]["row_condition"]["parameter"]
        for each in suite["expectations"]
        if "row_condition" in each["kwargs"]
    ]
    codebook = (root / "data" / STUDY / "codebook.csv").read_text("utf-8")

    assert conditions == [NOT_DEFINED]
    assert codebook.count(NOT_DEFINED) == len(CODES)


def test_white_space_is_no_control_character() -> None:
    """Of all characters that cleaning makes a space, none is warned of."""
    spaces = [chr(code) for code in range(0x3001) if chr(code).isspace()]

    assert [each for each in spaces if re.match(CONTROL, each)] == []
