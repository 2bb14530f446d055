from __future__ import annotations

import pandas as pd

from analysis.quality.linked_tables import LinkedTables
from analysis.quality.personal_data.joint_scan import JointScan
from analysis.quality.personal_data.scanned import SCANNED


def tables_of(*texts: str) -> LinkedTables:
    table = pd.DataFrame("", range(len(texts)), SCANNED["segments"], dtype="str")
    return LinkedTables({"segments": table.assign(text=pd.Series(texts, dtype="str"))})


def test_what_is_found_stays_with_its_table_column_and_row() -> None:
    """Many texts are looked at together, and each finding is told where it is."""
    texts = ("Boats.", "See Amina, 27.", "Boats.", "Write to a.name@example.org.", "See Amina, 27.")
    each = [tables_of(*texts), tables_of("Nets."), tables_of(), tables_of(*reversed(texts))]
    joint = JointScan([(tables, "segments") for tables in each])
    for tables in each:
        tables.scan = joint

    found = [tables.personal_data("segments", "text") for tables in each]

    assert found[0] == [(1, ("name-age",)), (3, ("email",)), (4, ("name-age",))]
    assert found[1:3] == [[], []]
    assert found[3] == [(0, ("name-age",)), (1, ("email",)), (3, ("name-age",))]
    assert all(tables.personal_data("segments", "label") == [] for tables in each)
