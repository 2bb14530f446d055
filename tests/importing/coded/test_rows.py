from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.errors import CodedDataError, CompendiumError, TableError
from analysis.importing import result
from analysis.intake.account import Account
from analysis.intake.coded.coded_data import CodedCode, CodedData, Coding, Document, Selection
from analysis.intake.coded.refi_writer import project_bytes
from analysis.study.csv_faults import LONGEST_TEXT
from analysis.study.csv_rows import format_csv
from analysis.tables.received import read_received
from importing.coded.coded_rows import (
    FACTS,
    HEADER,
    KENYA,
    KNOWN,
    PLAIN,
    ROWS,
    rows_of,
    snapshot,
    take,
    written,
)
from tiny_study import STUDY, table_of, write_tiny_root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("reading_here")


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


def test_what_one_document_says_of_a_focus_group_holds_for_all(root: Path):
    """A withdrawal that the second tells keeps the words of the first out, too."""
    file = root / "plain.csv"
    file.write_text(PLAIN, encoding="utf-8")
    said = "documents: {a: {focus_group: new}, b: {focus_group: new, withdrawn: 2020-12-01}}\n"

    with pytest.raises(CodedDataError, match="nothing to import"):
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


def test_an_id_that_nobody_gave_shows_nothing_of_the_name(root: Path):
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


def test_each_thing_that_is_said_of_a_document_is_taken_or_set_aside(root: Path):
    """What has no column, what a mapping says otherwise and what it leaves out is counted."""
    facts = {"consent": "public", "held_on": "2020-11-01", "mood": "low"}
    data = CodedData(
        file_format="made",
        codes=(CodedCode("c", "Stigma"),),
        documents=(Document("a", "a", "Fear.", facts), Document("b", "b", "Hope.", facts)),
        selections=(Selection("1", "a", "Fear.", 0, 5),),
        codings=(Coding("1", "c", "ann"),),
        coders=("ann",),
        account=Account(),
    )
    file = root / "in.qdpx"
    file.write_bytes(project_bytes(data, "Theirs"))
    said = "documents: {a: {held_on: 2020-10-31, consent: public}, b: skip}\n"

    taken_in = take(root, file, said=said + KNOWN)

    asides = {
        line.kind: tuple(line.set_aside.items()) for line in taken_in.account if line.set_aside
    }
    assert asides["cells on focus groups"] == (
        ("the mapping leaves it out", 3),
        ("the mapping says otherwise", 1),
        ("the study has no column for it", 1),
    )
    assert rows_of(root, "focus_groups")[-1]["held_on"] == "2020-10-31"


@pytest.mark.parametrize(
    ("column", "told", "fault"),
    [
        ("text_kind", "spoken", "codings.csv row 2: text_kind 'spoken' is none of synthetic"),
        ("language", "xx", "codings.csv row 2: language 'xx' is none of en"),
        ("role", "verse", "codings.csv row 2: role 'verse' is none of point"),
    ],
)
def test_what_segments_cannot_be_is_refused(root: Path, column: str, told: str, fault: str):
    """Kinds of text, languages and roles are checked before anything is written."""
    file = root / "codings.csv"
    file.write_text(f"{HEADER},{column}\n{ROWS[0]},{told}\n", encoding="utf-8")

    with pytest.raises(CodedDataError, match=fault):
        take(root, file)


def test_ids_of_segments_start_with_that_of_their_focus_group(root: Path):
    """A column of another tool that is called segment does not name them; its values help to."""
    file = root / "codings.csv"
    rows = (ROWS[0].replace(",1,", f",{told},") for told in ("A 1", "new.7", "ken.9"))
    header = HEADER.replace(",id,", ",segment,")
    file.write_text("\n".join([header, *rows, ""]), encoding="utf-8")

    take(root, file)

    assert [row["segment"] for row in rows_of(root, "segments")[-3:]] == [
        *("new.a-1", "new.7", "new.ken-9")
    ]


def test_words_that_were_said_twice_are_two_segments(root: Path):
    """Their ids are told apart by a number."""
    file = root / "wide.csv"
    file.write_text("document,text,Stigma\na,Yes.,1\na,Yes.,1\n", encoding="utf-8")

    taken_in = take(root, file, said=KNOWN.replace("{", "{consent: public, ") + "coder: ann\n")

    first, second = (row["segment"] for row in rows_of(root, "segments")[-2:])
    assert (second, taken_in.imported["code_applications"]) == (f"{first}-2", 2)


def test_contacts_in_the_words_are_counted(root: Path):
    """The words are kept as they were coded; who imports is told what to do about them."""
    taken_in = take(root, written(root, ROWS[0].replace("Fear", "Write to jo@lake.example")))

    assert taken_in.notices[-1].startswith("1 contact in the text")


def test_only_a_group_of_one_document_has_the_digest_of_its_source(root: Path):
    """Two documents have two sources, of which neither is that of the focus group."""
    file = root / "plain.csv"
    texts = [f"{name},Words {number} of {name}.,stigma,ann" for name in "abc" for number in (1, 2)]
    file.write_text("\n".join(["document,text,code,coder", *texts, ""]), encoding="utf-8")
    of_all = "focus_groups: {held_on: 2020-11-01, places: KEN, consent: public}\n"

    take(root, file, said=f"{of_all}documents: {{a: {{focus_group: g}}, b: {{focus_group: g}}}}\n")

    digests = [row["source_sha256"] for row in rows_of(root, "focus_groups")[-2:]]
    assert [len(each) for each in digests] == [0, 64]


LINE_ENDS = {"\r": "\n", "\r\n": "\n", "_x000D_\n": "\n", "_x000D_": "\n", "\n": "\n"}


@pytest.mark.parametrize(("given", "kept"), LINE_ENDS.items(), ids=repr)
def test_every_line_end_becomes_a_line_feed(root: Path, given: str, kept: str):
    """A carriage return, also as a workbook writes it, is not kept, and the tables still read."""
    take(root, written(root, f'{KENYA},1,"Fear{given}=1+1",Stigma,ann'))

    assert rows_of(root, "segments")[-1]["text"] == f"Fear{kept}=1+1"


def test_line_ends_of_facts_become_line_feeds(root: Path):
    """Titles and labels come from workbooks too."""
    file = root / "codings.csv"
    row = f'{KENYA},1,Fear.,Stigma,ann,"Peers_x000D_\nof Kisumu","On\rfear"'
    file.write_text(f"{HEADER},focus_group_title,label\n{row}\n", encoding="utf-8", newline="")

    take(root, file)

    title, label = (
        rows_of(root, "focus_groups")[-1]["title"],
        rows_of(root, "segments")[-1]["label"],
    )
    assert (title, label) == ("Peers\nof Kisumu", "On\nfear")


def test_a_whole_transcript_is_imported_and_can_be_read(root: Path):
    """A text of 200,000 characters is within the limit, at import and at reading."""
    transcript = "We are afraid. " * 14_000

    take(root, written(root, f"{KENYA},1,{transcript},Stigma,ann"))

    segments = read_received(root / "data" / STUDY).segments
    assert segments["text"].iloc[-1] == transcript


@pytest.mark.parametrize("is_table", [True, False], ids=["csv", "qdpx"])
def test_a_text_beyond_the_limit_is_refused(root: Path, is_table: bool):  # noqa: FBT001
    """A text too long to be read again comes in from no format."""
    text = "x" * (LONGEST_TEXT + 1)
    file = root / "long.qdpx"
    if is_table:
        file = written(root, f"{KENYA},1,{text},Stigma,ann")
    else:
        facts = dict(zip(FACTS.split(","), KENYA.split(","), strict=True))
        data = CodedData(
            file_format="study",
            codes=(CodedCode("1", "Stigma"),),
            documents=(Document("d", "d", text, facts),),
            selections=(Selection("s", "d", text, 0, len(text)),),
            codings=(Coding("s", "1", "ann"),),
            coders=("ann",),
            account=Account(),
        )
        file.write_bytes(project_bytes(data, "Long"))
    before = snapshot(root)

    with pytest.raises(CompendiumError, match="at most 1,000,000 characters"):
        take(root, file)

    assert before == snapshot(root)


def unquoted(rows: Iterable[list[str]], **_: str) -> str:
    """Return rows as CSV in which commas of texts are not quoted."""
    return "".join(",".join(row) + "\n" for row in rows)


def shortened(rows: Iterable[list[str]], **_: str) -> str:
    """Return rows as CSV that reads well, and has lost an end of each text."""
    return format_csv([cell[:20] for cell in row] for row in rows)


@pytest.mark.parametrize("faulty", [unquoted, shortened])
def test_tables_that_would_read_otherwise_are_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch, faulty: Callable[..., str]
):
    """Nothing is committed unless the staged tables read as they were meant to be written."""
    before = snapshot(root)
    monkeypatch.setattr(result, "format_csv", faulty)

    with pytest.raises(TableError, match="nothing was written"):
        take(root, written(root, f'{KENYA},1,"Fear, and hope, and fear again.",Stigma,ann'))

    assert before == snapshot(root)
