"""Atlassian documents as plain text.

People who are mentioned are left out: nothing of a person is kept. Layout is not rebuilt, only the
lines are. A word that is bold in the middle stays one word, and what stood apart stays apart.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_TEXT = 32 * 1024
LINES = frozenset(
    {"paragraph", "heading", "codeBlock", "listItem", "taskItem", "decisionItem", "tableRow"}
)
SHOWN_ATTRIBUTE = {
    "inlineCard": "url",
    "blockCard": "url",
    "embedCard": "url",
    "status": "text",
    "emoji": "text",
    "expand": "title",
    "nestedExpand": "title",
}
ONLY_HOLDS = frozenset({"doc", "text", "hardBreak", *LINES})
GAP = "\N{NULL}"
"""Stands on both sides of what is no text; a space where words would grow together there."""
GROWN_TOGETHER = re.compile(rf"(?<=[^\s{GAP}]){GAP}+(?=[^\s{GAP}])")


def plain(value: Any) -> str | None:
    """Return a document, or a text from before there were documents, as text of at most 32 kB."""
    text = value if isinstance(value, str) else _apart("".join(_pieces(value))).strip()
    return text.encode(errors="replace")[:LONGEST_TEXT].decode(errors="ignore") or None


def _apart(text: str) -> str:
    return GROWN_TOGETHER.sub(" ", text).replace(GAP, "")


def _pieces(document: Any) -> Iterator[str]:
    # A list of what is still to be shown, because documents may be nested deeper than calls can be.
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict):
            yield _own_text(node)
            if node.get("type") in LINES:
                waiting.append("\n")
            waiting.extend(reversed(node.get("content") or []))


def _own_text(node: dict[str, Any]) -> str:
    kind = node.get("type", "")
    if kind == "text":
        return str(node.get("text", ""))
    if kind == "hardBreak":
        return "\n"
    if kind in SHOWN_ATTRIBUTE:
        return f"{GAP}{(node.get('attrs') or {}).get(SHOWN_ATTRIBUTE[kind], '')}{GAP}"
    return "" if kind in ONLY_HOLDS else GAP
