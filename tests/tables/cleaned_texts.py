"""One text cleaned as a column of itself, for tests that look at texts one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.tables.text_cleaning import CHANGES, clean_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.tables.text_cleaning import Step


def clean_and_tell(text: str, steps: Sequence[Step]) -> tuple[str, list[tuple[str, str, int]]]:
    """Give the text cleaned; and the step, the change and the times of all that changed."""
    cleaned, changes = clean_texts(pd.Series([text], dtype="str"), steps)
    return cleaned[0], [*changes[CHANGES].itertuples(index=False, name=None)]


def clean_text(text: str, steps: Sequence[Step]) -> str:
    """Give the text cleaned."""
    return clean_and_tell(text, steps)[0]
