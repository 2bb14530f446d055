from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from analysis.errors import PublishingError
from analysis.publishing.assembly import read_quality, release_study, require_links
from analysis.publishing.html_reader import PageLinks, parse_html
from analysis.publishing.manifest import (
    Provenance,
    ReportRecord,
    read_manifest,
    read_reports,
    write_record,
)
from analysis.publishing.quality_page import read_quality_record
from analysis.publishing.release import (
    Release,
    leftovers_of,
    recover_release,
    require_release,
    stage_release,
)
from analysis.quality.outcomes import CheckReport, Outcome, write_outcomes
from analysis.tables.build_folder import WHOLE, BuildFolder
from built.checkout import bytes_below
from tiny_study import STUDY, put_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.study.opened_study import OpenedStudy


MADE = Provenance(inputs={"data/places.csv": "1"}, code="2", lock="3", versions={})
PLACES = ("esa", "wca")
GHA = 4


def found(*rows: int, stage: str = "received") -> CheckReport:
    """Return a report of one expectation that falls short of some rows."""
    verdict = "fell_short" if rows else "held"
    shown = {"ids": ("",) * len(rows), "failing": len(rows)}
    outcome = Outcome(
        expectation="a",
        table="segments",
        stage=stage,
        severity="warning",
        verdict=verdict,
        fault="no words",
        touches=(),
        **shown,
    )
    return CheckReport((outcome,))


def make_page(
    build: BuildFolder, name: str, html: str = "<h1>A report</h1>", *, has_place: bool = True
) -> None:
    """Make the files of a report with its record, in place of those of its last build."""
    folder = build.page(name)
    folder.mkdir(parents=True, exist_ok=True)
    for ending, text in (("html", html), ("ipynb", "{}"), ("claims.json", "[]")):
        (folder / f"{name}.{ending}").write_text(text, encoding="utf-8")
    record = ReportRecord(
        name=name,
        title=name,
        kind="Regional synthesis",
        notebook="03-regional-synthesis.ipynb",
        parameters={"study": STUDY, "place": name},
        place=name if has_place else "",
        claims=0,
        focus_groups=2,
    )
    pages = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}
    links = {file: parse_html(text, file).links for file, text in pages.items()}
    write_record(record, links, folder)


@pytest.fixture
def build(opened: OpenedStudy) -> BuildFolder:
    """Give what a build of two regions has left."""
    build = BuildFolder(opened.root / "build" / STUDY)
    write_outcomes(found(), build.published("received", WHOLE))
    for place in PLACES:
        make_page(build, place)
        write_outcomes(found(stage="cleaned"), build.published("cleaned", place))
    return build


def release_of(opened: OpenedStudy, *names: str, is_partial: bool = False) -> Release:
    target = opened.root / "reports" / STUDY
    return Release(target, {name: f"key of {name}" for name in names}, names, is_partial)


def make_release(opened: OpenedStudy, build: BuildFolder, release: Release) -> None:
    release_study(opened, build, release, MADE, before_swap=lambda: None)


def test_release_has_what_the_build_left(opened: OpenedStudy, build: BuildFolder) -> None:
    """A release holds the files of its reports, and the pages and records around them."""
    release = release_of(opened, *PLACES)
    make_release(opened, build, release)

    assert {path.name for path in release.target.iterdir()} == {
        *(f"{name}.{end}" for name in PLACES for end in ("html", "ipynb", "claims.json")),
        *(
            "index.html",
            "methods.html",
            "checklist.html",
            "quality.html",
            "quality.json",
            "manifest.json",
        ),
    }
    assert (release.target.parent / "index.html").is_file()
    assert sorted(path.name for path in release.target.parent.iterdir()) == ["index.html", STUDY]


def test_what_refuses_at_the_last_moment_leaves_the_last_release(
    opened: OpenedStudy, build: BuildFolder
) -> None:
    """Until all is ready a release may be refused; the last one stays, and so does the index."""
    release = release_of(opened, *PLACES)
    make_release(opened, build, release)
    before = bytes_below(release.target.parent)
    make_page(build, "esa", "<h1>Another</h1>")

    def refuse() -> None:
        raise PublishingError("Inputs changed.")

    with pytest.raises(PublishingError, match=r"Inputs changed\."):
        release_study(opened, build, release, MADE, before_swap=refuse)

    after = bytes_below(release.target.parent)
    assert {name: after.get(name) for name in before} == before


def test_manifest_shows_what_each_report_is_made_from(
    opened: OpenedStudy, build: BuildFolder
) -> None:
    """The manifest shows all that a release is made from, and that of each report."""
    release = release_of(opened, *PLACES)
    make_release(opened, build, release)

    manifest = read_manifest(release.target)
    assert {name: manifest[name] for name in asdict(MADE)} == asdict(MADE)
    shown = {report.name: report.made_from for report in read_reports(release.target)}
    assert shown == {"esa": "key of esa", "wca": "key of wca"}


def test_partial_release_takes_others_along(opened: OpenedStudy, build: BuildFolder) -> None:
    """Where some places are built, the reports on others stay, with what checks found in them."""
    write_outcomes(found(9, stage="cleaned"), build.published("cleaned", "wca"))
    make_release(opened, build, release_of(opened, *PLACES))
    make_page(build, "esa", "<h1>Another</h1>")
    make_page(build, "wca", "<h1>Not yet released</h1>")
    release = release_of(opened, "esa", is_partial=True)
    make_release(opened, build, release)

    pages = {name: (release.target / f"{name}.html").read_text() for name in PLACES}
    assert pages == {"esa": "<h1>Another</h1>", "wca": "<h1>A report</h1>"}
    assert [report.name for report in read_reports(release.target)] == ["esa", "wca"]
    kept = read_quality_record(release.target).cleaned
    assert [kept[place].outcomes[0].failing for place in PLACES] == [0, 1]


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("consent", "public-without-names", "ken is public-without-names, and was public"),
        ("consent", "aggregate-only", "ken is aggregate-only, and was public"),
        ("consent", "none", "ken may not be counted any more"),
        ("consent", "", "ken may not be counted any more"),
        ("withdrawn", "2020-11-01", "ken may not be counted any more"),
        ("focus_group", "other", "ken may not be counted any more"),
    ],
)
def test_report_that_shows_more_than_it_may_is_not_taken_along(
    opened: OpenedStudy, build: BuildFolder, column: str, value: str, shown: str
) -> None:
    """Where a focus group left or its consent is stricter, all reports on it are built again."""
    make_release(opened, build, release_of(opened, *PLACES))
    put_value(opened.root, "focus_groups", (2, column), value)
    release = release_of(opened, "wca", is_partial=True)
    before = {path.name: path.read_bytes() for path in release.target.iterdir()}

    with pytest.raises(PublishingError, match="what consent no longer allows") as refusal:
        make_release(opened, build, release)
    assert refusal.value.offenders == (shown,)
    assert {path.name: path.read_bytes() for path in release.target.iterdir()} == before
    assert [path.name for path in release.target.parent.glob(".*")] == []
    make_release(opened, build, release_of(opened, *PLACES, is_partial=True))


def test_report_is_taken_along_where_more_may_be_shown(
    opened: OpenedStudy, build: BuildFolder
) -> None:
    """A wider consent, and a focus group that joined, ask for no whole build."""
    put_value(opened.root, "focus_groups", (2, "consent"), "none")
    make_release(opened, build, release_of(opened, *PLACES))
    put_value(opened.root, "focus_groups", (2, "consent"), "public")
    put_value(opened.root, "focus_groups", (3, "consent"), "public")
    release = release_of(opened, "wca", is_partial=True)
    make_release(opened, build, release)

    assert read_manifest(release.target)["consent"] == {
        "afr": "public",
        "gha": "public-without-names",
        "ken": "public",
        "uga": "public",
    }


@pytest.mark.parametrize(
    ("participants", "is_refused"),
    [
        ("5 Network Members", False),
        ("7 network members", False),
        ("8 network members", True),
        ("5 nurses", True),
        ("many", True),
    ],
    ids=["same", "same-rounded", "more", "kind", "not-reported"],
)
def test_report_whose_participants_changed_is_not_carried_over(
    opened: OpenedStudy, build: BuildFolder, participants: str, *, is_refused: bool
) -> None:
    """A partial build refuses to keep a page that would show other participants now."""
    claims = [
        {"id": "wca.participants", "value": 5, "unit": "participants"},
        {"id": "wca.kinds.network-members", "value": 1, "unit": "focus groups"}
        | {"numerator": 1, "denominator": 1},
    ]
    (build.page("wca") / "wca.claims.json").write_text(json.dumps(claims), encoding="utf-8")
    make_release(opened, build, release_of(opened, *PLACES))
    before = bytes_below(opened.root / "reports")
    put_value(opened.root, "focus_groups", (GHA, "participants"), participants)
    release = release_of(opened, "esa", is_partial=True)

    if not is_refused:
        make_release(opened, build, release)
        return
    with pytest.raises(PublishingError, match="show other participants") as refusal:
        make_release(opened, build, release)
    assert refusal.value.offenders == ("wca: its participants have changed",)
    assert bytes_below(opened.root / "reports") == before


@pytest.mark.parametrize(("people", "is_refused"), [(7, False), (8, True), (3, True)])
def test_coverage_whose_participants_changed_is_not_carried_over(
    opened: OpenedStudy, build: BuildFolder, people: int, *, is_refused: bool
) -> None:
    """The page on the whole study shows participants by place, and in all places."""
    totals = {"esa": 15, "wca": 5, "africa": 10, "all": 30}
    kinds = {"esa": 1, "wca": 1, "africa": 1, "all": 3}
    claims = [
        *({"id": f"study.heard.participants.{home}", "value": n} for home, n in totals.items()),
        *(
            {"id": f"study.heard.kinds.network-members.{home}", "value": n, "denominator": n}
            for home, n in kinds.items()
        ),
    ]
    blank = dict.fromkeys(("unit", "label", "numerator", "denominator"))
    make_page(build, "coverage", has_place=False)
    path = build.page("coverage") / "coverage.claims.json"
    path.write_text(json.dumps([blank | each for each in claims]), "utf-8")
    made = {name: name for name in (*PLACES, "coverage")}
    make_release(
        opened, build, Release(opened.root / "reports" / STUDY, made, PLACES, is_partial=False)
    )
    put_value(opened.root, "focus_groups", (GHA, "participants"), f"{people} network members")
    release = release_of(opened, *PLACES, is_partial=True)

    if not is_refused:
        make_release(opened, build, release)
        return
    with pytest.raises(PublishingError, match="show other participants") as refusal:
        make_release(opened, build, release)
    assert refusal.value.offenders == ("coverage: its participants have changed",)


@pytest.mark.parametrize("lost", ["consent", "manifest.json"])
def test_release_without_consents_is_not_carried_over(
    opened: OpenedStudy, build: BuildFolder, lost: str
) -> None:
    """Where nobody knows what the last release may show, as an older one, all is built again."""
    release = release_of(opened, *PLACES)
    make_release(opened, build, release)
    manifest = {
        name: shown for name, shown in read_manifest(release.target).items() if name != lost
    }
    (release.target / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    if lost == "manifest.json":
        (release.target / lost).unlink()

    with pytest.raises(PublishingError, match="what consent no longer allows"):
        make_release(opened, build, release_of(opened, "wca", is_partial=True))


def test_whole_release_takes_nothing_along(opened: OpenedStudy, build: BuildFolder) -> None:
    """Where a whole study is built, reports that it no longer has are gone."""
    make_release(opened, build, release_of(opened, *PLACES))
    release = release_of(opened, "esa")
    make_release(opened, build, release)

    assert [report.name for report in read_reports(release.target)] == ["esa"]
    assert not (release.target / "wca.html").exists()


def test_pages_that_a_report_no_longer_has_are_gone(
    opened: OpenedStudy, build: BuildFolder
) -> None:
    """Of a report that is built again, no file of its last release stays."""
    (build.page("esa") / "esa.words-001.html").write_text("<h1>Words</h1>", encoding="utf-8")
    make_release(opened, build, release_of(opened, *PLACES))
    (build.page("esa") / "esa.words-001.html").unlink()
    release = release_of(opened, "esa", is_partial=True)
    make_release(opened, build, release)

    assert not (release.target / "esa.words-001.html").exists()


def test_link_that_leads_nowhere_leaves_the_last_release(
    opened: OpenedStudy, build: BuildFolder
) -> None:
    """A release whose pages link to what is not there is refused, and the last one stays."""
    release = release_of(opened, *PLACES)
    make_release(opened, build, release)
    before = {path.name: path.read_bytes() for path in release.target.iterdir()}
    make_page(build, "esa", '<h1>Another</h1><a href="wca.html#none">Elsewhere</a>')

    with pytest.raises(PublishingError, match=r"esa\.html: wca\.html has no id none"):
        make_release(opened, build, release)

    assert {path.name: path.read_bytes() for path in release.target.iterdir()} == before


def test_quality_is_that_of_all_tables(build: BuildFolder) -> None:
    """The outcomes of the tables as received come first, then those of cleaned tables."""
    write_outcomes(found(2, 3, 7), build.published("received", WHOLE))
    write_outcomes(found(5, stage="cleaned"), build.published("cleaned", "wca"))

    quality = read_quality(build.published, PLACES)

    assert [outcome.failing for outcome in quality.received.outcomes] == [3]
    assert {place: shown.outcomes[0].failing for place, shown in quality.cleaned.items()} == {
        "esa": 0,
        "wca": 1,
    }


def test_place_of_which_nothing_was_found_yet_is_left_out(build: BuildFolder) -> None:
    """Where a build stopped before cleaned tables were checked, that is no finding."""
    build.published("cleaned", "wca").unlink()

    assert list(read_quality(build.published, PLACES).cleaned) == ["esa"]


def test_order_of_reports_changes_no_byte(opened: OpenedStudy, build: BuildFolder) -> None:
    """A release is the same in whatever order its reports were made."""
    shown = []
    for names in (PLACES, PLACES[::-1]):
        release = release_of(opened, *names)
        make_release(opened, build, release)
        shown.append({path.name: path.read_bytes() for path in release.target.iterdir()})

    assert shown[0] == shown[1]
    assert json.loads(shown[0]["manifest.json"])["reports"][0]["name"] == "esa"


def write(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "esa.html").write_text(text, encoding="utf-8")
    return folder


def read(folder: Path) -> str:
    return (folder / "esa.html").read_text(encoding="utf-8")


def build_of(target: Path) -> Path:
    return target.parents[1] / "build" / target.name


def stat_with_disk_of(other: Path) -> Callable[..., os.stat_result]:
    """Return a `Path.stat` by which a folder is on a disk of its own."""

    def stat(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        found = os.stat(path, follow_symlinks=follow_symlinks)  # noqa: PTH116 (it is replaced)
        if path != other:
            return found
        return os.stat_result((*found[:2], found.st_dev + 1, *found[3:]))

    return stat


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Give a release."""
    return write(tmp_path / "reports" / "tiny", "last")


@pytest.mark.parametrize(("carry_over", "files"), [(True, ["esa.html"]), (False, [])])
def test_last_release_is_taken_along_when_asked(
    target: Path,
    carry_over: bool,  # noqa: FBT001
    files: list[str],
) -> None:
    """The next release starts with the files of the last, or with none."""
    staged = stage_release(target, build_of(target), carry_over=carry_over)

    assert [path.name for path in staged.iterdir()] == files


def test_release_is_staged_in_its_build(target: Path) -> None:
    """Until it is whole, a release is in a folder that nobody publishes."""
    staged = stage_release(target, build_of(target), carry_over=False)

    assert staged.parent == build_of(target)
    assert [path.name for path in target.parent.iterdir()] == ["tiny"]


def test_release_on_another_disk_is_staged_next_to_it(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder can't be renamed from another disk; what a kill then leaves is removed next."""
    other = build_of(target)
    monkeypatch.setattr(Path, "stat", stat_with_disk_of(other))

    staged = write(stage_release(target, other, carry_over=False), "cut short")
    recover_release(target)

    assert staged == target.with_name(".tiny.next")
    assert [path.name for path in target.parent.iterdir()] == ["tiny"]


def test_what_a_failed_build_left_is_gone(target: Path) -> None:
    """A folder that a failed build left is not taken for the next release."""
    build = build_of(target)
    write(stage_release(target, build, carry_over=False), "broken")

    assert list(stage_release(target, build, carry_over=False).iterdir()) == []


def test_release_whose_swap_was_cut_short_is_put_back(target: Path) -> None:
    """What a build that was cut short may leave next to a release is known by its place."""
    staged, previous = leftovers_of(target)
    target.rename(previous)

    recover_release(target)

    assert (staged.name, previous.name, read(target)) == (".tiny.next", ".tiny.previous", "last")


@pytest.mark.parametrize("names", [None, (), ("manifest.json",), ("esa.claims.json", "x")])
def test_place_of_a_release_is_taken(tmp_path: Path, names: tuple[str, ...] | None) -> None:
    """A release goes where nothing is, or an empty folder, or another release or part of one."""
    target = tmp_path / "tiny"
    if names is not None:
        target.mkdir()
        for name in names:
            (target / name).touch()

    assert require_release(target) is None


@pytest.mark.parametrize("name", ["segments.csv", "index.html", ""])
def test_what_is_no_release_is_never_replaced(tmp_path: Path, name: str) -> None:
    """A folder of something else, or a file, is named and left alone."""
    target = tmp_path / "tiny"
    if name:
        target.mkdir()
    (target / name).touch()

    with pytest.raises(PublishingError, match="has other files") as refusal:
        require_release(target)

    assert refusal.value.offenders == (str(target),)
    assert "--out" in refusal.value.remedy


WORDS = '<ol><li id="segment-a.1"></li></ol>'


def links_of(**pages: str) -> dict[str, PageLinks]:
    """Return the links of pages, by their files."""
    return {
        f"{name.replace('_words', '.words-001')}.html": parse_html(html, name).links
        for name, html in pages.items()
    }


@pytest.mark.parametrize(
    "link",
    [
        '<a href="esa.words-001.html#segment-a.1">',
        "<A class='x' HREF='esa.words-001.html#segment-a&#46;1'>",
        '<a href="esa.words-001.html">',
        '<a href="esa.ipynb">',
        '<a href="../index.html#nowhere">',
        '<a href="#own">',
        '<a href="https://example.org/x.html#y">',
        '<a href="//example.org/x.html#y">',
        '<a href="mailto:a@example.org">',
        '<a title="see href=none.html" data-href="none.html" href="esa.html">',
        '<p title="href">href="none.html" &lt;a href="none.html"&gt;',
    ],
)
def test_link_that_leads_somewhere_is_taken(tmp_path: Path, link: str):
    """Links to ids and files of the release, out of it, and within the page are accepted."""
    (tmp_path / "esa.ipynb").write_text("", encoding="utf-8")

    require_links(tmp_path, links_of(esa=f"{link}</{link[1]}>", esa_words=WORDS))


@pytest.mark.parametrize(
    ("link", "offender"),
    [
        (
            '<a href="esa.words-001.html#segment-a.2">',
            "esa.html: esa.words-001.html has no id segment-a.2",
        ),
        (
            "<A class='x' HREF='esa.words-001.html#segment-b'>",
            "esa.html: esa.words-001.html has no id segment-b",
        ),
        ('<a href="esa.words-002.html#segment-a.1">', "esa.html: esa.words-002.html is not there"),
        ('<a href="downloads/x.csv">', "esa.html: downloads/x.csv is not there"),
        ('<area href="wca.html?a#b">', "esa.html: wca.html is not there"),
    ],
)
def test_link_that_leads_nowhere_is_refused(tmp_path: Path, link: str, offender: str):
    """A link to an id or a file that the release lacks is refused, and reported once."""
    html = (link if link.startswith("<area") else f"{link}</a>") * 2

    with pytest.raises(PublishingError) as refused:
        require_links(tmp_path, links_of(esa=html, esa_words=WORDS))

    assert refused.value.offenders == (offender,)


def test_links_to_reports_of_another_build_may_be_broken(tmp_path: Path):
    """Where only some reports were built, links to others, and from them, may be broken for now."""
    pages = links_of(
        africa='<a href="esa.html#a"></a><a href="wca.html#b"></a>',
        index='<a href="africa.html#c"></a>',
    )
    (tmp_path / "esa.html").write_text("<p></p>", encoding="utf-8")

    require_links(tmp_path, pages, made=["africa"])


def test_links_between_reports_that_were_built_are_checked(tmp_path: Path):
    """Where only some reports were built, links between these must hold, pages of segments too."""
    html = '<a href="esa.words-001.html#b"></a><a href="wca.html#c"></a>'

    with pytest.raises(PublishingError) as refused:
        require_links(tmp_path, links_of(esa=html, esa_words=WORDS), made=["esa"])

    assert refused.value.offenders == ("esa.html: esa.words-001.html has no id b",)
