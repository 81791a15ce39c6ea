"""Atlassian documents as plain text.

People who are mentioned are left out: nothing of a person is kept. Layout is not rebuilt, only the
lines are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_TEXT = 32 * 1024
LINES = frozenset(
    {"paragraph", "heading", "codeBlock", "listItem", "taskItem", "decisionItem", "tableRow"}
)
SHOWN_ATTRIBUTE = {"inlineCard": "url", "blockCard": "url", "status": "text"}


def plain(value: Any) -> str | None:
    """Return a document, or a text from before there were documents, as text of at most 32 kB."""
    text = value if isinstance(value, str) else "".join(_pieces(value)).strip()
    return text.encode(errors="replace")[:LONGEST_TEXT].decode(errors="ignore") or None


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
        return str((node.get("attrs") or {}).get(SHOWN_ATTRIBUTE[kind], ""))
    return ""
