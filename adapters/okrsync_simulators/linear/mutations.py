"""The root fields that write, with Linear's refusals.

All of them act as the account that the credential belongs to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okrsync_simulators.linear.errors import RefusalError, not_found
from okrsync_simulators.linear.model import Label, Write
from okrsync_simulators.linear.views import View, Views
from okrsync_simulators.people import BOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from okrsync_simulators.linear.model import Issue
    from okrsync_simulators.linear.world import LinearWorld

LARGEST_BATCH = 50
LABEL_FIELDS = {
    "name": "name",
    "color": "color",
    "description": "description",
    "isGroup": "is_group",
    "parentId": "parent_id",
}


class Mutations:
    """Changes one world."""

    def __init__(self, world: LinearWorld) -> None:
        self._world = world
        self._views = Views(world)

    def fields(self) -> Mapping[str, Callable[..., Any]]:
        """Return a resolver for each root field."""
        return {
            "issueUpdate": self._issue_update,
            "issueBatchUpdate": self._issue_batch_update,
            "issueAddLabel": self._issue_add_label,
            "issueRemoveLabel": self._issue_remove_label,
            "issueLabelCreate": self._label_create,
            "issueLabelUpdate": self._label_update,
            "issueLabelDelete": self._label_delete,
            "issueLabelRetire": self._label_retire,
            "issueLabelRestore": self._label_restore,
        }

    def _issue_update(self, _info: Any, id: str, input: Mapping[str, Any]) -> View:  # noqa: A002
        issue = self._changeable(id)
        self._refuse(issue, input)
        return self._done(issue=self._views.issue(self._update("issueUpdate", issue, input)))

    def _issue_batch_update(self, _info: Any, ids: list[str], input: Mapping[str, Any]) -> View:  # noqa: A002
        if len(ids) > LARGEST_BATCH:
            raise RefusalError(
                "Argument Validation Error",
                f"ids must contain no more than {LARGEST_BATCH} elements",
            )
        if not self._world.batches_stop_midway:
            for issue_id in ids:
                self._refuse(self._changeable(issue_id), input)
        changed = []
        for issue_id in ids:
            issue = self._changeable(issue_id)
            self._refuse(issue, input)
            changed.append(self._update("issueBatchUpdate", issue, input))
        return self._done(issues=[self._views.issue(issue) for issue in changed])

    def _issue_add_label(self, _info: Any, id: str, labelId: str) -> View:  # noqa: A002, N803
        return self._one_label("issueAddLabel", id, {"addedLabelIds": [labelId]})

    def _issue_remove_label(self, _info: Any, id: str, labelId: str) -> View:  # noqa: A002, N803
        return self._one_label("issueRemoveLabel", id, {"removedLabelIds": [labelId]})

    def _one_label(self, operation: str, reference: str, wanted: Mapping[str, Any]) -> View:
        issue = self._changeable(reference)
        self._refuse(issue, wanted)
        return self._done(issue=self._views.issue(self._update(operation, issue, wanted)))

    def _changeable(self, reference: str) -> Issue:
        issue = self._world.issue(reference)
        if issue.trashed or issue.archived_at is not None:
            raise not_found("Issue")
        return issue

    def _refuse(self, issue: Issue, wanted: Mapping[str, Any]) -> None:
        """Refuse what may not be done to an issue, before anything is done to it."""
        added, removed = _label_change(issue, wanted)
        for label_id in removed:
            self._world.label_book.get(label_id)
        gone = () if self._world.swap_needs_two_steps else removed
        self._world.label_book.refuse_unfit(
            carried=[i for i in issue.label_ids if i not in gone and i not in added],
            added=[i for i in added if i not in issue.label_ids],
            team_ids=self._world.reach(issue.team_id),
        )
        if wanted.get("stateId"):
            self._state_of(issue, wanted["stateId"])

    def _update(self, operation: str, issue: Issue, wanted: Mapping[str, Any]) -> Issue:
        world = self._world
        added, removed = _label_change(issue, wanted)
        if wanted.get("labelIds") is not None:
            world.protocol_breaches.append(f"{operation} {issue.identifier}: labelIds")
        changed = world.change_labels(issue, added=added, removed=removed, actor=BOT)
        self._log(operation, issue.id, changed.label_ids, issue.label_ids)
        if wanted.get("stateId"):
            changed = world.enter_state(changed, self._state_of(issue, wanted["stateId"]), BOT)
        texts = {name: wanted[name] for name in ("title", "description") if name in wanted}
        return world.change(changed, world.entry(changed, BOT), **texts) if texts else changed

    def _state_of(self, issue: Issue, state_id: str) -> Any:
        state = self._world.states.get(state_id)
        if state is None or state.team_id != issue.team_id:
            raise not_found("WorkflowState")
        return state

    def _label_create(self, _info: Any, input: Mapping[str, Any]) -> View:  # noqa: A002
        world, now = self._world, self._world.moment()
        given = _label_changes(input)
        if input.get("teamId") and input["teamId"] not in world.teams:
            raise not_found("Team")
        label = Label(
            id=input.get("id") or world.new_id(),
            created_at=now,
            updated_at=now,
            team_id=input.get("teamId"),
            **given,
        )
        return self._defined("issueLabelCreate", world.label_book.create(label))

    def _label_update(self, _info: Any, id: str, input: Mapping[str, Any]) -> View:  # noqa: A002
        return self._redefine("issueLabelUpdate", id, _label_changes(input))

    def _label_retire(self, _info: Any, id: str) -> View:  # noqa: A002
        return self._redefine("issueLabelRetire", id, {"retired_at": self._world.moment()})

    def _label_restore(self, _info: Any, id: str) -> View:  # noqa: A002
        return self._redefine("issueLabelRestore", id, {"retired_at": None})

    def _redefine(self, operation: str, label_id: str, changes: Mapping[str, Any]) -> View:
        stamped = {**changes, "updated_at": self._world.moment()}
        return self._defined(operation, self._world.label_book.update(label_id, stamped))

    def _label_delete(self, _info: Any, id: str) -> View:  # noqa: A002
        label = self._world.label_book.delete(id)
        self._world.forget_label(id)
        self._note("issueLabelDelete", None, (), [label.name])
        return self._done(entityId=id)

    def _defined(self, operation: str, label: Label) -> View:
        self._note(operation, None, [label.name], ())
        return self._done(issueLabel=self._views.label(label))

    def _done(self, **payload: Any) -> View:
        return {"success": True, "lastSyncId": self._world.next_sync_id(), **payload}

    def _log(
        self, operation: str, issue_id: str, after: Iterable[str], before: Iterable[str]
    ) -> None:
        after, before = frozenset(after), frozenset(before)
        self._note(operation, issue_id, self._names(after - before), self._names(before - after))

    def _names(self, label_ids: Iterable[str]) -> list[str]:
        known = self._world.label_book.by_id
        return [known[i].name if i in known else i for i in label_ids]

    def _note(
        self, operation: str, issue_id: str | None, added: Iterable[str], removed: Iterable[str]
    ) -> None:
        write = Write(
            self._world.moment(), operation, issue_id, frozenset(added), frozenset(removed)
        )
        self._world.writes.append(write)


def _label_change(issue: Issue, wanted: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return the ids to add and to remove; `labelIds` replaces all that the issue carries."""
    if wanted.get("labelIds") is not None:
        whole = list(wanted["labelIds"])
        return whole, [label for label in issue.label_ids if label not in whole]
    return list(wanted.get("addedLabelIds") or ()), list(wanted.get("removedLabelIds") or ())


def _label_changes(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        field: given[name]
        for name, field in LABEL_FIELDS.items()
        if name in given and (given[name] is not None or field in {"description", "parent_id"})
    }
