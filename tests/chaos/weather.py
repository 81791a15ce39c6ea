"""What befalls requests and trackers: every fault that the simulators know, at random.

Each place has its own weather. The assassin waits in all of them for a moment to kill okrsync.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from threading import Lock, Timer
from time import time
from typing import TYPE_CHECKING

import orjson

from okrsync_simulators.faults import Fault, FaultKind
from okrsync_simulators.jira import Deployment
from okrsync_simulators.jira.limits import AccountBucket, Limits
from okrsync_simulators.jira.tasks import Status
from okrsync_simulators.linear import errors
from tests.chaos.places import JiraPlace, LinearPlace

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterable
    from random import Random

    from tests.chaos.place import Place

WRITES = ("issue.edit", "bulk.edit", "mutation:issue")
CLIMATES = (0.0, 0.03, 0.08, 0.2)
"""Shares of requests that fail."""
JSON = {"Content-Type": "application/json"}
FAULTS = {
    "503": Fault(FaultKind.STATUS, status=503),
    "500 page": Fault(FaultKind.STATUS, status=500, body=b"<html>Oops</html>"),
    "502 page": Fault(FaultKind.STATUS, status=502, body=b"<html>Bad gateway</html>"),
    "429": Fault(FaultKind.STATUS, status=429, headers={"Retry-After": "1"}),
    "503 retry-after": Fault(FaultKind.STATUS, status=503, headers={"Retry-After": "1"}),
    "cut before": Fault(FaultKind.RESET_BEFORE),
    "cut after": Fault(FaultKind.RESET_AFTER),
    "truncated": Fault(FaultKind.TRUNCATED),
    "malformed": Fault(FaultKind.MALFORMED),
    "not json": Fault(FaultKind.MALFORMED, body=b"<html>Sign in</html>"),
    "slow": Fault(FaultKind.SLOW, seconds=0.3),
    "hang": Fault(FaultKind.SLOW, seconds=1.5),
}
FEW = dict.fromkeys(("GET", "POST", "PUT", "DELETE"), 12)
"""Requests in a second."""
SCARCE = (40, 10, timedelta(seconds=1))
REFUSED_LOGIN = "The access token expired"


class Assassin:
    """Kills okrsync in the midst of a request, and decides what becomes of that."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._lock = Lock()
        self._victim: subprocess.Popen[bytes] | None = None
        self._countdown = 0
        self._only_writes = False
        self._fate = ""
        self.fates: Counter[str] = Counter()

    def lie_in_wait(self, victim: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._victim = victim
            self._only_writes = self._random.random() < 0.65
            self._countdown = self._random.randint(1, 25 if self._only_writes else 250)
            self._fate = self._random.choice(("answered", "dropped", "late", "soon"))

    def rest(self) -> None:
        with self._lock:
            self._victim = None

    def strike(self, operation: str) -> Fault | None:
        """Look at a request; kill whoever sent it if this is the moment."""
        with self._lock:
            is_write = operation.startswith(WRITES)
            if self._victim is None or (self._only_writes and not is_write):
                return None
            self._countdown -= 1
            if self._countdown:
                return None
            victim, self._victim = self._victim, None
        self.fates[f"{'write' if is_write else 'read'} {self._fate}"] += 1
        if self._fate == "soon":  # somewhere between this answer and what is done with it
            Timer(self._random.uniform(0, 0.03), victim.kill).start()
            return None
        victim.kill()
        if self._fate == "dropped":
            return Fault(FaultKind.RESET_BEFORE)
        late = Fault(FaultKind.SLOW, seconds=self._random.uniform(0.05, 1.0))
        return late if self._fate == "late" else None


class Weather:
    """Draws the faults of one place, and changes what its administrators decide."""

    def __init__(self, place: Place, random: Random, assassin: Assassin) -> None:
        self.place = place
        self._random = random
        self._assassin = assassin
        self._rate = 0.0
        self.suffered: Counter[str] = Counter()
        self.moments: list[datetime] = []
        """When something failed."""
        place.world.faults.draw_from(self)

    def __call__(self, operation: str) -> Fault | None:
        fatal = self._assassin.strike(operation)
        if fatal is not None or self._random.random() >= self._rate:
            return fatal
        name, fault = self._draw(operation)
        self._note(name)
        return fault

    def turn(self) -> None:
        """Let other weather come."""
        self.clear()
        self._rate = self._random.choice(CLIMATES)
        self.place.set_lag(self._random.choice((0.0, 0.3, 2.0)))
        if isinstance(self.place, JiraPlace):
            self._turn_jira(self.place)
        if isinstance(self.place, LinearPlace):
            self._turn_linear(self.place)

    def clear(self) -> None:
        """Let nothing fail any more."""
        world = self.place.world
        self._rate = 0.0
        self.place.set_lag(0.0)
        if isinstance(self.place, LinearPlace):
            world.swap_needs_two_steps = False
            self.place.restore_definitions()
        else:
            world.bulk.seconds, world.bulk.polls, world.bulk.stopped = 0.0, 0, False
            world.bulk.index_delay = timedelta(0)
            world.bulk.allowed = True
            world.bulk.failures.clear()
            world.bulk.ends.clear()
            world._edits_denied.clear()
            world._silent_denied.clear()
            world._stumbles.clear()
            world._off_screen.clear()
            world.limits = None
        with world.lock:
            world.flush_index()

    def _draw(self, operation: str) -> tuple[str, Fault]:
        name = self._random.choice([*FAULTS, "login"])
        if operation.endswith(".page") and self._random.random() < 0.3:
            return "expired page token", Fault(FaultKind.EXPIRED_TOKEN)
        if name == "login" and self._random.random() < 0.1:
            return "expired login", self._login_refused()
        if name in {"429", "login"} and isinstance(self.place, LinearPlace):
            return "spent budget", _spent()
        return (name, FAULTS[name]) if name in FAULTS else ("503", FAULTS["503"])

    def _login_refused(self) -> Fault:
        body: object = {"errorMessages": [REFUSED_LOGIN], "errors": {}}
        if isinstance(self.place, LinearPlace):
            body = errors.refused(errors.unauthenticated(REFUSED_LOGIN))
        return Fault(FaultKind.STATUS, status=401, headers=JSON, body=orjson.dumps(body))

    def _turn_jira(self, place: JiraPlace) -> None:
        """Let tasks take time, end badly or be forgotten, and permissions come and go."""
        random, bulk = self._random, place.world.bulk
        bulk.seconds = random.choice((0.0, 0.2, 1.0))
        bulk.polls = random.choice((0, 2))
        bulk.index_delay = timedelta(seconds=random.choice((0, 1)))
        self._perhaps(0.2, "bulk not allowed", lambda: setattr(bulk, "allowed", False))
        self._perhaps(0.2, "tasks stand still", lambda: setattr(bulk, "stopped", True))
        self._perhaps(0.1, "tasks forgotten", bulk.forget)
        self._perhaps(0.3, "task ends badly", lambda: bulk.ends.append(self._bad_end()))
        some = random.sample(place.items, 3)
        reason = dict.fromkeys(some, "Something went wrong")
        self._perhaps(0.3, "items fail in tasks", lambda: bulk.failures.update(reason))
        scope = random.choice(place.scopes)
        self._perhaps(0.1, "edits denied", lambda: place.world.deny_edits(scope))
        self._perhaps(0.1, "silence denied", lambda: place.world.deny_silent_edits(scope))
        self._perhaps(0.3, "reads stumble", lambda: _stumble(place, some))
        few = Limits(FEW) if place.deployment == Deployment.CLOUD.value else AccountBucket(*SCARCE)
        self._perhaps(0.15, "few requests allowed", lambda: setattr(place.world, "limits", few))
        if place.deployment == Deployment.DATACENTER.value:
            off = partial(place.world.take_labels_off_screen, scope)
            self._perhaps(0.1, "labels off screen", off)

    def _turn_linear(self, place: LinearPlace) -> None:
        """Let the open questions about Linear be answered in one way or the other."""
        place.world.swap_needs_two_steps = self._random.random() < 0.3
        place.world.batches_stop_midway = self._random.random() < 0.5
        names = sorted(each.name for each in place.world.label_book.by_id.values())
        ours = [name for name in names if name.startswith("okr:")]
        if ours:
            label = self._random.choice(ours)
            self._perhaps(0.08, "definition deleted", lambda: place.delete_definition(label))
            other = self._random.choice([name for name in ours if name != label] or [""])
            if other:
                self._perhaps(0.08, "definition retired", lambda: place.retire_definition(other))

    def _bad_end(self) -> tuple[Status, float]:
        end = self._random.choice((Status.FAILED, Status.CANCELLED, Status.DEAD, Status.COMPLETE))
        return end, self._random.random()

    def _perhaps(self, chance: float, name: str, do: Callable[[], None]) -> None:
        if self._random.random() < chance:
            self._note(name)
            do()

    def _note(self, name: str) -> None:
        self.suffered[name] += 1
        self.moments.append(self.place.world.clock.now())


def _stumble(place: JiraPlace, items: Iterable[str]) -> None:
    for item in items:
        place.world.stumble_over(item, times=3)


def _spent() -> Fault:
    """Say as Linear does that the hour's requests are spent, and will be there in a second."""
    headers = {
        **JSON,
        "X-RateLimit-Requests-Limit": "2500",
        "X-RateLimit-Requests-Remaining": "0",
        "X-RateLimit-Requests-Reset": str(int((time() + 1) * 1000)),
    }
    body = orjson.dumps(errors.refused(errors.rate_limited()))
    return Fault(FaultKind.STATUS, status=400, headers=headers, body=body)
