from __future__ import annotations

import json
import mimetypes
import os
import shlex
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
from click.testing import CliRunner

from analysis.cli import app
from analysis.engine.build import build_study
from analysis.engine.options import BuildOptions, Silent
from analysis.errors import PublishingError
from analysis.operations.pack import pack_study
from analysis.operations.packed_release import require_as_packed
from analysis.operations.publication import Publication
from analysis.operations.publish import write_publication
from analysis.operations.shown_tables import show_tables
from analysis.operations.verify import verify_zip
from analysis.publishing.claim_diff import read_claims
from analysis.publishing.comparison_pages import write_receipt
from analysis.publishing.manifest import LOCK
from analysis.publishing.notebook_files import digest_source
from analysis.study.checkout import run_git
from analysis.study.csv_rows import read_rows
from analysis.study.digests import digest_bytes, digest_file
from analysis.study.opened_study import open_study
from built.checkout import add_versions
from tiny_study import ROOT, SETTINGS, STUDY, put_value, table_of, write_tiny_root

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TAG = "v1"
PUBLIC = "publication: {tables: public}\n"
CITED = """\
authors:
  - {name: A. Researcher, orcid: 0000-0002-1825-0097, affiliation: A university}
repository: https://example.org/repository
"""
OWN = """{"cells": [
{"cell_type": "code", "id": "a", "metadata": {"tags": ["parameters"]}, "execution_count": 3,
 "outputs": [{"output_type": "stream", "name": "stdout", "text": "Nurses whisper"}],
 "source": "study: str = \\"demo\\"  # the study"},
{"cell_type": "markdown", "id": "b", "metadata": {}, "source": "Of our own."}
],
"metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
"nbformat": 4, "nbformat_minor": 5}
"""
CITATION = "cff-version: 1.2.0\ntitle: Compendium\nversion: 0.0.1\nauthors:\n- name: Somebody\n"


def make_root(folder: Path, settings: str) -> Path:
    """Return a root with the tiny study, built, in a repository without its tables."""
    root = add_repository(add_versions(write_tiny_root(folder)))
    (root / "data" / STUDY / "study.yaml").write_text(SETTINGS + settings, encoding="utf-8")
    build_study(BuildOptions(root, root / "reports", jobs=2), STUDY, Silent())
    return root


def add_repository(root: Path) -> Path:
    """Return a root to which all else was added that a repository has, and own notebooks."""
    for name in (".gitignore", ".gitattributes", "LICENSE", "LICENSE-DATA.md"):
        shutil.copyfile(ROOT / name, root / name)
    (root / "CITATION.cff").write_text(CITATION, encoding="utf-8")
    own = root / "notebooks" / "own"
    own.mkdir(exist_ok=True)
    (own / "ours.ipynb").write_text(OWN, encoding="utf-8")
    (own / "of-another-study.ipynb").write_text("{}", encoding="utf-8")
    return root


def publish(root: Path, tag: str = TAG) -> None:
    """Publish the reports as they are, commit and tag."""
    release = root / "reports" / STUDY
    publication = Publication(STUDY, tag, "2027-05-01", len(read_claims(release)))
    write_publication(root, release, publication)
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "add", "--force", "notebooks/own")
    git(root, "commit", "-qm", "Publish")
    git(root, "tag", tag)


def git(root: Path, *words: str) -> str:
    at = "2027-05-01T12:00:00+02:00"
    os.environ |= {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at}
    named = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main")
    return run_git(root, *named, *words).decode()


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a root with a published study whose tables are public."""
    root = make_root(tmp_path_factory.mktemp("p") / "r", PUBLIC + CITED)
    publish(root)
    return root


@pytest.fixture
def root(public: Path, tmp_path: Path) -> Path:
    """Give a copy of it, to change."""
    return Path(shutil.copytree(public, tmp_path / "r"))


@pytest.fixture(scope="module")
def private(reviewed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a root with a published study whose tables are private."""
    root = add_repository(shutil.copytree(reviewed, tmp_path_factory.mktemp("q") / "r"))
    publish(root)
    return root


@pytest.fixture(scope="module")
def packed(public: Path) -> Path:
    """Give the zip of the study whose tables are public, unpacked."""
    return unpack(pack_study(public, STUDY).path)


def unpack(path: Path) -> Path:
    folder = path.with_suffix("")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    (unpacked,) = folder.iterdir()
    return unpacked


def read(path: Path) -> dict[str, object]:
    return json.loads(path.read_text(encoding="utf-8"))


def test_zip_is_the_same_from_two_folders_and_two_users(public: Path, tmp_path: Path) -> None:
    """Neither the folder, nor the user's umask, home and media types, nor times change a byte."""
    first = pack_study(public, STUDY, tmp_path / "first.zip")
    mask = os.umask(0o077)
    home = os.environ.get("HOME", "")
    try:
        os.environ["HOME"] = str(tmp_path)
        mimetypes.add_type("text/of-another-machine", ".html")
        clone = tmp_path / "elsewhere" / "of-another-user"
        git(public, "clone", "-q", ".", str(clone))
        for folder in (f"data/{STUDY}", f"reports/{STUDY}"):
            shutil.copytree(public / folder, clone / folder, dirs_exist_ok=True)
        for path in clone.rglob("*.csv"):
            os.utime(path, (1, 1))
        second = pack_study(clone, STUDY, tmp_path / "second.zip")
    finally:
        mimetypes.init()
        os.environ["HOME"] = home
        os.umask(mask)

    assert first.sha256 == second.sha256
    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()


def test_zip_has_what_a_reviewer_needs(packed: Path) -> None:
    """It has reports, tables, code, lock, digests and a guide; and no key."""
    names = {path.relative_to(packed).as_posix() for path in packed.rglob("*") if path.is_file()}

    assert {
        *(
            "START-HERE.md",
            "SHA256SUMS",
            "reports/index.html",
            "CITATION.cff",
            LOCK,
            "data/places.csv",
        ),
        *(f"data/{STUDY}/{name}" for name in ("segments.csv", "study.yaml")),
        *(f"data/{STUDY}/published/{name}" for name in ("release.json", "esa.claims.json")),
        *(f"reports/{STUDY}/{name}" for name in ("index.html", "esa.html", "manifest.json")),
        "notebooks/03-regional-synthesis.ipynb",
    } <= names
    assert not [name for name in names if name.endswith(".key") or "/own/" in name]
    require_as_packed(packed, "it")
    assert "compendium verify" in (packed / "START-HERE.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("which", ["public", "private"])
def test_metadata_pass_their_schemas(
    request: pytest.FixtureRequest, tmp_path: Path, which: str
) -> None:
    """The crate follows its profile, and the data package its schema, without a network."""
    packed = unpack(pack_study(request.getfixturevalue(which), STUDY, tmp_path / "x.zip").path)
    data = Path(__file__).parent / "data"
    for name, schema in (
        ("ro-crate-metadata.json", "process-run-crate-0.5.json"),
        ("datapackage.json", "datapackage-2.0.json"),
    ):
        jsonschema.Draft7Validator(read(data / schema)).validate(read(packed / name))
    crate = read(packed / "ro-crate-metadata.json")["@graph"]
    ids = [entity["@id"] for entity in crate]
    referred = [each["@id"] for entity in crate for each in references(entity)]
    known = {*ids, "https://w3id.org/ro/crate/1.1"}

    assert len(ids) == len(set(ids))
    assert [
        entity for entity in crate if any(is_single_list(each) for each in entity.values())
    ] == []
    assert [each for each in referred if each not in known] == []
    there = [entity["@id"] for entity in crate if "File" in entity["@type"]]
    assert [name for name in there if not (packed / name).is_file()] == []
    names = [path.relative_to(packed).as_posix() for path in packed.rglob("*") if path.is_file()]
    assert {name for name in names if name.startswith(("data/", "reports/"))} <= {*there}


def test_metadata_name_what_the_study_states_alone(
    packed: Path, private: Path, tmp_path: Path
) -> None:
    """Authors and the address of the repository are there where study.yaml has them."""
    bare = unpack(pack_study(private, STUDY, tmp_path / "x.zip").path)
    software, unnamed = (read(each / "codemeta.json") for each in (packed, bare))

    assert software["codeRepository"] == "https://example.org/repository"
    assert software["author"] == [
        {
            "@type": "Person",
            "@id": "https://orcid.org/0000-0002-1825-0097",
            "name": "A. Researcher",
            "affiliation": {"@type": "Organization", "name": "A university"},
        }
    ]
    guide = (packed / "START-HERE.md").read_text(encoding="utf-8")
    assert "> A. Researcher (2027). A tiny study: v1. https://example.org/repository" in guide
    assert {*software} - {*unnamed} == {"codeRepository", "author"}
    assert '"url": ' not in (bare / "ro-crate-metadata.json").read_text(encoding="utf-8")


def test_keys_of_the_data_package_hold(packed: Path) -> None:
    """Each id is there once, and each reference to another table leads to a row."""
    resources = {each["name"]: each for each in read(packed / "datapackage.json")["resources"]}
    rows = {name: read_rows(packed / each["path"], ()) for name, each in resources.items()}
    references = 0
    for name, each in resources.items():
        for key in each["schema"].get("primaryKey", ()):
            assert len({row[key] for row in rows[name]}) == len(rows[name]) > 0
        for foreign in each["schema"].get("foreignKeys", ()):
            references += 1
            (column,), other = foreign["fields"], foreign["reference"]
            known = {row[other["fields"][0]] for row in rows[other["resource"]]}
            assert {row[column] for row in rows[name]} <= known

    assert (references, {*resources} >= {"segments", "shared-places"}) == (2, True)


def test_shown_codings_are_those_that_coders_applied(tmp_path: Path) -> None:
    """Where a codebook changed, old codes leave with its changes: a rebuild migrates them again."""
    root = write_tiny_root(tmp_path / "r")
    put_value(root, "code_applications", (6, "code"), "policing")
    changes = "version,date,change,old,new,reason\n2,2021-01-05,rename,policing,criminalization,x\n"
    (root / "data" / STUDY / "codebook_changes.csv").write_text(changes, encoding="utf-8")

    shown = show_tables(open_study(root, STUDY)).files

    assert shown["codebook_changes.csv"].decode() == changes
    assert b",policing," in shown["code_applications.csv"]


def is_single_list(value: object) -> bool:
    """Return whether a value is a list of one, which RO-Crate recommends to write without it."""
    return isinstance(value, list) and len(value) == 1


def references(entity: dict[str, object]) -> list[dict[str, str]]:
    """Return what an entity of a crate refers to."""
    values = [each if isinstance(each, list) else [each] for each in entity.values()]
    return [each for listed in values for each in listed if isinstance(each, dict)]


def test_published_numbers_and_citation_are_kept(public: Path) -> None:
    """What readers cite has the claims, tag and date, and CITATION.cff names the authors."""
    folder = public / "data" / STUDY / "published"
    citation = (public / "CITATION.cff").read_text(encoding="utf-8")

    assert read(folder / "release.json") == {
        "study": STUDY,
        "tag": TAG,
        "published_on": "2027-05-01",
        "claims": len(read_claims(public / "reports" / STUDY)),
    }
    assert not list(folder.glob("*.evidence.json"))
    for line in (
        *("title: Compendium", "date-released: '2027-05-01'", "- name: A. Researcher"),
        *("repository-code: https://example.org/repository",),
        "orcid: https://orcid.org/0000-0002-1825-0097",
    ):
        assert line in citation
    assert "Somebody" not in citation


def test_own_studies_are_not_committed(public: Path) -> None:
    """`git add .` takes what was published, and neither tables nor reports of own studies."""
    committed = git(public, "ls-files").splitlines()
    own = [name for name in committed if STUDY in name.split("/")]

    assert own == [name for name in own if name.startswith(f"data/{STUDY}/published/")] != []
    assert "data/places.csv" in committed
    assert "reports/index.html" not in committed
    assert git(public, "status", "--porcelain") == ""


@pytest.mark.slow
def test_zip_alone_verifies(public: Path, tmp_path: Path) -> None:
    """In an empty folder, the installed code rebuilds the zip's study, and all numbers hold."""
    path = pack_study(public, STUDY, tmp_path / "release.zip").path

    verified = verify_zip(path, Silent(), independent=True)

    assert verified.holds
    assert verified.published == verified.identical > 0
    assert verified.recount
    assert verified.recount.agreeing == verified.recount.counted > 0
    assert list(tmp_path.iterdir()) == [path]


def test_zip_that_was_changed_is_refused(packed: Path, tmp_path: Path) -> None:
    """A table, or a file more than was packed, is named before anything runs."""
    folder = Path(shutil.copytree(packed, tmp_path / "z" / "release"))
    with (folder / f"data/{STUDY}/segments.csv").open("a", encoding="utf-8") as table:
        table.write("x\n")
    (folder / "more.py").write_text("raise SystemExit\n", encoding="utf-8")
    path = shutil.make_archive(str(tmp_path / "changed"), "zip", folder.parent)

    ended = CliRunner().invoke(app, ["verify", path])

    assert isinstance(ended.exception, PublishingError)
    assert ended.exception.offenders == (f"data/{STUDY}/segments.csv", "more.py")


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        (f"reports/{STUDY}/esa.html", f"{STUDY}/esa.html"),
        (f"reports/{STUDY}/esa.claims.json", f"{STUDY}/esa.claims.json"),
        (f"data/{STUDY}/published/esa.claims.json", f"data/{STUDY}/published/esa.claims.json"),
    ],
)
def test_changed_number_is_found_where_digests_were_changed_too(
    packed: Path, tmp_path: Path, changed: str, named: str
) -> None:
    """Pages are as the manifest says, and the numbers to cite are those of the reports."""
    folder = Path(shutil.copytree(packed, tmp_path / "z" / "release"))
    path = folder / changed
    path.write_text(path.read_text("utf-8").replace("1", "2", 1), "utf-8")
    write_sums(folder)

    ended = CliRunner().invoke(
        app, ["verify", shutil.make_archive(str(tmp_path / "changed"), "zip", folder.parent)]
    )

    assert isinstance(ended.exception, PublishingError)
    assert ended.exception.offenders == (named,)


@pytest.mark.slow
def test_code_in_a_zip_never_runs(packed: Path, tmp_path: Path) -> None:
    """A zip with another notebook and other numbers is rebuilt with the installed notebooks."""
    folder = Path(shutil.copytree(packed, tmp_path / "z" / "release"))
    ran = tmp_path / "ran"
    notebook = folder / "notebooks" / "03-regional-synthesis.ipynb"
    text = notebook.read_text("utf-8")
    hostile = f"import pathlib; pathlib.Path({str(ran)!r}).touch()"
    cells = json.loads(text)
    next(each for each in cells["cells"] if each["cell_type"] == "code")["source"] = hostile
    notebook.write_text(json.dumps(cells), "utf-8")
    release = folder / "reports" / STUDY
    claims = release / "esa.claims.json"
    claims.write_text(claims.read_text("utf-8").replace('"value": 2,', '"value": 3,', 1), "utf-8")
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    manifest["outputs"][claims.name] = digest_file(claims)
    manifest["inputs"][f"notebooks/{notebook.name}"] = digest_source(notebook)
    manifest["inputs"]["expectations/segments.json"] = "0" * 64
    (release / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    for name in (claims.name, "manifest.json"):
        shutil.copyfile(release / name, folder / "data" / STUDY / "published" / name)
    write_sums(folder)
    path = shutil.make_archive(str(tmp_path / "changed"), "zip", folder.parent)

    verified = verify_zip(Path(path), Silent())

    assert not verified.holds
    assert [each.old[0] for each in verified.differing] == ["3"]
    assert not ran.exists()


def write_sums(folder: Path) -> None:
    """Write the digests of an unpacked release again."""
    sums = folder / "SHA256SUMS"
    sums.unlink()
    names = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    lines = [f"{digest_file(path)}  {name}\n" for name, path in names.items()]
    sums.write_text("".join(lines), "utf-8")


def zip_of(path: Path, files: Mapping[str, bytes]) -> bytes:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path.read_bytes()


def damaged(path: Path) -> bytes:
    content = zip_of(path, {"r/x": b"words " * 999})
    at = content.index(b"r/x") + 20
    return content[:at] + bytes(20) + content[at + 20 :]


def without_reports(path: Path) -> bytes:
    names = {"r/SHA256SUMS": b"", "r/data/tiny/study.yaml": b""}
    sums = f"{digest_bytes(b'')}  data/tiny/study.yaml\n".encode()
    return zip_of(path, names | {"r/SHA256SUMS": sums})


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (None, "No such file"),
        (lambda _: b"", "not a zip"),
        (lambda _: b"PK\3\4 no zip", "not a zip"),
        (lambda path: zip_of(path, {"r/x": b"1"})[:-30], "not a zip"),
        (damaged, "r.zip: "),
        (lambda path: zip_of(path, {"r/../../x": b"1"}), "outside of its own folder"),
        (lambda path: zip_of(path, {"/x": b"1"}), "outside of its own folder"),
        (lambda path: zip_of(path, {"r/x": bytes(10**8)}), "when unpacked"),
        (lambda path: zip_of(path, {"r/x": b"1", "r/x/y": b"1"}), "r.zip: "),
        (lambda path: zip_of(path, {"manifest.json": b"{}"}), "it has no SHA256SUMS"),
        (lambda path: zip_of(path, {"a/SHA256SUMS": b"", "b/SHA256SUMS": b""}), "2 SHA256SUMS"),
        (lambda path: zip_of(path, {"a/SHA256SUMS": b"\xff"}), "\ufffd"),
        (without_reports, "no reports of tiny"),
    ],
)
def test_zip_that_is_no_release_is_refused(
    tmp_path: Path, make: Callable[[Path], bytes] | None, named: str
) -> None:
    """Whatever is wrong with a zip, one error names it; no file is left outside of its folder."""
    path = tmp_path / "r.zip"
    if make:
        path.write_bytes(make(path))

    ended = CliRunner().invoke(app, ["verify", str(path)])

    assert isinstance(ended.exception, PublishingError), ended.exception
    assert named in str(ended.exception)
    assert [*tmp_path.iterdir()] == ([path] if make else [])


def test_withheld_tables_leave_no_zip(private: Path, tmp_path: Path) -> None:
    """Of private tables, only rows that reports show in full are packed, and no key."""
    done = pack_study(private, STUDY, tmp_path / "release.zip")
    folder = unpack(done.path)
    everything = b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    rows = (folder / f"data/{STUDY}/segments.csv").read_text(encoding="utf-8")

    assert "ken.1" in rows
    assert "uga." not in rows
    assert b"Nurses whisper" not in everything
    assert b"1 nurse" not in everything
    assert (private / "data" / STUDY / "digest.key").read_bytes().strip() not in everything
    assert any(line.startswith("segments.csv: 3 of 13 rows withheld") for line in done.withheld)


@pytest.mark.slow
def test_withheld_numbers_are_only_compared(private: Path, tmp_path: Path) -> None:
    """Where tables are withheld, the result says what was recomputed, and never that all hold."""
    path = pack_study(private, STUDY, tmp_path / "release.zip").path

    verified = verify_zip(path, Silent(), independent=True)

    assert verified.holds, verified.differing[:5]
    assert verified.differences == ()
    assert verified.identical > 0
    assert verified.only_compared > 0
    assert verified.recount
    assert verified.recount.differing == ()
    assert verified.identical + verified.only_compared == verified.published
    assert "only compared, because their tables are withheld" in verified.headline
    assert "published numbers hold" not in verified.headline
    write_receipt(verified, tmp_path / "receipt.html")
    assert "Every number" not in (tmp_path / "receipt.html").read_text("utf-8")


@pytest.mark.slow
def test_own_notebooks_are_packed_without_outputs(tmp_path: Path) -> None:
    """What running one in JupyterLab showed stays out, and the guide says whose code it is."""
    root = make_root(tmp_path / "r", "notebooks: [ours]\n")
    publish(root)

    folder = unpack(pack_study(root, STUDY, tmp_path / "release.zip").path)

    everything = b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    guide = (folder / "START-HERE.md").read_text(encoding="utf-8")
    assert "Of our own" in (folder / "notebooks" / "own" / "ours.ipynb").read_text("utf-8")
    assert b"Nurses whisper" not in everything
    assert f"compendium verify --independent {STUDY}" in guide
    with pytest.raises(PublishingError, match="notebooks of its own"):
        verify_zip(tmp_path / "release.zip", Silent())


def untagged(root: Path) -> None:
    git(root, "tag", "-d", TAG)


def moved_on(root: Path) -> None:
    git(root, "commit", "--allow-empty", "-qm", "More")


def uncommitted(root: Path) -> None:
    untagged(root)
    (root / "LICENSE").write_text("another", encoding="utf-8")


def not_under_git(root: Path) -> None:
    shutil.rmtree(root / ".git")


def other_report(root: Path) -> None:
    (root / "reports" / STUDY / "esa.html").write_text("another", encoding="utf-8")


def other_claims(root: Path) -> None:
    path = root / "data" / STUDY / "published" / "esa.claims.json"
    path.write_text("[]\n", encoding="utf-8")
    git(root, "commit", "-aqm", "Edit")
    git(root, "tag", "-f", TAG)


def missing_claims(root: Path) -> None:
    (root / "data" / STUDY / "published" / "esa.claims.json").unlink()
    git(root, "commit", "-aqm", "Delete")
    git(root, "tag", "-f", TAG)


def other_table(root: Path) -> None:
    path = table_of(root, "segments")
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")


def unpublished(root: Path) -> None:
    shutil.rmtree(root / "data" / STUDY / "published")


@pytest.mark.parametrize(
    ("change", "named", "remedy"),
    [
        (untagged, f"There is no tag {TAG}", f"git tag -a {TAG}"),
        (moved_on, f"The tag {TAG} names another commit", f"git tag -f -a {TAG} -m"),
        (uncommitted, "\n  LICENSE\n", "commit them"),
        (not_under_git, "isn't under git", "clone the repository"),
        (other_report, f"\n  reports/{STUDY}/esa.html\n", f"compendium build {STUDY}"),
        (other_claims, f"\n  data/{STUDY}/published/esa.claims.json\n", "compendium publish"),
        (missing_claims, f"\n  data/{STUDY}/published/esa.claims.json\n", "compendium publish"),
        (other_table, f"\n  data/{STUDY}/segments.csv\n", f"compendium build {STUDY}"),
        (unpublished, "release.json is missing", f"compendium publish {STUDY}"),
    ],
)
def test_what_was_not_published_so_is_not_packed(
    root: Path, change: Callable[[Path], None], named: str, remedy: str
) -> None:
    """Each reason has its own message with what to do first, and nothing is written."""
    change(root)

    with pytest.raises(PublishingError) as refusal:
        pack_study(root, STUDY, root / "build" / "release.zip")

    assert named in str(refusal.value)
    assert remedy in refusal.value.remedy
    assert not list((root / "build").glob("*release*"))


def test_tag_that_was_published_names_the_zip(root: Path) -> None:
    """Other tags of the same commit make no difference."""
    git(root, "tag", "another")

    assert pack_study(root, STUDY).path.name == f"{STUDY}-{TAG}.zip"


@pytest.mark.slow
def test_commands_that_publish_prints_lead_to_a_zip(root: Path) -> None:
    """Who runs them as they are can pack, whatever of the study wasn't committed."""
    (root / "data" / STUDY / "README.md").write_text("What it is.\n", encoding="utf-8")
    with (root / ".gitignore").open("a", encoding="utf-8") as ignored:
        ignored.write(f"!/data/{STUDY}/*\n")
    git(root, "commit", "-qam", "Publish the tables too")

    ended = CliRunner().invoke(app, ["publish", STUDY, "--tag", "v2", "--root", str(root)])
    commands = [line.strip() for line in ended.stdout.splitlines() if line.startswith("  ")]
    for command in commands[:-1]:
        git(root, *shlex.split(command)[1:])

    assert commands[-1] == f"compendium pack {STUDY}"
    assert pack_study(root, STUDY).path.name == f"{STUDY}-v2.zip"


def without_page(root: Path) -> str:
    (root / "reports" / STUDY / "esa.html").unlink()
    return f"reports/{STUDY}/esa.html"


def newer_settings(root: Path) -> str:
    with (root / "data" / STUDY / "study.yaml").open("a", encoding="utf-8") as settings:
        settings.write("# A remark.\n")
    return f"data/{STUDY}/study.yaml"


@pytest.mark.parametrize("change", [without_page, newer_settings])
def test_reports_that_are_out_of_date_are_not_published(
    root: Path, change: Callable[[Path], str]
) -> None:
    """They couldn't be packed, once they were committed and tagged."""
    folder = root / "data" / STUDY / "published"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    offender = change(root)

    ended = CliRunner().invoke(app, ["publish", STUDY, "--tag", "v2", "--root", str(root)])

    assert isinstance(ended.exception, PublishingError)
    assert ended.exception.offenders == (offender,)
    assert ended.exception.remedy == f"compendium build {STUDY}"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_unreadable_citation_leaves_what_was_published(root: Path) -> None:
    """CITATION.cff is read before anything is written."""
    (root / "CITATION.cff").write_text("- no\n- citation\n", encoding="utf-8")
    folder = root / "data" / STUDY / "published"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    with pytest.raises(PublishingError, match=r"CITATION\.cff can't be read"):
        write_publication(root, root / "reports" / STUDY, Publication(STUDY, "v2", "2027-06-01", 1))

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("tag", ["-x", "a..b", "v 1", "x/", "a/.b", "a//b", "a.lock/b", "v1."])
def test_what_can_be_no_tag_is_refused(root: Path, tag: str) -> None:
    """A tag that git doesn't accept is refused before anything is rebuilt."""
    ended = CliRunner().invoke(app, ["publish", STUDY, f"--tag={tag}", "--root", str(root)])

    assert isinstance(ended.exception, PublishingError)
    assert "This can't be a tag" in str(ended.exception)
