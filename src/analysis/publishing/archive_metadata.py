"""What an archive reads of a packed release: RO-Crate, Data Package and CodeMeta, as plain JSON.

The crate follows RO-Crate 1.1 and the profile Process Run Crate 0.5; the data package is a
Frictionless Data Package 2; the description of the software is CodeMeta 3. All ids come from the
digest of the manifest and all times from the tag's commit: the same release gives the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.study.settings import Author, Study

CRATE, DATA_PACKAGE, CODEMETA = "ro-crate-metadata.json", "datapackage.json", "codemeta.json"
CRATE_VERSION = "https://w3id.org/ro/crate/1.1"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
PACKAGE_SCHEMA = "https://datapackage.org/profiles/2.0/datapackage.json"
TABLE_SCHEMA = "https://datapackage.org/profiles/2.0/tableschema.json"
CODEMETA_CONTEXT = "https://w3id.org/codemeta/3.0"
MIT = "https://spdx.org/licenses/MIT"
DATA_LICENCE = "LICENSE-DATA.md"
MADE = ("data", "reports")
"""Folders whose files the crate lists one by one; others are code."""

MEDIA_TYPES = {
    ".cff": "application/yaml",
    ".csv": "text/csv",
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".json": "application/json",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".qdpx": "application/zip",
    ".toml": "application/toml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}
"""By the ending of a file: those of the standard library differ between machines."""

PRIMARY_KEYS = {"codebook": "code", "focus_groups": "focus_group", "segments": "segment"}
# Each column has the same name in the other table. Codes are left out: in place of one there may be
# none, or a code of an older version of the codebook.
REFERENCES = {
    "segments": ("focus_group", "focus_groups"),
    "code_applications": ("segment", "segments"),
}
SOFTWARE = {
    "name": "Focus group compendium",
    "description": "A reproducible research compendium for coded focus groups: from submissions to "
    "regional and continental synthesis reports, every number traceable to the words it rests on.",
}

Entity = dict[str, Any]


@dataclass(frozen=True)
class PackedFile:
    """One file of a packed release.

    Parameters
    ----------
    path : str
        Its path in the release.
    sha256 : str
        Its digest.
    size : int
        Its size in bytes.
    columns : tuple of str
        The columns of a table.
    """

    path: str
    sha256: str
    size: int
    columns: tuple[str, ...] = ()

    @property
    def media_type(self) -> str:
        """Its media type."""
        return MEDIA_TYPES.get(PurePosixPath(self.path).suffix, "application/octet-stream")


@dataclass(frozen=True)
class Archived:
    """A packed release, as its metadata describes it.

    Parameters
    ----------
    settings : Study
        The settings of the study.
    tag : str
        The tag of git that names the release.
    version : str
        The version of the compendium.
    made_at : str
        The time of the tag's commit, in ISO 8601 with its zone.
    manifest_sha256 : str
        The digest of the manifest.
    manifest : mapping
        The manifest.
    files : tuple of PackedFile
        Its files, without the metadata themselves.
    """

    settings: Study
    tag: str
    version: str
    made_at: str
    manifest_sha256: str
    manifest: Mapping[str, Any]
    files: tuple[PackedFile, ...]

    @property
    def description(self) -> str:
        """What it is, in two sentences."""
        what = "synthetic" if self.settings.synthetic else "real"
        return (
            f"Reports, tables as consent allows, and code of the {what} study "
            f"“{self.settings.title}”. START-HERE.md shows how to check every number."
        )

    @property
    def citation(self) -> str:
        """How it is cited: authors, year, title, tag, and where it is."""
        authors = "; ".join(each.name for each in self.settings.authors)
        who = f"{authors} ({self.made_at[:4]}). " if authors else ""
        where = f" {self.settings.repository}" if self.settings.repository else ""
        return f"{who}{self.settings.title}: {self.tag}.{where}"

    def below(self, folder: str) -> list[PackedFile]:
        """Return its files in a folder."""
        return [each for each in self.files if each.path.startswith(f"{folder}/")]


def describe_archive(archived: Archived) -> dict[str, bytes]:
    """Return the files of metadata of a packed release, by their names.

    Parameters
    ----------
    archived : Archived
        The release.
    """
    described = {
        CRATE: describe_crate(archived),
        DATA_PACKAGE: describe_data(archived),
        CODEMETA: describe_software(archived),
    }
    return {
        name: (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
        for name, content in described.items()
    }


def describe_crate(archived: Archived) -> Entity:
    """Return the RO-Crate: the files, and the run that made the reports from the data."""
    settings = archived.settings
    files = [_file(each) for folder in ("data", "reports") for each in archived.below(folder)]
    outside = [each.path for each in archived.files if each.path.split("/")[0] not in MADE]
    code = [_code(name, archived) for name in sorted({_top(path) for path in outside})]
    authors = _authors(settings.authors)
    organisations = [
        {"@id": _organisation(name), "@type": "Organization", "name": name}
        for name in dict.fromkeys(each.affiliation for each in settings.authors if each.affiliation)
    ]
    software = {
        "@id": f"urn:sha256:{archived.manifest['code']}",
        "@type": "SoftwareApplication",
        **SOFTWARE,
        "softwareVersion": archived.version,
        "url": settings.repository,
        "hasPart": _ids(each for each in code if each["@id"] == "src/"),
    }
    run = _build(archived, software, authors)
    graph: list[Entity] = [
        {
            "@id": CRATE,
            "@type": "CreativeWork",
            "conformsTo": {"@id": CRATE_VERSION},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": f"{settings.title}: {archived.tag}",
            "description": archived.description,
            "datePublished": archived.made_at,
            "version": archived.tag,
            "identifier": f"urn:sha256:{archived.manifest_sha256}",
            "license": {"@id": DATA_LICENCE},
            "conformsTo": {"@id": PROFILE},
            "author": _ids(authors),
            "hasPart": _ids([*files, *code]),
            "mentions": {"@id": run["@id"]},
        },
        {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        run,
        software,
        *authors,
        *organisations,
        *files,
        *code,
    ]
    return {
        "@context": f"{CRATE_VERSION}/context",
        "@graph": [_without_blank(each) for each in graph],
    }


def _build(archived: Archived, software: Entity, authors: Iterable[Entity]) -> Entity:
    """Return the run of the program that made the reports from the data."""
    study = archived.settings.name
    return {
        "@id": f"#build-{archived.manifest_sha256[:16]}",
        "@type": "CreateAction",
        "name": f"Build of the reports of {study}",
        "description": f"compendium build {study}",
        "endTime": archived.made_at,
        "actionStatus": "http://schema.org/CompletedActionStatus",
        "agent": _ids(authors),
        "instrument": {"@id": software["@id"]},
        "object": _ids(map(_file, archived.below("data"))),
        "result": _ids(map(_file, archived.below(f"reports/{study}"))),
    }


def _top(path: str) -> str:
    """Return the outermost folder of a path, with its slash, or the path of a file in none."""
    folder, slash, _ = path.partition("/")
    return folder + slash


def _code(name: str, archived: Archived) -> Entity:
    if name.endswith("/"):
        return {"@id": name, "@type": "Dataset", "name": name.removesuffix("/")}
    found = next(each for each in archived.files if each.path == name)
    if name.startswith("LICENSE"):
        return {**_file(found), "@type": ["File", "CreativeWork"], "description": "Licence"}
    return _file(found)


def _file(file: PackedFile) -> Entity:
    return {
        "@id": file.path,
        "@type": "File",
        "name": PurePosixPath(file.path).name,
        "encodingFormat": file.media_type,
        "contentSize": str(file.size),
    }


def _authors(authors: Iterable[Author]) -> list[Entity]:
    return [
        {
            "@id": f"https://orcid.org/{each.orcid}" if each.orcid else f"#author-{number}",
            "@type": "Person" if each.orcid else ["Person", "Organization"],
            "name": each.name,
            "affiliation": {"@id": _organisation(each.affiliation)} if each.affiliation else "",
        }
        for number, each in enumerate(authors, start=1)
    ]


def _organisation(name: str) -> str:
    return f"#{quote(name, safe='')}"


def _without_blank(entity: Entity) -> Entity:
    """Return an entity without what the study doesn't state."""
    return {name: value for name, value in entity.items() if value not in ("", [])}


def _ids(entities: Iterable[Entity]) -> list[dict[str, str]] | dict[str, str]:
    """Return references to entities; to a single one without a list, as RO-Crate recommends."""
    ids = [{"@id": each["@id"]} for each in entities]
    return ids[0] if len(ids) == 1 else ids


def describe_data(archived: Archived) -> Entity:
    """Return the Data Package: each table with its columns and keys."""
    study = archived.settings.name
    tables = [each for each in archived.below("data") if each.path.endswith(".csv")]
    names = {PurePosixPath(each.path).stem for each in tables if f"/{study}/" in each.path}
    licence = {"path": DATA_LICENCE, "title": archived.settings.licence or "See LICENSE-DATA.md"}
    authors = archived.settings.authors
    return _without_blank(
        {
            "$schema": PACKAGE_SCHEMA,
            "name": study,
            "title": archived.settings.title,
            "description": archived.description,
            "id": f"urn:sha256:{archived.manifest_sha256}",
            "version": archived.tag,
            "created": archived.made_at,
            "licenses": [licence],
            "contributors": [{"title": each.name, "roles": ["author"]} for each in authors],
            "resources": [_resource(each, study, names) for each in tables],
        }
    )


def _resource(table: PackedFile, study: str, names: set[str]) -> Entity:
    path = PurePosixPath(table.path)
    is_own = path.parent.name == study
    key = PRIMARY_KEYS.get(path.stem) if is_own else None
    column, other = REFERENCES.get(path.stem, ("", ""))
    reference = {"fields": [column], "reference": {"resource": other, "fields": [column]}}
    return {
        "name": path.stem.lower() if is_own else f"shared-{path.stem.lower()}",
        "path": table.path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": table.size,
        "hash": f"sha256:{table.sha256}",
        "schema": _without_blank(
            {
                "$schema": TABLE_SCHEMA,
                "fields": [{"name": column, "type": "string"} for column in table.columns],
                "primaryKey": [key] if key else [],
                "foreignKeys": [reference] if other in names else [],
            }
        ),
    }


def describe_software(archived: Archived) -> Entity:
    """Return the description of the software after CodeMeta."""
    settings = archived.settings
    authors = [
        {
            "@type": "Person",
            "@id": f"https://orcid.org/{each.orcid}" if each.orcid else "",
            "name": each.name,
            "affiliation": {"@type": "Organization", "name": each.affiliation}
            if each.affiliation
            else "",
        }
        for each in settings.authors
    ]
    versions = archived.manifest["versions"]
    return _without_blank(
        {
            "@context": CODEMETA_CONTEXT,
            "@type": "SoftwareSourceCode",
            **SOFTWARE,
            "version": archived.version,
            "identifier": archived.tag,
            "license": MIT,
            "programmingLanguage": "Python",
            "runtimePlatform": "Python 3.11, 3.12 or 3.13",
            "operatingSystem": ["Linux", "macOS"],
            "dateModified": archived.made_at[:10],
            "codeRepository": settings.repository,
            "author": [_without_blank(each) for each in authors],
            "softwareRequirements": [f"{name}=={locked}" for name, locked in versions.items()],
            "readme": "README.md",
        }
    )
