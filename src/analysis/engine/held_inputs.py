"""What a build is made from, held to what it was when the build began."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.publishing.manifest import require_unchanged

if TYPE_CHECKING:
    from analysis.engine.freshness import Freshness


class HeldInputs:
    """What a build is made from, as it was before anything was read or imported for it.

    Work that ran while a file was written may have seen it otherwise than its key says. It is not
    kept as done, even if the file says again what it said before.

    Parameters
    ----------
    freshness : Freshness
        Knows what a release is made from.
    """

    def __init__(self, freshness: Freshness) -> None:
        self.freshness = freshness
        self._written = freshness.written()
        self.digests = freshness.inputs()

    def require(self) -> None:
        """Refuse to go on when a file was written since.

        Raises
        ------
        PublishingError
            Naming each file that was written, came or went.
        """
        require_unchanged(self._written, self.freshness.written())
