from __future__ import annotations

import subprocess
import sys
from copy import deepcopy

from pydantic.v1 import BaseModel, Field

from analysis.quality.field_copies import FIELDS, quick_field_copies

# Tells all there is to know about the fields of each model of the library.
TELL = """
import sys
from contextlib import nullcontext
from pydantic.v1 import BaseModel
from analysis.quality import library
from analysis.quality.field_copies import FIELDS

if "slow" in sys.argv:
    library.quick_field_copies = nullcontext
library.prepare()

def models(model):
    for each in model.__subclasses__():
        yield each
        yield from models(each)

def tell(part):
    if isinstance(part, FIELDS):
        return [(name, tell(getattr(part, name))) for name in type(part).__slots__]
    if isinstance(part, (list, tuple)):
        return [tell(each) for each in part]
    if isinstance(part, dict):
        return {key: tell(value) for key, value in part.items()}
    return repr(part).partition(" at 0x")[0]

for line in sorted(f"{each} {tell(each.__fields__)}" for each in set(models(BaseModel))):
    print(line)
"""


def tell_models(*how: str) -> list[str]:
    told = subprocess.run(
        [sys.executable, "-c", TELL, *how], capture_output=True, text=True, check=True
    )
    return told.stdout.splitlines()


def test_models_of_the_library_are_as_it_makes_them() -> None:
    """With quick copies all models of Great Expectations have the very fields that they had."""
    quick = tell_models()

    assert len(quick) > 200
    assert quick == tell_models("slow")


def test_copies_share_nothing_that_can_change() -> None:
    """What is changed in a copied field is not changed in the field that it was copied from."""

    class Model(BaseModel):
        names: dict[str, list[int]] = Field({"a": [1]}, extra_key=["kept"])

    with quick_field_copies():
        copied = deepcopy(Model.__fields__)["names"]
    copied.default["a"].append(2)
    copied.field_info.extra["extra_key"].append("changed")
    field = Model.__fields__["names"]

    assert (field.default, field.field_info.extra) == ({"a": [1]}, {"extra_key": ["kept"]})
    assert copied.field_info is not field.field_info
    assert copied.sub_fields[0] is not field.sub_fields[0]


def test_fields_are_copied_as_ever_afterwards() -> None:
    """Nothing of it is left when the library is imported."""
    with quick_field_copies():
        pass

    assert not any("__deepcopy__" in vars(kind) for kind in FIELDS)
