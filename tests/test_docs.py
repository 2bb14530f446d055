from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

import analysis
from analysis.cli import app
from analysis.study.settings import Author, Coder, DoubleCoding, Publication, Study
from analysis.tables.received import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "src" / "analysis"
FOLDERS = ("benchmarks", "docs", "data", "expectations", "notebooks", "src", "tests")
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [*ROOT.glob("*.md"), *(p for name in FOLDERS for p in ROOT.glob(f"{name}/**/*.md"))]
)

# The words of a study, one meaning each.
TERMS = (
    "study",
    "instrument",
    "submission",
    "focus group",
    "segment",
    "codebook",
    "code",
    "theme",
    "coder",
    "code application",
    "coding unit",
    "agreement",
    "prevalence",
    "place",
    "finding",
    "claim",
    "excerpt",
    "suite, expectation",
    "task",
    "partition",
    "provenance",
)
# Of the words not to use, those that mean nothing else: a "quote" may be a mark, a "tag" HTML's.
UNUSED = re.compile(
    r"\b(snippets?|annotat(?:ors?|ions?)|raters?|respondents?|interviewees?|datasets?)\b",
    re.IGNORECASE,
)

FENCE = re.compile(r"^ *```.*?\n(?P<code>.*?)^ *```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`(?P<code>[^`\n]+)`")
MODULE = re.compile(r"`(?P<module>(?:src/analysis/)?[a-z]+/[\w/]+?(?:\.py)?)`")
CONSTANT = re.compile(r"`(?P<constant>[A-Z][A-Z_]+)` in `(?P<path>src/[\w/]+\.py)`")
LINK = re.compile(r"\]\((?P<target>[^()\s]+)\)")
HEADING = re.compile(r"^#+ (?P<heading>.+)$", re.MULTILINE)
ROW = re.compile(r"^\| *(?P<first>.+?) *\|", re.MULTILINE)
TITLE = re.compile(r"\*[^*\n]+\*")

FIGURES = re.compile(
    r"^<!-- figures: (?P<name>\S+) -->\n(?P<figures>.*?)^<!-- end: (?P=name) -->$",
    re.MULTILINE | re.DOTALL,
)


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def prose_of(text: str) -> str:
    return SPAN.sub("", FENCE.sub("", text))


def code_of(page: str) -> Iterator[str]:
    """Yield each line of code, in a block or within a sentence."""
    text = read(page)
    for block in FENCE.finditer(text):
        yield from block["code"].splitlines()
    yield from (span["code"] for span in SPAN.finditer(FENCE.sub("", text)))


def commands_in(lines: Iterable[str], program: str) -> Iterator[list[str]]:
    """Yield what follows the program in each line of code that calls it."""
    for line in lines:
        words = line.partition(" #")[0].split()
        if words and words[0].removeprefix(".venv/bin/") == program:
            yield words[1:]


def section_of(page: str, heading: str) -> str:
    """Return what is under a heading, up to the next of its level."""
    return re.split(r"^## ", read(page).partition(f"## {heading}\n")[2], flags=re.MULTILINE)[0]


def first_column(text: str) -> list[str]:
    """Return the first column of the tables of a text, without their headers."""
    return [
        row["first"].strip("`")
        for table in re.findall(r"(?:^ *\|.*\n)+", text, re.MULTILINE)
        for row in ROW.finditer(table.split("\n", 2)[2])
    ]


@pytest.fixture(scope="module")
def options() -> dict[str, set[str]]:
    """Give the options of each command of the program."""
    return {
        name: {"--help"}.union(*(each.opts for each in command.params))
        for name, command in app.commands.items()
    }


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    """Each link within the repository leads to a file, and its anchor to a heading there."""
    lost = []
    for link in LINK.finditer(prose_of(read(page))):
        target, _, anchor = link["target"].partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        path = (ROOT / page).parent / target if target else ROOT / page
        if not path.exists() or (anchor and anchor not in anchors_of(path)):
            lost.append(link["target"])

    assert lost == []


def anchors_of(path: Path) -> set[str]:
    """Return the anchors that readers of Markdown make of headings."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    headings = [found["heading"].lower() for found in HEADING.finditer(text)]
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_commands_exist(page: str, options: dict[str, set[str]]) -> None:
    """Each command of compendium that a page names exists, and so does each of its options."""
    commands = commands_in(code_of(page), "compendium")

    assert [" ".join(command) for command in commands if not is_known(command, options)] == []


def is_known(command: list[str], options: dict[str, set[str]]) -> bool:
    if command in ([], ["--help"]):
        return True
    name, *words = command
    return name in options and {w for w in words if w.startswith("--")} <= options[name]


def test_page_of_commands_has_each_once() -> None:
    """Whoever looks for a command finds it in one of its tables."""
    named = [
        row.removeprefix("compendium ")
        for row in first_column(read("docs/commands.md"))
        if row.startswith("compendium ")
    ]

    assert sorted(named) == sorted(app.commands)


def test_index_names_every_page_of_the_docs_once() -> None:
    """Whoever looks for a page finds it in the table and in the menu of the site."""
    table, _, menu = read("docs/index.md").partition("```{toctree}")
    linked = re.findall(r"\]\(([\w-]+)\.md\)", table)
    listed = re.findall(r"^([\w-]+)$", menu.replace("toctree", ""), re.MULTILINE)
    pages = [page[5:-3] for page in PAGES if page.startswith("docs/") and page[5:] != "index.md"]

    assert sorted(linked) == sorted(listed) == pages


@pytest.mark.parametrize("page", PAGES)
def test_targets_exist(page: str) -> None:
    """Each target of make that a page names is in the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    named = {
        word
        for command in commands_in(code_of(page), "make")
        for word in command
        if "=" not in word and not word.startswith("-")
    }

    assert named - targets == set()


def test_reproducing_quotes_what_the_program_prints() -> None:
    """Each message in the table of problems is one of the program."""
    sources = [*SOURCES.rglob("*.py"), ROOT / "locks" / "install"]
    program = "".join(path.read_text(encoding="utf-8") for path in sources)
    problems = section_of("REPRODUCING.md", "When something goes wrong")
    quoted = re.findall(r"^\| `([^`]+)` \|", problems, re.MULTILINE)
    # The shell prints the first; the second has a word for one and a number for several.
    others = {"compendium: command not found", "A critical expectation did not hold"}
    parts = [part for each in quoted if each not in others for part in re.split("…|3.x", each)]

    assert others < set(quoted)
    assert [part for part in parts if part.strip(" .") not in program] == []


def test_contributing_names_modules_that_exist() -> None:
    """Each module on the walks, and each constant of one, is where the page says."""
    page = read("CONTRIBUTING.md")
    paths = [each.removeprefix("src/analysis/") for each in MODULE.findall(page)]
    named = [path for path in paths if (SOURCES / path.partition("/")[0]).is_dir()]
    constants = CONSTANT.findall(page)

    assert [path for path in named if not is_module(SOURCES / path.removesuffix(".py"))] == []
    assert [name for name, path in constants if f"\n{name} = " not in read(path)] == []
    assert named
    assert constants


def is_module(path: Path) -> bool:
    return path.is_dir() or path.with_suffix(".py").is_file()


def test_glossary_has_every_term() -> None:
    """The glossary opens with the terms of the design, in their order."""
    assert first_column(section_of("docs/glossary.md", "The words of a study")) == list(TERMS)


def test_glossary_has_one_meaning_a_word() -> None:
    """No word has two entries in the glossary."""
    words = first_column(read("docs/glossary.md"))

    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_page_on_tables_explains_every_setting() -> None:
    """Every key of study.yaml is on the page on tables, and no other."""
    models = (Author, Coder, DoubleCoding, Publication)
    keys = set(Study.model_fields) - {"name"}
    keys |= {key for model in models for key in model.model_fields}

    assert set(first_column(section_of("docs/tables.md", "study.yaml"))) == keys


@pytest.mark.parametrize("table", COLUMNS)
def test_page_on_tables_explains_every_column(table: str) -> None:
    """The page on tables has every column of each, in its order."""
    shown = first_column(section_of("docs/tables.md", f"{table}.csv"))

    assert shown[: len(COLUMNS[table])] == list(COLUMNS[table])


@pytest.mark.parametrize(
    "page",
    [
        *(page for page in PAGES if page != "docs/glossary.md"),
        *sorted(p.relative_to(ROOT).as_posix() for p in ROOT.glob("src/analysis/**/*.j2")),
        *sorted(p.relative_to(ROOT).as_posix() for p in ROOT.glob("notebooks/*.ipynb")),
    ],
)
def test_words_of_the_glossary_are_used(page: str) -> None:
    """What readers see has no word in whose place the glossary has another."""
    own_words = TITLE.sub("", prose_of(read(page)))

    assert UNUSED.findall(own_words) == []


def test_citation_names_this_version() -> None:
    """CITATION.cff and the README cite the version that the package has."""
    citation = yaml.safe_load(read("CITATION.cff"))

    assert (citation["version"], f"version {analysis.__version__}" in read("README.md")) == (
        analysis.__version__,
        True,
    )
    # As `compendium publish` writes it, which then changes only what changed.
    written = yaml.safe_dump(citation, sort_keys=False, allow_unicode=True, width=100)
    assert written == read("CITATION.cff")


def test_changelog_has_changed_results() -> None:
    """Each version in the changelog says which results changed."""
    versions = re.split(r"^## ", read("CHANGELOG.md"), flags=re.MULTILINE)[1:]

    assert [version for version in versions if "\n### Changed results\n" not in version] == []


def test_figures_are_where_they_are_announced() -> None:
    """Wherever a page leaves room for what was measured, it is there, with the machine."""
    places = {
        f"{page} {name}": shown for page in PAGES for name, shown in FIGURES.findall(read(page))
    }
    marks = sum(read(page).count("<!-- figures: ") for page in PAGES)

    assert len(places) == marks > 0
    assert [name for name, shown in places.items() if "Measured on" not in shown] == []
