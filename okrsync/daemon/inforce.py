"""The goals and the mapping in force: the last ones that could be used, whatever files say now.

A command reads files and stops on what it cannot use; a daemon goes on with what it had
(LABELS.md 12). Both are taken over together or not at all, because each refers to the other.
They are kept in the store too, so that a daemon can start while files are broken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from okrsync.app.strategy import read_strategy
from okrsync.core import keepsake
from okrsync.errors import ConfigError
from okrsync.ports.goals import GoalsRead

if TYPE_CHECKING:
    from okrsync.app.context import Context
    from okrsync.core.goals import Goals
    from okrsync.core.mapping import Mapping

_NOTE = "in-force"


@dataclass(frozen=True, slots=True)
class _Pair:
    """Goals and the mapping that was checked against them."""

    goals: GoalsRead
    rules: Mapping

    @property
    def digests(self) -> tuple[str, str]:
        return self.goals.digest, self.rules.digest


@dataclass(slots=True)
class _Listening:
    """Reads from both sources and remembers what came."""

    sources: Context
    goals: GoalsRead | None = None
    rules: Mapping | None = None

    def read_goals(self) -> GoalsRead:
        self.goals = self.sources.goal_source.read()
        return self.goals

    def read_rules(self, goals: Goals | None, prefix: str) -> Mapping:
        self.rules = self.sources.mapping_source.read(goals, prefix=prefix)
        return self.rules


class InForce:
    """Holds the pair in force, and lends it to contexts as their sources."""

    def __init__(self) -> None:
        self._pair: _Pair | None = None

    @property
    def filled(self) -> bool:
        """Whether anything is in force."""
        return self._pair is not None

    def refresh(self, files: Context) -> bool:
        """Take over what *files* reads now; tell whether it is something else than before.

        Raises:
            ConfigError: it cannot be used; what was in force stays.

        """
        listening = _Listening(files)
        trial = replace(files, goal_source=_Goals(listening), mapping_source=_Rules(listening))
        read_strategy(trial)
        if listening.goals is None or listening.rules is None:
            raise ConfigError("goals and mapping were not read")
        pair, before = _Pair(listening.goals, listening.rules), self._pair
        changed = before is None or before.digests != pair.digests
        if changed:
            _keep(files, pair)
        self._pair = pair
        return changed

    def restore(self, files: Context) -> bool:
        """Take over what a daemon before us kept in the store, if it is of this version."""
        with files.store.begin() as tx:
            kept = tx.note(_NOTE)
        try:
            goals, rules = keepsake.load(kept["value"])
            self._pair = _Pair(GoalsRead(goals, kept["digest"]), rules)
        except (KeyError, TypeError, ValueError):
            return False
        return True

    def lend(self, context: Context) -> Context:
        """Return *context* with what is in force now as its sources; it shares its connections.

        Raises:
            ConfigError: nothing is in force.

        """
        if self._pair is None:
            raise ConfigError("no goals could be used yet")
        return replace(
            context, goal_source=_LentGoals(self._pair), mapping_source=_LentRules(self._pair)
        )


@dataclass(frozen=True, slots=True)
class _Goals:
    listening: _Listening

    def read(self) -> GoalsRead:
        return self.listening.read_goals()


@dataclass(frozen=True, slots=True)
class _Rules:
    listening: _Listening

    def read(self, goals: Goals | None, *, prefix: str) -> Mapping:
        return self.listening.read_rules(goals, prefix)


@dataclass(frozen=True, slots=True)
class _LentGoals:
    pair: _Pair

    def read(self) -> GoalsRead:
        return self.pair.goals


@dataclass(frozen=True, slots=True)
class _LentRules:
    pair: _Pair

    def read(self, goals: Goals | None, *, prefix: str) -> Mapping:  # noqa: ARG002 - the port's
        return self.pair.rules


def _keep(files: Context, pair: _Pair) -> None:
    value = keepsake.dump(pair.goals.goals, pair.rules)
    with files.store.begin() as tx:
        tx.put_note(_NOTE, {"digest": pair.goals.digest, "value": value})
