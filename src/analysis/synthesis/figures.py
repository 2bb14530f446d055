"""Figures: what each kind of figure paints, from numbers of focus groups."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib.patches import FancyBboxPatch

from analysis.study.dates import short_month
from analysis.study.language import write_number
from analysis.synthesis.drawing import ROLES, WIDTH, Painting, colour

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.patches import Patch

SERIES = tuple(role for role in ROLES if role.startswith("series"))
MARKERS = ("o", "s", "^", "D", "v")
# More letters are wider than a figure; the table beside it has the whole name.
LONGEST_NAME = 48
# The height of a label with its line, in units of the drawing.
ROW = 30


class Diverging(NamedTuple):
    """Diverging bars of one topic, and the number next to a mark of its own at the right edge."""

    label: str
    left: int
    right: int
    mark: int


def shorten(name: str, most: int = LONGEST_NAME) -> str:
    """Return a name, cut after a word where it is longer than a figure is wide.

    Examples
    --------
    >>> shorten("Access to health services for all", most=24)
    'Access to health …'
    """
    return name if len(name) <= most else f"{name[: most - 1].rsplit(maxsplit=1)[0]} \u2026"


def paint_diverging(
    rows: Sequence[Diverging], ends: Sequence[tuple[str, str]], most: int
) -> Painting:
    """Return what paints two bars a row, to the left and to the right of one line.

    ``ends`` says what the left bars, the right bars and the marks are, and of how many they are.
    At ``most`` a bar is as long as it can be.
    """
    middle, longest, top, step = WIDTH / 2, WIDTH / 2 - 46, 44, 38
    unit = longest / max(most, 1)

    def paint(axes: Axes) -> None:
        left, right, mark = ends
        sides = ((middle - 8, "right", left), (middle + 8, "left", right), (WIDTH, "right", mark))
        for x, side, (name, of) in sides:
            axes.text(x, 10, name, ha=side, va="center", weight="bold", color=colour("text"))
            axes.text(x, 25, of, ha=side, va="center", color=colour("axis"))
        for at, row in enumerate(rows):
            y = top + step * at
            name = shorten(row.label)
            axes.text(middle, y + 8, name, ha="center", va="center", color=colour("text"))
            axes.plot([middle] * 2, [y + 15, y + 33], color=colour("axis"), lw=0.8)
            for way, count, role in ((-1, row.left, "series-2"), (1, row.right, "series-1")):
                long = unit * count
                start = middle - long if way < 0 else middle
                axes.add_patch(_box((start, y + 18), long, 12, colour(role), 0.0))
                end, near = middle + way * (long + 5), "right" if way < 0 else "left"
                axes.text(
                    end, y + 24.5, write_number(count), ha=near, va="center", color=colour("text")
                )
            axes.scatter([WIDTH - 24], [y + 24], marker="D", s=20, color=colour("series-4"))
            of_mark: dict[str, Any] = {"ha": "right", "va": "center", "color": colour("text")}
            axes.text(WIDTH, y + 24.5, write_number(row.mark), **of_mark)

    return Painting(top + step * len(rows), paint)


def _box(at: tuple[float, float], width: float, height: float, fill: str, round_: float) -> Patch:
    style = f"round,pad=0,rounding_size={round_}" if round_ else "square,pad=0"
    return FancyBboxPatch(at, width, height, boxstyle=style, facecolor=fill, edgecolor="none")


def paint_tiles(tiles: Mapping[str, tuple[int, int]], counts: Mapping[str, int]) -> Painting:
    """Return what paints one tile a country, with its code and its number.

    ``tiles`` has the column and the row of each country, from 1. A country without a number is an
    empty outline.
    """
    columns, rows = (max(at[way] for at in tiles.values()) for way in (0, 1))
    size, gap = WIDTH / max(columns, 7), 3

    def paint(axes: Axes) -> None:
        for country, (column, row) in tiles.items():
            x, y, side = (column - 1) * size + gap / 2, (row - 1) * size + gap / 2, size - gap
            count = counts.get(country, 0)
            box = _box((x, y), side, side, colour("series-1") if count else "none", 3.0)
            if not count:
                box.set(edgecolor=colour("axis"), linewidth=0.7, linestyle=(0, (2, 2)))
            axes.add_patch(box)
            words = colour("on-mark" if count else "axis")
            middle, high = x + side / 2, y + side * (0.31 if count else 0.5)
            axes.text(middle, high, country, color=words, ha="center", va="center")
            if count:
                low, shown = y + side * 0.72, write_number(count)
                axes.text(middle, low, shown, color=words, ha="center", va="center", weight="bold")

    return Painting(size * rows, paint)


def paint_dates(days: Sequence[str], months: Sequence[str]) -> Painting:
    """Return what paints a dot a day on one line of time, and dots of the same days in stacks.

    ``months`` are the first days of the months that are named below the line.
    """
    spots = stack_dates(days, months)
    high = 10.0 * max((level for _, level in spots), default=1)

    def paint(axes: Axes) -> None:
        axes.plot([10, WIDTH - 10], [high + 12] * 2, color=colour("axis"), lw=0.8)
        across = [at for at, _ in spots]
        up = [high + 14 - 10 * level for _, level in spots]
        axes.scatter(across, up, s=38, color=colour("series-1"))
        for at, month in enumerate(months):
            x = _across(month, months)
            axes.plot([x, x], [high + 12, high + 16], color=colour("axis"), lw=0.8)
            if at % -(-len(months) // 6) == 0:
                day = date.fromisoformat(month)
                name = day.strftime("%m/%Y") if len(months) > 12 else short_month(day)
                side = "left" if not at else "right" if at == len(months) - 1 else "center"
                near = {"left": 0, "right": WIDTH, "center": x}[side]
                axes.text(near, high + 28, name, ha=side, va="center", color=colour("axis"))

    return Painting(high + 38, paint)


def _across(day: str, months: Sequence[str]) -> float:
    """Return where a day is on the line from the first to the last month."""
    at, first, last = (
        date.fromisoformat(each).toordinal() for each in (day, months[0], months[-1])
    )
    return 10 + (WIDTH - 20) * (at - first) / max(last - first, 1)


def stack_dates(days: Sequence[str], months: Sequence[str]) -> list[tuple[float, int]]:
    """Return where each dot is on the line, and its level where dots would overlap, from 1."""
    spots: list[tuple[float, int]] = []
    for day in sorted(days):
        x = _across(day, months)
        taken = {level for at, level in spots if abs(at - x) < 9.5}
        spots.append((x, min(set(range(1, len(days) + 1)) - taken)))
    return spots


def _look_of(number: int) -> tuple[str, str]:
    """Return the colour and the mark of a series, which no other of the first 25 has."""
    turn, at = divmod(number, len(MARKERS))
    return colour(SERIES[at]), MARKERS[(at + turn) % len(MARKERS)]


def paint_dots(
    labels: Sequence[str], series: Sequence[tuple[str, Sequence[float]]], ends: tuple[str, str, str]
) -> Painting:
    """Return what paints a line a row with one mark for each series on it, from 0 to 1.

    Each series has its own mark, not its colour alone. ``ends`` says what the left end, the middle
    and the right end of the lines mean.
    """
    top = 0.9 + 0.75 * (len(series) - 1)

    def paint(axes: Axes) -> None:
        axes.set_xlim(-0.04, 1.04)
        axes.set_ylim(len(labels) + 0.9, -top)
        for at, end, side in zip((0, 0.5, 1), ends, ("left", "center", "right"), strict=True):
            axes.plot([at, at], [0.1, len(labels) + 0.1], color=colour("grid"), linewidth=0.8)
            axes.text(at, len(labels) + 0.6, end, ha=side, color=colour("axis"))
        for row, label in enumerate(labels):
            axes.plot([0, 1], [row + 0.75] * 2, color=colour("grid"), linewidth=0.8)
            axes.text(0, row + 0.42, shorten(label), color=colour("text"))
        for number, (name, values) in enumerate(series):
            role, mark = _look_of(number)
            rows = [row + 0.75 for row in range(len(labels))]
            axes.scatter(values, rows, marker=mark, color=role, s=34, zorder=3)
            high = 0.35 - top + 0.75 * number
            axes.scatter([0], [high], marker=mark, color=role, s=34, clip_on=False)
            axes.text(0.04, high, name, va="center", color=colour("text"))

    return Painting(ROW * (len(labels) + 0.9 + top), paint)


class Line(NamedTuple):
    """A line at rising steps from the left, and the ends of the band around it."""

    steps: Sequence[int]
    values: Sequence[int]
    low: Sequence[int]
    high: Sequence[int]


def paint_line(line: Line, names: tuple[str, str], ends: tuple[str, str]) -> Painting:
    """Return what paints a line in front of a band.

    ``names`` are those of the line and of the band; ``ends`` are what the first and the last step
    are.
    """
    height = 210
    top, bottom, left, right = 62, height - 24, 30, WIDTH - 8
    most = max([*line.high, *line.values, 1])
    across = [
        left + (right - left) * (step - line.steps[0]) / max(line.steps[-1] - line.steps[0], 1)
        for step in line.steps
    ]

    def up(values: Sequence[int]) -> list[float]:
        return [bottom - (bottom - top) * value / most for value in values]

    def paint(axes: Axes) -> None:
        axes.add_patch(_box((2, 3), 22, 10, colour("band"), 0.0))
        axes.text(30, 8.5, names[1], va="center", color=colour("text"))
        axes.plot([2, 24], [28, 28], color=colour("series-1"), lw=2.2)
        axes.text(30, 28.5, names[0], va="center", color=colour("text"))
        for value in (0, most):
            (y,) = up([value])
            axes.plot([left, right], [y, y], color=colour("grid"), lw=0.8)
            axes.text(left - 6, y, f"{value}", ha="right", va="center", color=colour("axis"))
        axes.fill_between(across, up(line.low), up(line.high), facecolor=colour("band"), lw=0)
        for edge in (line.low, line.high):
            axes.plot(across, up(edge), color=colour("series-4"), lw=0.8)
        axes.plot(across, up(line.values), color=colour("series-1"), lw=2.2)
        for x, end, side in zip((left, right), ends, ("left", "right"), strict=True):
            axes.text(x, bottom + 14, end, ha=side, va="center", color=colour("axis"))

    return Painting(height, paint)
