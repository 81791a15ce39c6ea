"""The weekly report: one value made of what is known, and its renderings as mail, text and data.

Pure. No person is named or ranked, silence is never green, and no number about a key result comes
from tickets. What a ticket or a goal says has been made safe to show before it is in a `Report`.
"""

from __future__ import annotations

from okrsync.reports.making import Given, make
from okrsync.reports.rendering import Form, render
from okrsync.reports.value import About, Report

__all__ = ["About", "Form", "Given", "Report", "make", "render"]
