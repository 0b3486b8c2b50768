"""How the figures write a number."""

from __future__ import annotations

import math

__all__ = ["number", "short"]


def number(value: float, digits: int = 2) -> str:
    """A number with a true minus sign, no negative zero, and a power of ten where it is huge.

    Example:
        >>> number(-1.934), number(-0.0001), number(123456.0), number(float("inf"))
        ('−1.93', '0.00', '1.2e5', '∞')
    """
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else ("∞" if value > 0 else "−∞")
    if abs(value) >= 1e4:
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa}e{int(exponent)}".replace("-", "−")
    # adding zero turns −0.0 into 0.0
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def short(value: float) -> str:
    """A number of any size in few characters: three significant digits.

    Example:
        >>> short(1.234), short(0.01234), short(0.0), short(0.000045), short(-12345.0)
        ('1.23', '0.0123', '0', '4.5e−5', '−1.2e4')
    """
    if value == 0:
        return "0"
    if not 1e-3 <= abs(value) < 1e4:
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa}e{int(exponent)}".replace("-", "−")
    return f"{value:.3g}".replace("-", "−")
