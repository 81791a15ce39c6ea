"""Mails the weekly reports: at their time, and later what could not be sent or was missed.

Whether anything is due says the ledger in the store, so a wish too many sends nothing twice.
"""

from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING

import structlog

from okrsync.app.mailing import mail_due
from okrsync.errors import OkrsyncError

if TYPE_CHECKING:
    from okrsync.app.mailing import Round
    from okrsync.daemon.passing import Workshop


class Courier:
    """A worker of its own, because mail servers may take their time."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop
        self._wanted = Event()
        self._closed = Event()
        self.thread = Thread(target=self._work, name="mail", daemon=True)

    def want(self) -> None:
        """Ask for a look at what is due."""
        self._wanted.set()

    def close(self) -> None:
        """Go no more."""
        self._closed.set()
        self._wanted.set()

    def _work(self) -> None:
        seat = self._shop.seat()
        while self._wanted.wait() and not self._closed.is_set():
            self._wanted.clear()
            office = self._shop.house.fittings.office
            if office is None:
                continue
            try:
                _tell(mail_due(seat.context(), office))
            except OkrsyncError as error:
                structlog.get_logger().warning("mail.failed", why=str(error))
            except Exception:  # noqa: BLE001 - a report that breaks must not end the next one
                structlog.get_logger().exception("mail.broke")
        seat.leave()


def _tell(made: Round | None) -> None:
    """Log what became of the mails: how many, and why one was not taken; never an address."""
    if made is None:
        return
    log = structlog.get_logger()
    log.info(
        "mail.ended",
        period=made.period,
        sent=len(made.sent),
        refused=len(made.refused),
        waiting=len(made.waiting),
    )
    for mail in (*made.refused, *made.waiting):
        log.warning("mail.not_sent", about=mail.errand.about, state=mail.state.value, why=mail.why)
