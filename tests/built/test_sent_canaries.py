"""What is private in files that are sent is met in no output; only raw copies hold it."""

from __future__ import annotations

import re
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pdfplumber
import pytest

from analysis.importing.coded import coded_import
from analysis.intake.sandbox import Sandbox
from built.planted import add_environment, run, run_here
from canaries import RUN, Canary, Planting, contents_below, met_but
from refused_canaries import REFUSED, UNREADABLE, UNUSABLE, Refused
from sent_canaries import CODED, SUBMISSIONS, mapping_of
from tiny_study import STUDY, write_tiny_root

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SENT = (*SUBMISSIONS, *CODED)
EVERY = tuple(each for sent in SENT for each in (sent.named_after, *sent.plantings))
IN_FILES = tuple(each for sent in SENT for each in sent.plantings)
FORMS = ("qdpx", "qdc", "csv", "xlsx")
RAW = f"data/{STUDY}/raw"
OF_OWNER = 0o600


@dataclass(frozen=True)
class Taken:
    """A root into which files were taken, and what was reported of it."""

    root: Path
    reported: str

    @property
    def copies(self) -> tuple[str, ...]:
        """The files as received: the one place where anybody may be met."""
        folder = self.root / RAW
        return tuple(
            f"{RAW}/{path.name}"
            for path in folder.iterdir()
            if path.name != "registry.csv" and not path.name.endswith(".import.json")
        )


def run_command(root: Path, *arguments: object) -> str:
    """Run a command in this process, and return how it ended and what it printed."""
    ended = run_here(root, *arguments)
    return f"ended with {ended.code}\n{ended.reported}"


def named_in(reported: str, plantings: Iterable[Planting]) -> list[str]:
    """Return who is named in what was reported."""
    words = reported.lower().encode()
    return [each.place for each in plantings if any(x in words for x in each.canary.needles)]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with every file, and a mapping."""
    folder = tmp_path_factory.mktemp("sent")
    for each in SENT:
        (folder / each.name).write_bytes(each.content)
    (folder / "mapping.yaml").write_text(mapping_of(CODED), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def taken(sent: Path, tmp_path_factory: pytest.TempPathFactory) -> Taken:
    """Give a root into which all files were taken, and which was built and exported."""
    root = add_environment(write_tiny_root(tmp_path_factory.mktemp("s") / "r"))
    submissions, coded = ([sent / each.name for each in kind] for kind in (SUBMISSIONS, CODED))
    mapping = ("--mapping", sent / "mapping.yaml")
    reported = [
        run_command(root, "import", *submissions, "--study", STUDY),
        run_command(root, "import", *coded, "--study", STUDY, *mapping, "--json"),
        run_command(root, "import", submissions[0], "--study", STUDY),
        run_command(root, "import", coded[0], "--study", STUDY, *mapping),
        run_command(root, "check", STUDY),
        *(
            run_command(root, "export", STUDY, "--to", form, root / "out" / f"out.{form}")
            for form in FORMS
        ),
    ]
    ended = run(root, "build", "--place", "esa")
    reported.append(f"ended with {ended.code}\n{ended.reported}")
    return Taken(root, "\n".join(reported))


@pytest.mark.slow
def test_canaries_are_in_the_files(taken: Taken, sent: Path):
    """Each is in the copy as received: what is looked for elsewhere is there."""
    contents = [content.lower() for _, content in contents_below(sent)]
    with pdfplumber.open(next(sent.glob("*.pdf"))) as pages:
        contents.append("".join(page.extract_text() for page in pages.pages).lower().encode())
    missing = [
        each.place
        for each in EVERY
        if not any(needle in content for needle in each.canary.needles for content in contents)
    ]

    assert missing == []
    assert len(taken.copies) == len(SENT)


@pytest.mark.slow
def test_everything_was_done(taken: Taken):
    """Two imports, a check, exports and a build come to their end; files sent again are refused."""
    ends = re.findall("^ended with ([0-9])$", taken.reported, re.MULTILINE)

    assert ends == ["0", "0", "1", "1", "0", *"0000", "0"], taken.reported


@pytest.mark.slow
def test_no_canary_leaves_the_copies_as_received(taken: Taken):
    """Tables, accounts, the registry, reports, exports and all that is reported hold nobody."""
    inputs = (*taken.copies, "notebooks/*", "expectations/*")

    assert named_in(taken.reported, IN_FILES) == []
    assert met_but(EVERY, taken.root, "", inputs) == []


@pytest.mark.slow
def test_copies_as_received_are_the_owners_and_out_of_the_repository(taken: Taken):
    """Only the owner reads them; the registry and the accounts next to them hold nobody."""
    modes = {(taken.root / name).stat().st_mode & 0o777 for name in taken.copies}

    assert modes == {OF_OWNER}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a root with the tiny study, into which nothing comes."""
    return add_environment(write_tiny_root(tmp_path_factory.mktemp("n") / "r"))


@pytest.mark.slow
@pytest.mark.parametrize("kind", [UNREADABLE, UNUSABLE], ids=["unreadable", "unusable"])
def test_no_canary_is_met_where_submissions_are_refused(
    kind: tuple[Refused, ...], tiny: Path, tmp_path: Path
):
    """All that is wrong is reported at once, by file and place, and never in the words there."""
    paths = [each.write(tmp_path) for each in kind]
    reported = run_command(tiny, "import", *paths, "--study", STUDY)
    silent = [path.name for path in paths if path.name not in reported]

    assert (reported.partition("\n")[0], silent) == ("ended with 1", []), reported
    assert "Traceback" not in reported
    assert named_in(reported, kind) == []
    assert met_but(kind, tiny, "", ()) == []


@pytest.mark.slow
def test_no_canary_is_met_where_coded_data_are_refused(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Rows, documents and selections are reported by number; new coders are named."""
    found = {}
    with Sandbox() as reading:
        # Each import would start a process that reads; one that reads many files is the same.
        monkeypatch.setattr(coded_import, Sandbox.__name__, lambda: nullcontext(reading))
        for each in REFUSED:
            reported = run_command(tiny, "import", *each.arguments(tmp_path), "--study", STUDY)
            is_refused = reported.startswith("ended with 1\n") and "Traceback" not in reported
            found[each.place] = (is_refused, named_in(reported, [each]))

    assert found == {
        each.place: (True, [each.place] if each.names_coder else []) for each in REFUSED
    }
    assert met_but(REFUSED, tiny, "", ()) == []


def test_canaries_in_files_differ():
    """No two canaries share a word, so that what is met shows where it was planted."""
    every = [Canary(each.place) for each in (*EVERY, *UNREADABLE, *UNUSABLE, *REFUSED)]
    needles = [needle for each in every for needle in each.needles]

    assert len(needles) == len(set(needles))
    assert [needle for needle in needles if not RUN.fullmatch(needle)] == []
