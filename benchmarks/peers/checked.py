"""What the peers of `compendium check` check: single columns, links and repeats."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

ID = r"^[a-z0-9_-]+(\.[a-z0-9_-]+)*$"
NOT_BLANK = {
    "codebook": ["code", "name", "definition"],
    "focus_groups": ["focus_group", "title", "held_on", "scope", "places", "organiser", "consent"],
    "segments": ["segment", "focus_group", "section", "question", "position", "role", "text"],
    "code_applications": ["segment", "code", "coder"],
}
AMONG = {
    ("focus_groups", "scope"): ["country", "region", "continent", "global"],
    ("focus_groups", "consent"): ["public", "public-without-names", "aggregate-only", "none"],
    ("segments", "role"): ["point", "subpoint", "prose", "lead_in"],
    ("segments", "text_kind"): ["verbatim", "restated", "synthetic"],
}
MATCHES = {
    ("codebook", "code"): ID,
    ("focus_groups", "focus_group"): ID,
    ("focus_groups", "held_on"): r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    ("segments", "segment"): ID,
    ("segments", "position"): r"^(p?[1-9][0-9]*|[1-9][0-9]*[a-z])$",
}
TEXT_HAS_NONE = [
    r"</?[A-Za-z][^<>]*>|<!--|&(#[0-9]+|#x[0-9A-Fa-f]+|[A-Za-z]+);",
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]",
    "[\u00ad\u200b-\u200d\u2060-\u2064\ufeff]",
    "\ufffd",
    "\u00c3[\u0080-\u00bf]|\u00c2[\u00a0-\u00bf]|\u00e2\u20ac",
    "[A-Za-z\u00c0-\u024f][\u0370-\u052f]|[\u0370-\u052f][A-Za-z\u00c0-\u024f]",
    "sex worker(s[a-z]|[a-rt-z])|[a-z]Sex [Ww]orker",
    r"^ *(#(NAME\?|REF!|VALUE!|N/A|DIV/0!|NUM!|NULL!)|[=@][A-Za-z])",
]
UNIQUE = {
    "codebook": [["code"]],
    "focus_groups": [["focus_group"]],
    "segments": [["segment"]],
    "code_applications": [["segment", "code", "coder"]],
}
# Repeats that are warnings: they are counted, and refuse nothing.
COUNTED = {"segments": [["focus_group", "section", "question", "position"]]}
LINKS = [
    ("segments", "focus_group", "focus_groups", "focus_group"),
    ("code_applications", "segment", "segments", "segment"),
    ("code_applications", "code", "codebook", "code"),
]


@dataclass(frozen=True)
class Study:
    """The tables of a study as plain pandas reads them, and its settings."""

    tables: Mapping[str, pd.DataFrame]
    settings: Mapping[str, Any]


def read_given() -> Study:
    """Return the study whose folder is the program's argument."""
    folder = Path(sys.argv[1])
    settings = yaml.safe_load((folder / "study.yaml").read_text(encoding="utf-8"))
    return Study({name: _read(folder, name) for name in NOT_BLANK}, settings)


def _read(folder: Path, name: str) -> pd.DataFrame:
    parquet = folder / f"{name}.parquet"
    if parquet.is_file():
        return pd.read_parquet(parquet)
    return pd.read_csv(folder / f"{name}.csv", dtype="str", keep_default_na=False)


def among(study: Study) -> dict[tuple[str, str], list[str]]:
    """Return the values that columns may have, those of the settings included."""
    languages = study.settings["languages"]
    coders = [each["coder"] for each in study.settings["coders"]]
    return {
        **AMONG,
        ("focus_groups", "language"): languages,
        ("segments", "language"): languages,
        ("code_applications", "coder"): coders,
    }
