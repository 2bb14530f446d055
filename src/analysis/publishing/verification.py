"""What became of each published number when a study was rebuilt."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any

from analysis.errors import count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.publishing.claim_diff import ClaimChange
    from analysis.recount.claims import Recount


@dataclass(frozen=True)
class Verification:
    """What became of each published number when the reports were rebuilt.

    Parameters
    ----------
    study : str
        The study.
    published_as : str
        Where the numbers are published: the reports, or the tag and the day of what is cited.
    published : int
        How many numbers are published.
    python, platform : str
        The version of Python, and the system.
    identical : int
        How many of these are the same when rebuilt.
    within_tolerance : int
        How many differ by no more than the tolerance that they state.
    only_compared : int
        How many can't be rebuilt, since their tables are withheld: they are those of the notebook.
    differing : tuple of ClaimChange
        The others, and numbers that are new, each with its cause.
    differences : tuple of str
        The inputs, code and versions that differ from those of the published numbers; or, where
        none does, the pages that differ.
    inputs : mapping of str to str
        The SHA-256 of each input that was used, by path; keyed for tables that aren't public.
    code, lock : str
        The SHA-256 of the code and of the locked versions that were used.
    recount : Recount or None
        What the independent recount found, where it was asked for.
    """

    study: str
    published_as: str
    published: int
    python: str
    platform: str
    identical: int = 0
    within_tolerance: int = 0
    only_compared: int = 0
    differing: tuple[ClaimChange, ...] = ()
    differences: tuple[str, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    lock: str = ""
    recount: Recount | None = None

    @property
    def holding(self) -> int:
        """How many published numbers hold."""
        return self.identical + self.within_tolerance

    @property
    def holds(self) -> bool:
        """Whether no published number differs, none is new, and the recount agrees."""
        return not self.differing and not (self.recount and self.recount.differing)

    @property
    def headline(self) -> str:
        """The result in one sentence; withheld numbers never count as holding."""
        if self.only_compared:
            recomputed = f"{self.holding:,} of {self.published - self.only_compared:,} recomputed"
            return (
                f"{recomputed} numbers hold; {self.only_compared:,} only compared, because their "
                "tables are withheld"
            )
        return f"{self.holding:,} of {self.published:,} published numbers hold"

    @property
    def details(self) -> tuple[str, ...]:
        """Further results, a sentence each."""
        lines = []
        if self.within_tolerance:
            lines.append(f"{self.within_tolerance:,} of them within the tolerance that they state.")
        if new := sum(each.is_new for each in self.differing):
            lines.append(f"{count(new, 'number')} new: not published before.")
        if self.recount:
            lines.append(
                f"Independent recount from the CSV files: {self.recount.agreeing:,} of "
                f"{self.recount.counted:,} numbers are the same."
            )
            if self.recount.not_counted:
                lines.append(
                    f"{count(self.recount.not_counted, 'number')} not recounted: those of own "
                    "notebooks, and intervals of agreement in more than 100 groups."
                )
        return tuple(lines)

    def record(self) -> dict[str, Any]:
        """Return it as JSON has it: a receipt."""
        shown = {each.name: getattr(self, each.name) for each in fields(self)}
        shown["differing"] = [asdict(each) for each in self.differing]
        if self.recount:
            shown["recount"] = {**asdict(self.recount), "agreeing": self.recount.agreeing}
        return {"result": self.headline, "holds": self.holds, "holding": self.holding, **shown}
