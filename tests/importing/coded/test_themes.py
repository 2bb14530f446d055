"""Which codes of an export become themes, and which become nothing."""

from __future__ import annotations

import json
import zipfile
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from analysis.errors import CodedDataError
from analysis.importing.coded.coded_import import CodedImport
from analysis.importing.coded.mapping_draft import write_draft
from importing.coded.coded_rows import FRESH, fresh_study, rows_of, take
from intake.coded.made_exports import database, workbook

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("reading_here")

FACTS = {"held_on": "2020-11-01", "scope": "country", "places": "KEN", "consent": "public"}
SAID = f"coder: ann\ncoders: {{jo: ann}}\nfocus_groups: {json.dumps(FACTS)}\n"
GUID = "00000000-0000-4000-8000-{:012d}"

# A code, what is above it, whether a coder can apply it, and the words that it was applied to.
TREE = (
    ("Codes", "", False, ()),
    ("Violence", "Codes", False, ()),
    ("By police", "Violence", True, ("Fear.", "Raids.")),
    ("By clients", "Violence", True, ("Beaten.",)),
    ("At night", "By police", True, ("Raids.",)),
    ("Care", "Codes", False, ()),
    ("Clinics", "Care", False, ()),
    ("Opening hours", "Clinics", True, ("Closed.",)),
    ("Never used", "Care", True, ()),
    ("Empty", "Codes", False, ()),
    ("Hope", "Codes", True, ("Peers.",)),
)


def _project(root: Path, sets: str = "") -> Path:
    """Write a REFI-QDA project as tools export it: one code at the top, headings, and codes."""
    numbers = {name: number for number, (name, *_) in enumerate(TREE, 1)}
    below = defaultdict(list)
    for name, above, *_ in TREE:
        below[above].append(name)
    codable = {name: is_codable for name, _, is_codable, _ in TREE}

    def code(name: str) -> str:
        inner = "".join(map(code, below[name]))
        can = str(codable[name]).lower()
        guid = GUID.format(numbers[name])
        return f'<Code guid="{guid}" name="{name}" isCodable="{can}">{inner}</Code>'

    words = list(dict.fromkeys(each for *_, said in TREE for each in said))
    text, selections = "\n".join(words), ""
    for word in words:
        start = text.index(word)
        applied = "".join(
            f'<Coding guid="{GUID.format(500 + numbers[name])}">'
            f'<CodeRef targetGUID="{GUID.format(numbers[name])}"/></Coding>'
            for name, *_, said in TREE
            if word in said
        )
        place = f'startPosition="{start}" endPosition="{start + len(word)}"'
        guid = GUID.format(900 + start)
        selections += f'<PlainTextSelection guid="{guid}" {place}>{applied}</PlainTextSelection>'
    source = (
        f'<TextSource guid="{GUID.format(99)}" name="talk"><PlainTextContent>{text}'
        f"</PlainTextContent>{selections}</TextSource>"
    )
    inner = (
        '<Project xmlns="urn:QDA-XML:project:1.0" name="p" origin="A tool"><CodeBook><Codes>'
        f"{code('Codes')}</Codes></CodeBook><Sources>{source}</Sources>{sets}</Project>"
    )
    path = root / "theirs.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", inner)
    return path


def _by_theme(root: Path) -> dict[str, list[str]]:
    """Return the names of the codes of each theme of the new study."""
    rows = rows_of(root, "codebook", FRESH)
    names = {row["code"]: row["name"] for row in rows}
    found: dict[str, list[str]] = {row["name"]: [] for row in rows if not row["parent"]}
    for row in rows:
        if row["parent"]:
            found[names[row["parent"]]].append(row["name"])
    return found


def _applied(root: Path) -> dict[str, int]:
    """Return how often each code was applied, by its name."""
    names = {row["code"]: row["name"] for row in rows_of(root, "codebook", FRESH)}
    counts: dict[str, int] = defaultdict(int)
    for row in rows_of(root, "code_applications", FRESH):
        counts[names[row["code"]]] += 1
    return dict(counts)


def test_a_single_root_is_skipped_and_headings_are_no_codes(root: Path) -> None:
    """The codes below it that hold others are the themes; no code is one that nobody can apply."""
    fresh_study(root)

    result = take(root, _project(root), study=FRESH, said=SAID)

    assert _by_theme(root) == {
        "Violence": ["By police", "By police > At night", "By clients"],
        "Care": ["Clinics > Opening hours", "Never used"],
        "Codes without a theme": ["Hope"],
    }
    expected = {name: len(words) for name, _, _, words in TREE if words}
    last = {name.rpartition(" > ")[2]: number for name, number in _applied(root).items()}
    assert last == expected
    account = {line.kind: line for line in result.account}
    heading = "a heading that nobody can apply: it is no code, and no theme"
    never = "it was never applied, and the codebook does not have it"
    assert never not in account["codes"].set_aside
    assert dict(account["codes"].set_aside) == {heading: 3}  # Codes, Clinics, Empty


@pytest.mark.parametrize(
    ("themes", "expected"),
    [
        ("1", {"Codes": 6}),
        ("2", {"Violence": 3, "Care": 2, "Codes without a theme": 1}),
        ("3", {"By police": 2, "Clinics": 1, "Violence": 1, "Care": 1, "Codes without a theme": 1}),
    ],
)
def test_a_mapping_sets_the_level_of_themes(
    root: Path, themes: str, expected: dict[str, int]
) -> None:
    """Codes above that level keep the theme that is right above them; no coding is lost."""
    fresh_study(root)

    take(root, _project(root), study=FRESH, said=f"{SAID}themes: {themes}\n")

    assert {theme: len(codes) for theme, codes in _by_theme(root).items()} == expected
    assert sum(_applied(root).values()) == sum(len(words) for *_, words in TREE)


def test_a_draft_proposes_the_level(root: Path) -> None:
    """It lists the levels with their codes, and skips a single root."""
    fresh_study(root)
    draft = root / "draft.yaml"

    write_draft(CodedImport(root, FRESH, (_project(root),)), draft)

    text = draft.read_text(encoding="utf-8")
    assert "themes: 2\n" in text
    assert "#   1: 1 codes, 1 of them with codes below\n#   2: 4 codes, 2 of them" in text


@pytest.mark.parametrize("themes", ["0", "top", "12"])
def test_a_level_that_no_tree_has_is_refused(root: Path, themes: str) -> None:
    """What is expected is in the message."""
    fresh_study(root)

    with pytest.raises(CodedDataError, match=r"themes: neither a level .* nor groups"):
        take(root, _project(root), study=FRESH, said=f"{SAID}themes: {themes}\n")


def test_headings_mapped_away_leave_nothing_behind(root: Path) -> None:
    """Codes below a heading that is left out move up; one whose codes went elsewhere is gone."""
    fresh_study(root)
    said = (
        f"{SAID}codes:\n  Codes > Violence: skip\n  Opening hours: never-used\n  Never used: skip\n"
    )
    with pytest.raises(CodedDataError, match="not in codebook"):  # nothing is there to go to
        take(root, _project(root), study=FRESH, said=said)
    said = f"{SAID}codes:\n  Codes > Violence: skip\n  Opening hours: hope\n  Never used: skip\n"

    take(root, _project(root), study=FRESH, said=said)

    assert _by_theme(root) == {
        "By police": ["By police (in general)", "At night"],
        "Codes without a theme": ["By clients", "Hope"],
    }
    assert _applied(root)["Hope"] == 2


SETS = (
    '<Sets><Set guid="{0}" name="Harm"><MemberCode targetGUID="{1}"/><MemberCode targetGUID="{2}"/>'
    '</Set><Set guid="{3}" name="Hours"><MemberCode targetGUID="{4}"/>'
    '<MemberCode targetGUID="{2}"/></Set><Set guid="{5}" name="Files"/></Sets>'
).format(*(GUID.format(each) for each in (301, 3, 4, 302, 8, 303)))


def test_sets_of_codes_can_be_themes(root: Path) -> None:
    """A code of two sets belongs to the first, and each further membership is in the account."""
    fresh_study(root)

    result = take(root, _project(root, SETS), study=FRESH, said=f"{SAID}themes: groups\n")

    found = _by_theme(root)
    assert found["Harm"] == ["By police", "By police > At night", "By clients"]
    assert found["Hours"] == ["Opening hours"]
    account = {line.kind: line for line in result.account}
    assert (account["groups of codes"].received, account["groups of codes"].kept) == (2, 2)
    assert dict(account["other items"].set_aside) == {
        "a further group of a code: its first group is its theme": 1,
        "a set without codes: the study has no table for it": 1,
    }


def test_groups_of_atlas_ti_are_themes_of_a_flat_list(root: Path) -> None:
    """Its list of codes, exported with the quotations, has the groups."""
    fresh_study(root)
    quotations, codes = root / "quotations.xlsx", root / "codes.xlsx"
    quotations.write_bytes(
        workbook(
            ("ID", "Document", "Quotation Content", "Codes", "Created by"),
            ("1:1", "talk", "Fear.", "Police\nStigma", "jo"),
            ("1:2", "talk", "Hope.", "Peers", "jo"),
        )
    )
    codes.write_bytes(
        workbook(
            ("Code", "Comment", "Code Group 1", "Code Group 2"),
            ("Police", "What they do.", "Harm", None),
            ("Stigma", None, "Harm", "Feelings"),
            ("Peers", None, "Support", None),
            ("Money", None, None, None),
        )
    )

    result = take(root, quotations, codes, study=FRESH, said=SAID)

    assert _by_theme(root) == {
        "Harm": ["Police", "Stigma"],
        "Support": ["Peers"],
        "Codes without a theme": ["Money"],
    }
    account = {line.kind: line for line in result.account}
    assert (account["groups of codes"].received, account["groups of codes"].kept) == (3, 2)


def test_categories_of_qualcoder_are_no_codes(root: Path) -> None:
    """A category within another is only in the names of its codes."""
    fresh_study(root)
    path = root / "data.qda"
    path.write_bytes(
        database(
            "CREATE TABLE code_cat (catid, name, supercatid)",
            "INSERT INTO code_cat VALUES (1, 'Violence', NULL), (2, 'Places', 1), (3, 'None', 1)",
            "INSERT INTO code_cat VALUES (4, 'Care', NULL)",
            "CREATE TABLE code_name (cid, name, memo, catid)",
            "INSERT INTO code_name VALUES (1, 'Street', '', 2), (2, 'Hours', '', 4)",
            "CREATE TABLE source (id, name, fulltext)",
            "INSERT INTO source VALUES (1, 'talk', 'In the street.')",
            "CREATE TABLE code_text (cid, fid, seltext, pos0, pos1, owner)",
            "INSERT INTO code_text VALUES (1, 1, 'street', 7, 13, 'jo')",
        )
    )

    take(root, path, study=FRESH, said=SAID)

    assert _by_theme(root) == {"Violence": ["Places > Street"], "Care": ["Hours"]}
