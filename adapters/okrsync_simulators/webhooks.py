"""Delivers a simulated tracker's webhooks as badly as real ones arrive.

A tracker hands in letters, a test says when they go out: some twice, in another order, late or
never, and repeated while nobody takes them. Nothing here knows a vendor: how a letter is signed is
told by whoever writes it.
"""

from __future__ import annotations

import ssl
from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random
from threading import Lock
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

UNREACHABLE = 0
"""Counted where no answer came."""
TRIES = 4
TIMEOUT = 5.0
TRUST = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Nobody: letters go to this machine, and reading all authorities for each of them takes long."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One webhook: what is sent and, by the secret, which headers sign it."""

    body: bytes
    headers: Mapping[str, str]
    sign: Callable[[str, bytes], Mapping[str, str]]
    tries: int = 0


@dataclass
class Courier:
    """Sends letters to *url*; safe between the thread of a world and that of a test."""

    url: str
    secret: str
    random: Random = field(default_factory=lambda: Random(1))
    lost: float = 0.0
    """Share of the letters that are never sent."""
    twice: float = 0.0
    """Share of the letters that are sent again, word for word."""
    late: float = 0.0
    """Share of the letters that stay behind when others go."""
    shuffled: bool = False
    """Whether the order of the letters is left to chance."""

    def __post_init__(self) -> None:
        self.answers: Counter[int] = Counter()
        """How often each status was answered."""
        self.sent: list[Letter] = []
        """The letters that were taken, newest last; a test may send one again."""
        self._waiting: list[Letter] = []
        self._lock = Lock()

    def hand_in(self, letter: Letter) -> None:
        """Take a letter; it goes out with the next delivery, if at all."""
        with self._lock:
            if self.random.random() >= self.lost:
                self._waiting.append(letter)

    @property
    def waiting(self) -> int:
        """How many letters wait."""
        return len(self._waiting)

    def deliver(self) -> None:
        """Send what waits; what nobody takes is tried again another time, as vendors do."""
        for letter in self._round():
            if self._send(letter) and self._chance(self.twice):
                self._send(letter)

    def forge(self, letter: Letter) -> int:
        """Send a letter signed by somebody who does not know the secret; return the answer."""
        return self._post(letter, f"not {self.secret}")

    def unsigned(self, letter: Letter) -> int:
        """Send a letter without any signature; return the answer."""
        return self._post(replace(letter, sign=lambda _secret, _body: {}), self.secret)

    def _round(self) -> list[Letter]:
        with self._lock:
            going: list[Letter] = []
            staying: list[Letter] = []
            for letter in self._waiting:
                (staying if self._chance(self.late) else going).append(letter)
            self._waiting = staying
        if self.shuffled:
            self.random.shuffle(going)
        return going

    def _send(self, letter: Letter) -> bool:
        """Send a letter and tell whether it was taken."""
        status = self._post(letter, self.secret)
        if 200 <= status < 300:
            self.sent.append(letter)
            return True
        if (status == UNREACHABLE or status >= 500) and letter.tries + 1 < TRIES:
            with self._lock:
                self._waiting.append(replace(letter, tries=letter.tries + 1))
        return False

    def _post(self, letter: Letter, secret: str) -> int:
        headers = {**letter.headers, **letter.sign(secret, letter.body)}
        try:
            answer = httpx.post(
                self.url, content=letter.body, headers=headers, timeout=TIMEOUT, verify=TRUST
            )
            status = answer.status_code
        except httpx.TransportError:
            status = UNREACHABLE
        self.answers[status] += 1
        return status

    def _chance(self, share: float) -> bool:
        return self.random.random() < share
