"""The zip of a release, unpacked, and compared with the digests that were packed with it."""

from __future__ import annotations

import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from analysis.engine.failures import FULL
from analysis.errors import PublishingError
from analysis.intake.limits import HARMLESS_BYTES, MOST_RATIO
from analysis.publishing.manifest import MANIFEST
from analysis.study.digests import digest_file
from analysis.study.root import study_names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SUMS = "SHA256SUMS"
MOST_UNPACKED = 8 * 1024**3


def unpack_release(path: Path, folder: Path) -> Path:
    """Unpack a zip that `compendium pack` wrote, and return ``reports/<study>`` in it.

    Next to ``reports/`` is ``data/<study>``. Any other zip, or one that was changed, is refused.
    """
    unpack(path, folder)
    sums = [*folder.glob(SUMS), *folder.glob(f"*/{SUMS}")]
    if len(sums) != 1:
        raise _not_packed(path, f"it has {len(sums) or 'no'} {SUMS}")
    packed = sums[0].parent
    require_as_packed(packed, path.name)
    studies = study_names(packed)
    releases = [packed / "reports" / study for study in studies]
    if len(releases) != 1 or not (releases[0] / MANIFEST).is_file():
        raise _not_packed(path, f"it has no reports of {', '.join(studies) or 'a study'}")
    return releases[0]


def _not_packed(path: Path, offender: str) -> PublishingError:
    return PublishingError(
        f"{path.name} isn't the release of a study.",
        offenders=[offender],
        expected="a zip as compendium pack writes it, with the tables and reports of one study",
        remedy="download it again from where it was published",
    )


def unpack(path: Path, folder: Path) -> None:
    """Unpack a zip into a folder; no file leaves the folder, and no link is followed."""
    try:
        with zipfile.ZipFile(path) as archive:
            _require_harmless(archive.infolist(), path.stat().st_size)
            archive.extractall(folder)
    except Exception as error:  # zipfile raises many kinds, depending on what is damaged
        if isinstance(error, OSError) and error.errno in FULL:
            raise
        raise PublishingError(
            "This zip can't be read.",
            offenders=[f"{path.name}: {error}"],
            expected="a zip as compendium pack writes it",
            remedy="correct its name, or download it again",
        ) from error


def _require_harmless(members: Sequence[zipfile.ZipInfo], size: int) -> None:
    most = min(MOST_UNPACKED, max(HARMLESS_BYTES, MOST_RATIO * size))
    if sum(each.file_size for each in members) > most:
        raise zipfile.BadZipFile(f"it is over {most:,} bytes when unpacked")
    names = [PurePosixPath(each.filename) for each in members]
    if any(name.is_absolute() or ".." in name.parts for name in names):
        raise zipfile.BadZipFile("it has files outside of its own folder")


def require_as_packed(folder: Path, named: str) -> None:
    """Refuse an unpacked release with other files than its `SUMS` lists."""
    sums = folder / SUMS
    lines = sums.read_text(encoding="utf-8", errors="replace").splitlines()
    parts = (line.partition("  ") for line in lines)
    listed = {name or digest: digest for digest, _, name in parts}
    files = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and path != sums
    }
    changed = [
        name
        for name in sorted({*listed, *files})
        if name not in files or listed.get(name) != digest_file(files[name])
    ]
    if changed:
        raise PublishingError(
            f"{named} isn't as it was packed.",
            offenders=changed,
            expected=f"the files whose SHA-256 are in its {SUMS}",
            remedy="download it again from where it was published",
        )
