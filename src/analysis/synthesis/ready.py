"""All of the synthesis imported, and one figure drawn: what a warm kernel starts with."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from analysis import synthesis
from analysis.synthesis.drawing import draw
from analysis.synthesis.figures import paint_dots

for module in iter_modules(synthesis.__path__):
    if module.name != "ready":
        import_module(f"{synthesis.__name__}.{module.name}")

draw("ready", "Ready", "Ready", paint_dots(["ready"], [("all", [1.0])], ("", "", "")))
