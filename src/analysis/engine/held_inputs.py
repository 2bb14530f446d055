"""What a build is made from, held to what it was when the build began."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from analysis.engine.inputs import sources_written
from analysis.publishing.manifest import require_unchanged

if TYPE_CHECKING:
    from analysis.engine.inputs import Freshness


class HeldInputs:
    """What a build is made from, as it was before anything was read or imported for it.

    Work that ran while a file was written may have seen it otherwise than its key says. It is not
    kept as done, even if the file says again what it said before. The program is held to what it
    was before the first build of this process: the server that others are forked from stays.

    Parameters
    ----------
    freshness : Freshness
        Knows what a release is made from.

    Attributes
    ----------
    written : dict of str to str
        When each file was written, and how large it was.
    digests : dict of str to str
        The SHA-256 of each file.
    """

    def __init__(self, freshness: Freshness) -> None:
        self.freshness = freshness
        self.written = {**freshness.files_written(), **_sources_at_first()}
        self.digests = freshness.inputs()

    def require(self) -> None:
        """Refuse to go on when a file was written since.

        Raises
        ------
        PublishingError
            Naming each file that was written, came or went.
        """
        require_unchanged(self.written, self.freshness.written())


@cache
def _sources_at_first() -> dict[str, str]:
    return sources_written()
