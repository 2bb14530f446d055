"""Numbers with decimals as readers see them."""

from __future__ import annotations


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
    shown = f"{value:.2f}"
    rounded_up = {"1.00": "> 0.99", "-1.00": "< -0.99", "-0.00": "0.00"}
    return rounded_up.get(shown, shown)
