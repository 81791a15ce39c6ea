"""Reports as HTML that mail clients show: tables by MJML, nothing remote, light and dark.

Everything is escaped by the template engine; the layout engine only sees what it made.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from mjml import mjml2html

from okrsync.reports import notice_words, phrases
from okrsync.reports.key_results import Standing

if TYPE_CHECKING:
    from jinja2 import Template

    from okrsync.reports.value import Report

TONES = {
    Standing.LIKELY: "good",
    Standing.UNSURE: "fair",
    Standing.UNLIKELY: "bad",
    Standing.NOT_SAID: "dim",
    Standing.SILENT: "dim",
}
"""Which colour goes with the shape of a standing; silence never has the green one."""


def html(report: Report, *, picture: str | None) -> str:
    """Return a whole page; *picture* is the address of the trend's picture, if there is one."""
    told = _template().render(
        report=report, picture=picture, p=phrases, n=notice_words, tones=TONES
    )
    page: str = mjml2html(told, disable_comments=True, fonts={})
    return page


@cache
def _template() -> Template:
    room = Environment(
        loader=PackageLoader("okrsync.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return room.get_template("report.mjml.j2")
