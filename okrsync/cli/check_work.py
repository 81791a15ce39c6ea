"""``check --work``: goals and what was last pulled, held against the method, with ages."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from okrsync.cli.text import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from okrsync.app.context import Context
    from okrsync.cli.options import Shell
    from okrsync.core.place import Place
    from okrsync.lint.rule import Finding, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which findings to show."""

    trackers: Sequence[str] = ()
    scopes: Sequence[str] = ()
    only_new: bool = False
    inside: Callable[[Place], bool] | None = None
    """Where goals must stand; findings about work stand in no file and are not held against it."""
    goals: frozenset[str] | None = None
    """Only findings about these."""

    def takes(self, finding: Finding) -> bool:
        """Tell whether to show it."""
        if self.only_new and not (finding.age and finding.age.new):
            return False
        if self.goals is not None and finding.goal not in self.goals:
            return False
        in_a_file = finding.item is None and bool(finding.place.file)
        return not in_a_file or self.inside is None or self.inside(finding.place)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Findings that can be gone through again and are never all in memory."""

    findings: Iterable[Finding]
    wanted: Wanted

    def __iter__(self) -> Iterator[Finding]:
        """Yield those that are wanted."""
        return filter(self.wanted.takes, self.findings)


@contextmanager
def work_checked(known: Shell, rules: Sequence[Rule], wanted: Wanted) -> Iterator[Chosen]:
    """Look at work and give what stands, for as long as the store is open."""
    from okrsync.app.context import RESTING
    from okrsync.app.findings import check_work
    from okrsync.app.strategy import read_strategy

    with known.context(online=False) as okr:
        scopes = list(okr.scopes(wanted.trackers, wanted.scopes))
        _say_what_is_missing(okr, scopes)
        found = check_work(okr, read_strategy(okr), scopes, rules)
        okr.tell(RESTING)
        yield Chosen(found, wanted)


def _say_what_is_missing(okr: Context, scopes: Sequence[tuple[str, str]]) -> None:
    from okrsync.app.read_scopes import never_read

    unread = never_read(okr, scopes)
    if unread:
        named = ", ".join(f"{scope} of {tracker}" for tracker, scope in unread)
        say(
            f"Never pulled: {named}. Rules about all work are not tried; `okrsync pull` reads it.",
            err=True,
        )
