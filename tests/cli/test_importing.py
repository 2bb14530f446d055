from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tiny_study import STUDY, put_value

if TYPE_CHECKING:
    from cli.conftest import Run


SENT = """\
Country: Kenya
Date: 2020-09-26
Contact person: Jane Doe

EMERGING PATTERNS

- Distance costs.
- Crews trust crews, call 0700 123 4567.
"""


def sent(folder: Path, text: str = SENT) -> str:
    path = folder / "sent.txt"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_import_accounts_for_every_item_on_one_screen(run: Run, tiny_root: Path) -> None:
    """The account adds up, repairs and suspicions have their places, and nobody is named."""
    code, said, _ = run("import", sent(tiny_root), "--study", STUDY)

    assert code == 0
    assert "sent.txt: focus group ken-2020-09-26\n" in said
    assert "repaired: emerging.patterns, position 2: left out contacts (1)" in said
    assert "look at: consent is not answered: taken as none" in said
    assert "6 items = 4 kept + 2 set aside:" in said
    assert "1: contacts, which no submission keeps" in said
    assert "Jane" not in said
    assert len(said.splitlines()) < 40


def test_json_of_an_import_has_the_same(run: Run, tiny_root: Path) -> None:
    """With --json, the account, repairs and suspicions of each submission are listed as JSON."""
    code, said, _ = run("import", sent(tiny_root), "--study", STUDY, "--json")
    shown = json.loads(said)
    (submission,) = shown["submissions"]

    assert code == 0
    assert shown["in_study"] == {"focus_groups": 5, "segments": 14}
    assert submission["account"] == {
        "kind": "items",
        "received": 6,
        "kept": 4,
        "set_aside": {
            "contacts, which no submission keeps": 1,
            "the template's own wording": 1,
        },
    }


def test_import_says_what_the_scan_finds_of_the_words(run: Run, tiny_root: Path) -> None:
    """Before there is a codebook: by kind, with the command that shows them, and no word of it."""
    (tiny_root / "data" / STUDY / "codebook.csv").write_text(
        "code,parent,name,definition,include,exclude\n", encoding="utf-8"
    )
    text = SENT.replace(
        "Distance costs.", "Achieng, 6, waits with Gulnara Bekova.\n- As Wambui did."
    )

    code, said, _ = run("import", sent(tiny_root, text), "--study", STUDY)
    _, as_json, _ = run(
        "import", sent(tiny_root, text + "\n- Zola, 27."), "--study", STUDY, "--json"
    )

    assert code == 0
    assert "Personal data: 2 findings that may identify somebody (name 1, name-age 1).\n" in said
    assert "Personal data: 1 finding that may be a name (name-alone 1).\n" in said
    assert f"Go through them: compendium review {STUDY}\n" in said
    assert not [name for name in ("Achieng", "Gulnara", "Wambui") if name in said]
    assert json.loads(as_json)["personal_data"]["critical"] == {"name": 2, "name-age": 3}


def test_words_are_checked_and_reviewed_before_there_is_a_codebook(
    run: Run, tiny_root: Path
) -> None:
    """The check lists the row and the kind, and the review the same finding."""
    study = tiny_root / "data" / STUDY
    (study / "codebook.csv").write_text("code,parent,name,definition,include,exclude\n", "utf-8")
    (study / "code_applications.csv").write_text("segment,code,coder\n", encoding="utf-8")
    put_value(tiny_root, "segments", (6, "text"), "We met via Zoom with Achieng, 6.")

    _, checked, _ = run("check", STUDY)
    code, reviewed, _ = run("review", STUDY)

    assert "  Personal data\n    where    segments.csv, 1 row: 6 (ken)\n" in checked
    assert code == 0
    assert "segments.csv row 6 (ken.5), text: name-age (critical)" in reviewed
    assert "Achieng" not in checked + reviewed


def test_import_of_many_files_fits_a_screen(run: Run, tiny_root: Path) -> None:
    """Each file has two lines, those beyond the twentieth are counted, and items add up."""
    files = []
    for number in range(25):
        path = tiny_root / f"sent{number}.txt"
        path.write_text(SENT.replace("Distance", f"Distance {number}"), encoding="utf-8")
        files.append(str(path))
    Path(files[0]).write_text(SENT.replace("- Distance costs.\n", ""), encoding="utf-8")

    code, said, _ = run("import", *files, "--study", STUDY)

    assert code == 0
    assert "  1 segment, consent none, 2 repaired, " in said
    assert "  2 segments, consent none, 2 repaired, " in said
    assert "and 5 more." in said
    assert "149 items = 99 kept + 50 set aside:" in said
    assert len(said.splitlines()) < 50


def test_refused_import_ends_with_what_to_do(run: Run, tiny_root: Path) -> None:
    """A file that is no submission is refused with a message and no traceback."""
    code, said, complained = run("import", sent(tiny_root, "Hello."), "--study", STUDY)

    assert (code, said) == (1, "")
    assert "sent.txt has no question of the template." in complained
    assert "What to do:" in complained


def test_template_takes_a_root_as_every_command(run: Run, tiny_root: Path) -> None:
    """A folder that is no compendium is refused, and nothing is written."""
    refused, _, _ = run("template", "empty.docx", "--root", "reports")
    written, _, _ = run("template", "empty.docx", "--root", str(tiny_root))

    assert (refused, written) == (1, 0)


def test_template_is_written_once_in_a_language(run: Run, tiny_root: Path) -> None:
    """A template is written, and what is there already is not written over."""
    first = run("template", "modele.docx", "--language", "fr")
    again = run("template", "modele.docx", "--language", "fr")
    unknown = run("template", "other.docx", "--language", "de")

    assert (first[0], again[0], unknown[0]) == (0, 1, 1)
    assert (tiny_root / "modele.docx").is_file()
    assert "modele.docx exists already" in again[2]
    assert "one of en, es, fr, pt" in unknown[2]


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
