"""How Sphinx makes the site from the pages of the repository: ``make site``."""

project = "Focus group compendium"
author = "The focus group compendium authors"
copyright = "2026, the focus group compendium authors. Text: CC BY 4.0, code: MIT"  # noqa: A001

# The source folder is the root of the repository, so that links work here as they do on GitHub.
root_doc = "docs/index"
include_patterns = [
    "README.md",
    "REPRODUCING.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "CODE_OF_CONDUCT.md",
    "SECURITY.md",
    "LICENSE-DATA.md",
    "docs/*.md",
    "data/README.md",
    "data/africa-2020/README.md",
    "data/demo/README.md",
    "notebooks/README.md",
    "notebooks/exercises/README.md",
    "expectations/README.md",
    "benchmarks/README.md",
    "benchmarks/personal_data/README.md",
]

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_click",
    "sphinx_copybutton",
]
myst_heading_anchors = 4
autodoc_typehints = "description"
napoleon_google_docstring = False

html_theme = "furo"
html_title = "Focus group compendium"
html_additional_pages = {"index": "landing.html"}
templates_path = ["_templates"]
html_static_path: list[str] = []
html_copy_source = False
html_show_sphinx = False
