from __future__ import annotations

import csv
import shutil
from typing import TYPE_CHECKING

import pytest

from analysis.errors import CodedDataError, StudyError
from analysis.importing.coded.coded_import import CodedImport, import_coded
from analysis.importing.submissions import import_submissions
from analysis.publishing.coded_export import write_export
from analysis.study.lock import hold_lock
from analysis.study.opened_study import open_study
from analysis.tables.registry import read_registry
from analysis.tables.tombstones import Tombstone
from analysis.tables.withdrawal import carry_out, plan_withdrawal
from importing.coded.coded_rows import rows_of, take
from importing.sent_texts import refusal, sent
from tiny_study import STUDY, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("reading_here")


HEADER = "focus_group,held_on,scope,places,consent,id,text,code,coder"
NEW = "new,2020-11-01,country,KEN,public"
NEXT = "next,2020-11-02,country,UGA,public"
OF_NEW = (f"{NEW},1,Fear of police.,Stigma,ann", f"{NEW},2,Nothing helps.,,")
OF_NEXT = (f"{NEXT},3,Calm.,Stigma,ann", f"{NEXT},4,Hope.,Stigma,ann")


def take_rows(root: Path, *rows: str, name: str = "codings.csv") -> None:
    """Take codings into the tiny study."""
    (root / name).write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    import_coded(CodedImport(root, STUDY, (root / name,)))


def contents(root: Path) -> dict[str, bytes]:
    """Return what each file of the tiny study holds."""
    found = sorted((root / "data" / STUDY).rglob("*"))
    return {str(path): path.read_bytes() for path in found if path.is_file()}


def bury(folder: Path, group: str) -> None:
    """Write a tombstone."""
    (folder / "withdrawn.csv").write_text(
        f"focus_group,withdrawn_on,reason\n{group},2026-05-04,host-request\n", encoding="utf-8"
    )


def withdraw(root: Path, group: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Withdraw a focus group; return the raw files that went, and those it shares."""
    folder = root / "data" / STUDY
    planned = plan_withdrawal(folder, Tombstone(group, "2026-05-04", "host-request"))
    carry_out(planned, folder)
    return planned.raw_files, planned.shared_files


def test_study_that_is_being_built_is_left_alone(root: Path) -> None:
    """An import, a withdrawal and a build of one study hold one lock."""
    before = contents(root)

    with hold_lock(root, STUDY), pytest.raises(StudyError, match="is running"):
        take_rows(root, *OF_NEW)

    assert before == contents(root)


def test_registry_lists_the_focus_groups_of_each_file(root: Path) -> None:
    """A file of two focus groups has two rows, each with the digest of its words."""
    take_rows(root, *OF_NEW, *OF_NEXT)
    received = read_registry(root / "data" / STUDY)

    assert [each.focus_group for each in received] == ["new", "next"]
    assert len({each.file for each in received}) == 1
    assert len({each.words_sha256 for each in received} - {""}) == 2


def test_export_of_several_focus_groups_is_reported_as_shared(root: Path) -> None:
    """It stays while one of them does; with the last of them it goes, and its account too."""
    take_rows(root, *OF_NEW, *OF_NEXT)
    (kept,) = {each.file for each in read_registry(root / "data" / STUDY)}

    assert withdraw(root, "new") == ((), (f"raw/{kept}",))
    assert withdraw(root, "next") == ((f"raw/{kept}", f"raw/{kept}.import.json"), ())
    kept = sorted(path.name for path in (root / "data" / STUDY / "raw").iterdir())
    assert kept == ["registry.csv", "withdrawn_words.csv"]


@pytest.mark.parametrize("group", ["new", "new.2"])
def test_focus_group_that_was_withdrawn_does_not_come_back(root: Path, group: str) -> None:
    """Neither its id nor one that begins with it is taken in again, whatever its words are."""
    bury(root / "data" / STUDY, "new")
    before = contents(root)

    with pytest.raises(CodedDataError, match=f"focus group '{group}' was withdrawn for good"):
        take_rows(root, *(row.replace("new,", f"{group},", 1) for row in OF_NEW))

    assert before == contents(root)


def test_words_that_were_withdrawn_do_not_come_back(root: Path) -> None:
    """The registry knows them under another id, and in another file."""
    take_rows(root, *OF_NEW)
    withdraw(root, "new")

    with pytest.raises(CodedDataError, match="words are of one that was withdrawn for good"):
        take_rows(root, *(row.replace("new,", "other,", 1) for row in OF_NEW), name="again.csv")


def test_words_of_each_document_that_were_withdrawn_do_not_come_back(root: Path) -> None:
    """A focus group may have several documents: the registry lists them all."""
    rows = [f"{name},{text},Stigma,ann" for name in "ab" for text in ("One.", f"Two of {name}.")]
    facts = "held_on: 2020-11-01, scope: country, places: KEN, consent: public"

    def take_plain(name: str, group: str, *rows: str) -> None:
        file, mapping = root / f"{name}.csv", root / f"{name}.yaml"
        file.write_text("\n".join(["document,text,code,coder", *rows, ""]), encoding="utf-8")
        mapping.write_text(f"focus_groups: {{focus_group: {group}, {facts}}}\n", encoding="utf-8")
        import_coded(CodedImport(root, STUDY, (file,), mapping=mapping))

    take_plain("both", "new", *rows)
    withdraw(root, "new")

    with pytest.raises(CodedDataError, match="words are of one that was withdrawn for good"):
        take_plain("second", "other", *rows[2:])


def test_segment_of_a_focus_group_that_was_withdrawn_does_not_come_back(root: Path) -> None:
    """What this program wrote says the ids of segments: under another focus group, too."""
    write_export(open_study(root, STUDY), "csv", root / "out.csv")
    out = root / "out.csv"
    out.write_text(out.read_text("utf-8").replace(",gha,", ",other,"), encoding="utf-8")
    twin = root / "data" / "twin"
    shutil.copytree(root / "data" / STUDY, twin)
    for name in ("focus_groups", "segments", "code_applications"):
        table = twin / f"{name}.csv"
        table.write_text(table.read_text("utf-8").splitlines()[0] + "\n", encoding="utf-8")
    bury(twin, "gha")

    with pytest.raises(CodedDataError, match="withdrawn for good"):
        import_coded(CodedImport(root, "twin", (out,)))


SENT = "ken-2020-09-26"
WORDS = (
    "The boats come in late and the clinic by the lake has closed when the crews get there; "
    "whoever sells fish at night is told to come back on a day when nobody buys any, and those "
    "who have a radio of their own warn the others before the police is at the pier."
)
KNOWN = "focus_groups: {scope: country, places: KEN, consent: public}\n"
SAME = "words are of one that was withdrawn for good"
MOST = "most of its words are of one that was withdrawn for good"
DAY = "a focus group of this place and day was withdrawn for good"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a root with the tiny study, where chance does not choose what is kept of words."""
    monkeypatch.setattr("secrets.token_hex", lambda _: "5a17")
    return write_tiny_root(tmp_path / "root")


def take_coded(root: Path, texts: list[str], **facts: str) -> None:
    """Import a document, each of its texts with a code, with what a mapping states of it."""
    path = root / "coded.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = [["a", text, "stigma", "ann"] for text in texts]
        csv.writer(file).writerows([["document", "text", "code", "coder"], *rows])
    said = ", ".join(f"{name}: {held}" for name, held in facts.items())
    take(root, path, said=f"documents: {{a: {{{said}}}}}\n{KNOWN}")


def texts_sent(root: Path, tmp_path: Path, words: str = WORDS) -> list[str]:
    """Take a submission in, and return the texts of its segments."""
    import_submissions(root, STUDY, [sent(tmp_path, words=words)])
    return [row["text"] for row in rows_of(root, "segments") if row["focus_group"] == SENT]


@pytest.mark.parametrize(
    ("edited", "facts", "why"),
    [
        (WORDS, {"held_on": "2020-10-03", "focus_group": "other"}, SAME),
        (WORDS, {"held_on": "2020-10-03", "another": "yes"}, SAME),
        (WORDS.replace("late", "later"), {"held_on": "2020-10-03"}, MOST),
        ("Nets are dear.", {"held_on": "2020-09-26"}, DAY),
    ],
    ids=["under another id", "under none", "edited", "of the same day"],
)
def test_submission_that_was_withdrawn_does_not_come_back_coded(
    root: Path, tmp_path: Path, edited: str, facts: dict[str, str], why: str
) -> None:
    """Neither its words, nor most of them, nor any of its place and day."""
    texts = [text.replace(WORDS, edited) for text in texts_sent(root, tmp_path)]
    withdraw(root, SENT)
    before = rows_of(root, "segments")

    with pytest.raises(CodedDataError, match=why):
        take_coded(root, texts, **facts)

    assert before == rows_of(root, "segments")


def test_short_answers_that_were_withdrawn_do_not_come_back_coded(
    root: Path, tmp_path: Path
) -> None:
    """All of them together are known, where none by itself is."""
    texts = texts_sent(root, tmp_path, "Distance costs more than fear.")
    withdraw(root, SENT)

    with pytest.raises(CodedDataError, match=SAME):
        take_coded(root, texts, held_on="2020-10-03")


def test_coded_data_that_were_withdrawn_do_not_come_back_as_a_submission(
    root: Path, tmp_path: Path
) -> None:
    """All of its words, or most of them, are known in the template too."""
    coded = ["Crews trust crews.", "Closing at noon; call 0700 123 4567", WORDS]
    take_coded(root, coded, focus_group="lake", held_on="2020-09-26")
    withdraw(root, "lake")

    same = refusal(root, sent(tmp_path, words=WORDS))
    edited = refusal(root, sent(tmp_path, words=f"Indeed: {WORDS}"))

    assert "its focus group was withdrawn for good" in same
    assert "most of its words are of a focus group that was withdrawn for good" in edited


def test_other_focus_group_is_taken_in_once_a_person_says_that_it_is(
    root: Path, tmp_path: Path
) -> None:
    """In a mapping, or in a table for ``--met``, though much is as in one that was withdrawn."""
    texts = texts_sent(root, tmp_path)
    withdraw(root, SENT)
    file, places = sent(tmp_path, words=WORDS.replace("late", "later")), tmp_path / "places.csv"
    places.write_text(f"submission,places,another\n{file.name},,yes\n", encoding="utf-8")

    import_submissions(root, STUDY, [file], places)
    take_coded(root, [*texts, "Nets are dear."], held_on="2020-09-26", another="yes")

    ids = [row["focus_group"] for row in rows_of(root, "focus_groups")]
    assert ids[-2] == f"{SENT}-2"
    assert ids[-1].startswith("d-")


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("{others: yes}", r"unknown key others \(closest: another\)"),
        ("{another: [yes]}", "another is not one value"),
    ],
)
def test_another_is_said_of_a_document_in_one_word(root: Path, said: str, fault: str) -> None:
    """A misspelt key, or several values, are refused."""
    path = root / "coded.csv"
    path.write_text("document,text,code,coder\na,Fear.,stigma,ann\n", encoding="utf-8")

    with pytest.raises(CodedDataError, match=f"documents, entry 1: {fault}"):
        take(root, path, said=f"documents: {{a: {said}}}\n{KNOWN}")
