"""What is exported imports back whole, whatever a study holds."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from analysis.importing.coded.coded_import import CodedImport, import_coded
from analysis.publishing.coded_export import write_export
from analysis.study.csv_rows import TRANSLATED_NAMES, write_csv
from analysis.study.opened_study import open_study
from analysis.tables.received import COLUMNS, read_received
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("reading_here")

# XML holds no control characters, and neither do workbooks.
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=12)
TEXTS = st.tuples(WORDS, st.sampled_from(["", "\n", " - 1", "=1+1", "\r\n'x'", '","'])).map("".join)
SAID = TEXTS.filter(str.strip)
NAMES = SAID.map(lambda text: " ".join(text.replace(">", "").replace("\\", "").split())).filter(
    bool
)
IDS = ["a", "b", "c", "a.b", "a-1", "all-codes", "a._", "x.y.z"]


@st.composite
def studies(draw: st.DrawFn) -> dict[str, list[tuple[str, ...]]]:
    """Give the tables of a small study: themes with codes, focus groups, segments and codings."""
    themes = draw(st.lists(st.sampled_from(["t", "u", "rights.x"]), min_size=1, unique=True))
    codes = draw(st.lists(st.sampled_from(IDS), min_size=len(themes), unique=True))
    names = draw(st.lists(NAMES, min_size=11, max_size=11, unique_by=str.casefold))
    defined = st.one_of(st.just(""), SAID.map(str.strip))
    # Names in French and Portuguese.
    others = st.tuples(*(st.one_of(st.just(""), NAMES) for _ in TRANSLATED_NAMES))
    entries, named = [], iter(names)
    for number, theme in enumerate(themes):
        entries.append((theme, "", next(named), draw(SAID).strip(), "", "", *draw(others)))
        of_theme = codes[number :: len(themes)]
        entries += [
            (code, theme, next(named), *(draw(defined) for _ in range(3)), *draw(others))
            for code in of_theme
        ]
    groups = draw(st.lists(st.sampled_from(["g", "h", "g.2"]), min_size=1, unique=True))
    groups_rows = [
        (
            *(group, draw(SAID).strip(), "2020-10-01", "country", "KEN;UGA", "", draw(NAMES)),
            *(draw(NAMES), "", "en", "public", "", "", "", ""),
        )
        for group in groups
    ]
    said = draw(st.lists(st.tuples(st.sampled_from(groups), SAID), max_size=5))
    numbers = count(1)
    segments = [
        (
            *(f"{group}.{number}", group, "theme", "introduction", f"p{number}", "prose"),
            *(draw(defined), text, "synthetic", "en", ""),
        )
        for group, text in sorted(said, key=lambda each: groups.index(each[0]))
        for number in (next(numbers),)
    ]
    put = st.tuples(
        st.sampled_from([row[0] for row in segments[:1]] or [""]),
        st.sampled_from(codes),
        st.just("ann"),  # coders who share no code are refused, in an import too
    )
    # In place of a code: the coder looked, and none applies.
    silent = [(row[0], "none", "bot") for row in segments[1:]]
    return {
        "codebook": entries,
        "focus_groups": groups_rows,
        "segments": segments,
        "code_applications": [
            *(draw(st.lists(put, max_size=5, unique=True)) if segments else []),
            *(draw(st.lists(st.sampled_from(silent), unique=True)) if silent else []),
        ],
    }


@pytest.mark.parametrize("to", ["qdpx", "csv", "xlsx", "qdc"])
@given(tables=studies())
@settings(
    max_examples=10,
    phases=[Phase.generate],  # tables are small already, and to make them smaller takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_import_of_an_export_is_the_identity(
    root: Path, to: str, tables: dict[str, list[tuple[str, ...]]]
) -> None:
    """Codebook, focus groups, segments and codings come back as they were."""
    first, second = root / "data" / STUDY, root / "data" / "twin"
    second.mkdir(exist_ok=True)
    (second / "study.yaml").write_bytes((first / "study.yaml").read_bytes())
    for path in second.glob("raw/*"):
        path.unlink()
    for name, columns in COLUMNS.items():
        write_csv(first / f"{name}.csv", [columns, *tables[name]])
        write_csv(second / f"{name}.csv", [columns])
    write_export(open_study(root, STUDY), to, root / "out")

    import_coded(CodedImport(root, "twin", (root / "out",)))

    before, after = read_received(first).by_name(), read_received(second).by_name()
    for name in COLUMNS if to != "qdc" else ("codebook",):
        expected = sorted(map(tuple, before[name].to_numpy().tolist()))
        if to == "qdpx":  # it has no place for what is no code
            expected = [row for row in expected if row[1] != "none"]
        assert expected == sorted(map(tuple, after[name].to_numpy().tolist()))
