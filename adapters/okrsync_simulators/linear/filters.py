"""Linear's filters as predicates: the parts of `IssueFilter` and its kin that our schema declares.

The schema has checked the shape; here it gets its meaning. A condition on something absent, such
as the project of an issue without one, does not hold unless it asks for `null`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from operator import eq, ge, gt, le, lt, ne
from typing import TYPE_CHECKING, Any

from okrsync_simulators.linear.errors import RefusalError

if TYPE_CHECKING:
    from okrsync_simulators.linear.workspace import Workspace

Predicate = Callable[[Any], bool]
Spec = Mapping[str, Any]
Compiler = Callable[[Spec], Predicate]
Field = tuple[Callable[[Any], Any], Compiler]

DURATION = re.compile(r"(-)?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")

PLAIN: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": eq,
    "neq": ne,
    "lt": lt,
    "lte": le,
    "gt": gt,
    "gte": ge,
    "in": lambda value, wanted: value in wanted,
    "nin": lambda value, wanted: value not in wanted,
    "eqIgnoreCase": lambda value, wanted: value.casefold() == wanted.casefold(),
    "neqIgnoreCase": lambda value, wanted: value.casefold() != wanted.casefold(),
    "contains": lambda value, wanted: wanted in value,
    "containsIgnoreCase": lambda value, wanted: wanted.casefold() in value.casefold(),
    "notContains": lambda value, wanted: wanted not in value,
    "startsWith": lambda value, wanted: value.startswith(wanted),
    "startsWithIgnoreCase": lambda value, wanted: value.casefold().startswith(wanted.casefold()),
    "notStartsWith": lambda value, wanted: not value.startswith(wanted),
    "endsWith": lambda value, wanted: value.endswith(wanted),
    "notEndsWith": lambda value, wanted: not value.endswith(wanted),
}


def asked_ids(spec: Spec | None) -> list[str] | None:
    """Return the ids that a filter asks for by name, if it does."""
    by_id = (spec or {}).get("id") or {}
    if "in" in by_id:
        return list(by_id["in"])
    return [by_id["eq"]] if "eq" in by_id else None


class Filters:
    """Compiles filters for the objects of one workspace, at one moment."""

    def __init__(self, world: Workspace, now: datetime) -> None:
        self._world = world
        self._now = now
        self._issue_fields: Mapping[str, Field] = {
            "id": (_attribute("id"), self._compare),
            "number": (_attribute("number"), self._compare),
            "title": (_attribute("title"), self._compare),
            "createdAt": (_attribute("created_at"), self._compare_dates),
            "updatedAt": (_attribute("updated_at"), self._compare_dates),
            "archivedAt": (_attribute("archived_at"), self._compare_dates),
            "completedAt": (_attribute("completed_at"), self._compare_dates),
            "canceledAt": (_attribute("canceled_at"), self._compare_dates),
            "team": (lambda issue: world.teams[issue.team_id], self.team),
            "state": (lambda issue: world.states[issue.state_id], self.state),
            "parent": (lambda issue: world.index.find(issue.parent_id or ""), self.issue),
            "project": (lambda issue: world.projects.get(issue.project_id), self.project),
            "projectMilestone": (
                lambda issue: world.milestones.get(issue.milestone_id),
                self.milestone,
            ),
            "labels": (self._labels_of, self._label_collection),
        }

    def issue(self, spec: Spec) -> Predicate:
        """Compile an `IssueFilter`, nullable or not."""
        return self._object(spec, self._issue_fields, self.issue)

    def label(self, spec: Spec) -> Predicate:
        """Compile an `IssueLabelFilter`."""
        book, teams = self._world.label_book.by_id, self._world.teams
        fields: Mapping[str, Field] = {
            **self._named_fields(),
            "isGroup": (_attribute("is_group"), self._compare),
            "parent": (lambda label: book.get(label.parent_id), self.label),
            "team": (lambda label: teams.get(label.team_id), self.team),
        }
        return self._object(spec, fields, self.label)

    def team(self, spec: Spec) -> Predicate:
        """Compile a `TeamFilter`, nullable or not."""
        fields: Mapping[str, Field] = {
            **self._named_fields(),
            "key": (_attribute("key"), self._compare),
        }
        return self._object(spec, fields, self.team)

    def state(self, spec: Spec) -> Predicate:
        """Compile a `WorkflowStateFilter`."""
        fields: Mapping[str, Field] = {
            **self._named_fields(),
            "type": (_attribute("type"), self._compare),
            "team": (lambda state: self._world.teams[state.team_id], self.team),
        }
        return self._object(spec, fields, self.state)

    def project(self, spec: Spec) -> Predicate:
        """Compile a `ProjectFilter`, nullable or not, or an `InitiativeFilter`."""
        return self._object(spec, self._named_fields(), self.project)

    def milestone(self, spec: Spec) -> Predicate:
        """Compile a `ProjectMilestoneFilter`, nullable or not."""
        fields: Mapping[str, Field] = {
            **self._named_fields(),
            "project": (lambda milestone: self._world.projects[milestone.project_id], self.project),
        }
        return self._object(spec, fields, self.milestone)

    def _named_fields(self) -> dict[str, Field]:
        return {
            "id": (_attribute("id"), self._compare),
            "name": (_attribute("name"), self._compare),
            "createdAt": (_attribute("created_at"), self._compare_dates),
            "updatedAt": (_attribute("updated_at"), self._compare_dates),
        }

    def _labels_of(self, issue: Any) -> list[Any]:
        book = self._world.label_book.by_id
        return [book[label_id] for label_id in issue.label_ids if label_id in book]

    def _label_collection(self, spec: Spec) -> Predicate:
        """Compile conditions on all of an issue's labels; one on a label's own field means some."""
        parts: list[Predicate] = []
        for name, wanted in spec.items():
            if name == "every":
                parts.append(_every(self.label(wanted)))
            elif name == "some":
                parts.append(_some(self.label(wanted)))
            elif name in {"and", "or"}:
                parts.append(_joined(name, [self._label_collection(one) for one in wanted]))
            elif name == "null":
                parts.append(_emptiness(wanted))
            elif name == "length":
                parts.append(_length(self._compare(wanted)))
            else:
                parts.append(_some(self.label({name: wanted})))
        return _joined("and", parts)

    def _object(self, spec: Spec, fields: Mapping[str, Field], again: Compiler) -> Predicate:
        parts: list[Predicate] = []
        for name, wanted in spec.items():
            if wanted is None:
                continue
            if name in {"and", "or"}:
                parts.append(_joined(name, [again(one) for one in wanted]))
            elif name == "null":
                parts.append(_absence(wanted))
            else:
                getter, compiler = fields[name]
                parts.append(_through(getter, compiler(wanted)))
        return _joined("and", parts)

    def _compare_dates(self, spec: Spec) -> Predicate:
        return self._compare({name: self._moments(wanted) for name, wanted in spec.items()})

    def _moments(self, wanted: Any) -> Any:
        if isinstance(wanted, list):
            return [self._moments(one) for one in wanted]
        return _moment(wanted, self._now) if isinstance(wanted, str) else wanted

    @staticmethod
    def _compare(spec: Spec) -> Predicate:
        parts = [
            _absence(wanted) if name == "null" else _holds(PLAIN[name], wanted)
            for name, wanted in spec.items()
            if wanted is not None
        ]
        return _joined("and", parts)


def _attribute(name: str) -> Callable[[Any], Any]:
    return lambda thing: getattr(thing, name, None)


def _through(getter: Callable[[Any], Any], inner: Predicate) -> Predicate:
    return lambda thing: thing is not None and inner(getter(thing))


def _holds(operation: Callable[[Any, Any], bool], wanted: Any) -> Predicate:
    return lambda value: value is not None and operation(value, wanted)


def _absence(wanted: bool) -> Predicate:
    return lambda value: (value is None) is wanted


def _emptiness(wanted: bool) -> Predicate:
    return lambda values: (not values) is wanted


def _length(inner: Predicate) -> Predicate:
    return lambda values: inner(len(values))


def _some(inner: Predicate) -> Predicate:
    return lambda values: any(map(inner, values))


def _every(inner: Predicate) -> Predicate:
    return lambda values: all(map(inner, values))


def _joined(how: str, parts: list[Predicate]) -> Predicate:
    if len(parts) == 1:
        return parts[0]
    quantifier = any if how == "or" else all
    return lambda thing: quantifier(part(thing) for part in parts)


def _moment(text: str, now: datetime) -> datetime:
    """Read an ISO date, or a duration as Linear takes it: `-P1D` is this time yesterday."""
    duration = DURATION.fullmatch(text)
    if duration:
        sign, *amounts = duration.groups(default="0")
        weeks, days, hours, minutes, seconds = map(int, amounts)
        span = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
        return now - span if sign == "-" else now + span
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise RefusalError("Argument Validation Error", f"Invalid date: {text}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
