from __future__ import annotations

import csv
from importlib import resources

from analysis.quality.personal_data import lexicon

PACKAGE = resources.files("analysis.quality.personal_data")


def _rows(file: str) -> list[dict[str, str]]:
    return list(csv.DictReader((PACKAGE / file).read_text(encoding="utf-8").splitlines()))


def test_names_come_from_every_region() -> None:
    """No region has fewer than a hundred names in the list."""
    regions = {
        "esa": "swahili kikuyu luo ugandan rwandan shona nguni sotho-tswana zambian-malawian "
        "ethiopian somali malagasy lusophone-african esa",
        "wca": "igbo yoruba hausa-fulani akan-ewe-ga mande-wolof central-african wca",
        "mena": "arabic persian-kurdish mena",
        "ap": "south-asian southeast-asian east-asian pacific ap",
        "eeca": "slavic central-asian-caucasian eeca",
        "la": "latin-american brazilian la",
        "car": "caribbean car",
        "wcena": "english french iberian germanic wcena",
    }
    rows = _rows("names.csv")
    counts = {
        region: sum(row["origin"] in origins.split() for row in rows)
        for region, origins in regions.items()
    }

    assert sum(counts.values()) == len(rows)
    assert min(counts.values()) > 100


def test_tables_have_no_row_twice() -> None:
    """Each name of an origin and each word of a use stands there once, in order."""
    for file in ("names.csv", "words.csv"):
        rows = [tuple(row.values()) for row in _rows(file)]
        assert rows == sorted(set(rows))


def test_a_name_is_sure_or_a_word_and_never_both() -> None:
    """Hope and Lima may be names; Achieng is one."""
    assert lexicon.sure_names().isdisjoint(lexicon.wordy_names())
    assert {"hope", "grace", "faith", "blessing", "sol", "lima"} <= lexicon.wordy_names()
    assert {"achieng", "gulnara", "xiomara", "priya"} <= lexicon.sure_names()
