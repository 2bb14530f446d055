"""All of the synthesis imported, and some of it used once: what a warm kernel starts with."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pkgutil import iter_modules

import pandas as pd

from analysis import synthesis
from analysis.study.dates import date_in_words
from analysis.study.language import write_number
from analysis.synthesis.drawing import draw
from analysis.synthesis.figures import paint_dots
from analysis.tables.text_cleaning import clean_texts, steps_of_cleaning

for module in iter_modules(synthesis.__path__):
    if module.name != "ready":
        import_module(f"{synthesis.__name__}.{module.name}")

# Each loads what its first use needs: fonts, names of months, signs of numbers, patterns.
draw("ready", "Ready", "Ready", paint_dots(["ready"], [("all", [1.0])], ("", "", "")))
date_in_words(date(2020, 10, 12))
write_number(1)
clean_texts(pd.Series(["Ready"]), steps_of_cleaning({}))
