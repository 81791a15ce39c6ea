"""Look at judged work with the rules while it passes, and remember what they find.

`Watch` is the one hook: a pass shows it every item it judges and says at the end which scopes it
read. What was not seen where it looked is gone; a scope that failed to read makes nothing fixed,
and rules about the absence of work speak only when all of it was looked at.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from okrsync.app.planning import judged_items
from okrsync.app.read_scopes import never_read
from okrsync.core.work import ItemRef
from okrsync.lint.engine import Inspection
from okrsync.lint.parts import customer_names
from okrsync.lint.rule import Age, Finding, LintInput, Reads, Severity
from okrsync.lint.rules import ALL
from okrsync.lint.work import Brief, Ground
from okrsync.ports.findings import Change, Coverage, Identity, SeenFinding
from okrsync.ports.verdicts import Verdicted
from okrsync.reports.goal_changes import remember

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okrsync.app.context import Context
    from okrsync.app.judging import Judged
    from okrsync.app.strategy import Strategy
    from okrsync.lint.rule import Rule
    from okrsync.ports.findings import StoredFinding
    from okrsync.ports.store import Transaction

    Scopes = Sequence[tuple[str, str]]

RENAMED = "findings-renamed"
"""The note that holds the former ids that findings have followed already."""
SNAPSHOT = "alignment"
"""The kind of the daily snapshot of all work in numbers."""
GOALS = "goals"
"""The kind of the daily snapshot of goals, as reports compare them."""
TOLD_AT = "weekly-report-told"
"""The note that holds when people were last told what changed."""
RECENT = timedelta(days=7)
_AT_ONCE = 500


class Watch:
    """Looks at judged items, and records findings page by page."""

    def __init__(self, ctx: Context, strategy: Strategy, rules: Sequence[Rule] = ALL) -> None:
        self._ctx = ctx
        self._rules = rules
        self._now = ctx.now()
        self._goals = strategy.goals
        with ctx.store.begin() as tx:
            ground = _ground(ctx, tx, strategy)
            _follow_renames(tx, strategy)
            self._round = tx.start_round()
            self._told = _told_at(tx)
        given = LintInput(
            goals=strategy.goals,
            today=ctx.today(),
            reader=ctx.reader.knowing(customer_names(strategy.goals)),
            limits=ctx.thresholds,
            ground=ground,
        )
        self._inspection = Inspection(given, rules=rules, policy=ctx.rules)
        self._of_items = frozenset(rule.code for rule in rules if rule.reads is Reads.ITEMS)
        self._waiting: list[SeenFinding] = []
        self._looked_at: list[ItemRef] = []
        self._verdicts: list[Verdicted] = []

    def look_at(self, judged: Judged) -> None:
        """Look at one item; what it no longer draws is over. No transaction may be open."""
        self._waiting += map(_seen, self._inspection.look_at(judged))
        self._looked_at.append(judged.item.ref)
        if not judged.alone:
            self._verdicts.append(_verdict(judged))
        if len(self._looked_at) >= _AT_ONCE:
            self._record()

    def close(self, scopes: Scopes = ()) -> Coverage:
        """Look at goals, and at all work in numbers where all of it passed.

        *scopes* are those of which every item was looked at: none after a pass that judged a few
        items only. Returns what was looked at: not a scope that was never read.
        """
        unread = never_read(self._ctx, scopes)
        coverage = self._coverage([place for place in scopes if place not in unread])
        self._waiting += map(_seen, self._inspection.findings(whole=coverage.whole))
        self._record()
        with self._ctx.store.begin() as tx:
            tx.end_round(self._round, self._now, coverage)
            tx.forget_findings(self._now - self._ctx.policy.retention)
            if coverage.whole and self._rules is ALL and self._inspection.work is not None:
                tx.put_snapshot(SNAPSHOT, self._ctx.today(), self._inspection.work.payload())
                tx.put_snapshot(GOALS, self._ctx.today(), remember(self._goals))
                tx.forget_snapshots(self._ctx.today() - self._ctx.policy.retention)
                tx.forget_verdicts_of_the_gone()
        return coverage

    def _coverage(self, scopes: Scopes) -> Coverage:
        everything = {(name, scope) for name, scope in self._ctx.scopes()}
        whole = bool(everything) and everything <= set(scopes)
        return Coverage(
            codes=self._inspection.tried(whole=whole) | self._of_items,
            scopes=frozenset(scopes),
            whole=whole,
        )

    def _record(self) -> None:
        with self._ctx.store.begin() as tx:
            tx.see_findings(self._waiting, self._round, self._now)
            tx.end_findings_about(self._looked_at, self._of_items, self._round, self._now)
            tx.see_verdicts(self._verdicts, self._now, told=self._told)
        self._verdicts.clear()
        self._waiting.clear()
        self._looked_at.clear()


@dataclass(frozen=True, slots=True)
class Remembered:
    """The findings that stand after a round, with their age; read from the store as asked for."""

    ctx: Context
    coverage: Coverage

    def __iter__(self) -> Iterator[Finding]:
        """Yield findings about goals by place, then those about items by item."""
        about_goals = [each for each in self._stored() if each.item is None]
        yield from sorted(about_goals, key=lambda f: (f.place, f.code, f.goal, f.other))
        yield from (each for each in self._stored() if each.item is not None)

    def _stored(self) -> Iterator[Finding]:
        now = self.ctx.now()
        return (
            finding(self.ctx, stored, since=now - RECENT)
            for stored in standing(self.ctx)
            if self._asked(stored)
        )

    def _asked(self, stored: StoredFinding) -> bool:
        identity = stored.seen.identity
        if identity.code not in self.coverage.codes:
            return False
        inside = (identity.tracker, stored.seen.scope) in self.coverage.scopes
        return self.coverage.whole or not identity.tracker or inside


def check_work(
    ctx: Context, strategy: Strategy, scopes: Scopes, rules: Sequence[Rule] = ALL
) -> Remembered:
    """Judge what was last pulled of these scopes, and return what stands against it."""
    watch = Watch(ctx, strategy, rules)
    for _ in judged_items(ctx, strategy, scopes, watch=watch.look_at):
        pass
    return Remembered(ctx, watch.close(scopes))


def standing(ctx: Context, *, since: datetime | None = None) -> Iterator[StoredFinding]:
    """Yield all open findings in the order of their identities.

    With *since* also those that went since then.
    """
    after = None
    while True:
        with ctx.store.begin() as tx:
            page = tx.findings_after(after, _AT_ONCE, since=since)
        if not page:
            return
        yield from page
        after = page[-1].seen.identity


def finding(ctx: Context, stored: StoredFinding, *, since: datetime) -> Finding:
    """Return a stored finding as it is reported, with its age; it is new from *since* on."""
    seen = stored.seen
    first = stored.first_seen.astimezone(ctx.policy.timezone).date()
    age = Age(first, (ctx.today() - first).days, stored.change(since) is Change.NEW)
    return Finding(
        code=seen.identity.code,
        severity=Severity(seen.severity),
        message=seen.message,
        place=seen.place,
        goal=seen.name,
        action=seen.action,
        confidence=seen.confidence,
        other=seen.identity.other,
        item=_brief(seen) if seen.identity.tracker else None,
        teams=seen.teams,
        amount=seen.amount,
        age=age,
    )


def _told_at(tx: Transaction) -> datetime | None:
    told = tx.note(TOLD_AT)
    return None if told is None else datetime.fromisoformat(told)


def _verdict(judged: Judged) -> Verdicted:
    judgement = judged.judgement
    return Verdicted(
        ref=judged.item.ref,
        verdict=judgement.verdict.value,
        goals=judgement.goals,
        because=judgement.because,
    )


def _brief(seen: SeenFinding) -> Brief:
    return Brief(
        ref=ItemRef(seen.identity.tracker, seen.identity.subject),
        key=seen.name,
        title=seen.title,
        scope=seen.scope,
        url=seen.url,
        team=next(iter(seen.teams), None),
    )


def _seen(found: Finding) -> SeenFinding:
    item = found.item
    tracker, subject = (item.ref.tracker, item.ref.id) if item else ("", found.goal.casefold())
    return SeenFinding(
        identity=Identity(tracker, subject, found.code, found.other),
        name=found.goal,
        severity=found.severity.value,
        message=found.message,
        action=found.action,
        place=found.place,
        scope=item.scope if item else "",
        title=item.title if item else "",
        url=item.url if item else None,
        teams=found.teams,
        confidence=found.confidence,
        amount=found.amount,
    )


def _ground(ctx: Context, tx: Transaction, strategy: Strategy) -> Ground:
    scopes = Counter(
        scope for setup in ctx.setups.values() for scope in {s.casefold() for s in setup.scopes}
    )
    held: Counter[str] = Counter()
    for label, count in tx.held_labels().items():
        goal = strategy.names.of_label(label)
        if goal is not None:
            held[goal] += count
    return Ground(
        court=strategy.court,
        now=ctx.now().astimezone(ctx.policy.timezone),
        twins=frozenset(scope for scope, count in scopes.items() if count > 1),
        carried=strategy.carried,
        held=held,
        vanished=tuple(tx.vanishings()),
    )


def _follow_renames(tx: Transaction, strategy: Strategy) -> None:
    """Let findings follow goals that were renamed since the last round."""
    renamed = {former: now.casefold() for former, now in strategy.goals.renamed.items()}
    known = tx.note(RENAMED) or {}
    fresh = {former: now for former, now in renamed.items() if known.get(former) != now}
    if fresh or known.keys() != renamed.keys():
        tx.rename_findings(fresh)
        tx.put_note(RENAMED, renamed)
