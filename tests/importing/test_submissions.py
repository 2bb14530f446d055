"""From a template that a host fills in to the rows of a study."""

from __future__ import annotations

import csv
import json
import pickle
import stat
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.errors import StorageError
from analysis.importing.submissions import import_submissions
from analysis.intake.focus_group import FocusGroup, FocusGroups
from analysis.intake.sandbox import Sandbox
from analysis.intake.submission import Suspicion
from analysis.study.instrument import read_instrument
from analysis.study.journal import StudyChange
from analysis.study.lock import hold_lock
from analysis.tables.received import COLUMNS, read_received
from importing.sent_texts import contents, last_group, refusal, sent
from intake.filled_templates import FACTS, Filling, fill_docx, fill_pdf
from tiny_study import STUDY, write_tiny_root

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from analysis.intake.limits import ReceivedFile

pytestmark = pytest.mark.usefixtures("reading_here")


def test_submission_becomes_a_focus_group_and_segments(root: Path, tmp_path: Path) -> None:
    """What section 1 says becomes the row of the focus group, and each point a segment."""
    (taken,) = import_submissions(root, STUDY, [sent(tmp_path)]).submissions
    tables = read_received(root / "data" / STUDY)
    added = tables.segments[tables.segments["focus_group"] == "ken-2020-09-26"]

    assert last_group(root) | {"source_sha256": ""} == {
        "focus_group": "ken-2020-09-26",
        "title": "Focus group, Kenya, 26 September 2020",
        "held_on": "2020-09-26",
        "scope": "country",
        "places": "KEN",
        "speaks_of": "",
        "organiser": "A network of fishing communities",
        "theme": "Testing on the water",
        "participants": "8 fishers (KEN); 2 nurses",
        "language": "en",
        "consent": "public-without-names",
        "received_by": "filled-in template",
        "source": "",
        "source_sha256": "",
        "withdrawn": "",
    }
    assert added["segment"].tolist() == [
        "ken-2020-09-26.emerging.patterns.1",
        "ken-2020-09-26.emerging.patterns.2",
        "ken-2020-09-26.recommendations.stop.p1",
    ]
    assert set(added["text_kind"]) == {"synthetic"}
    assert taken.segments == 3
    assert taken.account.is_balanced


def test_contacts_and_names_of_files_are_written_nowhere_but_in_the_raw_copy(
    root: Path, tmp_path: Path
) -> None:
    """Contacts stand in the raw copy alone, which nobody else may read."""
    (taken,) = import_submissions(root, STUDY, [sent(tmp_path)]).submissions
    folder = root / "data" / STUDY
    raw = folder / "raw" / taken.raw

    assert [name for name, content in contents(folder).items() if b"ane" in content] == [
        f"raw/{taken.raw}"
    ]
    assert stat.S_IMODE(raw.stat().st_mode) == 0o600
    assert b"0700 123" not in (folder / "segments.csv").read_bytes()


def test_log_lists_what_was_repaired_and_what_looks_wrong(root: Path, tmp_path: Path) -> None:
    """The log beside the raw copy has the account, repairs and suspicions."""
    (taken,) = import_submissions(root, STUDY, [sent(tmp_path, participants="Many")]).submissions
    log = root / "data" / STUDY / "raw" / f"{taken.raw}.import.json"
    (told,) = json.loads(log.read_text(encoding="utf-8"))["submissions"]

    assert told["account"]["received"] == 12
    assert told["account"]["kept"] == 9
    assert {"place": "contacts", "what": "line 7: left out contacts"} in told["repairs"]
    assert Suspicion("participants", "does not state how many of which kind: left out") in (
        taken.suspicions
    )
    assert "sent_as" not in told


def test_facts_are_understood_where_files_are_read(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a fact means is told by the process that has a limit of time, not by this one."""
    apart: list[bool] = []

    def read_apart(_: Sandbox, reader: Callable[[ReceivedFile], Any], file: ReceivedFile) -> Any:  # noqa: ANN401
        apart.append(True)
        read = pickle.loads(pickle.dumps(reader))(file)  # noqa: S301 - as processes do
        apart.pop()
        return read

    def describe(self: FocusGroups, *told: Any) -> FocusGroup:  # noqa: ANN401
        assert apart
        return understood(self, *told)

    understood = FocusGroups.describe
    monkeypatch.setattr(FocusGroups, "describe", describe)
    monkeypatch.setattr(Sandbox, "read", read_apart)

    assert len(import_submissions(root, STUDY, [sent(tmp_path)]).submissions) == 1


def test_rows_that_were_there_stay_byte_for_byte(root: Path, tmp_path: Path) -> None:
    """New rows come after the old ones, in the columns and line ends of the file."""
    path = root / "data" / STUDY / "segments.csv"
    before = path.read_bytes().replace(b"\n", b"\r\n").rstrip()
    path.write_bytes(before)

    import_submissions(root, STUDY, [sent(tmp_path)])

    after = path.read_bytes()
    assert after.startswith(before + b"\r\n")
    assert after.count(b"\r\n") == before.count(b"\r\n") + 4


def test_tables_in_parquet_are_added_to(root: Path, tmp_path: Path) -> None:
    """A table that is Parquet stays Parquet."""
    path = root / "data" / STUDY / "segments.csv"
    with path.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    pq.write_table(pa.Table.from_pylist(rows), path.with_suffix(".parquet"))
    path.unlink()

    import_submissions(root, STUDY, [sent(tmp_path)])

    assert len(read_received(root / "data" / STUDY).segments) == len(rows) + 3


def test_same_file_and_same_words_come_in_once(root: Path, tmp_path: Path) -> None:
    """A file, or its answers in another file, are refused when they come again."""
    first = sent(tmp_path)
    again = sent(tmp_path, "again.txt", theme="another")
    again.write_text(again.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    assert "the same file was imported before" in refusal(root, first, sent(tmp_path, "copy.txt"))
    assert "the same answers were imported before" in refusal(root, first, again)
    import_submissions(root, STUDY, [first])
    assert "the same file was imported before (ken-2020-09-26.txt)" in refusal(root, first)
    assert "as focus group ken-2020-09-26" in refusal(root, again)


def test_second_focus_group_of_a_place_and_day_is_numbered(root: Path, tmp_path: Path) -> None:
    """Two focus groups may meet in a country on one day."""
    files = [sent(tmp_path), sent(tmp_path, "other.txt", words="Fuel is dear.")]

    taken = import_submissions(root, STUDY, files).submissions

    assert [each.focus_group for each in taken] == ["ken-2020-09-26", "ken-2020-09-26-2"]


def test_study_that_is_being_built_is_left_alone(root: Path, tmp_path: Path) -> None:
    """An import waits for no build, and crosses none."""
    with hold_lock(root, STUDY):
        assert "Another build of tiny is running" in refusal(root, sent(tmp_path))


def test_all_that_is_wrong_with_all_files_is_reported_at_once(root: Path, tmp_path: Path) -> None:
    """One file that lacks something refuses all, and each lack is named."""
    files = [
        sent(tmp_path),
        sent(tmp_path, "place.txt", place="Wakanda", words="One."),
        sent(tmp_path, "day.txt", held_on="03/04/2020", words="Two."),
        sent(tmp_path, "late.txt", held_on="2024-01-01", words="Three."),
    ]

    told = refusal(root, *files)

    assert "place.txt: no known place" in told
    assert "day.txt: its date can mean several days" in told
    assert "late.txt: its date 2024-01-01 is later than 2020-12-31" in told
    assert "Report of Jane.txt:" not in told


def test_files_that_cannot_be_read_are_all_named(root: Path, tmp_path: Path) -> None:
    """A broken file among others refuses all of them."""
    broken = tmp_path / "broken.docx"
    broken.write_bytes(b"PK\x03\x04")

    told = refusal(root, sent(tmp_path), broken, tmp_path / "absent.pdf")

    assert "2 of 3 files cannot be read" in told
    assert "broken.docx is damaged or was cut short" in told
    assert "absent.pdf does not exist." in told


def test_language_that_the_study_does_not_have_is_refused(root: Path, tmp_path: Path) -> None:
    """A French submission needs French among the languages of the study."""
    path = tmp_path / "fr.txt"
    path.write_text("Pays : Sénégal\nDate : 3 mars 2020\n\nTENDANCES EMERGENTES\n\n- La mer.\n")

    assert "its language is fr: add that to languages in study.yaml" in refusal(root, path)


def test_disk_that_is_full_changes_nothing(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the last file cannot be written, the study stands as it was."""
    stage = StudyChange.stage

    def refuse_raw(change: StudyChange, name: str) -> Path:
        if name.startswith("raw/"):
            raise OSError(28, "No space left on device")
        return stage(change, name)

    monkeypatch.setattr(StudyChange, "stage", refuse_raw)
    before = contents(root / "data" / STUDY)

    with pytest.raises(StorageError, match="nothing was changed"):
        import_submissions(root, STUDY, [sent(tmp_path)])

    assert contents(root / "data" / STUDY) == before


def test_new_study_takes_in_submissions_before_it_has_a_codebook(tmp_path: Path) -> None:
    """Empty tables are enough."""
    root = write_tiny_root(tmp_path / "root")
    for name, columns in COLUMNS.items():
        path = root / "data" / STUDY / f"{name}.csv"
        path.write_text(",".join(columns) + "\n", encoding="utf-8")

    import_submissions(root, STUDY, [sent(tmp_path)])

    assert last_group(root)["focus_group"] == "ken-2020-09-26"


ITEMS = [("prose", "We need:"), ("point", "Boats."), ("subpoint", "By day."), ("point", "Nets.")]
CONSENTS = {"en": "public", "fr": "public-without-names", "pt": "aggregate-only", "es": "none"}


@pytest.mark.parametrize(("language", "consent"), CONSENTS.items())
def test_what_was_filled_in_is_in_the_tables(language: str, consent: str, tmp_path: Path) -> None:
    """Words, facts and consent of each language come whole from Word and from print."""
    root = write_tiny_root(tmp_path / "root")
    settings = root / "data" / STUDY / "study.yaml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("[en]", "[en, fr, pt, es]"), encoding="utf-8"
    )
    printed = Filling(dict.fromkeys(read_instrument().cells, ITEMS), consent=consent)
    typed = Filling(
        {"structures.hope": [("point", "Fuel.")]}, {**FACTS, "place": "Uganda"}, consent
    )
    files = [tmp_path / "one.pdf", tmp_path / "two.docx"]
    files[0].write_bytes(fill_pdf(printed, language))
    files[1].write_bytes(fill_docx(typed, language))

    import_submissions(root, STUDY, files)

    tables = read_received(root / "data" / STUDY)
    told = ["places", "held_on", "organiser", "theme", "participants", "language", "consent"]
    facts = ("2020-09-26", FACTS["organiser"], FACTS["theme"], "8 fishers (KEN); 2 nurses")
    added = tables.segments[tables.segments["focus_group"].str.contains("2020-09-26")]
    assert tables.focus_groups[told].tail(2).to_numpy().tolist() == [
        [place, *facts, language, consent] for place in ("KEN", "UGA")
    ]
    assert list(
        zip(added["section"] + "." + added["question"], added["role"], added["text"], strict=True)
    ) == [
        (cell, "lead_in" if text == "We need:" else role, text)
        for filling in (printed, typed)
        for cell, role, text in filling.expected()
    ]
