"""Blank means blank: optional columns, what nobody recorded, and text of the template."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.study.places import read_places
from analysis.study.settings import read_study
from tiny_study import STUDY, put_value

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Run

OPTIONAL = ("title", "organiser", "theme", "participants")
NO_VALUE = [f"No {column}" for column in OPTIONAL]


@pytest.fixture
def blank(tiny_root: Path) -> Path:
    """Give the settings of the tiny study, whose optional columns are blank in every row."""
    for column in OPTIONAL:
        for row in range(2, 6):
            put_value(tiny_root, "focus_groups", (row, column), "")
    put_value(tiny_root, "focus_groups", (3, "consent"), "public")
    return tiny_root / "data" / STUDY / "study.yaml"


@pytest.mark.usefixtures("blank")
def test_optional_columns_may_be_blank_in_every_row(run: Run) -> None:
    """They are warnings, as they are where some rows are blank, and stop no report."""
    code, said, _ = run("check", STUDY)

    assert (code, "CRITICAL" in said) == (0, False)
    assert [each for each in NO_VALUE if each not in said] == []


def test_what_nobody_recorded_gets_no_warning(run: Run, blank: Path) -> None:
    """The study says once which columns it doesn't have; the others still warn."""
    text = blank.read_text(encoding="utf-8")
    blank.write_text(f"{text}not_recorded: [title, organiser, theme]\n", encoding="utf-8")

    code, said, _ = run("check", STUDY)

    assert code == 0
    assert [each for each in NO_VALUE if each in said] == ["No participants"]


def test_a_column_that_must_be_recorded_cannot_be_left_out(run: Run, blank: Path) -> None:
    """Without consent or place no focus group can be counted, whatever study.yaml says."""
    text = blank.read_text(encoding="utf-8")
    blank.write_text(f"{text}not_recorded: [consent, organizer]\n", encoding="utf-8")

    code, _, complained = run("check", STUDY)

    assert code == 1
    assert "not_recorded.1 'consent' (allowed: title, organiser, theme, participants)" in complained
    assert "not_recorded.2 'organizer' (closest: organiser" in complained


def test_text_of_the_template_stops_reports(run: Run, tiny_root: Path) -> None:
    """What a new study.yaml says of title and coder would be published as it is."""
    run("new", "mine")
    settings = tiny_root / "data" / STUDY / "study.yaml"
    settings.write_bytes((tiny_root / "data" / "mine" / "study.yaml").read_bytes())

    code, _, complained = run("check", STUDY)

    assert code == 1
    assert "study.yaml: title\n" in complained
    assert "study.yaml: coders.1.description\n" in complained


def test_a_study_may_have_strata_in_place_of_countries(run: Run, tiny_root: Path) -> None:
    """Each stratum is a region of its own, and the study reports on all of them together."""
    code, _, _ = run("new", "mine", "--stratum", "Urban sites", "--stratum", "Pêche, rural")

    places = read_places(tiny_root / "data" / "mine")
    assert code == 0
    assert read_study(tiny_root / "data" / "mine").continents == ("all-strata",)
    assert places.wider("region") == ("urban-sites", "peche-rural")
    assert [places.name(place) for place in places.countries] == ["Urban sites", "Pêche, rural"]


def test_strata_may_be_named_in_any_letters(run: Run, tiny_root: Path) -> None:
    """A name without a Latin letter gets an id with a number."""
    code, _, _ = run("new", "mine", "--stratum", "Київ", "--stratum", "Львів", "--stratum", "Odesa")

    places = read_places(tiny_root / "data" / "mine")
    assert code == 0
    assert places.wider("region") == ("stratum", "stratum-2", "odesa")
    assert [places.name(place) for place in places.countries] == ["Київ", "Львів", "Odesa"]


def test_strata_have_names_that_places_can_have(run: Run, tiny_root: Path) -> None:
    """Two of one name, and one without a letter, are refused, and nothing is made."""
    for strata in (("North", "north"), ("???",)):
        options = [option for name in strata for option in ("--stratum", name)]

        code, _, complained = run("new", "mine", *options)

        assert (code, "The places cannot be used" in complained) == (1, True)
        assert not (tiny_root / "data" / "mine").exists()
