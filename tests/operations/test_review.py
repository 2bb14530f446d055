from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from analysis.errors import StudyError, TableError
from analysis.operations.review import list_undecided, open_review
from analysis.publishing.coded_export import write_export
from analysis.quality.checks import check_named
from analysis.quality.review_findings import choose
from analysis.study.journal import StudyChange
from analysis.study.lock import hold_lock
from analysis.study.opened_study import open_study
from analysis.tables.cleaning import PERSONAL_DATA, clean_place
from tiny_study import STUDY, put_value

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.operations.review import Review
    from analysis.quality.outcomes import Outcome

ABOUT_A_PERSON = "Brenda Atieno, 24, waits on Luthuli Avenue."


@pytest.fixture(autouse=True)
def study(root: Path) -> Path:
    """Give the folder of a study with an age next to a name, a street, and a title with a name."""
    put_value(root, "segments", (2, "text"), ABOUT_A_PERSON)
    put_value(root, "segments", (10, "label"), "Dr Haddad")
    return root / "data" / STUDY


def _rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _short(root: Path) -> list[str]:
    """Return what the check says of personal data and of its review."""
    return [each.fault for each in _short_of(root) if "review" in each.remedy]


def _short_of(root: Path) -> list[Outcome]:
    found = check_named(root, STUDY).outcomes
    return [each for each in found if each.verdict == "fell_short"]


def _decide_all(review: Review) -> None:
    review.keep(review.left())


def test_findings_are_listed_by_place_and_kind(root: Path, study: Path) -> None:
    """One finding is one kind in one cell, with where it is in the words; nothing is written."""
    before = sorted(study.iterdir())

    found = list_undecided(root, STUDY)

    assert [(each.row, each.id, each.column, each.kind) for each in found] == [
        (2, "ken.1", "text", "name-age"),
        (2, "ken.1", "text", "local-place"),
        (10, "gha.1", "label", "name-role"),
    ]
    quotes = [each.text[start:end] for each in found for start, end in each.spans]
    assert quotes[1:] == ["Luthuli Avenue", "Haddad"]
    assert sorted(study.iterdir()) == before


def test_reviewed_row_never_reports_itself_as_unreviewed(root: Path, study: Path) -> None:
    """What is kept has an exception with the digest of its words, and the check is silent."""
    with open_review(root, STUDY, "ann") as review:
        _decide_all(review)
        left = review.left()

    rows = _rows(study, "privacy_exceptions")
    assert (left, list_undecided(root, STUDY), _short(root)) == ([], [], [])
    assert {row["reviewed_by"] for row in rows} == {"ann"}
    assert {len(row["text_sha256"]) for row in rows} == {16}


def test_kind_that_only_cleaning_brings_out_is_reviewed_too(root: Path) -> None:
    """A preferred spelling may make a name; after its review, cleaned tables hold no surprise."""
    spelling = root / "data" / "spelling.csv"
    spelling.write_text("variant,preferred\nthe host,Brenda Atieno from Kenya\n", "utf-8")
    put_value(root, "segments", (7, "text"), "Then the host told us about raids.")
    with open_review(root, STUDY) as review:
        brought_out = choose(review.left(), ids=["ken.6"])
        _decide_all(review)

    assert [each.spans for each in brought_out] == [((0, 34),)]
    assert _short(root) == []


def test_changed_words_need_another_review(root: Path, study: Path) -> None:
    """An exception is for certain words: after an edit the finding is back, and says so."""
    with open_review(root, STUDY) as review:
        _decide_all(review)
    put_value(root, "segments", (10, "label"), "Dr Haddad again")

    (found,) = list_undecided(root, STUDY)
    with open_review(root, STUDY) as review:
        review.keep(review.left())

    assert (found.id, found.was_reviewed, found.severity) == ("gha.1", True, "critical")
    assert (_short(root), len(_rows(study, "privacy_exceptions"))) == ([], 3)


def test_replaced_words_are_in_brackets_and_other_reviews_stay(root: Path, study: Path) -> None:
    """Only the words found change; what was kept in the same cell needs no second review."""
    before = (study / "segments.csv").read_text("utf-8")
    with open_review(root, STUDY) as review:
        age, street, _ = review.left()
        review.keep([street])
        review.replace(age, [(age.spans[0], "a member")])
        left = [each.kind for each in review.left()]

    start, end = age.spans[0]
    words = f"{ABOUT_A_PERSON[:start]}[a member]{ABOUT_A_PERSON[end:]}"
    after = (study / "segments.csv").read_text("utf-8")
    assert after == before.replace(ABOUT_A_PERSON, words)
    assert left == ["name-role"]


def test_phrase_is_replaced_wherever_it_is(root: Path, study: Path) -> None:
    """A label of a speaker is replaced in each text, also where the scan finds nothing."""
    for row in (3, 4, 6):
        put_value(root, "segments", (row, "text"), "BRENDA: Prenda is no BRENDA.")

    with open_review(root, STUDY) as review:
        changed = review.replace_phrase("BRENDA:", "[speaker]")

    texts = [row["text"] for row in _rows(study, "segments")]
    assert (changed, texts.count("[speaker] Prenda is no BRENDA.")) == (3, 3)


def test_segment_set_aside_is_counted_with_its_reason(root: Path, study: Path) -> None:
    """Its words leave the table; its row and its codes stay, and cleaning accounts for it."""
    codes = (study / "code_applications.csv").read_bytes()
    put_value(root, "segments", (2, "label"), "Of Atieno")
    with open_review(root, STUDY) as review:
        review.set_aside(choose(review.left(), ids=["ken.1"]))

    cleaned = clean_place(open_study(root, STUDY), "esa")
    (aside,) = cleaned.set_aside[cleaned.set_aside["reason"] == PERSONAL_DATA].to_dict("records")
    assert aside["segment"] == "ken.1"
    assert "ken.1" not in set(cleaned.code_applications["segment"])
    assert b"Atieno" not in (study / "segments.csv").read_bytes()
    assert (study / "code_applications.csv").read_bytes() == codes
    found = {each.fault: each.severity for each in _short_of(root)}
    assert found["set aside to protect people"] == "info"
    assert "no text" not in found


def test_segment_set_aside_is_not_exported(root: Path, tmp_path: Path) -> None:
    """It is counted among what is withheld, with its codes."""
    with open_review(root, STUDY) as review:
        review.set_aside(choose(review.left(), ids=["ken.1"]))

    lines = write_export(open_study(root, STUDY), "csv", tmp_path / "out.csv").account

    withheld = {line.kind: line.set_aside for line in lines}
    assert "ken.1" not in (tmp_path / "out.csv").read_text("utf-8")
    reasons = [reason for line in withheld.values() for reason in dict(line)]
    assert reasons.count("it was set aside to protect people") == 2


def test_last_decisions_are_taken_back(root: Path, study: Path) -> None:
    """Each kind of decision is undone to the byte, the last one first."""
    with open_review(root, STUDY) as review:
        review.keep(review.left()[-1:])
        files = {path: path.read_bytes() for path in study.glob("*.csv")}
        age = review.left()[0]
        review.replace(age, [(age.spans[0], "a member")])
        review.set_aside(review.left()[:1])
        undone = [review.undo(), review.undo()]
        same = {path: path.read_bytes() for path in study.glob("*.csv")} == files
        undone += [review.undo(), review.undo()]

        assert (undone, same, len(review.left())) == ([True, True, True, False], True, 3)


def test_decision_to_keep_is_taken_back_later(root: Path) -> None:
    """In another session, the findings of a row are reviewed again; what is set aside is not."""
    with open_review(root, STUDY) as review:
        review.keep(choose(review.left(), ids=["gha.1"]))
        review.set_aside(choose(review.left(), ids=["ken.1"]))

    with open_review(root, STUDY) as review:
        removed = review.forget(["gha.1"])
        with pytest.raises(StudyError, match=r"segments\.csv row 2"):
            review.forget(["ken.1"])

    assert (removed, [each.id for each in list_undecided(root, STUDY)]) == (1, ["gha.1"])


def test_decision_is_whole_or_not_at_all(
    root: Path, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before its journal is there, a decision changes nothing; those before it stay."""
    with open_review(root, STUDY) as review:
        review.keep(review.left()[-1:])
        files = {path: path.read_bytes() for path in study.glob("*.csv")}

        def kill(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(StudyChange, "commit", kill)
        with pytest.raises(KeyboardInterrupt):
            review.set_aside(review.left()[:1])

    assert {path: path.read_bytes() for path in study.glob("*.csv")} == files


def test_study_that_is_being_built_or_edited_is_refused(root: Path, study: Path) -> None:
    """Nothing is decided while a build runs, nor on a row that another program has changed."""
    with hold_lock(root, STUDY), pytest.raises(StudyError, match="is running"):
        open_review(root, STUDY).__enter__()

    with open_review(root, STUDY) as review:
        put_value(root, "segments", (2, "text"), "Edited elsewhere.")
        files = {path: path.read_bytes() for path in study.iterdir() if path.is_file()}
        with pytest.raises(TableError, match=r"segments\.csv row 2"):
            review.set_aside(review.left()[:1])

    assert {path: path.read_bytes() for path in study.iterdir() if path.is_file()} == files


def test_reason_with_personal_data_is_refused(root: Path, study: Path) -> None:
    """A reason may be read by others, so it repeats nothing."""
    with open_review(root, STUDY) as review, pytest.raises(StudyError, match="reason has personal"):
        review.keep(review.left(), "Brenda Atieno, 24, agreed")

    assert not (study / "privacy_exceptions.csv").exists()
