from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from analysis.errors import StudyError
from analysis.study.csv_rows import IDENTIFIER_FORM
from analysis.study.opened_study import open_study
from analysis.study.settings import Coder, Publication, read_study
from tiny_study import STUDY, write_tiny_root

STUDIES = Path(__file__).parent / "data" / "studies"
NOT_AN_ID = f"not made of {IDENTIFIER_FORM}"


def test_reads_a_study() -> None:
    """A study has its folder's name and all that its settings say."""
    study = read_study(STUDIES / "sound")

    assert study.name == "sound"
    assert study.title == "Voices of sex workers"
    assert study.languages == ("en",)
    assert study.continents == ("africa",)
    assert study.as_of == date(2020, 10, 12)
    assert study.synthetic is False
    assert study.coders == (
        Coder(coder="model-a", kind="model", description="A run of a language model."),
    )


@pytest.mark.parametrize(("name", "coding"), [("sound", "any"), ("all-coders", "all")])
def test_any_coder_suffices_unless_the_study_says_otherwise(name: str, coding: str) -> None:
    """Publication counts what any coder applied, unless settings ask for all of them."""
    publication = read_study(STUDIES / name).publication

    assert publication.coding == coding


def test_three_excerpts_illustrate_a_theme_unless_the_study_says_otherwise() -> None:
    """Publication shows at most three excerpts a theme by default."""
    publication = read_study(STUDIES / "sound").publication

    assert publication.excerpts_per_theme == 3


def test_numbers_of_people_that_nobody_recorded_are_not_published(tmp_path: Path) -> None:
    """Numbers of people are rounded, or exact, but none where participants were not recorded."""
    folder = write_tiny_root(tmp_path / "root") / "data" / STUDY
    before = read_study(folder).numbers_of_people
    with (folder / "study.yaml").open("a", encoding="utf-8") as file:
        file.write("not_recorded: [participants]\n")

    assert (before, read_study(folder).numbers_of_people) == ("rounded", "none")


def test_a_study_cannot_be_changed() -> None:
    """Settings stay as they were read."""
    study = read_study(STUDIES / "sound")

    with pytest.raises(ValidationError, match="frozen"):
        study.publication = Publication(coding="all")


@pytest.mark.parametrize(
    ("folder", "offenders"),
    [
        ("unknown_key", ("coder: unknown key (closest: coders)",)),
        (
            "unknown_nested_key",
            ("coders.1.kind: missing", "coders.1.knid: unknown key (closest: kind)"),
        ),
        ("name_of_its_own", ("name: unknown key: the folder's name is the study's",)),
        (
            "missing_keys",
            (
                "languages: missing",
                "continents: missing",
                "as_of: missing",
                "synthetic: missing",
                "coders: missing",
            ),
        ),
        (
            "unknown_kind",
            ("coders.1.kind 'robot' (allowed: human, model, rule): unknown value",),
        ),
        (
            "unknown_coding",
            ("publication.coding 'most' (allowed: any, all): unknown value",),
        ),
        ("repeated_coder", ("coders: listed twice: model-a",)),
        ("no_coders", ("coders: empty",)),
        ("malformed_coder", (f"coders.1.coder of 7 characters: {NOT_AN_ID}",)),
        ("Capitals", (f"name: {NOT_AN_ID}",)),
        ("blank_title", ("title: blank",)),
        ("impossible_date", ("row 4: not a real date: day is out of range for month",)),
        ("impossible_quoted_date", ("as_of '2020-02-30': day is out of range for month",)),
        ("number_as_date", ("as_of '20201012': not a date like 2020-10-12",)),
        ("time_as_date", ("as_of '2020-10-12 09:30:00': not a date like 2020-10-12",)),
        ("text_as_flag", ("synthetic 'false': Input should be a valid boolean",)),
        ("norwegian_as_flag", ("languages.1 of 5 characters: Input should be a valid string",)),
        ("broken_yaml", ("row 11: expected ',' or '}', but got '<stream end>'",)),
        ("not_a_mapping", ("not keys and values",)),
        ("not_utf8", ("not UTF-8",)),
    ],
)
def test_refuses_settings_that_cannot_be_used(folder: str, offenders: tuple[str, ...]) -> None:
    """Every setting that cannot be used is named with its field, and the message with a remedy."""
    with pytest.raises(StudyError) as raised:
        read_study(STUDIES / folder)

    assert raised.value.offenders == tuple(f"study.yaml: {offender}" for offender in offenders)
    assert "docs/tables.md explains each setting" in raised.value.remedy


NOT_WHOLE = "publication.excerpts_per_theme: Input should be a valid integer"


def test_says_which_study_was_meant() -> None:
    """A study that is not there is refused with the closest one that is."""
    with pytest.raises(StudyError) as raised:
        read_study(STUDIES / "all-coder")

    assert raised.value.offenders == ("all-coder (closest: all-coders)",)


@pytest.mark.parametrize(
    ("line", "offender"),
    [
        (
            "publication: {smallest_count: 5}",
            "publication.smallest_count: replaced by participants: rounded, exact or none",
        ),
        ("What the hosts told us: nothing", "(a key of 22 characters): unknown key"),
        ("languages: [english]", "languages.1 'english': not a language like en"),
        ("languages: [We fear them]", "languages.1 of 12 characters: not a language like en"),
        ("title: 2020", "title: Input should be a valid string"),
        ("title: *Achieng", "row 9: found undefined alias a name"),
        ("title: !O'Brien x", "row 9: could not determine a constructor for the tag a name"),
        (f"publication: {'[' * 100_000}", "row 10: nested too deep"),
        ("publication:\n  coding: any\n  coding: all", "row 12: a key is there twice"),
        ("publication: {excerpts_per_theme: .nan}", NOT_WHOLE),
        ("separate_groups: [[a, a]]", "separate_groups.1: names the same focus group twice"),
        ("separate_groups: [[a]]", "separate_groups.1.2: missing"),
        ("publication: {excerpts_per_theme: .inf}", NOT_WHOLE),
        (f"publication: {{excerpts_per_theme: {'9' * 5000}}}", "a number of too many digits"),
    ],
)
def test_shows_values_but_nobodys_words(tmp_path: Path, line: str, offender: str) -> None:
    """Values of controlled settings are shown; keys and values that may be words are not."""
    key = line.partition(":")[0]
    sound = (STUDIES / "sound" / "study.yaml").read_text(encoding="utf-8").splitlines()
    kept = [each for each in sound if not each.startswith(f"{key}:")]
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "study.yaml").write_text("\n".join([*kept, line]), encoding="utf-8")

    with pytest.raises(StudyError) as raised:
        read_study(folder)

    assert raised.value.offenders == (f"study.yaml: {offender}",)


def test_continents_are_those_of_the_places(tmp_path: Path) -> None:
    """A study that names a continent which no place has isn't opened, and hears the closest one."""
    write_tiny_root(tmp_path)
    path = tmp_path / "data" / STUDY / "study.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[africa]", "[afrika]"), encoding="utf-8")

    with pytest.raises(StudyError) as raised:
        open_study(tmp_path, STUDY)

    assert raised.value.offenders[0].startswith(
        "study.yaml: unknown continent 'afrika' (closest: africa"
    )


def settings_with(root: Path, old: str, new: str) -> Path:
    """Give the folder of the tiny study with a text of its settings replaced."""
    folder = root / "data" / STUDY
    path = folder / "study.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_double_coding_is_not_stated_unless_the_study_does(tmp_path: Path) -> None:
    """How segments were coded twice is unknown where study.yaml is silent about it."""
    study = read_study(write_tiny_root(tmp_path / "root") / "data" / STUDY)

    stated = study.double_coding
    assert (stated.chosen, stated.blind, stated.disagreements) == (None, None, None)
    assert [coder.codebook_version for coder in study.coders] == ["", ""]


def test_double_coding_is_read(tmp_path: Path) -> None:
    """How the units were chosen, blind or not, how disagreements were settled, which codebook."""
    folder = settings_with(
        write_tiny_root(tmp_path / "root"),
        "  - {coder: bot, kind: model, ",
        "double_coding: {chosen: random, blind: no, disagreements: discussion}\n"
        "coders:\n  - {coder: bot, kind: model, codebook_version: 2, "
        "codes_not_in_version: [stigma], ",
    )
    text = (folder / "study.yaml").read_text(encoding="utf-8")
    first = "coders:\n  - {coder: ann, kind: human, description: Codes every focus group.}\n"
    (folder / "study.yaml").write_text(text.replace(first, ""), encoding="utf-8")

    study = read_study(folder)

    stated, bot = study.double_coding, study.coders[0]
    assert (stated.chosen, stated.blind, stated.disagreements) == ("random", False, "discussion")
    assert (bot.codebook_version, bot.codes_not_in_version) == ("2", ("stigma",))


def test_unknown_way_of_choosing_is_refused(tmp_path: Path) -> None:
    """A value outside the vocabulary is refused with the closest one."""
    folder = settings_with(
        write_tiny_root(tmp_path / "root"), "coders:", "double_coding: {chosen: randm}\ncoders:"
    )

    with pytest.raises(StudyError, match=r"double_coding.chosen 'randm' \(closest: random"):
        read_study(folder)


def test_code_that_a_version_lacks_must_be_one_of_the_codebook(tmp_path: Path) -> None:
    """A misspelt code would silently leave the agreement as it is."""
    root = write_tiny_root(tmp_path / "root")
    settings_with(root, "kind: model, ", "kind: model, codes_not_in_version: [stgma], ")

    with pytest.raises(StudyError, match=r"codes_not_in_version of bot: unknown code 'stgma'"):
        open_study(root, STUDY)
