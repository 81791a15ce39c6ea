"""The simulated workspace as tests drive it: what people do, and what clients were seen doing.

People work by name and are never refused: like Linear's own screens, choosing a label of a group
takes its sibling off. Ids are returned, names are taken.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from okrsync_simulators.faults import FaultQueue
from okrsync_simulators.linear.budget import Budget
from okrsync_simulators.linear.containers import Containers
from okrsync_simulators.linear.model import Issue, Label, Write
from okrsync_simulators.linear.workspace import entered
from okrsync_simulators.people import BOT, MIRA, Account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from okrsync_simulators.clock import Clock

API_KEY = "lin_api_simulated"
OAUTH_TOKEN = "lin_oauth_simulated"  # noqa: S105 (opens nothing but this simulator)


class LinearWorld(Containers):
    """One workspace, its people, and a log of what came in through the API.

    Linear's open questions are switches: `swap_needs_two_steps` (a label group's swap in one
    mutation is refused), `batches_stop_midway` (a batch that meets an unfit issue has changed
    those before it) and `fold_history_seconds` (changes soon after creation leave no history).
    """

    def __init__(
        self,
        clock: Clock,
        *,
        lag_seconds: float = 0.0,
        seed: int = 1,
        swap_needs_two_steps: bool = False,
        batches_stop_midway: bool = False,
        fold_history_seconds: float = 0.0,
        budget: Budget | None = None,
    ) -> None:
        super().__init__(clock, lag_seconds=lag_seconds, seed=seed)
        self.swap_needs_two_steps = swap_needs_two_steps
        self.batches_stop_midway = batches_stop_midway
        self.fold_history_seconds = fold_history_seconds
        self.budget = budget or Budget(clock)
        self.faults = FaultQueue()
        self.writes: list[Write] = []
        self.requests: Counter[str] = Counter()
        self.complexity = 0.0
        self.protocol_breaches: list[str] = []
        self.before_request: Callable[[str], None] = _nothing

    def create_issue(
        self,
        team: str,
        title: str,
        *,
        labels: Iterable[str] = (),
        state: str = "Todo",
        parent: str | None = None,
        project: str | None = None,
        milestone: str | None = None,
        description: str | None = None,
        due: date | None = None,
        estimate: float | None = None,
    ) -> str:
        """Write an issue; team, project, milestone and labels appear if nobody had them yet."""
        with self.lock:
            home = self.team(team)
            number, now = self.take_number(home), self.moment()
            column = self.state(home.id, state)
            reach = self.reach(home.id)
            in_project = self.project(project) if project else None
            issue = Issue(
                id=self.new_id(),
                identifier=f"{home.key}-{number}",
                number=number,
                title=title,
                team_id=home.id,
                state_id=column.id,
                created_at=now,
                updated_at=now,
                label_ids=tuple(self.workspace_label(name, reach).id for name in labels),
                description=description,
                parent_id=parent,
                project_id=in_project.id if in_project else None,
                due=due,
                estimate=estimate,
            )
            if project and milestone:
                issue = replace(issue, milestone_id=self.create_milestone(project, milestone))
            self.add_issue(entered(issue, column, now))
            return issue.id

    def create_label(
        self,
        name: str,
        *,
        team: str | None = None,
        parent: str | None = None,
        is_group: bool = False,
    ) -> str:
        """Define a label of the workspace or of a team, inside the group named *parent* if any."""
        now = self.moment()
        label = Label(
            self.new_id(),
            name,
            now,
            now,
            is_group=is_group,
            parent_id=self.label_named(parent).id if parent else None,
            team_id=self.team(team).id if team else None,
        )
        return self.label_book.create(label).id

    def labels(self, issue_id: str) -> frozenset[str]:
        """Return the names on an issue, as they are."""
        known = self.label_book.by_id
        return frozenset(known[i].name for i in self.issue(issue_id).label_ids if i in known)

    def label_named(self, name: str) -> Label:
        """Return the definition of a label, whosever it is."""
        found = self.label_book.named(name, self.teams)
        if found is None:
            raise KeyError(name)
        return found

    def person_edits_labels(
        self,
        issue_id: str,
        add: Iterable[str] = (),
        remove: Iterable[str] = (),
        account: Account | None = MIRA,
    ) -> None:
        """Let a person (or, without an account, an automation) change an issue's labels."""
        with self.lock:
            issue = self.issue(issue_id)
            if account is not None:
                self.users.setdefault(account.id, account)
            reach = self.reach(issue.team_id)
            chosen = [self.workspace_label(name, reach) for name in add]
            folded = {name.casefold() for name in remove}
            groups = {label.parent_id for label in chosen} - {None}
            added = [label.id for label in chosen]
            on_issue = [self.label_book.by_id[i] for i in issue.label_ids]
            gone = {
                label.id
                for label in on_issue
                if label.name.casefold() in folded
                or (label.parent_id in groups and label.id not in added)
            }
            self.change_labels(issue, added=added, removed=gone, actor=account)

    def bot_edits_labels(
        self, issue_id: str, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> None:
        """Let somebody else who holds the API key change an issue's labels."""
        self.person_edits_labels(issue_id, add, remove, BOT)

    def transition(self, issue_id: str, state: str, account: Account | None = MIRA) -> None:
        """Put an issue into a state of its team, by name or type."""
        issue = self.issue(issue_id)
        self.enter_state(issue, self.state(issue.team_id, state), account)

    def move(self, issue_id: str, team: str, account: Account | None = MIRA) -> None:
        """Give an issue to another team: a new identifier, and none of the old team's labels."""
        with self.lock:
            issue, home = self.issue(issue_id), self.team(team)
            number = self.take_number(home)
            labels = self._labels_in(home.id, issue)
            state = self.state(home.id, self.states[issue.state_id].type)
            entry = self.entry(
                issue,
                account,
                from_team_id=issue.team_id,
                to_team_id=home.id,
                added_label_ids=tuple(i for i in labels if i not in issue.label_ids),
                removed_label_ids=tuple(i for i in issue.label_ids if i not in labels),
            )
            self.change(
                issue,
                entry,
                team_id=home.id,
                state_id=state.id,
                number=number,
                identifier=f"{home.key}-{number}",
                previous_identifiers=(*issue.previous_identifiers, issue.identifier),
                label_ids=labels,
            )

    def trash(self, issue_id: str, account: Account | None = MIRA) -> None:
        """Put an issue into the bin."""
        issue = self.issue(issue_id)
        entry = self.entry(issue, account, trashed=True)
        self.change(issue, entry, trashed=True, archived_at=entry.created_at)

    def archive(self, issue_id: str, account: Account | None = MIRA) -> None:
        """Archive an issue."""
        issue = self.issue(issue_id)
        entry = self.entry(issue, account, archived=True)
        self.change(issue, entry, archived_at=entry.created_at)

    def clone(self, issue_id: str) -> str:
        """Copy an issue, labels and all, within its team."""
        with self.lock:
            issue, now = self.issue(issue_id), self.moment()
            team = self.teams[issue.team_id]
            number = self.take_number(team)
            copy = replace(
                issue,
                id=self.new_id(),
                number=number,
                identifier=f"{team.key}-{number}",
                previous_identifiers=(),
                created_at=now,
                updated_at=now,
            )
            self.add_issue(copy)
            return copy.id

    def delete_label(self, name: str) -> None:
        """Delete a definition: it vanishes from issues, whose `updatedAt` and history stay."""
        with self.lock:
            self.forget_label(self.label_book.delete(self.label_named(name).id).id)

    def retire_label(self, name: str) -> None:
        """Retire a definition: issues keep it, nobody can apply it."""
        self.label_book.update(self.label_named(name).id, {"retired_at": self.moment()})

    def archive_label(self, name: str) -> None:
        """Archive a definition: hidden from lists, its name still taken."""
        self.label_book.update(self.label_named(name).id, {"archived_at": self.moment()})

    def merge_labels(self, name: str, into: str) -> None:
        """Merge one label into another: issues carry the other one's id from then on."""
        with self.lock:
            gone, kept = self.label_named(name), self.label_named(into)
            self.label_book.delete(gone.id)
            self.forget_label(gone.id, instead=dict.fromkeys(self.teams, kept.id))

    def convert_to_team_label(self, name: str, team: str) -> str:
        """Make a workspace label a team's own: a new id there, and no longer on others' issues."""
        with self.lock:
            label, home = self.label_named(name), self.team(team)
            self.label_book.delete(label.id)
            converted = replace(label, id=self.new_id(), team_id=home.id, updated_at=self.moment())
            self.label_book.create(converted)
            within = (t for t in self.teams if home.id in self.reach(t))
            self.forget_label(label.id, instead=dict.fromkeys(within, converted.id))
            return converted.id

    def forget_label(self, label_id: str, instead: dict[str, str] | None = None) -> None:
        """Take a vanished id off all issues, in some teams for another one."""
        for issue in self.index.current():
            if label_id in issue.label_ids:
                other = (instead or {}).get(issue.team_id)
                ids = (other if i == label_id else i for i in issue.label_ids)
                self.index.put(replace(issue, label_ids=tuple(dict.fromkeys(filter(None, ids)))))

    def flush_index(self) -> None:
        """Let searching catch up with the truth."""
        self.index.flush()

    def _labels_in(self, team_id: str, issue: Issue) -> tuple[str, ...]:
        """Return what an issue's labels become in a team: its own of the same name, or nothing."""
        reach, ids = self.reach(team_id), []
        for label in (self.label_book.by_id[i] for i in issue.label_ids):
            fits = label.team_id is None or label.team_id in reach
            here = label if fits else self.label_book.named(label.name, reach)
            if here is not None:
                ids.append(here.id)
        return tuple(dict.fromkeys(ids))


def _nothing(_operation: str) -> None:
    """Do nothing before a request."""
