"""One long random history of a company with the real daemon beside it, which is killed and killed.

The daemon is `okrsync run` in a process of its own; the trackers are the simulators, in this one.
After some lives the weather clears, okrsync must converge, and the oracle looks at everything.
"""

from __future__ import annotations

import signal
import time
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.chaos import oracle
from tests.chaos.counts import Counts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tests.chaos.company import Company
    from tests.daemon.conftest import Daemon

LOST_TASK = timedelta(minutes=31)
"""After this long okrsync believes no more in a task whose id it never learnt."""
LATEST_WRITE = 2.0
"""Seconds after a kill until the last request of the dead has been answered to nobody."""
CALM = 2.0
"""Seconds without a write after which there is nothing more to do."""
PATIENCE = 90.0
GRACE = 20.0
"""Seconds within which a daemon must have ended that was asked to, on a machine with much to do."""
CHANCE = 3
"""So often, and so often in a thousand changes, a person may be quicker than a write."""
ENDED_WELL = frozenset({0, 4, 5, 6})
"""Exit codes of commands in a storm: done, items had moved, a tracker failed, files are broken."""


class ChaosError(AssertionError):
    """A promise was broken."""


class Story:
    """Lives through a history."""

    def __init__(
        self,
        company: Company,
        say: Callable[[str], None] = lambda _text: None,
        *,
        chance: int = CHANCE,
    ) -> None:
        self.company = company
        self._forgiven = chance
        self._say = say
        self.counts = Counts()
        self._random = company.random
        self._beside: list[Daemon] = []
        self._looks: list[datetime] = []
        """When okrsync was known to know everything."""

    def tell(self, kills: int, *, passes: int = 0, seconds: float, calm_every: int) -> None:
        """Live until okrsync was killed so often and passed so often over trackers that fail.

        Each life lasts *seconds* at most.

        Raises:
            ChaosError: a promise was broken.

        """
        lives = 0
        while self.counts.kills < kills or self.counts.under_faults < passes:
            self._live(seconds)
            lives += 1
            if lives % calm_every == 0:
                self._calm()
        self._calm()

    # Storm

    def _live(self, seconds: float) -> None:
        """Live through a storm until okrsync dies; at times another stands by and takes over."""
        before = self.company.ills
        self.company.turn_weather()
        lives = [self.company.daemon() for _ in range(2 if self._chance(0.1) else 1)]
        if self._chance(0.1):  # it need not come so far as to begin
            time.sleep(self._random.uniform(0, 1.5))
            lives[0].process.kill()
            _wait_for_start(lives[1:])  # before people break the settings that it starts with
        else:
            _wait_for_start(lives)
        for daemon in lives:
            self._live_with(daemon, self._random.uniform(0.3, 1.0) * seconds)
            self._die(daemon)
            self._bury(daemon, before)
        self._go_on_without()

    def _live_with(self, daemon: Daemon, seconds: float) -> None:
        self.company.write_to(daemon)
        if self._chance(0.6):
            self.company.assassin.lie_in_wait(daemon.process)
        end = time.monotonic() + seconds
        while time.monotonic() < end and daemon.process.poll() is None:
            self._go_about(daemon)
        self.company.assassin.rest()

    def _go_about(self, daemon: Daemon) -> None:
        """Let a moment pass in which much may happen."""
        for _ in range(self._random.randint(1, 3)):
            self.company.people.act()
        if self._chance(0.08):
            self.company.papers.change()
        if self._chance(0.03) and daemon.told("web.listens"):
            daemon.process.send_signal(signal.SIGHUP)
        if self._chance(0.01):
            self._beside.append(self.company.okrsync("sync"))
        time.sleep(self._random.uniform(0.02, 0.25))

    def _die(self, daemon: Daemon) -> None:
        if daemon.process.poll() is None and self._chance(0.15):
            self._end_in_order(daemon)
            return
        if daemon.process.poll() is None:
            daemon.process.kill()
        code = daemon.process.wait(10)
        if code != -signal.SIGKILL:
            raise ChaosError(f"the daemon ended by itself with {code}: {_tail(daemon)}")
        self.counts.kills += 1

    def _end_in_order(self, daemon: Daemon) -> None:
        _wait_for_start([daemon])  # before, nothing listens to signals either
        code = daemon.ends(signal.SIGTERM, GRACE)
        if code != 0:
            raise ChaosError(f"SIGTERM was answered with {code}: {_tail(daemon)}")
        self.counts.in_order += 1

    def _bury(self, daemon: Daemon, before: Mapping[str, int]) -> None:
        """Count what a daemon told, and see that it told no secret and knew no mistake.

        *before* is how many faults each tracker had when the daemon began.
        """
        log = daemon.log.read_text()
        if told := [word for word in self.company.secrets if word in log]:
            raise ChaosError(f"the log tells {told}")
        if "Traceback" in log or '.broke"' in log:
            raise ChaosError(f"a mistake of okrsync's own: {_around_mistake(log)}")
        ended = daemon.told("pass.ended")
        self.counts.passes.update(line["outcome"] for line in ended)
        ills = self.company.ills
        self.counts.under_faults += sum(ills[x["tracker"]] > before[x["tracker"]] for x in ended)
        self.counts.hit += sum(self.company.was_ill(x["tracker"], *_span(x)) for x in ended)
        self.counts.waits += len(daemon.told("tracker.wait"))
        daemon.log.unlink()

    def _go_on_without(self) -> None:
        """Let people go on; the store must open, whatever happened to its user."""
        for _ in range(self._random.randint(0, 6)):
            self.company.people.act()
        self._hear_commands()
        with self.company.store() as store:
            if not self._beside and self._chance(0.7):  # else nobody could tell who did what
                self.company.people.act_with_our_account(store)

    def _hear_commands(self) -> None:
        """See how commands beside the daemon ended, as far as they did."""
        for command in [each for each in self._beside if each.process.poll() is not None]:
            self._beside.remove(command)
            self.counts.commands[command.process.returncode] += 1
            if command.process.returncode not in ENDED_WELL:
                raise ChaosError(f"a command beside the daemon: {_tail(command)}")

    # Calm

    def _calm(self) -> None:
        """Let all faults end, and see that okrsync converges and kept its promises."""
        self.company.clear_weather()
        self.company.papers.mend()
        time.sleep(LATEST_WRITE)
        self._give_up_lost_tasks()
        daemon = self._start()
        for command in self._beside:
            command.process.wait(PATIENCE)
        self._hear_commands()
        self._wait_until_quiet(daemon)
        self._answer_for_vanished()
        daemon = self._speak(daemon)
        self._wait_until_quiet(daemon)
        self._expect_nothing_to_do(daemon)
        self._judge()
        self._end_in_order(daemon)
        self._bury(daemon, self.company.ills)
        self.counts.calms += 1
        told = f"{self.counts.kills} kills, {self.counts.passes.total()} passes"
        self._say(f"calm and judged after {told}, {self.company.suffered} faults")

    def _speak(self, daemon: Daemon) -> Daemon:
        """Let people say something that must be heeded, and at times kill whoever hears it."""
        with self.company.store() as store:
            for _ in range(6):
                self.company.people.act_with_our_account(store)
        self.company.people.speak()
        if self._chance(0.5):
            return daemon
        time.sleep(self._random.uniform(0, 1))
        daemon.process.kill()
        daemon.process.wait(10)
        self.counts.kills += 1
        self._bury(daemon, self.company.ills)
        return self._start()

    def _start(self) -> Daemon:
        daemon = self.company.daemon()
        _wait_for_start([daemon])
        self.company.write_to(daemon)
        return daemon

    def _answer_for_vanished(self) -> None:
        """Say of every label that lost its definition that nobody meant it."""
        with self.company.store() as store, store.begin() as tx:
            asked = [vanishing.id for vanishing in tx.vanishings()]
        for one in asked:
            said = self.company.okrsync("labels", "vanished", one, "accident")
            if said.process.wait(60) != 0:
                raise ChaosError(f"the answer for {one} was not taken: {_tail(said)}")
        self.counts.answered += len(asked)

    def _give_up_lost_tasks(self) -> None:
        """Let so much time pass, as far as the store knows, that lost tasks are given up."""
        with self.company.store() as store, store.begin() as tx:
            lost = [each for each in tx.open_intents() if each.batch and not each.task]
            tx.put_intents([replace(each, opened=each.opened - LOST_TASK) for each in lost])

    def _wait_until_quiet(self, daemon: Daemon) -> None:
        """Wait until every scope was passed over without error and nothing is written any more."""
        deadline, quiet_since, writes = time.monotonic() + PATIENCE, time.monotonic(), -1
        begun = _good_passes(daemon)
        while True:
            time.sleep(0.1)
            if self.company.writes != writes:
                quiet_since, writes = time.monotonic(), self.company.writes
            passed = {place for place, n in (_good_passes(daemon) - begun).items() if n >= 2}
            if time.monotonic() - quiet_since > CALM and passed == self.company.scopes:
                return
            if time.monotonic() > deadline or daemon.process.poll() is not None:
                raise ChaosError(f"no rest within {PATIENCE} s: {_tail(daemon)}")

    def _expect_nothing_to_do(self, daemon: Daemon) -> None:
        """See that further passes write nothing, and that a whole new judgement finds nothing."""
        writes, passes = self.company.writes, _good_passes(daemon).total()
        plan = self.company.okrsync("plan", "--exit-code")
        if plan.process.wait(60) != 0:
            raise ChaosError(f"there is something to do after convergence: {_tail(plan)}")
        deadline = time.monotonic() + PATIENCE
        while _good_passes(daemon).total() < passes + 2 * len(self.company.scopes):
            time.sleep(0.1)
            if time.monotonic() > deadline or daemon.process.poll() is not None:
                raise ChaosError(f"no passes any more: {_tail(daemon)}")
        if self.company.writes != writes:
            raise ChaosError(f"there was a write after convergence: {_tail(daemon)}")

    def _judge(self) -> None:
        if believed := [status for post in self.company.posts for status in post.believed]:
            raise ChaosError(f"forged webhooks were answered {believed}")
        with self.company.store() as store:
            if left := oracle.unsettled(store):
                raise ChaosError(f"open intents: {left}")
            self._looks.append(self.company.places[0].world.clock.now())
            found = oracle.judge(self.company.places, self.company.papers, store, self._looks)
        if found.wrongs:
            raise ChaosError("\n".join(found.wrongs[:10]))
        if len(found.crossed) > self._forgiven + found.changes * self._forgiven / 1000:
            told = "\n".join(found.crossed)
            raise ChaosError(f"people quicker than writes more often than by chance:\n{told}")
        self.counts.crossed, self.counts.untold = found.crossed, found.untold
        self.counts.untouched += found.untouched
        self.counts.heeded += found.heeded

    def _chance(self, share: float) -> bool:
        return self._random.random() < share


def _wait_for_start(daemons: Sequence[Daemon]) -> None:
    """Wait until they have read their settings, which somebody may break from then on."""
    deadline = time.monotonic() + PATIENCE
    while waiting := [each for each in daemons if not each.told("web.listens")]:
        time.sleep(0.05)
        if time.monotonic() > deadline or any(each.process.poll() is not None for each in waiting):
            raise ChaosError(f"a daemon did not begin: {_tail(waiting[0])}")


def _good_passes(daemon: Daemon) -> Counter[tuple[str, str]]:
    """Count the passes over whole scopes that went well."""
    ended = [line for line in daemon.told("pass.ended") if line["outcome"] == "ok"]
    return Counter((line["tracker"], line["scope"]) for line in ended if line["scope"] != "items")


def _span(ended: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """Return when a pass began and ended."""
    end = datetime.fromisoformat(ended["timestamp"])
    return end - timedelta(seconds=ended["seconds"]), end


def _tail(daemon: Daemon) -> str:
    return daemon.log.read_text()[-6000:]


def _around_mistake(log: str) -> str:
    at = max(log.find("Traceback"), log.find('.broke"'), 0)
    return log[max(at - 1500, 0) : at + 4500]
