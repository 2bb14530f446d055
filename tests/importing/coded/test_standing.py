from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from analysis.errors import CodedDataError, StudyError
from analysis.importing.coded.coded_import import CodedImport, take_in_coded
from analysis.operations.export import give_out
from analysis.study.lock import hold_lock, lock_of
from analysis.tables.registry import read_registry
from analysis.tables.withdrawal.group_removal import carry_out, plan_withdrawal
from analysis.tables.withdrawal.tombstones import Tombstone
from tiny_study import STUDY, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("reading_here")

HEADER = "focus_group,held_on,scope,places,consent,id,text,code,coder"
NEW = "new,2020-11-01,country,KEN,public"
NEXT = "next,2020-11-02,country,UGA,public"
OF_NEW = (f"{NEW},1,Fear of police.,Stigma,ann", f"{NEW},2,Nothing helps.,,")
OF_NEXT = (f"{NEXT},3,Calm.,Stigma,ann", f"{NEXT},4,Hope.,Stigma,ann")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a root with the tiny study."""
    return write_tiny_root(tmp_path / "root")


def take(root: Path, *rows: str, name: str = "codings.csv") -> None:
    """Take codings into the tiny study."""
    (root / name).write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    take_in_coded(CodedImport(root, STUDY, (root / name,)))


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

    with hold_lock(lock_of(root, STUDY), STUDY), pytest.raises(StudyError, match="at work"):
        take(root, *OF_NEW)

    assert before == contents(root)


def test_registry_tells_the_focus_groups_of_each_file(root: Path) -> None:
    """A file of two focus groups has two rows, each with the digest of its words."""
    take(root, *OF_NEW, *OF_NEXT)
    received = read_registry(root / "data" / STUDY)

    assert [each.focus_group for each in received] == ["new", "next"]
    assert len({each.file for each in received}) == 1
    assert len({each.words_sha256 for each in received} - {""}) == 2


def test_export_of_several_focus_groups_is_told_as_shared(root: Path) -> None:
    """It stays while one of them does; with the last of them it goes, and its account too."""
    take(root, *OF_NEW, *OF_NEXT)
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

    with pytest.raises(CodedDataError, match=f"focus group {group} was withdrawn for good"):
        take(root, *(row.replace("new,", f"{group},", 1) for row in OF_NEW))

    assert before == contents(root)


def test_words_that_were_withdrawn_do_not_come_back(root: Path) -> None:
    """The registry knows them under another id, and in another file."""
    take(root, *OF_NEW)
    withdraw(root, "new")

    with pytest.raises(CodedDataError, match="words are of one that was withdrawn for good"):
        take(root, *(row.replace("new,", "other,", 1) for row in OF_NEW), name="again.csv")


def test_words_of_each_document_that_were_withdrawn_do_not_come_back(root: Path) -> None:
    """A focus group may be told of by several documents: the registry knows them all."""
    rows = [f"{name},{text},Stigma,ann" for name in "ab" for text in ("One.", f"Two of {name}.")]
    facts = "held_on: 2020-11-01, scope: country, places: KEN, consent: public"

    def take_plain(name: str, group: str, *rows: str) -> None:
        file, mapping = root / f"{name}.csv", root / f"{name}.yaml"
        file.write_text("\n".join(["document,text,code,coder", *rows, ""]), encoding="utf-8")
        mapping.write_text(f"focus_groups: {{focus_group: {group}, {facts}}}\n", encoding="utf-8")
        take_in_coded(CodedImport(root, STUDY, (file,), mapping=mapping))

    take_plain("both", "new", *rows)
    withdraw(root, "new")

    with pytest.raises(CodedDataError, match="words are of one that was withdrawn for good"):
        take_plain("second", "other", *rows[2:])


def test_segment_of_a_focus_group_that_was_withdrawn_does_not_come_back(root: Path) -> None:
    """What this program wrote says the ids of segments: under another focus group, too."""
    give_out(root, STUDY, "csv", root / "out.csv")
    out = root / "out.csv"
    out.write_text(out.read_text("utf-8").replace(",gha,", ",other,"), encoding="utf-8")
    twin = root / "data" / "twin"
    shutil.copytree(root / "data" / STUDY, twin)
    for name in ("focus_groups", "segments", "code_applications"):
        table = twin / f"{name}.csv"
        table.write_text(table.read_text("utf-8").splitlines()[0] + "\n", encoding="utf-8")
    bury(twin, "gha")

    with pytest.raises(CodedDataError, match="withdrawn for good"):
        take_in_coded(CodedImport(root, "twin", (out,)))
