"""Reports as JSON: every field and every number that a report can be asked for."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from okrsync.reports.value import Report


def json_text(report: Report) -> str:
    """Return the report as JSON."""
    return json.dumps(_plain(report), ensure_ascii=False, indent=2) + "\n"


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        told = [each.name for each in fields(value)]
        told += [name for name, it in vars(type(value)).items() if isinstance(it, property)]
        return {name: _plain(getattr(value, name)) for name in told}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.isoformat() if isinstance(value, date) else value
