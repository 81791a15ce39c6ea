"""Judge the mirror by other mapping rules than those that are saved, and tell what would change.

Nothing is written: neither labels nor rules, nor what is remembered of items.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from okrsync.app.batches import mirrored
from okrsync.app.context import RESTING, Progress
from okrsync.app.judging import Bench
from okrsync.app.vanishing import stops
from okrsync.core.mapping import Mapping
from okrsync.core.matching import Matcher
from okrsync.ports.store import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from okrsync.app.context import Context
    from okrsync.app.judging import Judged
    from okrsync.app.strategy import Strategy
    from okrsync.core.mapping import MappingRule
    from okrsync.core.work import WorkItem

EXAMPLES = 20
"""How many items are named if nobody asks for more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An item that a rule takes, and whose it was."""

    item: WorkItem
    rule: str
    instead_of: str | None
    """The rule that took it before."""
    verdict_before: str
    verdict: str


@dataclass(slots=True, kw_only=True)
class RuleTrial:
    """What other rules would mean for the work."""

    items: int = 0
    takes: int = 0
    """Items that the rules on trial take."""
    examples: list[Taken] = field(default_factory=list)
    taken_from: Counter[str | None] = field(default_factory=Counter)
    """Of these, from which rule each is taken; None where no rule took it."""
    changed: int = 0
    """Items that would carry other labels."""
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Verdicts that change: from what to what."""


def tried(
    ctx: Context,
    before: Strategy,
    after: Strategy,
    *,
    rules: Collection[str] = (),
    examples: int = EXAMPLES,
) -> RuleTrial:
    """Judge every item by both; *rules* are on trial."""
    trial = RuleTrial()
    on_trial = {rule.casefold() for rule in rules}
    for was, now in _judged_twice(ctx, before, after):
        trial.items += 1
        _note_change(trial, was, now)
        rule = _taker(now, after)
        if rule is not None and rule.casefold() in on_trial:
            taken = Taken(
                item=now.item,
                rule=rule,
                instead_of=_taker(was, before),
                verdict_before=was.judgement.verdict.value,
                verdict=now.judgement.verdict.value,
            )
            _note_taken(trial, taken, examples)
    ctx.tell(RESTING)
    return trial


def by_other_rules(ctx: Context, strategy: Strategy, rules: Iterable[MappingRule]) -> Strategy:
    """Return the strategy as if these were the mapping rules."""
    mapping = Mapping(rules=tuple(rules), digest=strategy.mapping.digest)
    matcher = Matcher(mapping, strategy.goals, ctx.vocabulary)
    return replace(strategy, mapping=mapping, court=replace(strategy.court, matcher=matcher))


def _judged_twice(
    ctx: Context, before: Strategy, after: Strategy
) -> Iterator[tuple[Judged, Judged]]:
    with ctx.store.begin() as tx:
        stopped = stops(tx)
    benches = Bench(ctx, before, stopped), Bench(ctx, after, stopped)
    wanted = {(tracker, scope.casefold()) for tracker, scope in ctx.scopes()}
    done = 0
    for page in mirrored(ctx, role=Role.ITEM):
        items = [
            one.item for one in page if (one.item.ref.tracker, one.item.scope.casefold()) in wanted
        ]
        done += len(page)
        ctx.tell(Progress("trying", done))
        with ctx.store.begin() as tx:
            states = tx.states([item.ref for item in items])
            was, now = (list(bench.page(tx, items, states)) for bench in benches)
        yield from (pair for pair in zip(was, now, strict=True) if not pair[0].alone)


def _note_change(trial: RuleTrial, was: Judged, now: Judged) -> None:
    before, after = was.judgement, now.judgement
    trial.changed += before.desired != after.desired
    if before.verdict is not after.verdict:
        trial.verdicts[before.verdict.value, after.verdict.value] += 1


def _note_taken(trial: RuleTrial, taken: Taken, examples: int) -> None:
    trial.takes += 1
    trial.taken_from[taken.instead_of] += 1
    if len(trial.examples) < examples:
        trial.examples.append(taken)


def _taker(judged: Judged, strategy: Strategy) -> str | None:
    matcher = strategy.court.matcher
    first = matcher.first(matcher.facts(judged.item, judged.above))
    return None if first is None else first.rule.id
