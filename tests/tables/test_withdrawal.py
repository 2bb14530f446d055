from __future__ import annotations

import csv
import hashlib
import io
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import StudyError, TableError
from analysis.study.csv_rows import read_rows, write_csv
from analysis.study.opened_study import open_study
from analysis.tables.evidence import COLUMNS as EVIDENCE_COLUMNS
from analysis.tables.findings import COLUMNS as FINDING_COLUMNS
from analysis.tables.fingerprints import (
    Likeness,
    fingerprints_of,
    likeness_of,
    read_fingerprints,
    write_fingerprints,
)
from analysis.tables.received import COLUMNS, read_received, read_text_table
from analysis.tables.row_edits import copy_without
from analysis.tables.table_files import FILES_OF_STUDY
from analysis.tables.tombstones import Tombstone, read_tombstones
from analysis.tables.withdrawal import carry_out, plan_withdrawal
from tiny_study import STUDY, put_value, table_of, write_tiny_root

GHA = Tombstone("gha", "2026-05-04", "host-request")


ROWS = {"focus_groups": 1, "segments": 2, "code_applications": 2}


WHERE = ("focus_groups.csv row 4", "segments.csv row 10", "code_applications.csv row 11")


VOICES = (
    *(("stigma", "ken.1"), ("stigma", " gha.1"), ("services", "none")),
    *(("stigma", "other-1"), ("stigma", "gha.9")),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the folder of the tiny study."""
    return write_tiny_root(tmp_path / "root") / "data" / STUDY


def withdraw(folder: Path, tombstone: Tombstone = GHA) -> None:
    """Withdraw a focus group."""
    carry_out(plan_withdrawal(folder, tombstone), folder)


def lines_of(folder: Path) -> dict[str, list[str]]:
    """Return the lines of each table."""
    paths = sorted(folder.glob("*.csv"))
    return {path.name: path.read_text("utf-8").splitlines(keepends=True) for path in paths}


def test_rows_of_the_focus_group_go_and_a_tombstone_stays(folder: Path) -> None:
    """Its row, its segments and their codes go, all others stay, and the tombstone has no words."""
    before = lines_of(folder)
    withdraw(folder)
    kept = {
        name: [line for line in lines if "gha" not in line.partition(",")[0]]
        for name, lines in before.items()
    }
    tombstone = ["focus_group,withdrawn_on,reason\n", "gha,2026-05-04,host-request\n"]

    assert lines_of(folder) == {**kept, "withdrawn.csv": tombstone}
    assert read_tombstones(folder) == (GHA,)


def test_plan_changes_nothing(folder: Path) -> None:
    """A plan says how many rows would go, and leaves the study as it is."""
    before = lines_of(folder)
    planned = plan_withdrawal(folder, GHA)

    assert (planned.rows, planned.is_new, lines_of(folder)) == (ROWS, True, before)


def test_parquet_tables_are_withdrawn_from_too(folder: Path) -> None:
    """Where a table is Parquet, its rows go all the same."""
    for name in ROWS:
        path = table_of(folder.parents[1], name)
        pd.read_csv(path, dtype="str", keep_default_na=False).to_parquet(
            path.with_suffix(".parquet"), index=False
        )
        path.unlink()
    withdraw(folder)
    received = read_received(folder).by_name()

    assert {name: len(table) for name, table in received.items() if name in ROWS} == {
        "focus_groups": 3,
        "segments": 10,
        "code_applications": 12,
    }
    assert "gha" not in set(received["segments"]["focus_group"])


def test_several_are_withdrawn_one_after_the_other(folder: Path) -> None:
    """Each leaves its own tombstone below those of before."""
    withdraw(folder)
    uga = Tombstone("uga", "2026-05-05", "safety")
    withdraw(folder, uga)

    assert read_tombstones(folder) == (GHA, uga)


@pytest.mark.parametrize("form", ["gha", "GHA", " gha "])
@pytest.mark.parametrize("table", list(ROWS))
def test_rows_that_come_back_are_refused(folder: Path, table: str, form: str) -> None:
    """A row of a withdrawn focus group in any table is refused with its file and row."""
    before = lines_of(folder)
    line = next(line for line in before[f"{table}.csv"] if line.startswith("gha"))
    withdraw(folder)
    path = folder / f"{table}.csv"
    with path.open("a", encoding="utf-8") as file:
        file.write(line.replace("gha", form, 1).replace(",gha,", f",{form},"))
    row = len(path.read_text("utf-8").splitlines())
    with pytest.raises(TableError) as refusal:
        read_received(folder)

    assert refusal.value.offenders == (f"{table}.csv row {row}",)


def test_all_tables_are_looked_through_for_rows_that_are_back(folder: Path) -> None:
    """One refusal names the rows of all tables."""
    for name in ROWS:
        shutil.copyfile(folder / f"{name}.csv", folder / f"{name}.before")
    withdraw(folder)
    for name in ROWS:
        shutil.copyfile(folder / f"{name}.before", folder / f"{name}.csv")
    with pytest.raises(TableError) as refusal:
        read_received(folder)

    assert set(WHERE) < set(refusal.value.offenders)
    assert len(refusal.value.offenders) == sum(ROWS.values())


def test_segments_of_another_focus_group_are_reported_by_their_ids(folder: Path) -> None:
    """A segment that was withdrawn does not come back under another focus group."""
    withdraw(folder)
    put_value(folder.parents[1], "segments", (2, "segment"), "gha.1")
    with pytest.raises(TableError, match=r"segments\.csv row 2"):
        read_received(folder)


def test_rows_that_came_back_are_withdrawn_again(folder: Path) -> None:
    """The same command takes them out, and the tombstone stays as it was."""
    before = lines_of(folder)
    withdraw(folder)
    after = lines_of(folder)
    (folder / "segments.csv").write_text("".join(before["segments.csv"]), encoding="utf-8")
    withdraw(folder, Tombstone("gha", "2027-01-01", "safety"))

    assert lines_of(folder) == after


@pytest.mark.parametrize(
    ("group", "offender"),
    [("ghana", "ghana (closest: gha)"), ("gha", "gha was withdrawn on 2026-05-04")],
)
def test_focus_group_that_is_not_there_is_refused(folder: Path, group: str, offender: str) -> None:
    """One that is unknown is refused with the closest; one that left before, with the day."""
    if group == "gha":
        withdraw(folder)
    before = lines_of(folder)
    with pytest.raises(StudyError) as refusal:
        withdraw(folder, Tombstone(group, "2026-06-01", "safety"))

    assert (refusal.value.offenders, lines_of(folder)) == ((offender,), before)


@pytest.mark.parametrize("group", ["GHA", " gha", "gha.1", ""])
def test_focus_group_is_known_by_its_id_as_written(folder: Path, group: str) -> None:
    """Another case, a space, or the id of a segment names no focus group, and nothing changes."""
    before = lines_of(folder)
    with pytest.raises(StudyError, match="does not have this focus group"):
        withdraw(folder, Tombstone(group, "2026-06-01", "safety"))

    assert lines_of(folder) == before


@pytest.mark.parametrize("group", ["GHA", ""])
def test_focus_group_without_an_id_is_refused(folder: Path, group: str) -> None:
    """What no tombstone could keep is not withdrawn, as every later reader would refuse it."""
    put_value(folder.parents[1], "segments", (10, "focus_group"), group)
    before = lines_of(folder)
    with pytest.raises(StudyError, match="no id that a tombstone could keep"):
        withdraw(folder, Tombstone(group, "2026-06-01", "safety"))

    assert lines_of(folder) == before


def test_tables_with_a_mark_and_a_quoted_header_are_withdrawn_from(folder: Path) -> None:
    """As some spreadsheets write them: all rows that were planned go, and the next read is good."""
    path = folder / "privacy_exceptions.csv"
    path.write_text(
        "table,id,column,kind,reason,reviewed_by,text_sha256\nsegments,gha.1,text,name,a,b,\n",
        "utf-8",
    )
    for name in (*ROWS, "privacy_exceptions"):
        header, _, rows = (folder / f"{name}.csv").read_text("utf-8").partition("\n")
        quoted = ",".join(f'"{column}"' for column in header.split(","))
        (folder / f"{name}.csv").write_text(f"{quoted}\n{rows}", "utf-8-sig")
    withdraw(folder)

    assert path.read_bytes().startswith(b'\xef\xbb\xbf"table","id"')
    assert "gha" not in path.read_text("utf-8")
    assert "gha" not in set(read_received(folder).segments["focus_group"])


def test_tables_that_are_written_meanwhile_are_refused(folder: Path) -> None:
    """Where other rows would go than were planned, nothing changes."""
    planned = plan_withdrawal(folder, GHA)
    put_value(folder.parents[1], "code_applications", (11, "segment"), "ken.1")
    before = lines_of(folder)
    with pytest.raises(TableError) as refusal:
        carry_out(planned, folder)

    assert refusal.value.offenders == ("code_applications: 1 rows would go, and not 2",)
    assert lines_of(folder) == before


def test_focus_group_whose_id_starts_another_is_refused(folder: Path) -> None:
    """Where ids could not distinguish segments, nothing is withdrawn."""
    put_value(folder.parents[1], "focus_groups", (2, "focus_group"), "gha.north")
    with pytest.raises(StudyError, match=r"gha\.north"):
        plan_withdrawal(folder, GHA)


@pytest.mark.parametrize(
    "row",
    [
        "Somebody Named,2026-05-04,safety",
        "gha,yesterday,safety",
        "gha,20260504,safety",
        "gha,2026-05-04,they called us",
    ],
)
def test_tombstone_that_says_more_is_refused(folder: Path, row: str) -> None:
    """A tombstone holds an id, a day and a code; what else it says is refused, and not repeated."""
    (folder / "withdrawn.csv").write_text(f"focus_group,withdrawn_on,reason\n{row}\n", "utf-8")
    with pytest.raises(TableError) as refusal:
        read_received(folder)

    assert [each[:19] for each in refusal.value.offenders] == ["withdrawn.csv row 2"]
    assert not any(word in str(refusal.value) for word in ("Named", "yesterday", "called"))


def put_raw(folder: Path, *received: tuple[str, str]) -> None:
    """Put raw files and what became of them, each of some focus groups, and register them."""
    raw = folder / "raw"
    raw.mkdir()
    rows = ["file,sha256,kind,focus_group,words_sha256"]
    for name, groups in received:
        (raw / name).write_text(name, encoding="utf-8")
        (raw / f"{name}.import.json").write_text("{}\n", encoding="utf-8")
        rows += [f"{name},00,survey,{group},w-{group}" for group in groups.split(";")]
    (raw / "registry.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def test_raw_files_go_with_their_focus_group(folder: Path) -> None:
    """A file of it alone goes, and what became of it; one of others too is named, and stays."""
    put_raw(folder, ("gha.docx", "gha"), ("gha.csv", "gha;ken"), ("ken.docx", "ken"))
    registry = (folder / "raw" / "registry.csv").read_bytes()
    planned = plan_withdrawal(folder, GHA)
    withdraw(folder)

    assert planned.raw_files == ("raw/gha.docx", "raw/gha.docx.import.json")
    assert planned.shared_files == ("raw/gha.csv",)
    assert sorted(path.name for path in (folder / "raw").glob("*[!n]")) == [
        "gha.csv",
        "ken.docx",
        "registry.csv",
        "withdrawn_words.csv",
    ]
    assert (folder / "raw" / "registry.csv").read_bytes() == registry


def test_file_of_several_goes_with_the_last_of_them(folder: Path) -> None:
    """For focus groups that left before, nothing is kept; not even where no copy is there."""
    put_raw(folder, ("sent.csv", "gha;ken"))
    (folder / "raw" / "sent.csv").unlink()
    withdraw(folder, Tombstone("ken", "2026-05-03", "safety"))
    planned = plan_withdrawal(folder, GHA)

    assert planned.raw_files == ("raw/sent.csv.import.json",)


def test_raw_files_that_nobody_registered_go_too(folder: Path) -> None:
    """The id, the source as a whole name, or its digest shows whose they are."""
    raw = folder / "raw"
    raw.mkdir()
    for name in ("gha.pdf", "sent.docx", "a.docx", "gha-a.docx", "kept.docx"):
        (raw / name).write_text(name, encoding="utf-8")
    digest = hashlib.sha256(b"sent.docx").hexdigest()
    put_value(folder.parents[1], "focus_groups", (4, "source"), "gha-a.docx, by mail")
    put_value(folder.parents[1], "focus_groups", (4, "source_sha256"), digest)

    assert plan_withdrawal(folder, GHA).raw_files == (
        "raw/gha-a.docx",
        "raw/gha.pdf",
        "raw/sent.docx",
    )


def test_reviewed_exceptions_go_with_their_rows(folder: Path) -> None:
    """Those of the focus group and of its segments go; those of others, and of codes, stay."""
    put_value(folder.parents[1], "segments", (10, "segment"), "other-1")
    path = folder / "privacy_exceptions.csv"
    rows = [
        "table,id,column,kind,reason,reviewed_by,text_sha256\n",
        "segments,other-1,text,name,a place,ann,\n",
        "focus_groups,gha,theme,name,a place,ann,\n",
        "codebook,gha,label,name,a place,ann,\n",
        '"segments",ken.1,text,name,"a place, too",ann,\n',
    ]
    path.write_text("".join(rows), encoding="utf-8")
    planned = plan_withdrawal(folder, GHA)
    withdraw(folder)

    assert planned.rows == {**ROWS, "privacy_exceptions": 2}
    assert path.read_text("utf-8") == "".join((rows[0], *rows[3:]))


def test_opening_a_study_completes_a_withdrawal(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """A withdrawal that was cut short once it was made is completed by whoever opens the study."""
    with monkeypatch.context() as killing:
        killing.setattr("analysis.study.journal.complete_change", lambda _: None)
        killing.setattr("analysis.study.journal.StudyChange.__exit__", lambda *_: None)
        withdraw(folder)
    halfway = lines_of(folder)
    open_study(folder.parents[1], STUDY)

    assert "withdrawn.csv" not in halfway
    assert read_tombstones(folder) == (GHA,)
    assert "gha" not in set(read_received(folder).focus_groups["focus_group"])


def test_files_of_a_study_are_all_that_it_is_made_of() -> None:
    """Tables, tombstones, words and exceptions of the scan, findings, places, settings; no more."""
    tables = {f"{name}{ending}" for name in COLUMNS for ending in (".csv", ".parquet")}
    scan = {"privacy_exceptions.csv", "scan_words.csv"}
    others = {"withdrawn.csv", "coded.csv", "findings.csv", "evidence.csv", "study.yaml", *scan}
    others |= {"codebook_changes.csv"}
    places = {"places.csv", "wider_places.csv", "tiles.csv"}

    assert set(FILES_OF_STUDY) == {*tables, *others, *places}


def test_codes_go_with_segments_of_any_id(folder: Path) -> None:
    """Code applications are known by the segments of the focus group, whatever these are called."""
    put_value(folder.parents[1], "segments", (10, "segment"), "other-1")
    put_value(folder.parents[1], "code_applications", (11, "segment"), "other-1")
    planned = plan_withdrawal(folder, GHA)
    withdraw(folder)

    assert planned.rows == ROWS
    assert not any("other-1" in line for lines in lines_of(folder).values() for line in lines)


HEADER = "segment,focus_group,text"


ODD = (
    'a.1,a,"two\nlines, and a ""quote"""\r\n',
    "b.1,b,plain\n",
    "\n",
    'a.2,"a",\u00e9t\u00e9\n',
    "b.2,b,no end",
)


def rows_of_a(path: Path) -> list[int]:
    """Return the rows of focus group a, as a table's index numbers them."""
    table = read_text_table(path, HEADER.split(","))
    return table.index[table["focus_group"] == "a"].tolist()


def without(content: bytes, folder: Path) -> tuple[bytes, int]:
    """Return a CSV file without the rows of focus group a, and how many these were."""
    path, copy = folder / "from.csv", folder / "to.csv"
    path.write_bytes(content)
    rows = rows_of_a(path)
    copy_without(path, copy, rows)
    return copy.read_bytes(), len(rows)


@pytest.mark.parametrize("header", [HEADER, '"segment","focus_group","text"'])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "marked"])
def test_other_rows_stay_to_the_byte(mark: str, header: str, tmp_path: Path) -> None:
    """Quotes, line ends, empty lines and marks of the rows that stay are as they were."""
    before = f"{mark}{header}\r\n{''.join(ODD)}".encode()
    after = f"{mark}{header}\r\n{ODD[1]}{ODD[2]}{ODD[4]}".encode()

    assert without(before, tmp_path) == (after, 2)


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.text(st.characters(codec="utf-8")), st.booleans()))
)
def test_any_row_goes_or_stays_to_the_byte(written: list[tuple[str, str, bool]]) -> None:
    """Whatever is in them and however it is quoted, rows go or stay whole."""
    lines = [(group, _line(group, text, quoted=quoted)) for group, text, quoted in written]
    whole = "".join([f"{HEADER}\n", *(line for _, line in lines)])
    kept = "".join([f"{HEADER}\n", *(line for group, line in lines if group == "b")])
    with TemporaryDirectory() as folder:
        found = without(whole.encode(), Path(folder))

    assert found == (kept.encode(), sum(group == "a" for group, _ in lines))


def _line(group: str, text: str, *, quoted: bool) -> str:
    file = io.StringIO()
    how = csv.QUOTE_ALL if quoted or "\r" in text else csv.QUOTE_MINIMAL
    csv.writer(file, quoting=how, lineterminator="\r\n" if quoted else "\n").writerow(
        (f"{group}.1", group, text)
    )
    return file.getvalue()


@pytest.mark.parametrize("compression", ["zstd", "snappy", "none"])
def test_parquet_keeps_its_other_rows(compression: str, tmp_path: Path) -> None:
    """Rows of a Parquet table go, with its columns, types and compression as they were."""
    rows = {
        "segment": ["a.1", "b.1", "a.2", "b.2"],
        "focus_group": pa.array(["a", "b", "a", "b"]).dictionary_encode(),
        "text": pa.array(["private", None, "private", "kept"], pa.large_string()),
    }
    whole = pa.table(rows)
    pq.write_table(whole, tmp_path / "from.parquet", compression=compression, row_group_size=3)
    removed = rows_of_a(tmp_path / "from.parquet")
    copy_without(tmp_path / "from.parquet", tmp_path / "to.parquet", removed)
    kept = pq.read_table(tmp_path / "to.parquet")

    assert (len(removed), kept.schema) == (2, pq.read_schema(tmp_path / "from.parquet"))
    assert kept["text"].to_pylist() == [None, "kept"]
    assert b"private" not in (tmp_path / "to.parquet").read_bytes()
    assert (
        pq.read_metadata(tmp_path / "to.parquet").row_group(0).column(0).compression
        == pq.read_metadata(tmp_path / "from.parquet").row_group(0).column(0).compression
    )


SALT = "5a17"


FIRST = "The boats come in late and the clinic by the lake has closed when the crews get there."


SECOND = "Whoever sells fish at night is told to come back on a day when nobody buys any."


THIRD = "Crews that have a radio of their own warn the others before the police is at the pier."


OTHER = (
    "A school for the children of the fishers would let the mothers go out with the boats, and "
    "the market women ask for a roof, a tap and a lamp at the landing before the rains begin."
)


KEPT = fingerprints_of("lake", (FIRST, SECOND, THIRD), SALT)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((THIRD, FIRST, SECOND), Likeness.ALL),
        ((f"{SECOND}\n\n{THIRD.upper()}\r\n- {FIRST}",), Likeness.ALL),
        ((FIRST, SECOND, THIRD, "Call 0700 123 4567."), Likeness.MOST),
        ((FIRST.replace("late", "later"), SECOND, THIRD), Likeness.MOST),
        ((FIRST[4:-20], SECOND[:-9]), Likeness.MOST),
        ((f"{OTHER} {FIRST} {SECOND} {OTHER[5:]} {THIRD}",), Likeness.MOST),
        ((OTHER, FIRST[:40]), Likeness.NONE),
        (("The clinic by the lake has closed.",), Likeness.NONE),
        ((), Likeness.NONE),
    ],
)
def test_words_are_known_again_whatever_they_are_cut_into(
    texts: tuple[str, ...], expected: Likeness
) -> None:
    """Order, case, ends of lines and a word edited do not hide them; a sentence is not enough."""
    assert likeness_of((KEPT,), texts) is expected


def test_short_answers_leave_nothing_to_guess() -> None:
    """What anybody could say is neither kept nor refused."""
    kept = fingerprints_of("lake", ("No.", "Fear of the police."), SALT)

    assert (kept.words_sha256, kept.fingerprints) == ("", frozenset())
    assert likeness_of((kept,), ("No.", "Fear of the police.")) is Likeness.NONE


def test_contacts_are_no_part_of_what_is_kept() -> None:
    """Numbers could be tried one after the other."""
    kept = {
        fingerprints_of("lake", (f"{FIRST} {end}",), SALT)
        for end in ("0700 123 4567", "a@b.example")
    }

    assert len(kept) == 1


def test_each_study_keeps_its_own(tmp_path: Path) -> None:
    """What is kept is read again as it was; under another salt, little of it is the same."""
    (tmp_path / "raw").mkdir()
    short = fingerprints_of("short", ("No.",), SALT)
    write_fingerprints(tmp_path / "raw" / "withdrawn_words.csv", (KEPT, short))
    elsewhere = fingerprints_of("lake", (FIRST, SECOND, THIRD), "another")

    assert read_fingerprints(tmp_path) == (KEPT, short)
    assert KEPT.likeness(elsewhere) is Likeness.NONE


def test_counter_voices_of_the_focus_group_go(folder: Path) -> None:
    """A row of evidence.csv that names a passage of the focus group goes with it; others stay."""
    rows = [
        [about, "esa", segment, *[""] * 6, "A", "2021-02-03", "of my own"]
        for about, segment in VOICES
    ]
    write_csv(folder / "evidence.csv", [[*EVIDENCE_COLUMNS, "note"], *rows])
    put_value(folder.parents[1], "segments", (11, "segment"), "other-1")

    withdraw(folder)

    kept = read_rows(folder / "evidence.csv", EVIDENCE_COLUMNS)
    assert [(row["about"], row["segment"]) for row in kept] == [VOICES[0], VOICES[2]]


def test_drafts_keep_no_id_of_the_focus_group(folder: Path) -> None:
    """The passages of a drafted finding lose its ids; sentences and other ids stay."""
    rows = [
        ["esa-1", "esa", "hope", "", "stigma", "", "", "", "{x} = 1", "ken.1; gha.1;other-1;gha.9"],
        ["esa-2", "esa", "hope", "Said", "stigma", "A", "person", "2021-02-03", "", "uga.1"],
        ["esa-3", "esa", "hope", "", "stigma", "", "", "", "", "gha.2"],
    ]
    write_csv(folder / "findings.csv", [[*FINDING_COLUMNS, "counts", "passages"], *rows])
    put_value(folder.parents[1], "segments", (11, "segment"), "other-1")

    withdraw(folder)

    kept = read_rows(folder / "findings.csv", FINDING_COLUMNS)
    assert [row.cells["passages"] for row in kept] == ["ken.1", "uga.1", ""]
    assert [row["sentence"] for row in kept] == ["", "Said", ""]


def test_withdrawal_needs_no_findings_and_no_drafts(folder: Path) -> None:
    """Findings without drafted columns stay to the byte."""
    write_csv(folder / "findings.csv", [FINDING_COLUMNS])
    before = (folder / "findings.csv").read_bytes()

    withdraw(folder)

    assert (folder / "findings.csv").read_bytes() == before
