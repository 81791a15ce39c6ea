"""The ledger of mails with their finished bytes, and the archive of reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select

from okrsync.ports.mailer import ArchivedReport, Errand, Mail, MailState
from okrsync.storage.codec import json_text, loads, micros, micros_or_none, moment, moment_or_none
from okrsync.storage.schema import mails, reports
from okrsync.storage.statements import Concern

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from okrsync.storage.statements import AnyRow


class Post(Concern):
    """Reads and writes mails and archived reports."""

    def put_mails(self, given: Iterable[Mail]) -> None:
        """Insert, or replace those of the same errand."""
        self._db.upsert(mails, [_values(mail) for mail in given])

    def mails_of(self, edition: str, period: str) -> Sequence[Mail]:
        """Return the mails of one period, by whom they are about and to."""
        same = (mails.c.edition == edition, mails.c.period == period)
        wanted = select(mails).where(*same).order_by(mails.c.about, mails.c.address)
        return [_mail(row) for row in self._db.rows(wanted)]

    def mails_in(self, state: MailState) -> Sequence[Mail]:
        """Return all mails in this state, oldest first."""
        wanted = select(mails).where(mails.c.state == state.value)
        return [_mail(row) for row in self._db.rows(wanted.order_by(mails.c.made, *_key()))]

    def last_mailed(
        self, edition: str, about: str, address: str | None = None, *, before: str
    ) -> datetime | None:
        """Return when the newest mail of an earlier period was made that was sent.

        Without an *address* to anybody.
        """
        wanted = select(func.max(mails.c.made).label("made")).where(
            mails.c.edition == edition,
            mails.c.about == about,
            mails.c.period < before,
            mails.c.state == MailState.SENT.value,
        )
        if address is not None:
            wanted = wanted.where(mails.c.address == address)
        return moment_or_none(self._db.rows(wanted)[0].made)

    def put_report(self, report: ArchivedReport) -> None:
        """Keep a report; of one told again the newest stays."""
        values = {
            "edition": report.edition,
            "period": report.period,
            "about": report.about,
            "made": micros(report.made),
            "forms": json_text(report.forms),
        }
        self._db.upsert(reports, [values])

    def archived(self, period: str | None = None) -> Sequence[ArchivedReport]:
        """Return archived reports, newest first; of one period, or all."""
        wanted = select(reports).order_by(reports.c.made.desc(), reports.c.about)
        if period is not None:
            wanted = wanted.where(reports.c.period == period)
        return [_report(row) for row in self._db.rows(wanted)]

    def forget_post(self, before: datetime) -> None:
        """Forget mails and reports that are older."""
        self._db.run(delete(mails).where(mails.c.made < micros(before)))
        self._db.run(delete(reports).where(reports.c.made < micros(before)))


def _key() -> tuple[ColumnElement[Any], ...]:
    return (mails.c.edition, mails.c.period, mails.c.about, mails.c.address)


def _values(mail: Mail) -> dict[str, Any]:
    return {
        "edition": mail.errand.edition,
        "period": mail.errand.period,
        "about": mail.errand.about,
        "address": mail.errand.address,
        "state": mail.state.value,
        "made": micros(mail.made),
        "message_id": mail.message_id,
        "content": mail.content,
        "tries": mail.tries,
        "sent": micros_or_none(mail.sent),
        "why": mail.why,
    }


def _mail(row: AnyRow) -> Mail:
    return Mail(
        errand=Errand(edition=row.edition, period=row.period, about=row.about, address=row.address),
        state=MailState(row.state),
        made=moment(row.made),
        message_id=row.message_id,
        content=bytes(row.content),
        tries=row.tries,
        sent=moment_or_none(row.sent),
        why=row.why,
    )


def _report(row: AnyRow) -> ArchivedReport:
    return ArchivedReport(
        edition=row.edition,
        period=row.period,
        about=row.about,
        made=moment(row.made),
        forms=loads(row.forms),
    )
