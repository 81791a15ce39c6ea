"""A Linear workspace: its teams, issues, labels and history, and how a change is made and noted.

What the API allows is decided by its resolvers, what people do is in `world`; both change things
through here, so that both leave the same traces.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from threading import RLock
from typing import TYPE_CHECKING, Any
from uuid import UUID

from okrsync_simulators.linear.errors import not_found
from okrsync_simulators.linear.index import IssueIndex
from okrsync_simulators.linear.labels import LabelBook
from okrsync_simulators.linear.model import (
    HistoryEntry,
    Initiative,
    Issue,
    Label,
    Milestone,
    Project,
    State,
    StateType,
    Team,
)
from okrsync_simulators.people import BOT, PEOPLE, Account

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime

    from okrsync_simulators.clock import Clock

DEFAULT_STATES = (
    ("Triage", StateType.TRIAGE),
    ("Backlog", StateType.BACKLOG),
    ("Todo", StateType.UNSTARTED),
    ("In Progress", StateType.STARTED),
    ("In Review", StateType.STARTED),
    ("Done", StateType.COMPLETED),
    ("Canceled", StateType.CANCELED),
    ("Duplicate", StateType.DUPLICATE),
)


class Workspace:
    """State, and the few primitives that change it."""

    def __init__(self, clock: Clock, *, lag_seconds: float = 0.0, seed: int = 1) -> None:
        self.clock = clock
        self.lock = RLock()
        self.index = IssueIndex(clock, lag_seconds)
        self.label_book = LabelBook()
        self.teams: dict[str, Team] = {}
        self.states: dict[str, State] = {}
        self.projects: dict[str, Project] = {}
        self.milestones: dict[str, Milestone] = {}
        self.initiatives: dict[str, Initiative] = {}
        self.users: dict[str, Account] = {account.id: account for account in (BOT, *PEOPLE)}
        self.history: dict[str, list[HistoryEntry]] = {}
        self.fold_history_seconds = 0.0
        self.announce: Callable[[Issue | None, Issue], None] = _nothing
        """Told of everything that happens to issues: before, if it was there, and after."""
        self._random = Random(f"linear ids {seed}")
        self._last_numbers: dict[str, int] = {}
        self._sync_id = 0

    def moment(self) -> datetime:
        """Return the present in whole milliseconds, as Linear stores it."""
        now = self.clock.now()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def new_id(self) -> str:
        """Return an unused UUID, the same ones in the same order for the same seed."""
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def next_sync_id(self) -> int:
        """Count a change, as `lastSyncId` does."""
        self._sync_id += 1
        return self._sync_id

    def issue(self, reference: str) -> Issue:
        """Return the issue of an id or identifier or refuse."""
        issue = self.index.find(reference)
        if issue is None:
            raise not_found("Issue")
        return issue

    def team(self, key: str) -> Team:
        """Return the team of a key; a new key founds a team with Linear's usual states."""
        found = next((team for team in self.teams.values() if team.key == key), None)
        return found or self._found_team(key, None)

    def create_team(self, key: str, parent: str | None = None) -> Team:
        """Found a team, below another one if wanted."""
        return self._found_team(key, self.team(parent).id if parent else None)

    def reach(self, team_id: str | None) -> list[str]:
        """Return a team's id and those of the teams above it: whose labels its issues may carry."""
        reach = []
        while team_id is not None:
            reach.append(team_id)
            team_id = self.teams[team_id].parent_id
        return reach

    def state(self, team_id: str, wanted: str) -> State:
        """Return a team's state by its name, else the first one of that type."""
        states = [state for state in self.states.values() if state.team_id == team_id]
        named = (state for state in states if state.name.casefold() == wanted.casefold())
        typed = (state for state in states if state.type == wanted)
        found = next(named, None) or next(typed, None)
        if found is None:
            raise not_found("WorkflowState")
        return found

    def add_state(self, team_id: str, name: str, kind: StateType) -> State:
        """Add a state to a team's workflow."""
        position = float(sum(state.team_id == team_id for state in self.states.values()))
        state = State(self.new_id(), name, kind, team_id, position, self.moment())
        self.states[state.id] = state
        return state

    def project(self, name: str) -> Project:
        """Return the project of a name, new if need be."""
        for project in self.projects.values():
            if project.name == name:
                return project
        now = self.moment()
        project = Project(self.new_id(), name, now, now)
        self.projects[project.id] = project
        return project

    def take_number(self, team: Team) -> int:
        """Return the number of a team's next issue; nobody else gets it."""
        self._last_numbers[team.id] = self._last_numbers.get(team.id, 0) + 1
        return self._last_numbers[team.id]

    def add_issue(self, issue: Issue) -> None:
        """Take in an issue that is new here, as it is."""
        with self.lock:
            last = self._last_numbers.get(issue.team_id, 0)
            self._last_numbers[issue.team_id] = max(last, issue.number)
            self.index.put(issue)
            self.announce(None, issue)

    def workspace_label(self, name: str, team_ids: Collection[str] = ()) -> Label:
        """Return the label of that name within reach; a new name becomes a workspace label."""
        found = self.label_book.named(name, team_ids)
        if found is not None:
            return found
        now = self.moment()
        return self.label_book.create(Label(self.new_id(), name, now, now))

    def change(self, issue: Issue, entry: HistoryEntry, /, **changes: Any) -> Issue:
        """Change an issue, which also moves its `updatedAt`, and note it in its history."""
        with self.lock:
            changed = replace(issue, updated_at=entry.created_at, **changes)
            self.index.put(changed)
            age = (entry.created_at - issue.created_at).total_seconds()
            if age >= self.fold_history_seconds:
                self.history.setdefault(issue.id, []).append(entry)
            self.next_sync_id()
            self.announce(issue, changed)
            return changed

    def entry(self, issue: Issue, actor: Account | None, **changes: Any) -> HistoryEntry:
        """Return a line of history for a change that happens now."""
        actor_id = actor.id if actor else None
        return HistoryEntry(self.new_id(), issue.id, self.moment(), actor_id, **changes)

    def change_labels(
        self, issue: Issue, *, added: Iterable[str], removed: Collection[str], actor: Account | None
    ) -> Issue:
        """Take labels off an issue, then put labels on; what changes nothing leaves no trace."""
        with self.lock:
            kept = [label for label in issue.label_ids if label not in removed]
            new = [label for label in dict.fromkeys(added) if label not in kept]
            after = (*kept, *new)
            came = tuple(label for label in after if label not in issue.label_ids)
            went = tuple(label for label in issue.label_ids if label not in after)
            if not came and not went:
                return issue
            entry = self.entry(issue, actor, added_label_ids=came, removed_label_ids=went)
            self.label_book.touch((*came, *went), entry.created_at)
            return self.change(issue, entry, label_ids=after)

    def enter_state(self, issue: Issue, state: State, actor: Account | None) -> Issue:
        """Put an issue into a state, with the dates that go with its type."""
        entry = self.entry(issue, actor, from_state_id=issue.state_id, to_state_id=state.id)
        return self.change(entered(issue, state, entry.created_at), entry)

    def _found_team(self, key: str, parent_id: str | None) -> Team:
        team = Team(self.new_id(), key, key.capitalize(), self.moment(), parent_id)
        self.teams[team.id] = team
        for name, kind in DEFAULT_STATES:
            self.add_state(team.id, name, kind)
        return team


def entered(issue: Issue, state: State, at: datetime) -> Issue:
    """Return an issue as it is once it is in a state, with the dates that go with its type."""
    ended = state.type in {StateType.CANCELED, StateType.DUPLICATE}
    return replace(
        issue,
        state_id=state.id,
        started_at=at if state.type == StateType.STARTED else issue.started_at,
        completed_at=at if state.type == StateType.COMPLETED else None,
        canceled_at=at if ended else None,
    )


def _nothing(_before: Issue | None, _after: Issue) -> None:
    """Tell nobody."""
