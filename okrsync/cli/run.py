"""``run``: the daemon. Settings and parts are joined here and nowhere else."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer

from okrsync.cli.options import Shell, shell, spare_the_collector

if TYPE_CHECKING:
    from pathlib import Path

    from okrsync.app.context import Context
    from okrsync.app.passes import Pass
    from okrsync.bootstrap.trackers import Lasting
    from okrsync.core.reading import Reading
    from okrsync.daemon.house import Fittings
    from okrsync.daemon.service import Service
    from okrsync.daemon.stopping import Stopping
    from okrsync.metrics import PrometheusTelemetry
    from okrsync.ports.telemetry import Place
    from okrsync.settings.tree import Settings
    from okrsync.web.server import WebServer

SWITCH = 0.001
"""Seconds that a busy thread may keep another waiting, so that webhooks are answered at once."""
LOCK_WAIT = 2.0
"""Seconds to wait for a scope that somebody else writes; later is soon enough for a daemon."""


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(run)


def run(
    ctx: typer.Context,
    once: Annotated[
        bool, typer.Option("--once", help="One pass over everything, then end; for cron.")
    ] = False,
) -> None:
    """Keep labels true until interrupted: passes by timetable, webhooks, health and metrics.

    One process keeps the timetable of a store; a second one stands by. SIGHUP, or a change of
    files, makes it read settings, goals and mapping again.
    """
    from okrsync import logs
    from okrsync.daemon import signals

    logs.configure(verbose=True)
    logs.hear_libraries()
    spare_the_collector()
    sys.setswitchinterval(SWITCH)
    daemon = _joined(shell(ctx))
    signals.listen(daemon.stopping, daemon.service.reload)
    raise typer.Exit(daemon.once() if once else daemon.live())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Daemon:
    """The parts that live in the process."""

    service: Service
    stopping: Stopping
    web: WebServer

    def live(self) -> int:
        """Live until somebody asks to end."""
        self.web.start()
        try:
            return self.service.run()
        finally:
            self.web.stop()

    def once(self) -> int:
        """Make one pass over everything, and listen to nobody."""
        return self.service.run_once()


def _joined(words: Shell) -> _Daemon:
    """Join the parts; nothing is started yet."""
    from okrsync.app.bells import run_items
    from okrsync.bootstrap.trackers import Lasting
    from okrsync.daemon.board import Board
    from okrsync.daemon.house import House
    from okrsync.daemon.passing import Workshop
    from okrsync.daemon.service import Service
    from okrsync.daemon.stopping import Stopping
    from okrsync.metrics import PrometheusTelemetry

    words = replace(words, config=words.file())  # once it was read, nothing takes its place
    telemetry, stopping = PrometheusTelemetry(), Stopping()
    board = Board(telemetry)
    lasting = Lasting(watch=board, stopping=stopping)
    house = House(lambda: _furnished(words, lasting, stopping), board)
    shop = Workshop(
        house=house,
        board=board,
        telemetry=telemetry,
        run_scope=_run_scope,
        run_items=run_items,
        stopping=stopping,
    )
    service = Service(shop=shop, stopping=stopping)
    return _Daemon(service=service, stopping=stopping, web=_web(service, telemetry))


def _run_scope(context: Context, place: Place, reading: Reading) -> Pass:
    """Make a scope true: whatever a reading brings to light is unsettled, and that is judged.

    The first pass of a day judges everything anyway.
    """
    from okrsync.app.passes import PASS, run_sync

    return run_sync(context, [place], reading=reading, thorough=False, kind=PASS)


def _furnished(words: Shell, lasting: Lasting, stopping: Stopping) -> Fittings:
    """Read the settings and wire everything by them; the store is opened once."""
    from okrsync.bootstrap.clock import SystemClock
    from okrsync.bootstrap.mail import post_office
    from okrsync.bootstrap.trackers import webhooks_of
    from okrsync.bootstrap.whole import build
    from okrsync.daemon.house import Fittings
    from okrsync.daemon.stopping import WakefulClock

    settings, folder = words.settings()
    clock = WakefulClock(SystemClock(), stopping)
    context = build(settings, folder, clock=clock, tell=stopping.step, lasting=lasting)
    context.policy = replace(context.policy, lock_wait=LOCK_WAIT)
    lasting.store = context.store
    return Fittings(
        settings=settings,
        context=context,
        webhooks=webhooks_of(settings),
        files=_files(words.file(), settings),
        office=post_office(settings),
    )


def _files(settings_file: Path | None, settings: Settings) -> tuple[Path, ...]:
    """Name what is looked at for changes."""
    given = (settings_file, settings.okrs.path, settings.mapping.path, *settings.secret_files)
    return tuple(path for path in given if path is not None)


def _web(service: Service, telemetry: PrometheusTelemetry) -> WebServer:
    from okrsync.metrics import CONTENT_TYPE
    from okrsync.web.app import create_app
    from okrsync.web.receiver import Receiver
    from okrsync.web.server import WebServer
    from okrsync.web.views import Views

    house = service.shop.house
    web = house.fittings.settings.web

    def token() -> str | None:
        wanted = house.fittings.settings.web.token
        return wanted.get_secret_value() if wanted else None

    receiver = Receiver(
        webhooks=lambda: house.fittings.webhooks, ring=service.ring, count=service.delivered
    )
    views = Views(
        parts=service.parts,
        state=service.state,
        troubles=service.troubles,
        metrics=telemetry.exposition,
        metrics_type=CONTENT_TYPE,
    )
    return WebServer(app=create_app(receiver, views, token), host=web.host, port=web.port)
