from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from analysis.errors import CodedDataError
from analysis.importing.coded.merging import compare_versions, merge_coded
from analysis.intake.coded.coded_data import paths_of
from analysis.intake.coded.recognition import recognise
from analysis.intake.coded.refi_writer import codebook_bytes, project_bytes
from analysis.intake.limits import archive_of, receive
from intake.coded.made_exports import read

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.intake.coded.coded_data import CodedData

# Counted in the files themselves: codes, documents, selections, codings, coders.
EXPORTS = {
    "refi/cproctor_demo.qdpx": ("refi-project", (262, 2, 158, 205, 1)),
    "taguette/all_tags_20220224.csv": ("taguette-highlights", (25, 17, 1804, 1940, 0)),
    "taguette/codebook_20220223_0.csv": ("taguette-codebook", (120, 0, 0, 0, 0)),
    "taguette/codebook_20220223_1.csv": ("taguette-codebook", (80, 0, 0, 0, 0)),
    "taguette/codebook_20220223_2.csv": ("taguette-codebook", (61, 0, 0, 0, 0)),
    "taguette/codebook_20220223_3.csv": ("taguette-codebook", (49, 0, 0, 0, 0)),
    "taguette/codebook_20220223_4.csv": ("taguette-codebook", (41, 0, 0, 0, 0)),
    "taguette/codebook_20220223_5.csv": ("taguette-codebook", (25, 0, 0, 0, 0)),
    "dedoose/demo_excerpts_2025-11-15.xlsx": ("dedoose", (11, 20, 20, 120, 6)),
    "dubois/osf_dubois_human_coded_LONG.csv": ("long", (9, 84, 102, 238, 0)),
    "dubois/osf_dubois_human_coded_WIDE.csv": ("wide", (9, 164, 233, 238, 0)),
}


def read_path(path: Path) -> CodedData:
    return read(path.name, path.read_bytes())


def shape_of(data: CodedData) -> tuple[object, ...]:
    """Return all that a project says, but for keys that differ from export to export."""
    paths = paths_of(data.codes)
    names = {document.key: document.name for document in data.documents}
    places = {
        each.key: (names[each.document], each.start, each.end, each.text)
        for each in data.selections
    }
    return (
        sorted((paths[code.key], *code[3:]) for code in data.codes),
        [(document.name, document.text, dict(document.facts)) for document in data.documents],
        sorted(
            (place, dict(each.facts))
            for each, place in zip(data.selections, places.values(), strict=True)
        ),
        Counter((places[each.selection], paths[each.code], each.coder) for each in data.codings),
        data.coders,
    )


@pytest.mark.parametrize(("name", "expected"), EXPORTS.items(), ids=list(EXPORTS))
def test_real_exports_are_taken_in_whole(
    shared: Path, name: str, expected: tuple[str, tuple[int, ...]]
):
    """Each export is recognised by what is in it, and every item of it is there."""
    path = shared / "data" / "interchange" / name

    data = read_path(path)

    counts = tuple(
        len(held)
        for held in (data.codes, data.documents, data.selections, data.codings, data.coders)
    )
    assert expected == (recognise(receive(path)), counts)


def test_long_and_wide_form_of_one_coding_agree(shared: Path):
    """One coding in both forms has the same codes on the same passages."""
    folder = shared / "data" / "interchange" / "dubois"
    found = []
    for form in ("LONG", "WIDE"):
        data = read_path(folder / f"osf_dubois_human_coded_{form}.csv")
        texts = {each.key: (each.document, each.text) for each in data.selections}
        found.append({(texts[each.selection], each.code) for each in data.codings})

    assert found[0] == found[1]


def test_the_codebook_that_belongs_to_the_highlights_is_reported_from_older_ones(shared: Path):
    """Of six versions one has every tag and its count; the others lack tags that were put."""
    folder = shared / "data" / "interchange" / "taguette"
    highlights = ("highlights", read_path(folder / "all_tags_20220224.csv"))
    refused = []
    for version in range(6):
        book = ("codebook", read_path(folder / f"codebook_20220223_{version}.csv"))
        try:
            assert compare_versions([highlights, book], ()) == []
        except CodedDataError:
            refused.append(version)

    assert refused == [0, 1, 2, 3, 4]


def test_dedoose_weights_are_set_aside_with_their_reason(shared: Path):
    """The tables have no weights: every one is counted as set aside."""
    data = read_path(shared / "data" / "interchange" / "dedoose" / "demo_excerpts_2025-11-15.xlsx")

    described = [line.describe() for line in data.account.lines()]
    assert (
        "weights: 120 received = 0 kept + 120 set aside (120: a study has no weights)" in described
    )


def test_a_real_project_comes_back_as_it_went(shared: Path):
    """Codes, tree, sources, selections, coders and codings survive writing and reading."""
    data = read_path(shared / "data" / "interchange" / "refi" / "cproctor_demo.qdpx")

    written = project_bytes(data, "Demo")
    again = read("again.qdpx", written)

    assert shape_of(data) == shape_of(again)
    assert written == project_bytes(data, "Demo")


def test_what_is_written_is_valid_by_the_official_schemas(shared: Path):
    """Projects and codebooks are what the standard's own schemas ask for."""
    folder = shared / "data" / "interchange" / "refi"
    data = read_path(folder / "cproctor_demo.qdpx")
    inner = archive_of("a.qdpx", project_bytes(data, "Demo")).read("project.qde")
    for schema, content in (("Project", inner), ("Codebook", codebook_bytes(data.codes))):
        official = etree.XMLSchema(etree.parse(folder / f"{schema}.xsd"))

        official.assertValid(etree.fromstring(content))


def test_merging_counts_every_item_of_every_file(shared: Path):
    """Codes of two files that are the same are there once; the others are set aside."""
    folder = shared / "data" / "interchange" / "taguette"
    names = ("all_tags_20220224.csv", "codebook_20220223_5.csv")

    merged = merge_coded([(name, read_path(folder / name)) for name in names])

    assert (len(merged.codes), merged.account.kept("codes")) == (25, 25)
    assert all(code.description for code in merged.codes[:20])
