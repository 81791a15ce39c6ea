"""The trackers' webhooks on their way: lost, late, doubled, out of order, old, unsigned, forged."""

from __future__ import annotations

from random import Random
from threading import Event, Thread
from typing import TYPE_CHECKING

from okrsync_simulators.jira.webhooks import announce as announce_jira
from okrsync_simulators.linear.webhooks import announce as announce_linear
from okrsync_simulators.webhooks import UNREACHABLE, Courier
from tests.chaos.places import LinearPlace

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tests.chaos.place import Place

SECRET = "webhook-secret-of-chaos"
PAUSE = 0.05


class Post:
    """Carries the webhooks of one place, in a thread of its own."""

    def __init__(self, place: Place, random: Random) -> None:
        self._place = place
        self._random = Random(random.random())
        self._closed = Event()
        self._thread = Thread(target=self._carry, name=f"post of {place.name}", daemon=True)
        self.courier = Courier("", SECRET, Random(random.random()), shuffled=True)
        self.believed: list[int] = []
        """What forged letters were answered that were not refused."""
        self.forged = self.old = 0
        announce: Callable[..., Any] = (
            announce_linear if isinstance(place, LinearPlace) else announce_jira
        )
        announce(place.world, self.courier.hand_in)

    def open(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._closed.set()
        self._thread.join(10)

    def address(self, port: int) -> None:
        """Send letters to the daemon at this port from now on."""
        self.courier.url = f"http://127.0.0.1:{port}/webhooks/{self._place.name}"

    def turn(self) -> None:
        """Let the post be better or worse from now on."""
        self.courier.lost = self._random.choice((0.0, 0.2, 0.9))
        self.courier.twice = self._random.choice((0.0, 0.3))
        self.courier.late = self._random.choice((0.0, 0.8))

    def _carry(self) -> None:
        while not self._closed.wait(PAUSE):
            if self.courier.url:
                self.courier.deliver()
                self._play_tricks()

    def _play_tricks(self) -> None:
        chance = self._random.random()
        if not self.courier.sent or chance > 0.03:
            return
        letter = self._random.choice(self.courier.sent[-50:])
        if chance < 0.01:
            self.old += 1
            self.courier._send(letter)
            return
        self.forged += 1
        how = self.courier.forge if chance < 0.02 else self.courier.unsigned
        status = how(letter)
        if status not in {UNREACHABLE, 401}:
            self.believed.append(status)
