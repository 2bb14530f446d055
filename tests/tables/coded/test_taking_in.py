from __future__ import annotations

import csv
import json
import shutil
from typing import TYPE_CHECKING

import pytest

from analysis.errors import CodedDataError, StorageError
from analysis.intake.coded.mapping import read_mapping
from analysis.study.opened_study import open_study
from analysis.tables import additions
from analysis.tables.coded.coded_files import CodedFile
from analysis.tables.coded.mapping_draft import write_draft
from analysis.tables.coded.taking_in import CodedImport, take_in_coded
from tiny_study import STUDY, table_of, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.tables.coded.taking_in import CodedIntake

pytestmark = pytest.mark.usefixtures("reading_here")

FACTS = "focus_group,held_on,scope,places,consent"
KENYA = "new,2020-11-01,country,KEN,public"
HEADER = f"{FACTS},id,text,code,coder"
ROWS = (
    f"{KENYA},1,Fear of police.,Stigma,ann",
    f"{KENYA},1,Fear of police.,criminalization,bot",
    f"{KENYA},2,Nothing helps.,,",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a root with the tiny study."""
    return write_tiny_root(tmp_path / "root")


def written(root: Path, *rows: str, name: str = "codings.csv") -> Path:
    path = root / name
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return path


def take(
    root: Path, *files: Path, study: str = STUDY, said: str = "", **more: object
) -> CodedIntake:
    mapping = None
    if said:
        mapping = root / "mapping.yaml"
        mapping.write_text(said, encoding="utf-8")
    return take_in_coded(CodedImport(root, study, files, mapping=mapping, **more))


def rows_of(root: Path, table: str, study: str = STUDY) -> list[dict[str, str]]:
    with (root / "data" / study / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def snapshot(root: Path) -> dict[str, bytes]:
    folder = root / "data"
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_rows_are_added_to_each_table(root: Path):
    """Codes are found by id or name; the same passage is one segment for both coders."""
    before = table_of(root, "segments").read_bytes()

    taken_in = take(root, written(root, *ROWS))

    assert (taken_in.focus_groups, taken_in.segments, taken_in.code_applications) == (1, 2, 2)
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
    told = json.loads(log.read_text(encoding="utf-8"))
    assert told["account"][3] == {"kind": "codings", "received": 2, "kept": 2, "set_aside": []}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (f"{KENYA},1,Fear.,stgma,ann", "code stgma \\(closest: stigma\\)"),
        (f"{KENYA},1,Fear.,rights,ann", "code rights: a theme"),
        (f"{KENYA},1,Fear.,stigma,Grace", "coder 1 of 1: no pseudonym"),
        (f"{KENYA},1,Fear.,stigma,", "file names none"),
        ("new,,country,KEN,public,1,Fear.,stigma,ann", "document 1: held_on is not told"),
        ("new,2020-11-31,country,KEN,public,1,Fear.,stigma,ann", "held_on is no date"),
        ("new,2020-11-01,country,KEM,public,1,Fear.,stigma,ann", "places: an unknown place"),
        ("new,2020-11-01,land,KEN,public,1,Fear.,stigma,ann", "scope is none of"),
        ("new,2020-11-01,country,KEN,yes,1,Fear.,stigma,ann", "consent is none of"),
        ("new,2020-11-01,country,africa,public,1,Fear.,stigma,ann", "africa is no country"),
        ("N W,2020-11-01,country,KEN,public,1,Fear.,stigma,ann", "focus_group is not made of"),
        ("ken,2020-11-01,country,KEN,public,1,Fear.,stigma,ann", "ken has segments already"),
    ],
)
def test_what_has_no_place_is_refused_and_nothing_is_written(root: Path, row: str, said: str):
    """Unknown codes, coders, places and consents are told by number, without names of people."""
    file = written(root, row)
    before = snapshot(root)

    with pytest.raises(CodedDataError, match=said) as raised:
        take(root, file)

    assert "Grace" not in str(raised.value)
    assert before == snapshot(root)


PLAIN = "document,text,code,coder\na,Fear.,Stigma,ann\nb,Hope.,Stigma,ann\n"
KNOWN = "focus_groups: {held_on: 2020-11-01, scope: country, places: KEN}\n"


@pytest.mark.parametrize(
    ("first", "second", "differing"),
    [
        ("consent: public", "consent: none", "consent"),
        ("consent: public", "consent: public, held_on: 2020-01-01, places: UGA", "held_on, places"),
    ],
)
def test_documents_of_one_focus_group_do_not_contradict_each_other(
    root: Path, first: str, second: str, differing: str
):
    """The first does not decide over the consent, the day and the places that others tell."""
    file = root / "plain.csv"
    file.write_text(PLAIN, encoding="utf-8")
    said = f"documents: {{a: {{focus_group: new, {first}}}, b: {{focus_group: new, {second}}}}}\n"

    with pytest.raises(CodedDataError, match=f"document 2: {differing}: document 1 says otherwise"):
        take(root, file, said=said + KNOWN)


def test_what_one_document_tells_of_a_focus_group_holds_for_all(root: Path):
    """A withdrawal that the second tells keeps the words of the first out, too."""
    file = root / "plain.csv"
    file.write_text(PLAIN, encoding="utf-8")
    said = "documents: {a: {focus_group: new}, b: {focus_group: new, withdrawn: 2020-12-01}}\n"

    with pytest.raises(CodedDataError, match="nothing to take in"):
        take(root, file, said=said + KNOWN.replace("{", "{consent: public, "))


def test_the_table_is_not_contradicted(root: Path):
    """A focus group that stands there without segments keeps the consent that it gave."""
    table = table_of(root, "focus_groups")
    row = next(line for line in table.read_text("utf-8").splitlines() if line.startswith("ken"))
    with table.open("a", encoding="utf-8") as file:
        file.write(row.replace("ken", "new", 1) + "\n")

    with pytest.raises(CodedDataError, match=r"consent: focus_groups\.csv says otherwise"):
        take(
            root,
            written(root, ROWS[0].replace("2020-11-01", "2020-10-01").replace("public", "none")),
        )


def test_an_id_that_nobody_gave_tells_nothing_of_the_name(root: Path):
    """It is the same whatever the document is called, and unlike that of other words."""
    ids = []
    for name in ("Grace", "Joy"):
        fresh = write_tiny_root(root / name)
        file = fresh / "plain.csv"
        rows = PLAIN.replace("\na,", f"\n{name},").replace("\nb,", f"\n{name} 2,")
        file.write_text(rows, encoding="utf-8")
        take(fresh, file, said=KNOWN.replace("{", "{consent: public, "))
        ids.append([row["focus_group"] for row in rows_of(fresh, "focus_groups")[-2:]])

    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 2


@pytest.mark.parametrize(
    ("name", "kept"), [("Grace.csv", ".csv"), ("GraceAchieng", ""), ("Group.grace", "")]
)
def test_only_known_endings_of_names_are_kept(name: str, kept: str):
    """What stands behind the last dot, or all of the name, may be somebody's."""
    assert CodedFile(name, b"x", "long", 1).raw == f"2d711642b726b044{kept}"


def test_a_file_is_taken_in_once(root: Path):
    """The same file again is refused, now and in one import."""
    file = written(root, *ROWS)

    with pytest.raises(CodedDataError, match="named twice"):
        take(root, file, file)
    take(root, file)
    with pytest.raises(CodedDataError, match="taken in before"):
        take(root, file)


def test_a_document_is_taken_in_once(root: Path):
    """Another file with the same words, under another id, is refused."""
    take(root, written(root, *ROWS))
    again = written(root, *(row.replace("new,", "other,") for row in ROWS), name="again.csv")

    with pytest.raises(CodedDataError, match="its words are those of focus group new"):
        take(root, again)


def test_two_files_with_one_document_are_refused(root: Path):
    """Whoever exports each coder alone is asked to export them together."""
    files = (written(root, ROWS[0]), written(root, ROWS[1], name="other.csv"))

    with pytest.raises(CodedDataError, match=r"other.csv document 1 is codings.csv document 1"):
        take(root, *files)


@pytest.mark.parametrize(
    ("column", "told", "fault"),
    [
        ("text_kind", "verbatum", "segment 1: text_kind is none of synthetic"),
        ("language", "xx", "segment 1: language is none of en"),
        ("role", "verse", "segment 1: role is none of point"),
    ],
)
def test_what_segments_cannot_be_is_refused(root: Path, column: str, told: str, fault: str):
    """Kinds of text, languages and roles are checked before anything is written."""
    file = root / "codings.csv"
    file.write_text(f"{HEADER},{column}\n{ROWS[0]},{told}\n", encoding="utf-8")

    with pytest.raises(CodedDataError, match=fault):
        take(root, file)


def test_ids_of_segments_begin_with_that_of_their_focus_group(root: Path):
    """A column of another tool that is called segment does not name them; its values help to."""
    file = root / "codings.csv"
    rows = (ROWS[0].replace(",1,", f",{told},") for told in ("A 1", "new.7", "ken.9"))
    header = HEADER.replace(",id,", ",segment,")
    file.write_text("\n".join([header, *rows, ""]), encoding="utf-8")

    take(root, file)

    assert [row["segment"] for row in rows_of(root, "segments")[-3:]] == [
        *("new.a-1", "new.7", "new.ken-9")
    ]


def test_contacts_in_the_words_are_counted(root: Path):
    """The words are kept as they were coded; who imports is told what to do about them."""
    taken_in = take(root, written(root, ROWS[0].replace("Fear", "Write to jo@lake.example")))

    assert taken_in.notices[-1].startswith("1 e-mail addresses and telephone numbers stand in")


def fresh_study(root: Path) -> Path:
    """Give a study with the settings of the tiny one, and empty tables."""
    folder = root / "data" / "fresh"
    shutil.copytree(root / "data" / STUDY, folder)
    for path in folder.glob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    return folder


def test_codes_in_any_script_are_told_apart(root: Path):
    """Ids are made of Latin letters: names that leave none are matched by all their letters."""
    fresh_study(root)
    first = [ROWS[0].replace("Stigma", name) for name in ("خوف", "عار", "Fear!")]
    take(root, written(root, *first), study="fresh")
    known = [row["code"] for row in rows_of(root, "codebook", "fresh")[1:]]

    for number, (name, code) in enumerate([("عار", known[1]), ("أمل", ""), ("Fear?", "")]):
        row = ROWS[2].replace("new", f"new{number}").replace(",,", f",{name},ann")
        file = written(root, row, name=f"{number}.csv")
        if code:
            take(root, file, study="fresh")
            assert rows_of(root, "code_applications", "fresh")[-1]["code"] == code
        else:
            with pytest.raises(CodedDataError, match="code 1 of 1: none|closest: Fear!"):
                take(root, file, study="fresh")


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("RIGHTS > stigma", "stigma"),
        ("stigma", "stigma"),
        ("Support > services", "services"),
        ("Support > Stigma", ""),
        ("Care > Services", ""),
    ],
)
def test_codes_are_found_by_id_path_or_name(root: Path, code: str, found: str):
    """A code of another branch is not the same, whatever its own name is."""
    file = written(root, ROWS[0].replace("Stigma", code))

    if found:
        take(root, file)
        assert rows_of(root, "code_applications")[-1]["code"] == found
    else:
        with pytest.raises(CodedDataError, match=r"code .*(closest: |1 of 1|2 of 2)"):
            take(root, file)


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("codes: {Stigm: skip}", "mapping, codes: entry 1 names no code"),
        ("codes: {Other: stigma}", "entry 1 names 2 codes: give the path"),
        ("codes: {A > Other: stigma}", "code 3 of 4|code 4 of 4"),
        ("codes: {A > Other: stigma, Other: services}", ""),
    ],
)
def test_a_mapping_says_which_code_it_means(root: Path, said: str, fault: str):
    """A key that is misspelt, or fits several codes, is refused and not passed over."""
    rows = [ROWS[0].replace("Stigma", f"{above} > Other") for above in "AB"]
    file = written(root, *rows)

    if fault:
        with pytest.raises(CodedDataError, match=fault):
            take(root, file, said=said)
    else:
        assert take(root, file, said=said).code_applications == 2


def test_other_definitions_are_told(root: Path):
    """The codebook stays as it is, and whoever imports is told which codes are meant otherwise."""
    file = root / "codes.csv"
    file.write_text("tag,description\nStigma,Shame.\nServices,\n", encoding="utf-8")

    taken_in = take(root, written(root, ROWS[0]), file)

    assert "1 codes are defined otherwise than in codebook.csv, which stands: stigma" in (
        taken_in.notices
    )


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

    assert [line.told() for line in taken_in.account] == [
        "codes: 2 received = 1 taken in + 1 set aside (1: the mapping leaves it out)",
        "documents: 2 received = 1 taken in + 1 set aside (1: the mapping leaves it out)",
        "selections: 3 received = 2 taken in + 1 set aside (1: the mapping leaves it out)",
        "codings: 3 received = 1 taken in + 2 set aside (2: the mapping leaves it out)",
        "coders: 1 received = 1 taken in",
    ]
    assert [(row["question"], row["text"]) for row in rows_of(root, "segments")[-2:]] == [
        ("hope", "Fear."),
        ("hope", "Calm."),
    ]


def test_words_without_consent_stay_out(root: Path):
    """The focus group is there as one that gave no consent; none of its words are."""
    silent = "quiet,2020-11-01,country,UGA,none"

    taken_in = take(root, written(root, *ROWS, f"{silent},3,A secret.,stigma,ann"))

    reason = "its focus group gave no consent, or withdrew it"
    asides = {line.kind: dict(line.set_aside) for line in taken_in.account}
    assert (asides["selections"], asides["codings"]) == ({reason: 1}, {reason: 1})
    assert "A secret." not in table_of(root, "segments").read_text(encoding="utf-8")
    assert rows_of(root, "focus_groups")[-1]["consent"] == "none"


def test_a_new_study_takes_over_the_codebook_of_the_export(root: Path):
    """A tree of any depth becomes themes and codes."""
    fresh_study(root)

    taken_in = take(root, written(root, f"{KENYA},1,Fear.,Law > Police,ann"), study="fresh")

    assert taken_in.codes == 2
    assert list(open_study(root, "fresh").codebook.codes) == ["law.police"]


def test_a_study_may_have_places_of_its_own(root: Path):
    """Strata stand for places where they are given with the import, in that study alone."""
    (root / "strata.csv").write_text(
        "country,name,region,continent\nNRT,North,land,all\nSTH,South,land,all\n", encoding="utf-8"
    )
    (root / "wider_places.csv").write_text(
        "place,scope,name\nland,region,The land\nall,continent,All\nglobal,global,Global\n",
        encoding="utf-8",
    )
    settings = root / "data" / STUDY / "study.yaml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("[africa]", "[all]"), encoding="utf-8"
    )

    take(
        root,
        written(root, *(row.replace("KEN", "NRT") for row in ROWS)),
        places=root / "strata.csv",
    )

    assert set(open_study(root, STUDY).places.countries) == {"NRT", "STH"}


def test_a_stratum_can_stand_for_a_place(root: Path):
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
    """Whatever is raised on the way, the tables stand, and nothing is left beside them."""
    file = written(root, *ROWS)
    before = snapshot(root)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(additions, "_write_private", refuse)
    with pytest.raises(StorageError, match="No space left"):
        take(root, file)

    assert before == snapshot(root)


def test_a_draft_asks_for_what_is_missing_and_can_be_filled_in(root: Path):
    """Each unknown coder, code and document has its line; nothing is taken in."""
    file = root / "plain.csv"
    file.write_text('document,text,code,coder\n"Doc: ""1""",Fear.,stgma,Grace\n', encoding="utf-8")
    before, draft = snapshot(root), root / "draft.yaml"
    order = CodedImport(root, STUDY, (file,))

    write_draft(order, draft)

    mapping = read_mapping(draft)
    assert mapping.coders == {"Grace": ""}
    assert mapping.codes == {"stgma": ""}
    assert mapping.documents == {'Doc: "1"': {"focus_group": "doc-1"}}
    assert set(mapping.focus_groups) >= {"held_on", "scope", "places", "language", "consent"}
    assert "closest: stigma" in draft.read_text(encoding="utf-8")
    assert before == snapshot(root)
    with pytest.raises(CodedDataError, match="already"):
        write_draft(order, draft)


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("codez: {}", "unknown key codez \\(closest: codes\\)"),
        ("codes: [a]", "codes has no keys and values"),
        ("documents: {a: {place: KEN}}", "unknown key place \\(closest: places\\)"),
        ("documents: {a: left}", "entry 1 is neither"),
        ("columns: {codes: x}", "codes is not a list"),
        ("- a", "no keys and values"),
        ("a: [", "row 1: no YAML|row 2: no YAML"),
    ],
)
def test_a_mapping_that_means_nothing_is_refused(root: Path, said: str, fault: str):
    """Each unknown key and ill-formed value is told."""
    with pytest.raises(CodedDataError, match=fault):
        take(root, written(root, *ROWS), said=said)
