from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from analysis.engine.parameters import check_parameters, declared_parameters
from analysis.errors import ParameterError

if TYPE_CHECKING:
    from pathlib import Path

SOUND: dict[str, Any] = {"study": "tiny", "most": 3, "share": 0.5, "strict": True}


def test_declared_types_are_read(defects: Path) -> None:
    """The types of parameters are those that the notebook's cell declares."""
    assert declared_parameters(defects / "sound.ipynb") == {
        "study": "str",
        "most": "int",
        "share": "float",
        "strict": "bool",
    }


def test_parameters_as_declared_are_taken(defects: Path) -> None:
    """Parameters that are all there and of their types are refused by nothing."""
    assert check_parameters(defects / "sound.ipynb", SOUND) is None


@pytest.mark.parametrize(
    ("given", "offender"),
    [
        (SOUND | {"studyy": "tiny"}, "unknown: studyy (closest: study)"),
        ({key: SOUND[key] for key in SOUND if key != "most"}, "missing: most (int)"),
        (SOUND | {"most": "3"}, "wrong type: most is str and must be int"),
        (SOUND | {"most": True}, "wrong type: most is bool and must be int"),
        (SOUND | {"most": 3.0}, "wrong type: most is float and must be int"),
        (SOUND | {"strict": 1}, "wrong type: strict is int and must be bool"),
        (SOUND | {"share": 1}, "wrong type: share is int and must be float"),
        (SOUND | {"study": None}, "wrong type: study is NoneType and must be str"),
    ],
    ids=[
        "unknown",
        "missing",
        "text-for-number",
        "bool-for-int",
        "float-for-int",
        "int-for-bool",
        "int-for-float",
        "none",
    ],
)
def test_other_parameters_are_refused(defects: Path, given: dict[str, Any], offender: str) -> None:
    """A parameter that is unknown, missing or wrong type is refused, with what is declared."""
    with pytest.raises(ParameterError) as refusal:
        check_parameters(defects / "sound.ipynb", given)

    assert refusal.value.offenders == (offender,)
    assert refusal.value.expected == "study: str, most: int, share: float, strict: bool"


def test_every_offender_is_named(defects: Path) -> None:
    """All that is wrong with the parameters is told at once."""
    with pytest.raises(ParameterError) as refusal:
        check_parameters(defects / "sound.ipynb", {"plaice": "esa", "most": "many"})

    assert refusal.value.offenders == (
        "unknown: plaice",
        "missing: study (str)",
        "missing: share (float)",
        "missing: strict (bool)",
        "wrong type: most is str and must be int",
    )


def test_parameter_without_a_known_type_is_refused(defects: Path) -> None:
    """A notebook that declares a parameter without a type that can be checked is refused."""
    with pytest.raises(ParameterError) as refusal:
        declared_parameters(defects / "unknown-type.ipynb")

    assert refusal.value.offenders == (
        "unknown-type.ipynb: study is declared as None",
        "unknown-type.ipynb: places is declared as list",
    )


def test_notebook_without_parameters_takes_none(defects: Path) -> None:
    """A notebook that declares no parameters refuses each that it is given."""
    assert declared_parameters(defects / "no-parameters.ipynb") == {}

    with pytest.raises(ParameterError, match="unknown: study"):
        check_parameters(defects / "no-parameters.ipynb", {"study": "tiny"})
