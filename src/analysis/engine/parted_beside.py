"""What the parting of a study's tables would leave, without doing it in the build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from analysis.tables.table_files import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.engine.digests import Fingerprints
    from analysis.engine.keys import Parts
    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.build_folder import BuildFolder
    from analysis.tables.parted import Parting


class PartedBeside:
    """The tables as their parting would leave them, in a folder beside the build's.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    build : BuildFolder
        The folder of its build, which stays as it is.
    beside : BuildFolder
        Another, to part the tables in.
    fingerprints : Fingerprints
        Digests of files.
    """

    def __init__(
        self,
        opened: OpenedStudy,
        build: BuildFolder,
        beside: BuildFolder,
        fingerprints: Fingerprints,
    ) -> None:
        self._opened = opened
        self._build = build
        self._beside = beside
        self._fingerprints = fingerprints
        self._left: Parts = {}
        below = build.path.relative_to(opened.root).as_posix()
        self._parts, self._whole = f"{below}/received/", f"{below}/{build.parting.name}"

    def part(self) -> Parting:
        """Part the tables, and return how."""
        from analysis.tables.parting import part_tables  # noqa: PLC0415 (pandas)

        parting = part_tables(self._opened, self._beside)
        self._beside.parting.write_text(parting.to_json(), encoding="utf-8")
        left = [self._beside.received("").parent, self._beside.parting]
        digests = self._fingerprints.digests(left, self._beside.path)
        below = self._whole.removesuffix(self._beside.parting.name)
        self._left = {f"{below}{name}": digest for name, digest in digests.items()}
        return parting

    def knows(self, name: str) -> bool:
        """Return whether a part of a key is a file that parting leaves."""
        return name == self._whole or name.startswith(self._parts)

    def renewed(self, parts: Parts, reads: Sequence[str]) -> Parts:
        """Return the parts of a key as they will be once the tables are parted, if they are.

        Parameters
        ----------
        parts : dict of str to str
            The parts as things are now.
        reads : sequence of str
            What the work reads.
        """
        if not self._left:
            return parts
        kept = {name: part for name, part in parts.items() if not self.knows(name)}
        left = [
            name for name in self._left if any(f"{name}/".startswith(f"{each}/") for each in reads)
        ]
        return {**kept, **{name: self._left[name] for name in left}}

    def tell(self, name: str) -> str:
        """Return that a file which parting leaves differs, in words for people."""
        if name == self._whole:
            return "what the tables say as a whole changed"
        place, _, file = name.removeprefix(self._parts).partition("/")
        return f"{Path(file).stem} of {place} changed, or moved within their file"

    def rows(self, table: str, place: str) -> Iterator[str]:
        """Yield the rows of a part of a table that came, went or changed."""
        # Where the last build came so far, they are parted already.
        now = self._beside if self._left else self._build
        before, after = self._build.seen / "received" / place, now.received(place)
        if table in TABLES and after.is_dir():
            from analysis.tables.changes import describe_changes  # noqa: PLC0415 (pandas)

            yield from describe_changes(before, after, table)
