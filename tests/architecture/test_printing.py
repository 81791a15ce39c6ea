"""Commands write for people through `say` alone, so that no ticket moves a cursor."""

from __future__ import annotations

import re
from pathlib import Path

CLI = Path(__file__).parents[2] / "okrsync" / "cli"
MAY = {"text.py": "says everything", "options.py": "writes JSON"}
PRINTS = re.compile(r"\btyper\.(?:echo|secho|style)\(|(?<![\w.])print\(")


def test_no_command_prints_but_through_say() -> None:
    own = [
        file.name
        for file in sorted(CLI.glob("*.py"))
        if not file.name.startswith("demo")  # shows what other commands printed
        and file.name not in MAY
        and PRINTS.search(file.read_text("utf-8"))
    ]
    assert own == []
