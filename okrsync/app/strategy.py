"""Read goals and mapping, remember the last good ones, and keep in force what must stay."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from okrsync.core import goalcheck, snapshot
from okrsync.core.carry import carried_goals, remembered, with_carried
from okrsync.core.goals import Cycle, Goals, KeyResult
from okrsync.core.judge import Court
from okrsync.core.mapping_check import unknown_trackers
from okrsync.core.matching import Matcher
from okrsync.core.mentions import Mentions
from okrsync.core.names import Names
from okrsync.core.outlook import Outlook
from okrsync.core.written import Written
from okrsync.errors import ConfigError, UsageError
from okrsync.lint.parts import customer_names
from okrsync.lint.waivers import waived_codes
from okrsync.wording import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingType
    from datetime import date

    from okrsync.app.context import Context, TrackerSetup
    from okrsync.core.goals import Goal, Kind
    from okrsync.core.mapping import Mapping
    from okrsync.core.place import Problem
    from okrsync.ports.store import Transaction

DROPPED = "dropped-goals"
"""The note that holds the ids people gave up with ``okrs drop``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """Everything that judging rests on beside the items, on one day."""

    court: Court
    mapping: Mapping
    goals_digest: str
    """Of the goal files, the vocabulary, whether mentions count, and the reader's version."""
    work_digest: str
    """Of the mapping and of which cycles are live: they too change what an item means."""
    carried: tuple[str, ...] = field(default=())
    """Ids that vanished from the files and stay in force because labels hold them."""

    @property
    def names(self) -> Names:
        """Return what words mean."""
        return self.court.names

    @property
    def goals(self) -> Goals:
        """Return the goals in force."""
        return self.court.names.goals


def read_strategy(ctx: Context, *, today: date | None = None) -> Strategy:
    """Read goals and mapping as they stand now.

    Raises:
        ConfigError: they cannot be used; nothing is read half.

    """
    read = ctx.goal_source.read()
    with ctx.store.begin() as tx:
        goals, carried = _keep(tx, read.goals, read.digest, ctx)
    mapping = ctx.mapping_source.read(goals, prefix=ctx.vocabulary.prefix)
    problems = strangers(goals, mapping, ctx.setups)
    if problems:
        raise ConfigError("goals and mapping do not fit the settings", problems=problems)
    ctx.reads_text = mapping.reads_text or ctx.policy.mentions
    day = today or ctx.today()
    outlook = Outlook(goals, day, ctx.policy.planning_cycles, _kinds(goals, ctx, day))
    names = Names(goals, ctx.vocabulary)
    matcher = Matcher(mapping, goals, ctx.vocabulary)
    court = Court(outlook, matcher, names, _written(ctx, names), ctx.policy.link_kinds)
    return Strategy(
        court=court,
        mapping=mapping,
        goals_digest=_digest(
            read.digest, repr(ctx.vocabulary), ctx.policy.mentions, ctx.reader.version, carried
        ),
        work_digest=_digest(mapping.digest, sorted(outlook.live_cycles)),
        carried=carried,
    )


def _written(ctx: Context, names: Names) -> Written:
    called = {setup.name: setup.goal_field for setup in ctx.setups.values() if setup.goal_field}
    return Written(names, Mentions(names.goals) if ctx.policy.mentions else None, called)


def strangers(
    goals: Goals, mapping: Mapping, setups: MappingType[str, TrackerSetup]
) -> list[Problem]:
    """Find trackers nobody configured, and goal ids that could be an item's key."""
    if not setups:
        return []
    problems = goalcheck.unknown_trackers(goals, setups.keys())
    problems += unknown_trackers(mapping, setups.keys())
    for setup in setups.values():
        problems += goalcheck.goal_ids_like_keys(goals, setup.scopes, setup.key_pattern)
    return sorted(problems, key=lambda problem: (problem.place, problem.message))


def _keep(tx: Transaction, now: Goals, digest: str, ctx: Context) -> tuple[Goals, tuple[str, ...]]:
    stored = tx.last_goals()
    last = Goals() if stored is None else _remembered(stored[1])
    words = {ctx.vocabulary.goal_word(label) for label in tx.held_labels()}
    held = [word for word in words if word is not None]
    dropped = [word for word in tx.note(DROPPED) or () if now.goal(word) is None]
    tx.put_note(DROPPED, dropped)
    carried = carried_goals(now, last, held=held, dropped=dropped)
    goals = with_carried(now, carried, last)
    payload = snapshot.dump(
        [*now.objectives, *now.hypotheses, *now.beliefs, *carried, *goals.cycles]
    )
    tx.save_goals(_digest(digest, [goal.id for goal in carried]), payload, ctx.now())
    return goals, tuple(goal.id for goal in carried)


def _remembered(payload: bytes) -> Goals:
    values: list[Goal | Cycle]
    try:
        values = snapshot.load(payload)
    except ValueError:
        return Goals()
    return remembered(values)


def _kinds(goals: Goals, ctx: Context, day: date) -> dict[str, Kind]:
    waived = waived_codes(goals, ctx.policy.waivers, day)
    in_force = [goal for goal in goals.by_fold.values() if isinstance(goal, KeyResult)]
    reader = ctx.reader.knowing(customer_names(goals))
    return {kr.id: kind_of(kr, reader, waived.get(kr.id, ())) for kr in in_force}


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def drop_goal(ctx: Context, goal_id: str) -> None:
    """Give up a goal that vanished from the files, so that its labels may go.

    Raises:
        UsageError: it did not vanish.

    """
    strategy = read_strategy(ctx)
    match = next((x for x in strategy.carried if x.casefold() == goal_id.casefold()), None)
    if match is None:
        kept = ", ".join(strategy.carried) or "none"
        raise UsageError(
            f"{goal_id} is not a goal that vanished from the files", hint=f"kept in force: {kept}"
        )
    with ctx.store.begin() as tx:
        dropped = set(tx.note(DROPPED) or ())
        tx.put_note(DROPPED, sorted(dropped | {match}))
