from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tiny_study import STUDY, put_value

if TYPE_CHECKING:
    from cli.conftest import Run

CODINGS = """\
focus_group,held_on,scope,places,consent,text,code,coder
new,2020-11-01,country,KEN,public,Fear of police.,Stigma,ann
new,2020-11-01,country,KEN,public,Nothing helps.,,
"""


@pytest.fixture
def codings(tiny_root: Path) -> str:
    """Give a table of codings."""
    path = tiny_root / "codings.csv"
    path.write_text(CODINGS, encoding="utf-8")
    return str(path)


def test_import_accounts_for_each_item(run: Run, codings: str) -> None:
    """Received, imported and set aside are listed by kind, then what came, then what to do."""
    code, said, _ = run("import", codings, "--study", STUDY)

    assert code == 0
    assert said.splitlines() == [
        "codes: 1 received = 1 kept",
        "documents: 1 received = 1 kept",
        "cells on focus groups: 5 received = 5 kept",
        "selections: 2 received = 2 kept",
        "codings: 1 received = 1 kept",
        "coders: 1 received = 1 kept",
        "columns: 8 received = 8 kept",
        "Note: 2 segments without a question of the template, in cell theme.introduction",
        "Imported 1 focus group, 2 segments, 1 code application and 0 rows of the codebook.",
        *(
            (
                "tiny now has 5 focus groups, 14 segments, 15 code applications and 6 rows of the "
                "codebook. Next: compendium check tiny"
            ),
        ),
    ]


def test_table_of_meetings_is_not_of_coded_data(run: Run, codings: str) -> None:
    """What submissions alone have use for is refused with coded data, and not passed over."""
    code, _, complained = run("import", codings, "--study", STUDY, "--met", codings)

    assert (code, "--mapping says where people met" in complained) == (2, True)


def test_import_reports_as_json(run: Run, codings: str) -> None:
    """A program reads the same account."""
    _, said, _ = run("import", codings, "--study", STUDY, "--format", "long", "--json")

    shown = json.loads(said)
    assert (shown["imported"]["segments"], shown["formats"]) == (2, ["long"])
    assert shown["account"][0] == {"kind": "codes", "received": 1, "kept": 1, "set_aside": {}}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--study", "tny"), "closest: tiny"),
        (("--study", STUDY, "--format", "lonk"), "closest: long"),
        (("--study", STUDY, "--mapping", "gone.yaml"), "gone.yaml does not exist"),
    ],
)
def test_import_refuses_with_the_closest_name(
    run: Run, codings: str, arguments: tuple[str, ...], said: str
) -> None:
    """A misspelt study or format, or a mapping that is not there, ends with 1 and a message."""
    code, _, complained = run("import", codings, *arguments)

    assert (code, said in complained) == (1, True)


def test_a_draft_of_a_mapping_is_written(run: Run, codings: str, tiny_root: Path) -> None:
    """Nothing is imported then."""
    draft = tiny_root / "draft.yaml"
    Path(codings).write_text(CODINGS.replace("public", ""), encoding="utf-8")

    code, said, _ = run("import", codings, "--study", STUDY, "--mapping-draft", str(draft))

    assert (code, draft.is_file()) == (0, True)
    assert "--mapping" in said
    assert not (tiny_root / "data" / STUDY / "raw").exists()


def test_a_draft_is_reported_as_json(run: Run, codings: str, tiny_root: Path) -> None:
    """A program reads where the draft is."""
    draft = tiny_root / "draft.yaml"
    Path(codings).write_text(CODINGS.replace("public", ""), encoding="utf-8")

    _, said, _ = run(
        *("import", codings, "--study", STUDY, "--mapping-draft", str(draft), "--json")
    )

    assert json.loads(said) == {"mapping_draft": str(draft)}


def test_export_reports_what_was_withheld(run: Run, tiny_root: Path) -> None:
    """The focus group that consents to counts only is named as a number with its reason."""
    code, said, _ = run("export", STUDY, "--to", "qdpx", str(tiny_root / "out.qdpx"))

    assert code == 0
    assert (
        "documents: 4 in the study = 3 written + 1 withheld (1: consent is for counts only)" in said
    )


def test_what_was_imported_passes_the_checks(run: Run, codings: str, tiny_root: Path) -> None:
    """The tables are what a build asks for: nothing critical is left."""
    put_value(tiny_root, "focus_groups", (3, "consent"), "public")
    run("import", codings, "--study", STUDY)

    code, _, complained = run("check", STUDY)

    assert (code, complained) == (0, "")
