"""What shell completion sees: words from the settings, the files they name, and a SQLite store.

A shell asks at every press of a key, so settings are not checked, adapters not loaded, and the
store is read beside whoever writes it. Of a PostgreSQL store or other sources nothing is seen.
"""

from __future__ import annotations

import json
import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

MANY = 50
"""How many items are offered at once."""

_GOALS = ("objectives", "hypotheses", "beliefs")


class Glimpse:
    """One settings file, and what lies around it."""

    def __init__(self, config: Path | None, environ: Mapping[str, str] = os.environ) -> None:
        from okrsync.documents.read import parse_file

        path = config or Path(environ.get("OKRSYNC_CONFIG") or "okrsync.yaml")
        self._folder = path.absolute().parent
        data = parse_file(path).data
        self._settings: dict[str, Any] = data if isinstance(data, dict) else {}
        self._store = environ.get("OKRSYNC_STORE") or self._settings.get("store")

    def trackers(self) -> Iterator[tuple[str, str]]:
        """Yield the names of trackers, each with its adapter."""
        for name, section in (self._settings.get("trackers") or {}).items():
            yield name, str(section.get("adapter", ""))

    def scopes(self) -> Iterator[tuple[str, str]]:
        """Yield the keys of scopes, each with its tracker."""
        for name, section in (self._settings.get("trackers") or {}).items():
            yield from ((str(scope), name) for scope in section.get("scopes") or ())

    def goals(self) -> Iterator[tuple[str, str]]:
        """Yield the ids of goals, each with its words."""
        for data in self._documents("okrs", "okrs"):
            for section in _GOALS:
                for goal in _mappings(data.get(section)):
                    yield _word(goal["id"]), _words_of(goal)
                    for below in _mappings(goal.get("key_results")):
                        yield _word(below["id"]), _words_of(below)

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield the ids of mapping rules, each with what it decides."""
        for data in self._documents("mapping", "mapping.yaml"):
            for rule in _mappings(data.get("rules")):
                exempt = (rule.get("exempt") or {}).get("because")
                yield _word(rule["id"]), str(exempt or f"serves {rule.get('serves')}")

    def items(self, beginning: str) -> Iterator[tuple[str, str]]:
        """Yield the keys of mirrored items that begin so, each with its title."""
        folded = beginning.casefold()
        found = self._rows(
            "SELECT body FROM mirror WHERE key_folded >= ? AND key_folded < ? AND role = 'item' "
            "ORDER BY key_folded LIMIT ?",
            (folded, folded + "\U0010ffff", MANY),
        )
        for (body,) in found:
            item = json.loads(body)
            yield item["key"], item["title"]

    def runs(self) -> Iterator[tuple[str, str]]:
        """Yield the numbers of runs, newest first, each with its kind."""
        newest = "SELECT id, kind FROM runs ORDER BY id DESC LIMIT ?"
        yield from ((str(number), kind) for number, kind in self._rows(newest, (MANY,)))

    def _documents(self, section: str, path: str) -> Iterator[dict[str, Any]]:
        from okrsync.documents.read import parse_file

        named = self._settings.get(section) or {}
        root = self._folder / named.get("path", path)
        files = sorted(root.rglob("*.y*ml")) if root.is_dir() else [root]
        for file in files:
            data = parse_file(file).data
            if isinstance(data, dict):
                yield data

    def _rows(self, query: str, values: tuple[object, ...]) -> list[Any]:
        import sqlite3

        scheme, _, name = str(self._store or "sqlite:///okrsync.db").partition("///")
        if scheme != "sqlite:" or not name:
            return []
        path = self._folder / name
        with closing(_opened(sqlite3, path)) as database:
            return database.execute(query, values).fetchall()


def _opened(sqlite: Any, path: Path) -> sqlite3.Connection:
    database: sqlite3.Connection = sqlite.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=0.2)
    return database


def _mappings(listed: object) -> Iterator[dict[str, Any]]:
    yield from (one for one in listed if isinstance(one, dict)) if isinstance(listed, list) else ()


def _word(given: object) -> str:
    return str(getattr(given, "source", given))


def _words_of(goal: Mapping[str, Any]) -> str:
    told = ("title", "statement", "does_what", "we_believe", "text")
    return next((str(goal[key]) for key in told if goal.get(key)), "")
