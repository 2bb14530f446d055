"""A complete study small enough to count by hand, and small ways to damage it.

Three focus groups of countries (two in Eastern and Southern Africa, one in Western and Central
Africa) and one of Africa; twelve segments; two coders, of whom one coded only two focus groups.
"""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

from analysis.study.csv_rows import write_csv
from analysis.study.digests import KEY_FILE, digest_file, published_digest
from analysis.study.settings import read_study
from analysis.tables.received import COLUMNS

ROOT = Path(__file__).parents[1]
STUDY = "tiny"
SHARED_FILES = ("places.csv", "wider_places.csv", "spelling.csv", "tiles.csv")
SHARED_FOLDERS = ("expectations", "notebooks")

KEY = "5e" * 32
SETTINGS = """\
title: A tiny study
languages: [en]
continents: [africa]
as_of: 2020-12-31
synthetic: true
coders:
  - {coder: ann, kind: human, description: Codes every focus group.}
  - {coder: bot, kind: model, description: Codes two of the focus groups.}
"""

CODEBOOK = (
    ("rights", "", "Rights", "What the law does to people.", "", ""),
    ("criminalization", "rights", "Criminalization", "Laws and policing.", "", ""),
    ("stigma", "rights", "Stigma", "Being looked down on.", "", ""),
    ("support", "", "Support", "What helps people.", "", ""),
    ("services", "support", "Services", "Care within reach.", "", ""),
    ("community", "support", "Community", "People helping each other.", "", ""),
)
FOCUS_GROUPS = (
    (
        *("ken", "Peers in Kenya", "2020-10-01", "country", "KEN", ""),
        *("A network of sex workers", "Care", "8 network members (KEN)", "en", "public"),
    ),
    (
        *("uga", "Peers in Uganda", "2020-10-02", "country", "UGA", ""),
        *("A network of sex workers", "Care", "6 network members; 1 nurse", "en", "aggregate-only"),
    ),
    (
        *("gha", "Peers in Ghana", "2020-10-03", "country", "GHA", ""),
        *("A clinic", "Care", "5 network members (GHA)", "en", "public-without-names"),
    ),
    (
        *("afr", "Networks of Africa", "2020-10-04", "continent", "africa", "esa;wca"),
        *("A regional network", "Law", "9 network members (esa)", "en", "public"),
    ),
)
SEGMENTS = (
    ("ken.1", "ken", "reaching_person.situation", "1", "point", "Clinics close before we wake."),
    ("ken.2", "ken", "reaching_person.hope", "p1", "lead_in", "This gives us hope:"),
    ("ken.3", "ken", "reaching_person.hope", "1", "point", "Support from peers."),
    ("ken.4", "ken", "reaching_person.hope", "1a", "subpoint", "Peer educators know all of us."),
    ("ken.5", "ken", "reaching_person.hope", "1b", "subpoint", "A paralegal answers at night."),
    ("ken.6", "ken", "recommendations.stop", "1", "point", "Raids on the places where we work."),
    ("uga.1", "uga", "reaching_person.situation", "1", "point", "Nurses whisper when we come in."),
    ("uga.2", "uga", "recommendations.stop", "1", "point", "Arrests for carrying condoms."),
    ("gha.1", "gha", "reaching_person.situation", "1", "point", "The clinic is a day away."),
    ("gha.2", "gha", "recommendations.key", "p1", "prose", "Fund what sex workers lead."),
    ("afr.1", "afr", "structures.situation", "1", "point", "Laws differ, the fear does not."),
    ("afr.2", "afr", "recommendations.stop", "1", "point", "Laws that punish our work."),
)
CODE_APPLICATIONS = (
    ("ken.1", "services", "ann"),
    ("ken.1", "services", "bot"),
    ("ken.4", "community", "ann"),
    ("ken.4", "community", "bot"),
    ("ken.5", "criminalization", "ann"),
    ("ken.6", "criminalization", "ann"),
    ("ken.6", "stigma", "bot"),
    ("uga.1", "stigma", "ann"),
    ("uga.2", "criminalization", "ann"),
    ("gha.1", "services", "ann"),
    ("gha.2", "community", "ann"),
    ("afr.1", "criminalization", "ann"),
    ("afr.1", "criminalization", "bot"),
    ("afr.2", "criminalization", "ann"),
)


def write_tiny_root(folder: Path) -> Path:
    """Write a root that holds the tiny study, and return it.

    Parameters
    ----------
    folder : Path
        An empty folder, which becomes the root.
    """
    study = folder / "data" / STUDY
    study.mkdir(parents=True)
    for name in SHARED_FILES:
        shutil.copyfile(ROOT / "data" / name, folder / "data" / name)
    for name in SHARED_FOLDERS:
        shutil.copytree(ROOT / name, folder / name)
    (study / "study.yaml").write_text(SETTINGS, encoding="utf-8")
    (study / KEY_FILE).write_text(f"{KEY}\n", encoding="utf-8")
    for name, rows in _tables().items():
        # Optional columns come last, and are left out.
        write_csv(study / f"{name}.csv", [COLUMNS[name][: len(rows[0])], *rows])
    return folder


def publish_claims(root: Path, study: str, report: str, claims: list[dict[str, object]]) -> None:
    """Publish a report that makes claims, with the manifest of its release."""
    folder = root / "reports" / study
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{report}.claims.json").write_text(json.dumps(claims), encoding="utf-8")
    data = root / "data" / study
    inputs = {
        path.relative_to(root).as_posix(): published_digest(
            read_study(data), data, digest_file(path)
        )
        for path in data.glob("*.csv")
    }
    manifest = {
        "inputs": inputs,
        "outputs": {path.name: digest_file(path) for path in folder.glob("*.claims.json")},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def _tables() -> dict[str, list[tuple[str, ...]]]:
    return {
        "codebook": list(CODEBOOK),
        "focus_groups": [(*row, "mail", "", "", "") for row in FOCUS_GROUPS],
        "segments": [_segment_row(*row) for row in SEGMENTS],
        "code_applications": list(CODE_APPLICATIONS),
    }


def _segment_row(segment: str, group: str, cell: str, *rest: str) -> tuple[str, ...]:
    position, role, text = rest
    return (segment, group, *cell.split("."), position, role, "", text, "synthetic", "en", "")


def table_of(root: Path, table: str) -> Path:
    """Return the file of a table of the tiny study."""
    return root / "data" / STUDY / f"{table}.csv"


def put_value(root: Path, table: str, at: tuple[int, str], value: str) -> None:
    """Put a value into the row (the header being row 1) and column of a table."""
    row, column = at
    rows = _read_rows(table_of(root, table))
    rows[row - 1][rows[0].index(column)] = value
    write_csv(table_of(root, table), rows)


def repeat_row(root: Path, table: str, row: int) -> None:
    """Repeat a row (the header being row 1) at the end of a table."""
    rows = _read_rows(table_of(root, table))
    write_csv(table_of(root, table), [*rows, rows[row - 1]])


def drop_column(root: Path, table: str, column: str) -> None:
    """Take a column out of a table."""
    rows = _read_rows(table_of(root, table))
    at = rows[0].index(column)
    write_csv(table_of(root, table), [row[:at] + row[at + 1 :] for row in rows])


def drop_rows(root: Path, table: str) -> None:
    """Leave nothing but the header of a table."""
    write_csv(table_of(root, table), _read_rows(table_of(root, table))[:1])


def break_encoding(root: Path, table: str, row: int) -> None:
    """Save a table as Latin-1, with an accent at the end of a row (the header being row 1)."""
    lines = table_of(root, table).read_text(encoding="utf-8").splitlines(keepends=True)
    lines[row - 1] = lines[row - 1].replace("\n", "\u00e9\n")
    table_of(root, table).write_text("".join(lines), encoding="latin-1")


def _read_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))
