"""The trackers of a company: what a Jira and a Linear do differently."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from okrsync_simulators.clock import SystemClock
from okrsync_simulators.jira import Deployment, JiraWorld
from okrsync_simulators.jira import serve_world as serve_jira
from okrsync_simulators.linear import LinearWorld
from okrsync_simulators.linear import serve_world as serve_linear
from okrsync_simulators.linear.budget import Budget
from okrsync_simulators.people import BOT, MIRA
from tests.chaos.place import ARCHIVE, FIRST_LABEL, Change, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class JiraPlace(Place):
    """A Jira of either kind."""

    def __init__(self, name: str, scopes: Sequence[str], deployment: Deployment) -> None:
        world = JiraWorld(page_size=25, deployment=deployment)
        for scope in (*scopes, ARCHIVE):
            world.create_project(scope)
        super().__init__(name, world, scopes, serve_jira)
        self.deployment = deployment.value

    def set_lag(self, seconds: float) -> None:
        self.world.lag_seconds = seconds

    def hide(self, item: str) -> None:
        """Take okrsync's permission to see an item."""
        self.hidden.add(item)
        self.world.hide(item)

    def show_all(self) -> None:
        for item in self.hidden & set(self.items):
            self.world.show(item)
            self.stir(item)
        self.hidden.clear()

    def _create(self, title: str, scope: str) -> str:
        return str(self.world.create_issue(project=scope, summary=title, labels=[FIRST_LABEL]))

    def _retitle(self, item: str, title: str) -> None:
        self.world.set_summary(item, title)

    def _hang(self, item: str, parent: str | None) -> None:
        self.world.set_parent(item, parent)

    def _delete(self, item: str) -> None:
        self.world.delete(item)

    def _entries(self, item: str) -> Sequence[Any]:
        return tuple(self.world.changes(item))

    def strays(self, item: str) -> list[str]:
        return [
            f"{part.field} at {entry.at}"
            for entry in self._entries(item)
            for part in entry.items
            if part.field != "labels" and self._ours(entry)
        ]

    def _told(self, item: str) -> Iterator[Change]:
        for entry in self._entries(item):
            for part in entry.items:
                if part.field == "labels":
                    before = frozenset((part.from_string or "").split())
                    after = frozenset((part.to_string or "").split())
                    us = self._ours(entry)
                    borrowed = entry.account == BOT and not us
                    yield Change(entry.at, after - before, before - after, us, borrowed)

    def _ours(self, entry: Any) -> bool:
        return bool(entry.account == BOT) and entry.id not in self._by_people


class LinearPlace(Place):
    """A Linear workspace."""

    def __init__(self, name: str, scopes: Sequence[str]) -> None:
        clock = SystemClock()
        generous = Budget(clock, requests=10**9, complexity=10**12)
        world = LinearWorld(clock, budget=generous)
        for scope in (*scopes, ARCHIVE):
            world.create_team(scope)
        super().__init__(name, world, scopes, serve_linear)
        self._names: dict[str, str] = {}
        """Of labels whose definition was deleted, by id."""
        self._retired: list[str] = []

    def delete_definition(self, name: str) -> None:
        """Delete a label as it is defined: it vanishes from all items, and no history tells."""
        with self.world.lock:
            self._names[self.world.label_named(name).id] = name
            self.vanished[name].append(self.world.clock.now())
            self.world.delete_label(name)

    def retire_definition(self, name: str) -> None:
        """Retire a label: it stays where it is, and nobody can put it on anything."""
        self._retired.append(self.world.label_named(name).id)
        self.world.retire_label(name)

    def restore_definitions(self) -> None:
        book = self.world.label_book
        for label in self._retired:
            if label in book.by_id:
                book.update(label, {"retired_at": None})
        self._retired.clear()

    def set_lag(self, seconds: float) -> None:
        self.world.index.lag = timedelta(seconds=seconds)

    def _create(self, title: str, scope: str) -> str:
        return str(self.world.create_issue(scope, title, labels=[FIRST_LABEL]))

    def _retitle(self, item: str, title: str) -> None:
        self._change(item, title=title)

    def _hang(self, item: str, parent: str | None) -> None:
        self._change(item, parent_id=parent)

    def _change(self, item: str, **what: Any) -> None:
        issue = self.world.issue(item)
        self.world.change(issue, self.world.entry(issue, MIRA), **what)

    def _delete(self, item: str) -> None:
        self.world.trash(item)

    def _entries(self, item: str) -> Sequence[Any]:
        return tuple(self.world.history.get(item, ()))

    def strays(self, item: str) -> list[str]:
        return [
            f"{entry}"
            for entry in self._entries(item)
            if self._ours(entry) and not (entry.added_label_ids or entry.removed_label_ids)
        ]

    def _told(self, item: str) -> Iterator[Change]:
        for entry in self._entries(item):
            added, removed = (
                frozenset(self._name(each) for each in ids)
                for ids in (entry.added_label_ids, entry.removed_label_ids)
            )
            if added or removed:
                us = self._ours(entry)
                borrowed = entry.actor_id == BOT.id and not us
                yield Change(entry.created_at, added, removed, us, borrowed)

    def _ours(self, entry: Any) -> bool:
        return bool(entry.actor_id == BOT.id) and entry.id not in self._by_people

    def _name(self, label: str) -> str:
        gone = self._names.get(label)
        return gone or str(self.world.label_book.by_id[label].name)
