"""Which columns of a study's tables are scanned: all free text, since it could be published."""

from __future__ import annotations

from analysis.study.csv_rows import TRANSLATED_NAMES
from analysis.tables import focus_groups, segments

# By table: the column that names its rows, and the columns that hold free text.
ID_COLUMNS = {
    "codebook": "code",
    "focus_groups": focus_groups.FOCUS_GROUP,
    "segments": segments.SEGMENT,
}
SCANNED = {
    "codebook": ("name", "definition", "include", "exclude", *TRANSLATED_NAMES),
    "focus_groups": (
        focus_groups.TITLE,
        focus_groups.ORGANISER,
        focus_groups.THEME,
        focus_groups.PARTICIPANTS,
        focus_groups.RECEIVED_BY,
        focus_groups.SOURCE,
    ),
    "segments": (segments.LABEL, segments.TEXT),
}
# Ids that may be made of names; those of codes are words of the codebook.
SCANNED_IDS = {
    "focus_groups": (focus_groups.FOCUS_GROUP,),
    "segments": (segments.SEGMENT,),
}
SCANNED_COLUMNS = {
    table: (*SCANNED_IDS.get(table, ()), *columns) for table, columns in SCANNED.items()
}
# The texts of a study that are in no table, as reviewed exceptions name them.
BESIDE_TABLES = {"study": ("title", "description"), "places": ("name",)}
