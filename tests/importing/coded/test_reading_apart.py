from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.importing.coded.coded_import import CodedImport, import_coded
from analysis.importing.detect import are_coded
from analysis.intake.coded import recognition
from tiny_study import STUDY, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

CODINGS = """\
focus_group,held_on,scope,places,consent,id,text,code,coder
new,2020-11-01,country,KEN,public,1,Fear of police.,Stigma,ann
"""


def test_files_are_parsed_in_a_process_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that fills the memory of who parses it takes neither program nor study along.

    What parses is gone from this process alone.
    """
    root = write_tiny_root(tmp_path / "root")
    path = tmp_path / "codings.csv"
    path.write_text(CODINGS, encoding="utf-8")
    monkeypatch.setattr(recognition, "TABLES", {})

    assert are_coded([path])
    assert import_coded(CodedImport(root, STUDY, (path,))).imported["code_applications"] == 1
