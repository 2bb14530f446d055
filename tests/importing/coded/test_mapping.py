from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from analysis.errors import CodedDataError, StorageError, StudyError, TableError
from analysis.importing.coded.coded_import import CodedImport
from analysis.importing.coded.mapping import read_mapping
from analysis.importing.coded.mapping_draft import write_draft
from importing.coded.coded_rows import HEADER, ROWS, rows_of, snapshot, take, written
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("reading_here")


def test_a_draft_asks_for_what_is_missing_and_can_be_filled_in(root: Path):
    """Each unknown coder, code and document has its line; nothing is imported."""
    file = root / "plain.csv"
    file.write_text('document,text,code,coder\n"Doc: ""1""",Fear.,stgma,Grace\n', encoding="utf-8")
    before, draft = snapshot(root), root / "draft.yaml"
    order = CodedImport(root, STUDY, (file,))

    write_draft(order, draft)

    mapping = read_mapping(draft)
    text = draft.read_text(encoding="utf-8")
    assert mapping.coders == {"Grace": ""}
    assert mapping.codes == {"stgma": ""}
    assert (mapping.documents, mapping.focus_groups) == ({'Doc: "1"': {}}, {"language": "en"})
    assert "closest: stigma" in text
    assert [line.split(":")[0].strip() for line in text.splitlines() if "# required" in line] == [
        *('"Grace"', '"stgma"', "consent", "held_on", "places")
    ]
    assert before == snapshot(root)
    with pytest.raises(CodedDataError, match="already"):
        write_draft(order, draft)


def test_a_draft_holds_what_a_mapping_says_already(root: Path):
    """Whoever has a mapping and needs more of it goes on from there."""
    file, said, draft = root / "a.csv", root / "said.yaml", root / "draft.yaml"
    file.write_text(
        'who,words,label\n"FG: Lusaka\u2028 #2",Fear.,F\nb,Hope.,G\n"yes",Calm.,F\n',
        encoding="utf-8",
    )
    said.write_text(
        "columns: {document: who, text: words, code: label}\ncoder: ann\ncodes: {F: stigma}\n"
        "documents: {b: skip, 'yes': {focus_group: 'no', places: UGA}}\ncell: context.hope\n"
        "focus_groups: {scope: country, source: '012'}\nplaces: {Lab: KEN}\ntext_kind: synthetic\n",
        encoding="utf-8",
    )
    mapping = read_mapping(said)

    write_draft(CodedImport(root, STUDY, (file,), mapping=said), draft)

    drafted = read_mapping(draft)
    for name in ("roles", "coder", "cell", "places", "text_kind"):
        assert getattr(mapping, name) == getattr(drafted, name)
    assert drafted.codes == {"F": "stigma", "G": ""}
    assert drafted.documents == {"FG: Lusaka\u2028 #2": {}} | dict(mapping.documents)
    assert drafted.focus_groups.items() >= mapping.focus_groups.items()


def test_a_draft_is_its_owners_and_needs_a_folder(root: Path):
    """It holds names: nobody else reads it; where it cannot be written, a message says so."""
    file, draft = written(root, ROWS[0].replace("public", "")), root / "draft.yaml"

    write_draft(CodedImport(root, STUDY, (file,)), draft)

    assert draft.stat().st_mode & 0o777 == 0o600
    with pytest.raises(StorageError, match=r"draft\.yaml cannot be written: No such file"):
        write_draft(CodedImport(root, STUDY, (file,)), root / "none" / "draft.yaml")


TWO_CODERS = """\
document,text,code,coder
Interview 1,Fear.,Stigma,Ben
Interview 1,Shame.,Stigma,Anna
Interview 2,Hope.,Stigma,Anna
"""


def test_a_draft_proposes_coders_and_needs_no_scope(root: Path):
    """With places, dates and consent filled in, a draft can be given as it is."""
    file, draft = root / "plain.csv", root / "draft.yaml"
    file.write_text(TWO_CODERS, encoding="utf-8")

    write_draft(CodedImport(root, STUDY, (file,)), draft)

    text = draft.read_text(encoding="utf-8")
    assert read_mapping(draft).coders == {"Ben": "bot", "Anna": "ann"}
    assert text.count("# required") == 5
    for place, day in (("Kenya", 1), ("UGA", 2)):
        text = text.replace('places: ""', f"places: {place}", 1)
        text = text.replace('held_on: ""', f"held_on: 2020-11-0{day}", 1)
    taken_in = take(root, file, said=text.replace('consent: ""', "consent: public"))
    assert taken_in.imported["focus_groups"] == 2
    assert [(row["scope"], row["places"]) for row in rows_of(root, "focus_groups")[-2:]] == [
        ("country", "KEN"),
        ("country", "UGA"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("codings.csv", "\n".join([HEADER, *ROWS]), "the files state all that is needed"),
        ("codebook.csv", "tag,description\nStigma,Shame.\n", "the files hold a codebook alone"),
        (
            "again.csv",
            f"{HEADER}\nken,2020-10-01,country,KEN,public,1,Peers.,stigma,ann\n",
            "document 1: focus group 'ken' has segments already",
        ),
    ],
)
def test_a_draft_with_nothing_to_fill_in_is_not_written(
    root: Path, name: str, content: str, why: str
):
    """The message says why, and what to do instead."""
    file, draft = root / name, root / "draft.yaml"
    file.write_text(content, encoding="utf-8")

    with pytest.raises(CodedDataError, match="nothing to fill in") as raised:
        write_draft(CodedImport(root, STUDY, (file,)), draft)

    assert (why in str(raised.value), draft.exists()) == (True, False)


ALL_FACTS = "held_on: 2020-11-01, places: KEN, consent: public"


def test_one_mapping_serves_some_of_its_files(root: Path):
    """Entries for documents and codes of other files are listed by number, and refuse nothing."""
    file = root / "plain.csv"
    file.write_text("document,text,code,coder\na,Fear.,F,ann\n", encoding="utf-8")
    said = (
        f"focus_groups: {{{ALL_FACTS}}}\ncodes: {{F: stigma, Rights: skip}}\n"
        "documents: {Other talk: skip, a: {title: First}}\n"
    )

    taken_in = take(root, file, said=said)

    assert taken_in.notices[:2] == (
        "mapping, codes: these entries name nothing in the files: 2",
        "mapping, documents: these entries name nothing in the files: 1",
    )


@pytest.mark.parametrize(
    ("name", "place"),
    [("kenya", "KEN"), ("Tanzanie", "TZA"), ("Ivory Coast", "CIV"), ("esa", "esa")],
)
def test_places_are_found_by_their_names(root: Path, name: str, place: str):
    """Names are those of places.csv in any case, and those that submissions use."""
    file = root / "plain.csv"
    file.write_text("document,text,code,coder\na,Fear.,stigma,ann\n", encoding="utf-8")

    take(root, file, said=f"focus_groups: {{{ALL_FACTS.replace('KEN', name)}}}\n")

    assert rows_of(root, "focus_groups")[-1]["places"] == place


def test_an_entry_that_is_almost_a_document_is_refused(root: Path):
    """A misspelt entry would leave its document to what holds for all, its consent too."""
    file = root / "plain.csv"
    file.write_text(TWO_CODERS, encoding="utf-8")
    said = (
        f"focus_groups: {{{ALL_FACTS}}}\ncoders: {{Ben: ann, Anna: bot}}\n"
        "documents: {Interview 1: {title: First}, Intervew 2: {consent: none}}\n"
    )

    with pytest.raises(
        CodedDataError, match="entry 2 names no document of the files, and document 2 has no entry"
    ):
        take(root, file, said=said)


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ("places: Kennya", "unknown place 'Kennya' (closest: Kenya, which is KEN)"),
        ("places: KEM", "unknown place 'KEM' (closest: "),
        ("held_on: 03/04/2020", "no date like 2020-10-12 (write 2020-03-04 or 2020-04-03)"),
        ("held_on: 2021-01-01", "2021-01-01 is later than 2020-12-31, the as_of of study.yaml"),
        ("held_on: 26.9.2020", "no date like 2020-10-12 (write 2020-09-26)"),
        (
            "places: Kenya; Africa",
            "places are of several scopes (continent, country)",
        ),
        ("consent: ''", "documents 1, 2: consent is missing"),
    ],
)
def test_what_is_wrong_with_a_document_is_said_with_the_fix(root: Path, facts: str, fault: str):
    """Places are found by name, a date has the days that it can be, and each fault comes once."""
    file = root / "plain.csv"
    file.write_text(TWO_CODERS, encoding="utf-8")
    stated = dict(each.split(": ") for each in ALL_FACTS.split(", "))
    name, _, value = facts.partition(": ")
    said = json.dumps({"coders": {"Ben": "ann", "Anna": "bot"}, "focus_groups": stated})
    said = said.replace(json.dumps(stated[name]), json.dumps(value.strip("'")))

    with pytest.raises(CodedDataError) as raised:
        take(root, file, said=said)

    assert fault in str(raised.value)


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("{}", "coder 2 of 2: coder 'Anna' (allowed: ann, bot) is no pseudonym of study.yaml"),
        ("coders: {Anna: cat}", "coder 2 of 2: coder 'cat' (allowed: ann, bot) is no pseudonym"),
    ],
)
def test_a_coder_whom_the_study_lacks_is_named(root: Path, said: str, fault: str):
    """Whoever imports the file must find the name in it, or in the mapping."""
    file = root / "plain.csv"
    file.write_text(TWO_CODERS, encoding="utf-8")

    with pytest.raises(CodedDataError) as raised:
        take(root, file, said=said)

    assert fault in str(raised.value)


@pytest.mark.parametrize(
    ("file", "text", "fault"),
    [
        ("strata.csv", "country;name;region;continent\n", "strata.csv has semicolons"),
        (
            "strata.csv",
            "country,name,region,continent\nNORTH,North,land,all\n",
            "strata.csv row 2: country 'NORTH' is not three capital letters",
        ),
        (
            "wider_places.csv",
            "place,scope,name\nland,region,The land\n",
            "wider_places.csv: no row",
        ),
    ],
)
def test_places_that_cannot_be_used_name_their_own_file(
    root: Path, file: str, text: str, fault: str
):
    """Whoever gives strata.csv is not sent to a places.csv that they never wrote."""
    strata = root / "strata.csv"
    strata.write_text("country,name,region,continent\nNRT,North,land,all\n", encoding="utf-8")
    (root / "wider_places.csv").write_text(
        "place,scope,name\nland,region,Land\nall,continent,All\nglobal,global,Global\n",
        encoding="utf-8",
    )
    (root / file).write_text(text, encoding="utf-8")

    with pytest.raises((StudyError, TableError)) as raised:
        take(root, written(root, *ROWS), places=strata)

    assert fault in str(raised.value)
    assert " places.csv" not in str(raised.value)


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("codez: {}", "unknown key codez \\(closest: codes\\)"),
        ("codes: [a]", "codes has no keys and values"),
        ("documents: {a: {place: KEN}}", "unknown key place \\(closest: places\\)"),
        ("documents: {a: left}", "entry 1 is neither"),
        ("columns: {codes: x}", "codes is not a list"),
        ("- a", "not keys and values"),
        ("a: [", "row [12]: expected"),
        (f"codes: {'{a: ' * 100_000}", "row 1: nested too deep"),
        ("codes:\n  fear: stigma\n  fear: hope", "row 3: a key is there twice"),
    ],
)
def test_a_mapping_that_means_nothing_is_refused(root: Path, said: str, fault: str):
    """Each unknown key and ill-formed value is listed."""
    with pytest.raises(CodedDataError, match=fault):
        take(root, written(root, *ROWS), said=said)
