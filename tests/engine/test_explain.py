from __future__ import annotations

import errno
import json
import shutil
from typing import TYPE_CHECKING

import pytest

from analysis.engine import explain as why_module
from analysis.engine import keys as keys_module
from analysis.engine.build import build_study
from analysis.engine.explain import CHANGED_OUTPUT, NEVER, Reason, explain
from analysis.engine.inputs import INDEXES, RELEASES
from analysis.engine.keys import DONE
from analysis.engine.options import BuildOptions, Silent
from analysis.engine.rebuild import _Rebuild
from analysis.errors import NotebookError, PlaceError, StorageError, StudyError
from tiny_study import STUDY, put_value, table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.build_folder import BuildFolder
    from analysis.tables.partition import Partition

KEN_1 = 2
UGA_2 = 10
FOLLOWS = "depends on "

CODES_CHANGED = "code_applications of esa changed"


@pytest.fixture
def released(built: Path, copied: Path) -> Path:
    """Give a root that holds a release of the tiny study, up to date where it is now."""
    for record in (copied / "build" / STUDY / RELEASES, copied / "build" / INDEXES):
        text = record.read_text(encoding="utf-8")
        record.write_text(text.replace(str(built), str(copied)), encoding="utf-8")
    return copied


def explain_all(root: Path, *places: str) -> dict[str, Reason]:
    """Return the reasons for all that would be done, by the names of the task."""
    reasons = explain(BuildOptions(root, root / "reports", places), STUDY)
    return {reason.task: reason for reason in reasons}


def texts_of(root: Path, *places: str) -> dict[str, str]:
    return {name: reason.text for name, reason in explain_all(root, *places).items()}


def append_row(root: Path, table: str, row: str) -> None:
    path = table_of(root, table)
    path.write_text(path.read_text(encoding="utf-8") + f"{row}\n", encoding="utf-8")


def drop_row(root: Path, table: str, row: int) -> None:
    path = table_of(root, table)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[: row - 1] + lines[row:]), encoding="utf-8")


def test_file_that_may_not_be_used_is_shown(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the study may not be read, or a change to it not be completed, that is shown."""

    def close(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "data/tiny")

    monkeypatch.setattr(why_module, "complete_change", close)

    with pytest.raises(StorageError, match="cannot be used"):
        explain_all(tiny_root)


def test_nothing_would_be_done_to_what_is_up_to_date(released: Path) -> None:
    """Of a release that is up to date there is nothing to show."""
    assert texts_of(released) == {}


def test_study_that_was_never_built_has_all_before_it(tiny_root: Path) -> None:
    """Where nothing was built, each task would be done, and nothing is left behind."""
    shown = texts_of(tiny_root)

    assert len(shown) == 19
    assert set(shown.values()) == {NEVER}
    assert not (tiny_root / "build").exists()


@pytest.mark.parametrize(
    ("change", "row"),
    [
        (
            lambda root: put_value(root, "segments", (KEN_1, "text"), "Clinics close early."),
            "segments: changed ken.1 (text)",
        ),
        (lambda root: drop_row(root, "segments", 6), "segments: removed ken.5"),
        (
            lambda root: append_row(
                root,
                "segments",
                "ken.7,ken,recommendations,start,1,point,,Listen.,synthetic,en,",
            ),
            "segments: added ken.7",
        ),
        (
            lambda root: put_value(root, "focus_groups", (2, "participants"), "9 members (KEN)"),
            "focus_groups: changed ken (participants)",
        ),
    ],
    ids=["changed", "went", "came", "focus-group"],
)
def test_row_is_named_with_what_became_of_it(
    released: Path, change: Callable[[Path], None], row: str
) -> None:
    """A row that came, went or changed is named where it matters first; others follow."""
    change(released)

    reasons = explain_all(released)

    table = row.partition(":")[0]
    assert reasons["partition"].because == f"data/tiny/{table}.csv changed"
    assert reasons["esa-cleaning"].because == f"{table} of esa changed"
    assert row in reasons["esa-cleaning"].rows
    # A segment that went takes its codes along.
    assert reasons["esa"].because in ("depends on esa-cleaning", CODES_CHANGED)
    assert reasons["africa"].text == "depends on esa"
    assert "wca-cleaning" not in reasons


@pytest.mark.parametrize(
    ("change", "rows"),
    [
        (
            lambda root: put_value(root, "code_applications", (UGA_2, "code"), "services"),
            ("code_applications: uga.2 by ann: criminalization → services",),
        ),
        (
            lambda root: append_row(root, "code_applications", "ken.1,services,ann"),
            ("code_applications: rows are in another order, or repeated",),
        ),
        (
            lambda root: append_row(
                root, "segments", "She told us,ken,recommendations,start,1,point,,No.,synthetic,en,"
            ),
            ("segments: added (not an id)",),
        ),
        (
            lambda root: [
                append_row(root, "code_applications", f"ken.1,c{n},x") for n in range(23)
            ],
            ("code_applications: added ken.1, c19, x", "and 3 more"),
        ),
    ],
    ids=["moved", "repeated", "not-an-id", "many"],
)
def test_rows_that_changed_are_named_by_their_ids(
    released: Path, change: Callable[[Path], None], rows: tuple[str, ...]
) -> None:
    """A coding that moved is named with both codes; of many, the first are listed."""
    change(released)

    assert explain_all(released)["esa-cleaning"].rows[-len(rows) :] == rows


def test_code_is_named_where_it_counts(released: Path) -> None:
    """A code application that came is named by the cleaning and the report of its place."""
    append_row(released, "code_applications", "ken.6,criminalization,bot")

    reasons = explain_all(released)

    row = "code_applications: added ken.6, criminalization, bot"
    assert reasons["partition"].because == "data/tiny/code_applications.csv changed"
    for name in ("esa-cleaning",):
        assert (reasons[name].text, reasons[name].rows) == (CODES_CHANGED, (row,))
    assert reasons["africa"].text == "depends on esa"
    assert not {"wca-cleaning", "wca"} & reasons.keys()


def test_row_is_named_after_a_build_that_failed(
    released: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the last build partitioned the tables and failed, rows are named as before it."""

    def fail(*_: object) -> None:
        raise NotebookError("A notebook failed.")

    append_row(released, "code_applications", "ken.6,criminalization,bot")
    monkeypatch.setattr(_Rebuild, "_run_tasks", fail)
    with pytest.raises(NotebookError):
        build_study(BuildOptions(released, released / "reports"), STUDY, Silent())

    reasons = explain_all(released)

    assert "partition" not in reasons
    assert reasons["esa-cleaning"].because == CODES_CHANGED
    assert reasons["esa-cleaning"].rows == ("code_applications: added ken.6, criminalization, bot",)


def test_words_of_a_row_are_never_shown(released: Path) -> None:
    """What a row says, before or after, is in no reason."""
    put_value(released, "segments", (KEN_1, "text"), "Clinics close early.")

    shown = repr(explain_all(released))

    assert "Clinics" not in shown


def test_rows_that_move_concern_the_check_of_the_study(released: Path) -> None:
    """If rows moved within their file, what follows their order is done again, and no notebook.

    The coded data of the study, a download of the coverage page, have the rows in their order.
    """
    segments = table_of(released, "segments")
    header, *rows = segments.read_text(encoding="utf-8").splitlines(keepends=True)
    moved = sorted(rows, key=lambda row: row.startswith("gha"))
    segments.write_text("".join([header, *moved]), encoding="utf-8")

    shown = texts_of(released)

    assert shown.keys() == {"partition", "check study", "page coverage"}
    assert shown["check study"].startswith("data/tiny/segments.csv changed")


def test_parameter_is_reported_with_both_values(released: Path) -> None:
    """A parameter that a setting changes is shown as it is and as it was."""
    settings = released / "data" / STUDY / "study.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f"{text}publication:\n  excerpts_per_theme: 2\n", encoding="utf-8")

    reasons = explain_all(released)

    assert reasons["esa"].because == "parameter excerpts_per_theme is 2 and was 3"
    assert reasons["esa-cleaning"].text == "data/tiny/study.yaml changed"


def test_row_of_the_codebook_is_named(released: Path) -> None:
    """Codes that came, went or are defined otherwise are named."""
    codebook = table_of(released, "codebook")
    text = codebook.read_text(encoding="utf-8")
    codebook.write_text(
        text.replace("Being looked down on.", "Contempt.").replace("services,", "care,"),
        encoding="utf-8",
    )

    reasons = explain_all(released)

    assert reasons["partition"].because == "data/tiny/codebook.csv changed"
    assert reasons["partition"].rows == (
        "codebook: added care",
        "codebook: removed services",
        "codebook: redefined stigma (definition)",
    )


@pytest.mark.parametrize(
    ("file", "before", "after", "rows"),
    [
        (
            f"{STUDY}/evidence.csv",
            ("about,place,explanation", "a-1,esa,Peers said so.", "a-2,,Nurses whisper."),
            ("about,place,explanation", "a-3,,Nurses whisper.", "a-2,,Peers said so.", "a-2,,No."),
            (
                "evidence: added a-3",
                "evidence: removed a-1, esa",
                "evidence: changed a-2 (explanation)",
            ),
        ),
        (
            f"{STUDY}/coded.csv",
            ("coder,focus_group", "ann,ken"),
            ("coder,focus_group,question", "ann,ken,hope"),
            ("coded: added ann, ken, hope", "coded: removed ann, ken"),
        ),
        (
            f"{STUDY}/codebook_changes.csv",
            None,
            ("version,date,change,old,new,reason", "2,2020-10-12,merge,fear,stigma,Nearly alike."),
            ("codebook: merge fear \u2192 stigma",),
        ),
        (f"{STUDY}/scan_words.csv", ("use,word", "name,Akinyi"), ("use,word", "name,Otieno"), ()),
        (f"{STUDY}/findings.csv", ("id", "a-1"), ("no id", "Nurses whisper."), ()),
        (
            f"{STUDY}/findings.csv",
            ("id,codes", "a-1,stigma", "a-2,"),
            ("id", "a-1", "a-2"),
            ("findings: changed a-1 (codes)",),
        ),
    ],
    ids=["several columns", "optional columns", "codes", "words", "no header", "column is gone"],
)
def test_rows_of_small_tables_are_named_by_their_ids(
    released: Path, file: str, before: Sequence[str] | None, after: Sequence[str], rows: object
) -> None:
    """Of tables that a study may have, rows are named by ids, and never by what somebody wrote."""
    seen = released / "build" / STUDY / "seen" / "data" / file
    for path, lines in ((seen, before), (released / "data" / file, after)):
        if lines:
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    found = [
        each.rows
        for each in explain_all(released).values()
        if each.because.startswith(f"data/{file} is new")
    ]

    assert found[0] == rows


@pytest.mark.parametrize(
    ("change", "name", "shown"),
    [
        (
            lambda root: (root / "expectations" / "segments.json").write_text("{}"),
            "check study",
            "expectations/segments.json changed",
        ),
        (
            lambda root: (root / "expectations" / "more.json").write_text("{}"),
            "check study",
            "expectations/more.json is new",
        ),
        (
            lambda root: (root / "expectations" / "segments.json").unlink(),
            "check esa",
            "expectations/segments.json is gone",
        ),
        (
            lambda root: (root / "locks" / "run.txt").write_text("pandas==3.1.0\n"),
            "esa-cleaning",
            "the locked versions changed",
        ),
        (
            lambda root: (root / "notebooks" / "02-coverage-and-agreement.ipynb").write_text("{}"),
            "coverage",
            "the code notebooks/02-coverage-and-agreement.ipynb changed",
        ),
    ],
    ids=["suite", "new-suite", "gone-suite", "lock", "notebook"],
)
def test_file_that_decides_is_named(
    released: Path, change: Callable[[Path], None], name: str, shown: str
) -> None:
    """A suite, the lock or a notebook that changed, came or went is named."""
    change(released)

    assert explain_all(released)[name].because.startswith(shown)


def change_part(root: Path, task: str, name: str, part: str | None) -> None:
    """Change a part of the key with which work was last done, as if it had been another."""
    path = root / "build" / STUDY / DONE / f"{task.replace(' ', '.')}.json"
    shown = json.loads(path.read_text(encoding="utf-8"))
    if part is None:
        del shown["key"][name]
    else:
        shown["key"][name] = part
    path.write_text(json.dumps(shown), encoding="utf-8")
    (root / "build" / STUDY / RELEASES).unlink()


@pytest.mark.parametrize(
    ("task", "name", "part", "shown"),
    [
        (
            *("esa", "code synthesis/prevalence.py", "other"),
            "the code synthesis/prevalence.py changed",
        ),
        (
            *("page esa", "code publishing/templates/style.css", "other"),
            "the code publishing/templates/style.css changed",
        ),
        (
            *("page esa", "code publishing/templates/style.css", None),
            "the code publishing/templates/style.css is new",
        ),
        ("check esa", "code quality/gone.py", "x", "the code quality/gone.py is gone"),
        ("esa", "parameter fast", "true", "parameter fast is gone and was true"),
    ],
    ids=["module", "template", "new-template", "gone-module", "gone-parameter"],
)
def test_code_that_changed_is_named(
    released: Path, task: str, name: str, part: str | None, shown: str
) -> None:
    """A module or a template that changed is named for the work that reaches it, and no other."""
    change_part(released, task, name, part)

    texts_now = texts_of(released)

    assert texts_now[task] == shown
    assert {name for name in texts_now if not texts_now[name].startswith(FOLLOWS)} == {task}


def test_version_of_python_is_shown(released: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version of Python is shown, first of the release and then of its task."""
    monkeypatch.setattr(keys_module, "python_version", lambda: "3.99")
    (released / "build" / STUDY / RELEASES).unlink()

    shown = set(texts_of(released).values())

    assert any(each.startswith("Python is 3.99 and was 3.") for each in shown)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "notebooks" / "esa.ipynb").unlink(),
        lambda folder: (folder / "notebooks" / "esa.ipynb").write_text("{}"),
    ],
    ids=["gone", "changed"],
)
def test_what_was_left_and_is_not_as_it_was_is_shown(
    released: Path, change: Callable[[Path], None]
) -> None:
    """Work of which a file is gone or changed would be done again."""
    change(released / "build" / STUDY)
    (released / "build" / STUDY / RELEASES).unlink()

    assert texts_of(released)["esa"] == CHANGED_OUTPUT


def test_release_that_was_changed_is_shown(released: Path) -> None:
    """Where all work is done but the release is not as it was, that is what would be made."""
    (released / "reports" / STUDY / "esa.html").unlink()

    assert texts_of(released) == {"release": "esa.html is gone"}


def test_reasons_are_those_for_the_places_asked(released: Path) -> None:
    """Of a place that is asked for, no more is shown than concerns it."""
    put_value(released, "segments", (KEN_1, "text"), "Clinics close early.")

    shown = texts_of(released, "wca")

    assert {name for name in shown if "check" not in name} == {"partition"}


@pytest.mark.parametrize("changed", [True, False])
def test_telling_changes_nothing(released: Path, changed: bool) -> None:  # noqa: FBT001
    """To show why leaves every file of the build and of the release as it was."""
    if changed:
        put_value(released, "segments", (KEN_1, "text"), "Clinics close early.")
    before = {path: path.read_bytes() for path in released.rglob("*") if path.is_file()}

    explain_all(released)

    assert {path: path.read_bytes() for path in released.rglob("*") if path.is_file()} == before


def test_showing_why_writes_nothing_below_the_root(
    released: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkout may be read-only: what is worked out on the way is in the system's folder."""
    put_value(released, "segments", (2, "text"), "Clinics never open.")
    written: list[Path] = []
    partition = why_module.partition_tables

    def watch(opened: OpenedStudy, build: BuildFolder) -> Partition:
        written.append(build.path)
        return partition(opened, build)

    monkeypatch.setattr(why_module, "partition_tables", watch)
    explain(BuildOptions(released, released / "reports"), STUDY)

    (folder,) = written
    assert not folder.is_relative_to(released)
    assert not folder.exists()


def test_build_does_what_was_shown(released: Path) -> None:
    """A build does no more than was shown, and less where what follows turns out the same."""
    shutil.rmtree(released / "build" / STUDY / "cleaned")
    (released / "build" / STUDY / RELEASES).unlink()
    shown = texts_of(released)
    certain = {name for name, reason in explain_all(released).items() if reason.is_certain}

    built = build_study(BuildOptions(released, released / "reports"), STUDY, Silent())

    assert set(built.done) == {"esa-cleaning", "wca-cleaning", "africa-cleaning"}
    assert {name for name, reason in shown.items() if reason == CHANGED_OUTPUT} == set(built.done)
    assert certain == set(built.done)


@pytest.mark.parametrize(
    ("study", "places", "error"),
    [("tny", (), StudyError), (f"../data/{STUDY}", (), StudyError), (STUDY, ("afri",), PlaceError)],
    ids=["study", "path", "place"],
)
def test_what_cannot_be_built_is_refused(
    tiny_root: Path, study: str, places: tuple[str, ...], error: type[Exception]
) -> None:
    """A study or a place that is none is refused as by a build."""
    with pytest.raises(error):
        explain(BuildOptions(tiny_root, tiny_root / "reports", places), study)


def test_reason_counts_what_differs_besides() -> None:
    """A reason shows one part of the key, and how many more there are."""
    shown = [Reason("esa", "a changed", also).text for also in (0, 2)]

    assert shown == ["a changed", "a changed, and 2 more"]
