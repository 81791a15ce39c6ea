"""What people and service managers tell a process by signals.

SIGTERM and SIGINT ask to end; a second one, or work that hangs, ends the process at once: what was
being written then is found out by the next run, as after a crash. SIGHUP asks to read files again.
A thread waits for signals, so that no handler ever runs in the middle of something.
"""

from __future__ import annotations

import os
import signal
import sys
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event

    from okrsync.daemon.stopping import Stopping

LAST_MOMENT = 9.5
"""Seconds after the wish to end at which the process ends, whatever hangs."""
_HEARD = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def listen(stopping: Stopping, reload: Event) -> None:
    """Hear signals from now on. Called by the main thread before there are others."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _HEARD)
    Thread(target=_hear, args=(stopping, reload, _end_now), name="signals", daemon=True).start()


def _hear(stopping: Stopping, reload: Event, end_now: Callable[[], None]) -> None:
    while not stopping():
        heard = signal.sigtimedwait(_HEARD, 1.0)
        if heard is None:
            continue
        name = signal.Signals(heard.si_signo).name
        structlog.get_logger().info("signal.heard", signal=name)
        if heard.si_signo == signal.SIGHUP:
            reload.set()
        else:
            stopping.ask()
    _wait_for_the_end()
    end_now()


def _wait_for_the_end() -> None:
    """Return when patience is at its end: at a second wish, or after the last moment."""
    deadline = monotonic() + LAST_MOMENT
    while (left := deadline - monotonic()) > 0:
        heard = signal.sigtimedwait(_HEARD, left)
        if heard is not None and heard.si_signo != signal.SIGHUP:
            return


def _end_now() -> None:
    structlog.get_logger().warning("process.ended", why="something did not end in time")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
