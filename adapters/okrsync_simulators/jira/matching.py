"""What JQL means: which issues of the index a query finds, and in which order.

As in Jira, a negative comparison never finds an issue without a value, labels disregard case, and
an unknown project, type, status, component or key is an error and not an empty answer.
"""

from __future__ import annotations

import operator
import re
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from okrsync_simulators.jira.catalog import custom_field
from okrsync_simulators.jira.dates import moment
from okrsync_simulators.jira.jql import All, AnyOf, Clause, JqlError, Not, Op, Order, Query

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from okrsync_simulators.jira.jql import Condition, Operand
    from okrsync_simulators.jira.model import Issue
    from okrsync_simulators.jira.world import JiraWorld

    Predicate = Callable[[Issue], bool]


def _midnight(issue: Issue) -> datetime | None:
    return datetime.combine(issue.due, time(), UTC) if issue.due else None


KEY_FIELDS = {"key", "id", "issuekey", "issue"}
DATE_FIELDS: dict[str, Callable[[Issue], datetime | None]] = {
    "updated": lambda issue: issue.updated,
    "updateddate": lambda issue: issue.updated,
    "created": lambda issue: issue.created,
    "createddate": lambda issue: issue.created,
    "resolved": lambda issue: issue.resolved,
    "resolutiondate": lambda issue: issue.resolved,
    "due": _midnight,
    "duedate": _midnight,
}
TEXT_FIELDS: dict[str, Callable[[Issue], str]] = {
    "summary": lambda issue: issue.summary,
    "description": lambda issue: issue.description,
    "text": lambda issue: f"{issue.summary}\n{issue.description}",
}
VALUE_FIELDS: dict[str, Callable[[Issue], Collection[str]]] = {
    "project": lambda issue: (issue.project.id,),
    "issuetype": lambda issue: (issue.type.id,),
    "type": lambda issue: (issue.type.id,),
    "status": lambda issue: (issue.status.id,),
    "statuscategory": lambda issue: (issue.status.category.key,),
    "resolution": lambda issue: (issue.resolution.id,) if issue.resolution else (),
    "labels": lambda issue: [label.casefold() for label in issue.labels],
    "component": lambda issue: [name.casefold() for name in issue.components],
    "parent": lambda issue: (issue.parent_id,) if issue.parent_id else (),
    **dict.fromkeys(KEY_FIELDS, lambda issue: (issue.id,)),
}
SORT_FIELDS: dict[str, Callable[[Issue], tuple[object, ...]]] = {
    "id": lambda issue: (int(issue.id),),
    "project": lambda issue: (issue.project.key,),
    "summary": lambda issue: (issue.summary,),
    "status": lambda issue: (issue.status.category.id, issue.status.name),
    "issuetype": lambda issue: (issue.type.name,),
    **dict.fromkeys(KEY_FIELDS - {"id"}, lambda issue: (issue.project.key, issue.number)),
    **{name: lambda issue, at=at: _dated(at(issue)) for name, at in DATE_FIELDS.items()},  # type: ignore[misc]
}
COMPARE = {Op.GE: operator.ge, Op.LE: operator.le, Op.GT: operator.gt, Op.LT: operator.lt}
WORD = re.compile(r"\w+")
DEFAULT_ORDER = (Order("created", descending=True), Order("id", descending=True))


def search(
    world: JiraWorld,
    query: Query,
    reconcile: frozenset[str] = frozenset(),
    *,
    strict: bool = True,
) -> list[str]:
    """Return the ids that *query* finds in the index, in order, or raise `JqlError`.

    The issues to *reconcile* are judged by the truth instead. Unless *strict*, a value that does
    not exist is one that no issue has.
    """
    if query.condition is None:
        raise JqlError(
            "Unbounded JQL queries are not allowed here. "
            "Please add a search restriction to your query."
        )
    matches = _Compiler(world, strict=strict).compile(query.condition)
    world.catch_up_index()
    indexed = _candidates(world, query.condition)
    candidates = [issue for issue in indexed if issue.id not in reconcile]
    candidates += [world.issues[each] for each in reconcile if each in world.issues]
    found = [issue for issue in candidates if matches(issue) and world.visible(issue.id)]
    for order in reversed(query.order or DEFAULT_ORDER):
        found.sort(key=_sort_key(order), reverse=order.descending)
    return [issue.id for issue in found]


def _candidates(world: JiraWorld, condition: Condition) -> Iterable[Issue]:
    """Narrow the search down to the projects or issues that the query insists on."""
    clauses = condition.conditions if isinstance(condition, All) else (condition,)
    for clause in clauses:
        if isinstance(clause, Clause) and clause.op in {Op.EQ, Op.IN}:
            wanted = [operand.text for operand in clause.operands]
            if clause.field.casefold() in KEY_FIELDS:
                ids = {found for text in wanted if (found := world.store.find(text))}
                return [issue for each in ids if (issue := world.store.index.get(each))]
            if clause.field.casefold() == "project":
                projects = {each for text in wanted for each in world.catalog.find_projects(text)}
                return world.store.index.of_projects(projects)
    return world.store.index.all()


def _sort_key(order: Order) -> Callable[[Issue], tuple[object, ...]]:
    key = SORT_FIELDS.get(order.field.casefold())
    if key is None:
        raise _unknown_field(order.field)
    return key


class _Compiler:
    """Turns conditions into predicates for one tenant at one moment."""

    def __init__(self, world: JiraWorld, *, strict: bool) -> None:
        self._world = world
        self._strict = strict
        self._now = world.now()

    def compile(self, condition: Condition) -> Predicate:
        match condition:
            case Clause():
                return self._clause(condition)
            case Not(inner):
                excluded = self.compile(inner)
                return lambda issue: not excluded(issue)
            case All(inner_all):
                every = [self.compile(each) for each in inner_all]
                return lambda issue: all(holds(issue) for holds in every)
            case AnyOf(inner_any):
                some = [self.compile(each) for each in inner_any]
                return lambda issue: any(holds(issue) for holds in some)

    def _clause(self, clause: Clause) -> Predicate:
        field = clause.field.casefold()
        if field in DATE_FIELDS:
            return self._date(clause, DATE_FIELDS[field])
        if field in TEXT_FIELDS and clause.op not in {Op.IS, Op.IS_NOT}:
            return self._text(clause, TEXT_FIELDS[field])
        values = VALUE_FIELDS.get(field) or _text_values(field) or _custom_values(clause.field)
        if values is None:
            raise _unknown_field(clause.field)
        return self._membership(clause, values)

    def _membership(self, clause: Clause, values: Callable[[Issue], Collection[str]]) -> Predicate:
        if clause.op not in {Op.EQ, Op.NE, Op.IN, Op.NOT_IN, Op.IS, Op.IS_NOT}:
            raise _unsupported(clause)
        _check_emptiness(clause)
        empty = any(operand.empty for operand in clause.operands)
        wanted = frozenset(
            value
            for operand in clause.operands
            if not operand.empty
            for value in self._meaning(clause.field, operand)
        )
        if clause.op in {Op.EQ, Op.IN, Op.IS}:
            return lambda issue: not wanted.isdisjoint(have) if (have := values(issue)) else empty
        return lambda issue: bool(have := values(issue)) and wanted.isdisjoint(have)

    def _meaning(self, field: str, operand: Operand) -> frozenset[str]:
        name = field.casefold()
        catalog = self._world.catalog
        lookups = {
            "project": catalog.find_projects,
            "issuetype": catalog.find_types,
            "type": catalog.find_types,
            "status": catalog.find_statuses,
            "statuscategory": catalog.find_categories,
            "resolution": catalog.find_resolutions,
            "component": self._components,
            "parent": self._issue_ids,
            **dict.fromkeys(KEY_FIELDS, self._issue_ids),
        }
        lookup = lookups.get(name)
        if lookup is None:
            return frozenset({operand.text.casefold()})
        found = lookup(operand.text)
        if not found and self._strict:
            raise _unknown_value(name, operand.text)
        return found

    def _components(self, text: str) -> frozenset[str]:
        wanted = text.casefold()
        exists = any(
            wanted == name.casefold()
            for issue in self._world.issues.values()
            for name in issue.components
        )
        return frozenset({wanted} if exists else ())

    def _issue_ids(self, text: str) -> frozenset[str]:
        found = self._world.store.find(text)
        return frozenset({found} if found and self._world.visible(found) else ())

    def _date(self, clause: Clause, value: Callable[[Issue], datetime | None]) -> Predicate:
        (operand,) = clause.operands if len(clause.operands) == 1 else (None,)
        if clause.op in {Op.IS, Op.IS_NOT}:
            _check_emptiness(clause)
            return lambda issue: (value(issue) is None) is (clause.op is Op.IS)
        compare = COMPARE.get(clause.op)
        if operand is None or compare is None:
            raise _unsupported(clause)
        bound = self._moment(clause.field, operand)
        return lambda issue: (at := value(issue)) is not None and compare(at, bound)

    def _moment(self, field: str, operand: Operand) -> datetime:
        if operand.call and operand.text.casefold() == "now":
            return self._now
        zone = self._world.user_zone
        found = moment(operand.text, quoted=operand.quoted, now=self._now, zone=zone)
        if found is None or operand.call:
            raise JqlError(
                f"Date value '{operand.text}' for field '{field}' is invalid. Valid formats "
                "include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', "
                "or a period format e.g. '-5d', '4w 2d'."
            )
        return found

    def _text(self, clause: Clause, value: Callable[[Issue], str]) -> Predicate:
        if clause.op not in {Op.LIKE, Op.UNLIKE}:
            raise _unsupported(clause)
        words = WORD.findall(clause.operands[0].text.casefold())
        found = clause.op is Op.LIKE
        return lambda issue: _has_words(value(issue), words) is found


def _has_words(text: str, words: list[str]) -> bool:
    have = set(WORD.findall(text.casefold()))
    return all(word in have for word in words)


def _text_values(field: str) -> Callable[[Issue], Collection[str]] | None:
    """Let `is empty` work on texts."""
    text = TEXT_FIELDS.get(field)
    return (lambda issue: (found,) if (found := text(issue)) else ()) if text else None


def _custom_values(field: str) -> Callable[[Issue], Collection[str]] | None:
    known = custom_field(field)
    if known is None:
        return None
    return lambda issue: (
        (str(issue.custom[known.id]).casefold(),) if known.id in issue.custom else ()
    )


def _check_emptiness(clause: Clause) -> None:
    if clause.op in {Op.IS, Op.IS_NOT} and not clause.operands[0].empty:
        raise JqlError(f"The operator '{clause.op}' only supports EMPTY and NULL.")


def _dated(at: datetime | None) -> tuple[object, ...]:
    return (at is not None, at)


def _unknown_field(field: str) -> JqlError:
    return JqlError(f"Field '{field}' does not exist or you do not have permission to view it.")


def _unknown_value(field: str, text: str) -> JqlError:
    if field in KEY_FIELDS:
        return JqlError(f"An issue with key '{text}' does not exist for field '{field}'.")
    return JqlError(f"The value '{text}' does not exist for the field '{field}'.")


def _unsupported(clause: Clause) -> JqlError:
    return JqlError(f"The operator '{clause.op}' is not supported by the '{clause.field}' field.")
