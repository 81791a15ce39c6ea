"""The forms that a report can be shown in."""

from __future__ import annotations

from base64 import b64encode
from enum import StrEnum
from typing import TYPE_CHECKING

from okrsync.reports.data import json_text
from okrsync.reports.picture import trend_png
from okrsync.reports.plain import Markdown, Text, plain

if TYPE_CHECKING:
    from okrsync.reports.value import Report


class Form(StrEnum):
    """How a report is written."""

    HTML = "html"
    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


def render(report: Report, form: Form) -> str:
    """Return the report in this form; HTML holds its picture."""
    match form:
        case Form.HTML:
            from okrsync.reports.html import html  # noqa: PLC0415 - the layout engine takes a while

            return html(report, picture=_inline(trend_png(report.trend)))
        case Form.TEXT:
            return plain(report, Text())
        case Form.MARKDOWN:
            return plain(report, Markdown())
        case Form.JSON:
            return json_text(report)


def _inline(picture: bytes | None) -> str | None:
    return None if picture is None else f"data:image/png;base64,{b64encode(picture).decode()}"
