"""okrsync is killed while it mails, again and again; nobody misses a mail, and nobody gets two.

But for one: the message whose answer was lost is sent again, byte for byte.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from okrsync.ports.mailer import MailState
from okrsync.storage import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.mail.conftest import Inbox

KILLS = 200 if os.environ.get("OKR_TESTS_LONG") else 5
DRIVER = Path(__file__).with_name("warm_courier.py")
ADDRESSES = [f"reader-{n}@shop.example" for n in range(6)]
OKRS = """
teams: [{id: pay, name: Pay}]
cycles: [{id: C-ALL, from: 2020-01-01, to: 2099-12-31}]
objectives:
  - id: O-PAY
    title: Paying is easy
    team: pay
    cycle: C-ALL
    key_results:
      - {id: KR-PAY, statement: "Shoppers who pay without calling: 62% to 80%"}
"""
SETTINGS = """
okrs: {{path: okrs.yaml}}
store: sqlite:///okrsync.db
report:
  weekly: "Tue 07:30"
  from: okrsync@shop.example
  smtp: {{host: 127.0.0.1, port: {port}, security: none}}
  recipients: [{{to: [{to}], about: company}}]
  quiet: false
"""
FIRST = datetime(2026, 11, 17, 7, 31, tzinfo=UTC)


class Courier:
    """Mails what is due at a moment, and can be killed at it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def mail(self, now: datetime, *, kill_when: Callable[[], bool] | None = None) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{now.isoformat()}\n")
        self._process.stdin.flush()
        child = int(self._process.stdout.readline())
        if kill_when is not None:
            _kill(child, kill_when)
        return int(self._process.stdout.readline())


def _kill(child: int, when: Callable[[], bool]) -> None:
    """Kill a process as soon as something is true, unless it ends before."""
    with suppress(ProcessLookupError):
        while not when():
            os.kill(child, 0)
            time.sleep(0.0005)
        os.kill(child, signal.SIGKILL)


def _a_moment(random: Random, inbox: Inbox) -> Callable[[], bool]:
    """Choose a moment: some messages have arrived, and perhaps a little later than that."""
    arrived, delay = random.randrange(len(ADDRESSES)), random.uniform(0, 0.02)
    seen: list[float] = []

    def has_come() -> bool:
        if len(inbox.arrived) >= arrived and not seen:
            seen.append(time.monotonic())
        return bool(seen) and time.monotonic() - seen[0] >= delay * (1 if arrived else 20)

    return has_come


@contextmanager
def courier(settings: Path) -> Iterator[Courier]:
    with subprocess.Popen(
        [sys.executable, str(DRIVER), str(settings)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Courier(process)
        finally:
            process.kill()


def test_whenever_it_is_killed_every_mail_comes_and_at_most_one_comes_twice(
    tmp_path: Path, inbox: Inbox
) -> None:
    (tmp_path / "okrs.yaml").write_text(OKRS)
    (tmp_path / "mapping.yaml").write_text("rules: []\n")
    told = SETTINGS.format(port=inbox.port, to=", ".join(ADDRESSES))
    (tmp_path / "okrsync.yaml").write_text(textwrap.dedent(told))
    random, hit = Random(7), 0
    with courier(tmp_path / "okrsync.yaml") as okrsync:
        assert okrsync.mail(FIRST) == 0
        for week in range(1, KILLS + 1):
            inbox.arrived.clear()
            now = FIRST + timedelta(weeks=week)
            killed = okrsync.mail(now, kill_when=_a_moment(random, inbox))
            hit += killed == -signal.SIGKILL
            assert okrsync.mail(now + timedelta(hours=1)) == 0
            _everybody_once(inbox, twice=1)
            again = list(inbox.arrived)
            assert okrsync.mail(now + timedelta(hours=2)) == 0
            assert inbox.arrived == again
    assert hit > KILLS // 2, f"only {hit} kills were in time"
    store = open_store(f"sqlite:///{tmp_path / 'okrsync.db'}")
    with store.begin() as tx:
        assert tx.mails_in(MailState.MEANT) == []
        assert tx.mails_in(MailState.REFUSED) == []
    store.close()


def _everybody_once(inbox: Inbox, *, twice: int) -> None:
    counted = inbox.counted()
    assert set(counted) == set(ADDRESSES)
    assert counted.total() <= len(ADDRESSES) + twice
    for address in ADDRESSES:
        assert len(set(inbox.of(address))) == 1, "what is sent again is the same message"
