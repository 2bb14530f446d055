from __future__ import annotations

import sys
from contextlib import suppress

from analysis.engine.parentage import main_left_out


def test_main_program_is_left_out_for_a_while() -> None:
    """Meanwhile the main module tells nothing of what was begun; afterwards it is as it was."""
    main = sys.modules["__main__"]

    with suppress(KeyError), main_left_out():
        told = vars(sys.modules["__main__"]).get("__spec__")
        file = vars(sys.modules["__main__"]).get("__file__")
        raise KeyError("a mistake")

    assert (told, file) == (None, None)
    assert sys.modules["__main__"] is main
