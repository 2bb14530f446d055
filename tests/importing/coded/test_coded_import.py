from __future__ import annotations

import csv
import json
from pathlib import PurePath
from typing import TYPE_CHECKING

import pytest

from analysis.errors import CodedDataError, SourceError, StorageError
from analysis.importing.coded.coded_import import CodedImport
from analysis.importing.coded.mapping_draft import write_draft
from analysis.study.journal import StudyChange
from analysis.study.opened_study import open_study
from importing.coded.coded_rows import (
    FRESH,
    KENYA,
    ROWS,
    fresh_study,
    rows_of,
    snapshot,
    take,
    written,
)
from intake.coded.made_exports import read
from intake.coded.test_real_exports import EXPORTS
from tiny_study import STUDY, table_of, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("reading_here")


def test_rows_are_added_to_each_table(root: Path):
    """Codes are found by id or name; the same passage is one segment for both coders."""
    before = table_of(root, "segments").read_bytes()

    taken_in = take(root, written(root, *ROWS))

    assert taken_in.imported == {
        "codebook": 0,
        "focus_groups": 1,
        "segments": 2,
        "code_applications": 2,
    }
    assert taken_in.in_study == {table: len(rows_of(root, table)) for table in taken_in.imported}
    assert rows_of(root, "code_applications")[-2:] == [
        {"segment": "new.1", "code": "stigma", "coder": "ann"},
        {"segment": "new.1", "code": "criminalization", "coder": "bot"},
    ]
    last = rows_of(root, "segments")[-1]
    assert [last[name] for name in ("section", "question", "position", "role", "text_kind")] == [
        *("theme", "introduction", "p2", "prose", "synthetic")
    ]
    assert table_of(root, "segments").read_bytes().startswith(before)
    assert rows_of(root, "focus_groups")[-1]["places"] == "KEN"


def test_the_file_is_kept_by_its_digest_and_listed(root: Path):
    """A file's own name may be a person's: it is kept under its digest, with its account."""
    take(root, written(root, *ROWS, name="talk with somebody.csv"))

    raw = root / "data" / STUDY / "raw"
    registry = (raw / "registry.csv").read_text(encoding="utf-8")
    (listed,) = csv.DictReader(registry.splitlines())
    assert (listed["kind"], (raw / listed["file"]).is_file()) == ("long", True)
    assert "somebody" not in "".join(str(path) for path in raw.rglob("*"))
    (log,) = raw.glob("*.import.json")
    logged = json.loads(log.read_text(encoding="utf-8"))
    assert logged["account"][4] == {"kind": "codings", "received": 2, "kept": 2, "set_aside": {}}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (f"{KENYA},1,Fear.,stgma,ann", "not in codebook.csv: code 'stgma' \\(closest: stigma"),
        (f"{KENYA},1,Fear.,rights,ann", "rights is a theme"),
        (
            f"{KENYA},1,Fear.,stigma,Grace",
            "coder 1 of 1: coder 'Grace' \\(allowed: ann, bot\\) is no pseudonym of study.yaml",
        ),
        (f"{KENYA},1,Fear.,stigma,", "file names no coder"),
        ("new,,country,KEN,public,1,Fear.,stigma,ann", "document 1: held_on is missing"),
        ("new,2020-11-31,country,KEN,public,1,Fear.,stigma,ann", "held_on '2020-11-31' is no date"),
        (
            "new,2020-11-01,country,KEM,public,1,Fear.,stigma,ann",
            "places: unknown place 'KEM' \\(closest: ",
        ),
        ("new,2020-11-01,land,KEN,public,1,Fear.,stigma,ann", "scope 'land' is none of"),
        ("new,2020-11-01,country,KEN,yes,1,Fear.,stigma,ann", "consent 'yes' is none of"),
        ("new,2020-11-01,country,africa,public,1,Fear.,stigma,ann", "africa is no country"),
        (
            "N W,2020-11-01,country,KEN,public,1,Fear.,stigma,ann",
            "focus_group of 3 characters is not made of",
        ),
        (
            "ken,2020-10-01,country,KEN,public,1,Fear.,stigma,ann",
            "focus group 'ken' has segments already",
        ),
    ],
)
def test_what_has_no_place_is_refused_and_nothing_is_written(root: Path, row: str, said: str):
    """Unknown codes, coders, places and consents are listed by number, with what was expected."""
    file = written(root, row)
    before = snapshot(root)

    with pytest.raises(CodedDataError, match=said):
        take(root, file)

    assert before == snapshot(root)


@pytest.mark.parametrize(
    ("name", "kept"), [("Grace.csv", ".csv"), ("GraceAchieng", ""), ("Group.grace", "")]
)
def test_only_known_endings_of_names_are_kept(root: Path, name: str, kept: str):
    """What stands behind the last dot, or all of the name, may be somebody's."""
    take(root, written(root, *ROWS, name=name))

    (file,) = {row["file"] for row in rows_of(root, "raw/registry")}
    assert (PurePath(file).suffix, "race" in file) == (kept, False)


def test_a_file_is_taken_in_once(root: Path):
    """The same file again is refused, now and in one import."""
    file = written(root, *ROWS)

    with pytest.raises(CodedDataError, match="named twice"):
        take(root, file, file)
    take(root, file)
    with pytest.raises(CodedDataError, match="imported before"):
        take(root, file)


def test_a_document_is_taken_in_once(root: Path):
    """Another file with the same words, under another id, is refused."""
    take(root, written(root, *ROWS))
    again = written(root, *(row.replace("new,", "other,") for row in ROWS), name="again.csv")

    with pytest.raises(CodedDataError, match="its words are those of focus group 'new'"):
        take(root, again)


def test_a_mapping_ties_codes_coders_and_documents(root: Path):
    """Names become those of the study, what is left out is counted, and defaults hold for all."""
    file = root / "plain.csv"
    file.write_text(
        "who,words,label,by\na,Fear.,F,Grace\na,Calm.,G,Grace\nb,Hope.,F,Grace\n", encoding="utf-8"
    )
    said = (
        "columns: {document: who, text: words, code: label, coder: by}\n"
        "coders: {Grace: ann}\ncodes: {F: stigma, G: skip}\n"
        "documents: {a: {focus_group: new}, b: skip}\ncell: context.hope\n"
        "focus_groups: {held_on: 2020-11-01, scope: country, places: KEN, consent: public}\n"
    )

    taken_in = take(root, file, said=said)

    assert [line.describe() for line in taken_in.account] == [
        "codes: 2 received = 1 kept + 1 set aside (1: the mapping leaves it out)",
        "documents: 2 received = 1 kept + 1 set aside (1: the mapping leaves it out)",
        "selections: 3 received = 2 kept + 1 set aside (1: the mapping leaves it out)",
        "codings: 3 received = 1 kept + 2 set aside (2: the mapping leaves it out)",
        "coders: 1 received = 1 kept",
        "columns: 4 received = 4 kept",
    ]
    assert [(row["question"], row["text"]) for row in rows_of(root, "segments")[-2:]] == [
        ("hope", "Fear."),
        ("hope", "Calm."),
    ]


def test_entries_of_a_mapping_that_name_nothing_are_reported(root: Path):
    """One mapping may serve several imports: entries that are not in this one are listed."""
    said = "coders: {ann: ann, Grace: bot}\nplaces: {Lab: KEN}\n"

    taken_in = take(root, written(root, *ROWS), said=said)

    assert taken_in.notices[:2] == (
        "mapping, coders: these entries name nothing in the files: 2",
        "mapping, places: these entries name nothing in the files: 1",
    )


def test_words_without_consent_stay_out(root: Path):
    """The focus group is there as one that gave no consent; none of its words are."""
    silent = "quiet,2020-11-01,country,UGA,none"

    taken_in = take(root, written(root, *ROWS, f"{silent},3,A secret.,stigma,ann"))

    reason = "its focus group gave no consent, or withdrew it"
    asides = {line.kind: dict(line.set_aside) for line in taken_in.account}
    assert (asides["selections"], asides["codings"]) == ({reason: 1}, {reason: 1})
    assert "A secret." not in table_of(root, "segments").read_text(encoding="utf-8")
    assert rows_of(root, "focus_groups")[-1]["consent"] == "none"


def strata(root: Path, study: str) -> Path:
    """Write strata, which no study of countries knows, and the continent that a study is of."""
    (root / "strata.csv").write_text(
        "country,name,region,continent\nNRT,North,land,all\nSTH,South,land,all\n", encoding="utf-8"
    )
    (root / "wider_places.csv").write_text(
        "place,scope,name\nland,region,The land\nall,continent,All\nglobal,global,Global\n",
        encoding="utf-8",
    )
    settings = root / "data" / study / "study.yaml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("[africa]", "[all]"), encoding="utf-8"
    )
    return root / "strata.csv"


def test_a_study_may_have_places_of_its_own(root: Path):
    """Strata stand for places where they are given with the import, in that study alone."""
    fresh_study(root)
    file = written(root, *(row.replace("KEN", "NRT") for row in ROWS))

    take(root, file, study=FRESH, places=strata(root, FRESH))

    assert set(open_study(root, FRESH).places.countries) == {"NRT", "STH"}


def test_places_need_the_wider_places_next_to_them(root: Path):
    """Without these nobody knows which region a stratum is in."""
    places = strata(root, STUDY)
    (root / "wider_places.csv").unlink()

    with pytest.raises(SourceError, match=r"wider_places\.csv does not exist next to strata\.csv"):
        take(root, written(root, *ROWS), places=places)


def test_a_draft_lists_the_places_that_come_with_the_import(root: Path):
    """They are the study's own once it is imported."""
    fresh_study(root)
    file = root / "plain.csv"
    file.write_text("document,text,code,coder\na,Fear.,F,ann\n", encoding="utf-8")

    write_draft(CodedImport(root, FRESH, (file,), places=strata(root, FRESH)), root / "draft.yaml")

    assert "North, South" in (root / "draft.yaml").read_text(encoding="utf-8")


def test_places_of_focus_groups_that_stay_are_not_removed(root: Path):
    """Places that lack them are refused, with the focus groups that would have none."""
    file, places = written(root, *(row.replace("KEN", "NRT") for row in ROWS)), strata(root, STUDY)
    before = snapshot(root)

    with pytest.raises(CodedDataError, match=r"(?s)group ken: KEN.*afr: africa, esa, wca"):
        take(root, file, places=places)

    assert before == snapshot(root)


def test_a_stratum_can_replace_a_place(root: Path):
    """A column that holds a stratum tells the places, each value by what the mapping says."""
    file = root / "plain.csv"
    file.write_text("document,text,code,kind\na,Fear.,stigma,Archive\n", encoding="utf-8")
    said = (
        "columns: {places: kind}\nplaces: {Archive: KEN}\ncoder: ann\n"
        "focus_groups: {held_on: 2020-11-01, scope: country, consent: public}\n"
    )

    take(root, file, said=said)

    assert rows_of(root, "focus_groups")[-1]["places"] == "KEN"


def test_a_disk_that_is_full_leaves_the_study_as_it_was(
    root: Path, monkeypatch: pytest.MonkeyPatch
):
    """Whatever is raised on the way, the tables stay as they are, and nothing is left over."""
    file = written(root, *ROWS)
    before = snapshot(root)

    stage = StudyChange.stage

    def refuse_raw(change: StudyChange, name: str) -> Path:
        if name.startswith("raw/"):
            raise OSError(28, "No space left on device")
        return stage(change, name)

    monkeypatch.setattr(StudyChange, "stage", refuse_raw)
    with pytest.raises(StorageError, match="No space left"):
        take(root, file)

    assert before == snapshot(root)


FACTS = {"held_on": "2020-11-01", "scope": "country", "places": "KEN", "consent": "public"}


@pytest.mark.parametrize(("name", "expected"), EXPORTS.items(), ids=list(EXPORTS))
def test_real_exports_come_into_a_study_and_every_item_is_reported(
    shared: Path, tmp_path: Path, name: str, expected: tuple[str, tuple[int, ...]]
):
    """What the account calls taken in stands in the tables, and the rest is set aside."""
    root, path = write_tiny_root(tmp_path / "root"), shared / "data" / "interchange" / name
    fresh_study(root)
    data = read(path.name, path.read_bytes())
    said = {
        "coder": "ann",
        "coders": dict.fromkeys(data.coders, "ann"),
        # Some of these press articles are copies of each other.
        "documents": {each.name: {"another": "yes"} for each in data.documents if each.name},
        "focus_groups": FACTS,
    }

    taken_in = take(root, path, study=FRESH, said=json.dumps(said))

    lines = {line.kind: line for line in taken_in.account}
    codes, documents, selections, codings, _ = expected[1]
    kept = {kind: line.kept for kind, line in lines.items()}
    asides = {kind: sum(line.set_aside.values()) for kind, line in lines.items()}
    assert all(line.received == kept[kind] + asides[kind] for kind, line in lines.items())
    assert kept["codes"] <= codes
    imported = taken_in.imported
    assert (imported["focus_groups"], kept.get("documents", 0)) == (documents, documents)
    assert imported["code_applications"] == kept.get("codings", 0) <= codings
    assert imported["segments"] == kept.get("selections", 0) <= selections
    assert imported == {table: len(rows_of(root, table, FRESH)) for table in imported}
