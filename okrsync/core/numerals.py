"""Numbers as people write them: exact enough, without a needless ``.0`` and never ``4e+06``."""

from __future__ import annotations

_GROUPED, _ENDLESS = 1000.0, 1e15


def number(value: float) -> str:
    """Return a number in words of digits, large ones in groups of three."""
    if not _GROUPED <= abs(value) < _ENDLESS:
        return f"{value:.6g}"
    told = f"{value:,.2f}"
    return told.rstrip("0").rstrip(".")
