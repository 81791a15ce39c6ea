"""One long random history of a company with the real daemon beside it, which is killed and killed.

The daemon is `okrsync run` in a process of its own; the trackers are the simulators, in this one.
After every few lives the weather clears, okrsync must converge, and the oracle looks at everything.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from okrsync.app.planning import APPROVED
from okrsync.storage import open_store
from okrsync_simulators.jira import Deployment
from tests.chaos import oracle
from tests.chaos.papers import TITLES, WALLET, Papers
from tests.chaos.people import People
from tests.chaos.places import EPICS, JiraPlace, LinearPlace
from tests.chaos.post import SECRET, Post
from tests.chaos.weather import WRITES, Assassin, Weather
from tests.daemon.conftest import TOKEN, Daemon

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import ExitStack
    from pathlib import Path

    from tests.chaos.places import Place

LOST_TASK = timedelta(minutes=31)
"""After this long okrsync believes no more in a task whose id it never learnt."""
CALM = 2.5
"""Seconds without a write after which there is nothing more to do."""
PATIENCE = 90.0


class ChaosError(AssertionError):
    """A promise was broken."""


@dataclass
class Counts:
    """The figures of a history."""

    passes: Counter[str] = field(default_factory=Counter)
    """By how they ended."""
    under_faults: int = 0
    kills: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    calms: int = 0
    crossed: int = 0
    untouched: int = 0
    waits: int = 0
    commands: Counter[int] = field(default_factory=Counter)
    """Commands beside the daemon, by their exit code."""


class Story:
    """Opens everything; `tell` lives through it."""

    def __init__(self, seed: int, folder: Path, stack: ExitStack) -> None:
        self.random = Random(f"chaos {seed}")
        self.folder = folder
        self.places: Sequence[Place] = (
            JiraPlace("shop-jira", ("PAY", "WEB"), Deployment.CLOUD),
            JiraPlace("house-jira", ("HUB",), Deployment.DATACENTER),
            LinearPlace("shop-linear", ("GRO", "OPS")),
        )
        self.papers = Papers(folder, self.random)
        self.people = People(self.places, self.random)
        self.assassin = Assassin(self.random)
        self.weathers = [Weather(place, self.random, self.assassin) for place in self.places]
        self.posts = [Post(place, self.random) for place in self.places]
        self.counts = Counts()
        self.store = f"sqlite:///{folder / 'okrsync.db'}"
        self._environ = self._served(stack)
        self._settle_in()
        self._lives = self._started = 0
        self._daemons: list[Daemon] = []
        self._ports: dict[int, int] = {}
        self._beside: list[subprocess.Popen[bytes]] = []
        stack.callback(self._end_all)
        for post in self.posts:
            post.open()
            stack.callback(post.close)

    def tell(self, kills: int, *, seconds: float, calm_every: int) -> None:
        """Live until okrsync was killed so often, at most so many seconds each time."""
        self.calm()
        while self.counts.kills < kills:
            self.live(seconds)
            self._lives += 1
            if self._lives % calm_every == 0:
                self.calm()
        self.calm()

    # One life of the daemon

    def live(self, seconds: float) -> None:
        """Live through a storm until okrsync dies; at times another one stands by and takes over."""
        self._turn_weather()
        lives = [self._born() for _ in range(2 if self.random.random() < 0.1 else 1)]
        if self.random.random() < 0.1:  # it need not come so far as to begin
            time.sleep(self.random.uniform(0, 1.5))
            lives[0].process.kill()
        else:
            self._await(lives)
        for daemon in lives:
            before = self._suffered()
            self._live_with(daemon, self.random.uniform(0.3, 1.0) * seconds)
            self._dies(daemon)
            self._bury(daemon, stormy=self._suffered() > before)
        self._while_dead()

    def _await(self, daemons: Sequence[Daemon]) -> None:
        """Wait until they have read their settings, which somebody may break from then on."""
        for daemon in daemons:
            daemon.hears("web.listens")

    def _live_with(self, daemon: Daemon, seconds: float) -> None:
        self._write_to(daemon)
        if self.random.random() < 0.75:
            self.assassin.lie_in_wait(daemon.process.pid)
        end = time.monotonic() + seconds
        while time.monotonic() < end and daemon.process.poll() is None:
            self._go_about(daemon)
        self.assassin.rest()

    def _write_to(self, daemon: Daemon) -> None:
        for post in self.posts:
            post.address(self._ports[daemon.process.pid])

    def calm(self) -> None:
        """Let all faults end, and see that okrsync converges and kept its promises."""
        for weather in self.weathers:
            weather.clear()
        self.papers.mend()
        self._show_all()
        time.sleep(1.1)  # the last late write
        self._let_time_pass()
        daemon = self._born()
        self._await([daemon])
        self._write_to(daemon)
        self._wait_until_quiet(daemon)
        self._with_store(lambda store: [self.people.act_with_our_account(store) for _ in range(6)])
        self._wait_until_quiet(daemon)
        self._assert_nothing_is_left_to_do()
        self._judge()
        self._end_in_order(daemon)
        self._bury(daemon, stormy=False)
        self.counts.calms += 1

    def _born(self) -> Daemon:
        self.papers.mend_settings()
        port = _free_port()
        daemon = self._start("run", port=port)
        self._ports[daemon.process.pid] = port
        self._daemons.append(daemon)
        return daemon

    def _go_about(self, daemon: Daemon) -> None:
        """Let a moment pass in which much may happen."""
        for _ in range(self.random.randint(1, 3)):
            self.people.act()
        if self.random.random() < 0.08:
            self.papers.change()
        if self.random.random() < 0.03 and daemon.told("timetable.held"):
            daemon.process.send_signal(signal.SIGHUP)
        if self.random.random() < 0.01:
            self._beside.append(self._start("sync").process)
        time.sleep(self.random.uniform(0.02, 0.25))

    def _dies(self, daemon: Daemon) -> None:
        if daemon.process.poll() is None and self.random.random() < 0.15:
            self._end_in_order(daemon)
            return
        if daemon.process.poll() is None:
            daemon.process.kill()
        code = daemon.process.wait(10)
        if code != -signal.SIGKILL:
            raise ChaosError(f"the daemon ended by itself with {code}: {_tail(daemon)}")
        self.counts.kills += 1
        self.counts.ends["SIGKILL"] += 1

    def _end_in_order(self, daemon: Daemon) -> None:
        if not daemon.told("signal.heard") and not daemon.told("timetable.held"):
            daemon.hears("timetable.held")  # before, nothing listens to signals yet
        code = daemon.ends(signal.SIGTERM, 10.0)
        if code != 0:
            raise ChaosError(f"SIGTERM was answered with {code}: {_tail(daemon)}")
        self.counts.ends["SIGTERM"] += 1

    def _bury(self, daemon: Daemon, *, stormy: bool) -> None:
        """Count what a daemon told, and see that it told no secret and knew no mistake."""
        log = daemon.log.read_text()
        words = [*self._secrets(), *TITLES, SECRET, TOKEN]
        if told := [word for word in words if word in log]:
            raise ChaosError(f"the log tells {told}")
        if "Traceback" in log or daemon.told("pass.broke") or daemon.told("inspection.broke"):
            raise ChaosError(f"a mistake of okrsync's own: {_mistake(log)}")
        ended = daemon.told("pass.ended")
        self.counts.passes.update(line["outcome"] for line in ended)
        self.counts.under_faults += len(ended) * stormy
        self.counts.waits += len(daemon.told("tracker.wait"))
        daemon.log.unlink()
        _out(daemon.log).unlink()
        self._daemons.remove(daemon)

    def _while_dead(self) -> None:
        """Let people go on; the store must open, whatever happened to its user."""
        for _ in range(self.random.randint(0, 6)):
            self.people.act()
        if self.random.random() < 0.5:
            self._with_store(self.people.act_with_our_account)
        for process in [each for each in self._beside if each.poll() is not None]:
            self._beside.remove(process)
            self._note_command(process.returncode)

    def _note_command(self, code: int) -> None:
        self.counts.commands[code] += 1
        if code not in {0, 4, 5, 6}:
            raise ChaosError(f"a command beside the daemon ended with {code}")

    # Calm

    def _wait_until_quiet(self, daemon: Daemon) -> None:
        """Wait until every scope was passed over without error and nothing is written any more."""
        deadline, quiet_since, writes = time.monotonic() + PATIENCE, time.monotonic(), -1
        begun = _good_passes(daemon)
        while True:
            time.sleep(0.1)
            now = self._writes()
            if now != writes or daemon.process.poll() is not None:
                quiet_since, writes = time.monotonic(), now
            passed = [n for n in (_good_passes(daemon) - begun).values() if n >= 2]
            if time.monotonic() - quiet_since > CALM and len(passed) == self._scopes():
                return
            if time.monotonic() > deadline:
                raise ChaosError(f"no rest within {PATIENCE} s: {_tail(daemon)}")

    def _assert_nothing_is_left_to_do(self) -> None:
        """A further pass writes nothing, and a whole new judgement finds nothing to write."""
        before = self._writes()
        plan = self._start("plan", "--exit-code")
        code = plan.process.wait(60)
        said = plan.log.read_text()
        if code != 0:
            shown = _out(plan.log).read_text()
            raise ChaosError(f"`okrsync plan` ends with {code} after convergence: {shown} {said}")
        time.sleep(1.5)
        if self._writes() != before:
            raise ChaosError("there was a write after convergence")

    def _judge(self) -> None:
        if believed := [status for post in self.posts for status in post.believed]:
            raise ChaosError(f"forged webhooks were answered {believed}")

        def look(store: Any) -> None:
            if left := oracle.unsettled(store):
                raise ChaosError(f"open intents: {left}")
            found = oracle.judge(self.places, self.papers, store)
            if found.wrongs:
                raise ChaosError("\n".join(found.wrongs[:10]))
            self.counts.crossed = found.crossed
            self.counts.untouched += found.untouched

        self._with_store(look)

    def _let_time_pass(self) -> None:
        """Let so much time pass, as far as the store knows, that lost tasks are given up."""

        def age(store: Any) -> None:
            with store.begin() as tx:
                tx.put_intents(
                    [
                        replace(intent, opened=intent.opened - LOST_TASK)
                        for intent in tx.open_intents()
                        if intent.batch and not intent.task
                    ]
                )

        self._with_store(age)

    # Helpers

    def _with_store(self, do: Callable[[Any], Any]) -> None:
        store = open_store(self.store)
        try:
            do(store)
        finally:
            store.close()

    def _start(self, *words: str, port: int = 0) -> Daemon:
        config = str(self.folder / "okrsync.yaml")
        self._started += 1
        log = self.folder / f"log-{self._started}"
        environ = {k: v for k, v in os.environ.items() if not k.startswith("OKRSYNC_")}
        environ |= self._environ | {"OKRSYNC_WEB__PORT": str(port)}
        command = [sys.executable, "-m", "okrsync.cli.main", "--config", config, *words]
        with log.open("wb") as err, _out(log).open("wb") as out:
            process = subprocess.Popen(command, env=environ, stderr=err, stdout=out)
        return Daemon(process, log, port)

    def _served(self, stack: ExitStack) -> dict[str, str]:
        environ = {"OKRSYNC_WEB__TOKEN": TOKEN}
        for place in self.places:
            settings = dict(stack.enter_context(place.serve(place.world)).settings)
            settings |= {"scopes": ",".join(place.scopes), "webhook_secret": SECRET}
            settings |= {"timeout": "4s", "page_size": 25}
            start = f"OKRSYNC_TRACKERS__{place.name.upper().replace('-', '_')}__"
            environ |= {start + key.upper(): str(value) for key, value in settings.items()}
        return environ

    def _settle_in(self) -> None:
        """Fill the trackers, and let somebody have approved the first write to each."""
        for place in self.places:
            cloud = place.deployment == "cloud"
            for number in range(45 if cloud else 20):
                title = WALLET if cloud and number % 3 else TITLES[number % len(TITLES)]
                place.create(title, place.scopes[0 if cloud or number < EPICS else number % 2 - 1])
            place.world.flush_index()

        def approve(store: Any) -> None:
            with store.begin() as tx:
                tx.put_note(APPROVED, [place.name for place in self.places])

        self._with_store(approve)

    def _turn_weather(self) -> None:
        for weather in self.weathers:
            weather.turn()
        for post in self.posts:
            post.turn()

    def _show_all(self) -> None:
        for place in self.places:
            if isinstance(place, JiraPlace):
                place.show_all()

    def _secrets(self) -> list[str]:
        return [value for name, value in self._environ.items() if name.endswith(("TOKEN", "EMAIL"))]

    def _suffered(self) -> int:
        return sum(weather.suffered.total() for weather in self.weathers)

    def _scopes(self) -> int:
        return sum(len(place.scopes) for place in self.places)

    def _writes(self) -> int:
        return sum(
            count
            for place in self.places
            for name, count in place.world.requests.items()
            if name.startswith(WRITES)
        )

    def _end_all(self) -> None:
        for process in [*(each.process for each in self._daemons), *self._beside]:
            if process.poll() is None:
                process.kill()
            process.wait(10)


def _good_passes(daemon: Daemon) -> Counter[tuple[str, str]]:
    """Count the passes over whole scopes that went well."""
    ended = [line for line in daemon.told("pass.ended") if line["outcome"] == "ok"]
    return Counter((line["tracker"], line["scope"]) for line in ended if line["scope"] != "items")


def _out(log: Path) -> Path:
    return log.with_suffix(".out")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _tail(daemon: Daemon) -> str:
    return daemon.log.read_text()[-6000:]


def _mistake(log: str) -> str:
    at = max(log.find("Traceback"), 0)
    return log[max(at - 1500, 0) : at + 4500]
