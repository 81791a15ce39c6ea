"""The codes of the method's rules: what severities and waivers may name. Codes are permanent."""

from __future__ import annotations

_GROUPS = {
    "OKR": range(101, 119),
    "KR": range(201, 214),
    "HY": range(301, 310),
    "WI": range(401, 413),
    "PF": range(501, 507),
}

CODES = tuple(f"{group}{number}" for group, numbers in _GROUPS.items() for number in numbers)

UNWAIVABLE = "OKR103"
"""Stops the load; nobody can answer for it."""
