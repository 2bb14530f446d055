"""The tiny study with all that is odd: hostile words, withheld words, places that span others."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from analysis.quality.personal_data.exceptions import short_digest
from analysis.study.csv_rows import write_csv
from analysis.tables.evidence import COLUMNS as EVIDENCE_COLUMNS
from publishing.mock_fragments import HOSTILE
from tiny_study import SETTINGS, STUDY, put_value, table_of, write_tiny_root

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

HOSTILE_NAME = "<b onclick=x()>Care</b> & $\\alpha$ *now* <script>x()</script>"
HOSTILE_PARTICIPANTS = "8 <img src=x> members (KEN); 2 *nurses*"
# Who codes, in words in which the scan finds a name that a person has reviewed.
REVIEWED = "Dr Thandiwe Okonjo."
EXCEPTIONS = (
    ("table", "id", "column", "kind", "reason", "reviewed_by", "text_sha256"),
    (*("study", "bot", "description", "name-role", "She agreed", "ann"), short_digest(REVIEWED)),
)
HOSTILE_SETTINGS = (
    SETTINGS.replace("A tiny study", f"'{HOSTILE_NAME}'")
    .replace("Codes every focus group.", f"'{HOSTILE_NAME}'")
    .replace("Codes two of the focus groups.", REVIEWED)
)
LIKE_ATTRIBUTE = 'Stigma data-claim="x.y"'
UNBROKEN = "Unbroken" * 10 + "82"
NAMES = {
    "data/places.csv": {"Ghana": "District 9"},
    "data/wider_places.csv": {
        "Western and Central Africa": "Zone 2",
        "Middle East and North Africa": f"{UNBROKEN} {UNBROKEN}",
    },
}
PUBLICATION = (
    "repeats: set-aside\ncodebook: inductive\npublication: {coding: all, excerpts_per_theme: 2}\n"
)

FOCUS_GROUPS = (
    # At home in Africa, since no region holds both places.
    ("both", "Peers of two regions", "2020-10-05", "country", "KEN;GHA", "", "public", ""),
    # At home in a region that spans continents, and itself on two: counted in the region alone.
    ("span", "Peers of two continents", "2020-10-06", "country", "EGY;IRQ", "", "public", ""),
    # Counted nowhere, and its words are in every continent's report.
    ("all", "Networks of the world", "2020-10-07", "global", "global", "", "public", ""),
    # Counted, and in the denominator of no code.
    ("mute", "Peers nobody coded", "2020-10-10", "country", "TZA", "", "public", ""),
    ("shy", "Peers who said no", "2020-10-08", "country", "GHA", "", "none", ""),
    ("gone", "Peers who withdrew", "2020-10-09", "country", "KEN", "", "public", "2020-11-01"),
)
SEGMENTS = (
    ("ken.7", "ken", "recommendations.stop", "2", "point", "Arrests at  night."),
    ("ken.8", "ken", "recommendations.stop", "3", "point", "Arrests at night."),
    ("ken.9", "ken", "structures.hope", "1", "point", "Two things:"),
    ("ken.10", "ken", "structures.hope", "1a", "subpoint", "Care\u2014and \u201crespect\u201d."),
    ("ken.11", "ken", "structures.hope", "2", "point", "Two things:"),
    ("ken.12", "ken", "structures.hope", "2a", "subpoint", "Care \u2014 and \u201crespect\u201d."),
    ("uga.3", "uga", "context.concerns", "1", "point", "Withheld: what only Uganda said."),
    ("both.1", "both", "structures.situation", "1", "point", "Borders close at six."),
    ("both.2", "both", "emerging.patterns", "p1", "prose", "COVID19 closed the rest."),
    # A review has taken its words out of the table.
    ("both.3", "both", "context.hope", "1", "set_aside", ""),
    ("span.1", "span", "structures.situation", "1", "point", "Two systems, one story."),
    ("all.1", "all", "structures.situation", "1", "point", "The world hears little."),
    ("mute.1", "mute", "context.hope", "1", "point", "Nobody has coded this yet."),
    ("shy.1", "shy", "context.concerns", "1", "point", "Withheld: nobody may read this."),
    ("gone.1", "gone", "context.concerns", "1", "point", "Withheld: this was taken back."),
)
CODE_APPLICATIONS = (
    ("ken.2", "stigma", "bot"),
    ("ken.7", "criminalization", "ann"),
    ("ken.8", "criminalization", "bot"),
    ("ken.8", "stigma", "bot"),
    ("ken.12", "services", "ann"),
    ("uga.3", "stigma", "ann"),
    ("uga.3", "stigma", "bot"),
    ("both.1", "services", "ann"),
    ("both.1", "services", "bot"),
    ("both.2", "stigma", "bot"),
    ("both.3", "stigma", "ann"),
    # A coder who found that no code applies.
    ("gha.1", "none", "bot"),
    ("span.1", "services", "ann"),
    ("all.1", "community", "ann"),
    ("shy.1", "stigma", "ann"),
    ("gone.1", "stigma", "ann"),
)
# Counter-voices: one that is shown, one whose words are withheld, and a search in vain.
COUNTER_VOICES = (
    ("services", "esa", "ken.6"),
    ("services", "esa", "uga.2"),
    ("stigma", "africa", "none"),
)
HOSTILE_VALUES = (
    ("segments", (2, "text"), HOSTILE),
    ("segments", (2, "label"), HOSTILE_NAME),
    ("focus_groups", (2, "title"), HOSTILE_NAME),
    ("focus_groups", (2, "organiser"), HOSTILE_NAME),
    ("focus_groups", (2, "theme"), HOSTILE_NAME),
    ("focus_groups", (2, "participants"), HOSTILE_PARTICIPANTS),
    ("codebook", (6, "name"), HOSTILE_NAME),
    ("codebook", (6, "definition"), HOSTILE_NAME),
    ("codebook", (2, "name"), f"{HOSTILE_NAME}!"),
    ("codebook", (4, "name"), LIKE_ATTRIBUTE),
    ("codebook", (7, "name"), UNBROKEN),
    ("focus_groups", (4, "title"), UNBROKEN),
    ("focus_groups", (4, "organiser"), UNBROKEN),
    ("focus_groups", (4, "theme"), UNBROKEN),
    ("focus_groups", (4, "participants"), f"8 {UNBROKEN} (GHA)"),
    ("segments", (10, "text"), f"{UNBROKEN}."),
    ("segments", (10, "label"), UNBROKEN),
)


def write_odd_root(folder: Path) -> Path:
    """Write a root that holds the tiny study with all that is odd, and return it.

    Parameters
    ----------
    folder : Path
        An empty folder, which becomes the root.
    """
    root = write_tiny_root(folder)
    settings = root / "data" / STUDY / "study.yaml"
    settings.write_text(HOSTILE_SETTINGS + PUBLICATION, encoding="utf-8")
    groups = [
        (*row[:6], "A network", "Care", "4 members", "en", row[6], "mail", "", "", row[7])
        for row in FOCUS_GROUPS
    ]
    segments = [
        (
            name,
            group,
            *cell.split("."),
            *rest[:2],
            f"Label of {name}",
            rest[2],
            "synthetic",
            "en",
            "",
        )
        for name, group, cell, *rest in SEGMENTS
    ]
    for table, rows in (
        ("focus_groups", groups),
        ("segments", segments),
        ("code_applications", CODE_APPLICATIONS),
    ):
        _append_rows(table_of(root, table), rows)
    voices = [[*each, *[""] * 6, HOSTILE_NAME, "2020-12-01"] for each in COUNTER_VOICES]
    write_csv(root / "data" / STUDY / "evidence.csv", [EVIDENCE_COLUMNS, *voices])
    write_csv(root / "data" / STUDY / "privacy_exceptions.csv", EXCEPTIONS)
    for name, names in NAMES.items():
        path = root / name
        text = path.read_text(encoding="utf-8")
        for old, new in names.items():
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    for table, at, value in HOSTILE_VALUES:
        put_value(root, table, at, value)
    return root


def _append_rows(path: Path, rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
