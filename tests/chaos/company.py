"""A company: its trackers, files, people, post and weather, and okrsync in processes beside it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING

from okrsync.app.choosing import APPROVED
from okrsync.storage import open_store
from okrsync_simulators.jira import Deployment
from tests.chaos.papers import TITLES, WALLET, Papers
from tests.chaos.people import People
from tests.chaos.place import EPICS
from tests.chaos.places import JiraPlace, LinearPlace
from tests.chaos.post import SECRET, Post
from tests.chaos.weather import WRITES, Assassin, Weather
from tests.daemon.conftest import TOKEN, Daemon

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import ExitStack
    from datetime import datetime
    from pathlib import Path

    from okrsync.ports.store import Store
    from tests.chaos.place import Place

TRACKER = {"webhook_secret": SECRET, "timeout": "4s", "page_size": 25}


class Company:
    """Everything but okrsync; whoever opens it closes *stack*."""

    def __init__(self, seed: int, folder: Path, stack: ExitStack) -> None:
        self.random = Random(f"chaos {seed}")
        self.places: Sequence[Place] = (
            JiraPlace("shop-jira", ("PAY", "WEB", "APP"), Deployment.CLOUD),
            JiraPlace("house-jira", ("HUB", "LAB"), Deployment.DATACENTER),
            LinearPlace("shop-linear", ("GRO", "OPS", "DEV")),
        )
        self.papers = Papers(folder, self.random)
        self.people = People(self.places, self.random)
        self.assassin = Assassin(self.random)
        self.weathers = [Weather(place, self.random, self.assassin) for place in self.places]
        self.posts = [Post(place, self.random) for place in self.places]
        self.ports: dict[int, int] = {}
        """Where a daemon listens, by its process."""
        self._folder = folder
        self._environ = self._served(stack)
        self._started: list[Daemon] = []
        self._settle_in()
        stack.callback(self._end_all)
        for post in self.posts:
            post.open()
            stack.callback(post.close)

    # okrsync

    def daemon(self) -> Daemon:
        """Start a daemon."""
        self.papers.mend_settings()
        port = _free_port()
        daemon = self.okrsync("run", port=port)
        self.ports[daemon.process.pid] = port
        return daemon

    def okrsync(self, *words: str, port: int = 0) -> Daemon:
        """Start a command in a process of its own."""
        log = self._folder / f"log-{len(self._started)}"
        environ = {k: v for k, v in os.environ.items() if not k.startswith("OKRSYNC_")}
        environ |= self._environ | {"OKRSYNC_WEB__PORT": str(port)}
        config = str(self._folder / "okrsync.yaml")
        command = [sys.executable, "-m", "okrsync.cli.main", "--config", config, *words]
        with log.open("wb") as said:
            process = subprocess.Popen(command, env=environ, stderr=said, stdout=said)
        daemon = Daemon(process, log, port)
        self._started.append(daemon)
        return daemon

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open okrsync's store beside it."""
        store = open_store(f"sqlite:///{self._folder / 'okrsync.db'}")
        try:
            yield store
        finally:
            store.close()

    # Weather and post

    def write_to(self, daemon: Daemon) -> None:
        """Let all webhooks go to this daemon from now on."""
        for post in self.posts:
            post.address(self.ports[daemon.process.pid])

    def turn_weather(self) -> None:
        """Let other faults befall everything from now on."""
        for weather in self.weathers:
            weather.turn()
        for post in self.posts:
            post.turn()

    def clear_weather(self) -> None:
        """Let all faults end."""
        for weather in self.weathers:
            weather.clear()
        for place in self.places:
            if isinstance(place, JiraPlace):
                place.show_all()

    # What there is

    @property
    def suffered(self) -> int:
        """How many faults there were."""
        return sum(weather.suffered.total() for weather in self.weathers)

    @property
    def ills(self) -> dict[str, int]:
        """How many faults each tracker had."""
        return {weather.place.name: len(weather.moments) for weather in self.weathers}

    def was_ill(self, tracker: str, since: datetime, until: datetime) -> bool:
        """Tell whether a tracker failed in that time."""
        (weather,) = [each for each in self.weathers if each.place.name == tracker]
        return any(since <= at <= until for at in weather.moments)

    @property
    def writes(self) -> int:
        """How many requests to write there were."""
        return sum(
            count
            for place in self.places
            for name, count in place.world.requests.items()
            if name.startswith(WRITES)
        )

    @property
    def scopes(self) -> set[tuple[str, str]]:
        """What okrsync is to look after."""
        return {(place.name, scope) for place in self.places for scope in place.scopes}

    @property
    def secrets(self) -> list[str]:
        """What no log may tell: credentials, and what people write."""
        ours = [each for name, each in self._environ.items() if name.endswith(("TOKEN", "EMAIL"))]
        return [*ours, SECRET, *TITLES]

    def _served(self, stack: ExitStack) -> dict[str, str]:
        environ = {"OKRSYNC_WEB__TOKEN": TOKEN}
        for place in self.places:
            running = stack.enter_context(place.serve(place.world))
            section = {**running.settings, **TRACKER, "scopes": ",".join(place.scopes)}
            start = f"OKRSYNC_TRACKERS__{place.name.upper().replace('-', '_')}__"
            environ |= {start + key.upper(): str(value) for key, value in section.items()}
        return environ

    def _settle_in(self) -> None:
        """Fill the trackers, and let somebody have approved the first write to each."""
        for place in self.places:
            cloud = place.deployment == "cloud"
            for number in range(45 if cloud else 20):
                title = WALLET if cloud and number % 3 else TITLES[number % len(TITLES)]
                first = cloud or number < EPICS
                place.create(title, place.scopes[0 if first else number % len(place.scopes)])
            place.world.flush_index()
        with self.store() as store, store.begin() as tx:
            tx.put_note(APPROVED, [place.name for place in self.places])

    def _end_all(self) -> None:
        for daemon in self._started:
            if daemon.process.poll() is None:
                daemon.process.kill()
            daemon.process.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
