"""Numbers with decimals as readers see them."""

from __future__ import annotations

from analysis.study.language import write_decimals


def format_decimal(value: float) -> str:
    """Return a coefficient with two decimals, never as 1 where it is less.

    Parameters
    ----------
    value : float
        A coefficient, at most 1.

    Examples
    --------
    >>> [format_decimal(value) for value in (0.997, 1.0, 0.714, -0.001, -0.999)]
    ['> 0.99', '1', '0.71', '0.00', '< -0.99']
    """
    if abs(value) == 1:
        return f"{value:.0f}"
    rounded = f"{value:.2f}"
    if rounded in {"1.00", "-1.00"}:
        return f"{'>' if value > 0 else '<'} {write_decimals(0.99 if value > 0 else -0.99, 2)}"
    return write_decimals(0.0 if rounded == "-0.00" else value, 2)
