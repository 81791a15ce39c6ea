"""Mails reports, each once: finished and archived first, then sent, then noted.

The ledger knows of each errand (edition, period, about, address) whether it is meant, sent or
refused. A crash leaves what was finished as meant; at most the one message whose answer was lost is
sent twice, byte for byte. Nothing is sent that is over three days late, and after a downtime the
latest period alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from okrsync.app.reporting import check_recipients, prepare
from okrsync.errors import MailError
from okrsync.ports.mailer import BY_HAND, WEEKLY, Answer, ArchivedReport, Errand, MailState
from okrsync.reports import Form, render
from okrsync.reports.weeks import week_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from okrsync.app.context import Context
    from okrsync.app.reporting import Desk
    from okrsync.ports.mailer import Mail, Mailer
    from okrsync.reports import Report
    from okrsync.reports.weeks import Weekly

LATEST = timedelta(days=3)
"""After that nobody wants last week's report."""
HEARTBEAT = timedelta(weeks=4) - timedelta(hours=12)
"""A quiet reader hears this often that all is well; less half a day, as no week is exact."""
MADE = "weekly-report"
"""The note that holds the newest period of which everything was finished."""
LOCK = ("", "mail")


@dataclass(frozen=True, slots=True, order=True)
class Recipient:
    """Who reads about what."""

    about: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostOffice:
    """What the settings say about mail, with a server to hand it to."""

    mailer: Mailer
    sender: str
    """The address alone."""
    compose: Callable[[Report, Errand], Mail]
    recipients: Sequence[Recipient]
    weekly: Weekly
    quiet: bool = True


@dataclass(slots=True)
class Round:
    """What became of the mails of one round."""

    period: str
    sent: list[Mail] = field(default_factory=list)
    refused: list[Mail] = field(default_factory=list)
    """For good, by the server, or because it is too late."""
    waiting: list[Mail] = field(default_factory=list)
    """To be tried again."""
    failure: MailError | None = None
    """Why the server could not be used."""


def mail_due(ctx: Context, office: PostOffice) -> Round | None:
    """Send what is due now, and again what could not be sent before; None if there is nothing.

    Raises:
        RefusedError: another okrsync is at it.
        ConfigError: goals or mapping cannot be used.

    """
    moment = office.weekly.last(ctx.now())
    with ctx.store.lock(*LOCK):
        in_time = ctx.now() - moment <= LATEST
        if in_time and office.recipients and not _made(ctx, _period(ctx, moment)):
            finish(ctx, office, moment)
        return _hand_over(ctx, office, _period(ctx, moment))


def mail_now(ctx: Context, office: PostOffice) -> Round:
    """Send this week's edition now, to everybody who has not got it yet.

    Raises:
        RefusedError: another okrsync is at it.
        ConfigError: goals or mapping cannot be used.

    """
    period = _period(ctx, ctx.now())
    with ctx.store.lock(*LOCK):
        if not _made(ctx, period):
            finish(ctx, office, ctx.now())
        return _hand_over(ctx, office, period) or Round(period)


def mail_by_hand(ctx: Context, office: PostOffice, recipients: Iterable[Recipient]) -> Round:
    """Send a report to somebody at once, beside the weekly ones and as often as asked for."""
    period = f"{ctx.now():%Y-%m-%dT%H:%M:%S}"
    with ctx.store.lock(*LOCK):
        mails = drafts(prepare(ctx), office, recipients, edition=BY_HAND, period=period)
        with ctx.store.begin() as tx:
            tx.put_mails(mails)
        return _hand_over(ctx, office, period, edition=BY_HAND) or Round(period)


def finish(ctx: Context, office: PostOffice, moment: datetime) -> None:
    """Finish and archive everything of a period, all at once; from then on it is only sent."""
    desk, period = prepare(ctx, moment=moment), _period(ctx, moment)
    check_recipients(desk.strategy, _abouts(office.recipients))
    wanted = [each for each in office.recipients if _wants(desk, office, each)]
    mails = drafts(desk, office, wanted, edition=WEEKLY, period=period)
    reports = [_archived(desk, about, period) for about in sorted(_abouts(office.recipients))]
    with ctx.store.begin() as tx:
        known = {mail.errand for mail in tx.mails_of(WEEKLY, period)}
        tx.put_mails(mail for mail in mails if mail.errand not in known)
        for report in reports:
            tx.put_report(report)
        desk.keep(tx)
        tx.put_note(MADE, period)
        tx.forget_post(ctx.now() - ctx.policy.retention)


def drafts(
    desk: Desk, office: PostOffice, recipients: Iterable[Recipient], *, edition: str, period: str
) -> list[Mail]:
    """Return the finished mails for these; nothing is stored or sent."""
    made = []
    for each in sorted(set(recipients)):
        errand = Errand(edition=edition, period=period, about=each.about, address=each.address)
        reader = each.address if edition == WEEKLY else None  # a trial shows what others would get
        made.append(office.compose(desk.report(each.about, reader), errand))
    return made


def _period(ctx: Context, moment: datetime) -> str:
    return week_name(moment.astimezone(ctx.policy.timezone).date())


def _made(ctx: Context, period: str) -> bool:
    with ctx.store.begin() as tx:
        return (tx.note(MADE) or "") >= period


def _abouts(recipients: Iterable[Recipient]) -> set[str]:
    return {each.about for each in recipients}


def _wants(desk: Desk, office: PostOffice, to: Recipient) -> bool:
    """Tell whether somebody hears this week: when there is news, or a sign of life is due."""
    if not office.quiet or desk.report(to.about, to.address).news:
        return True
    with desk.ctx.store.begin() as tx:
        last = tx.last_mailed(WEEKLY, to.about, to.address, before=desk.given.period)
    return last is None or desk.ctx.now() - last >= HEARTBEAT


def _archived(desk: Desk, about: str, period: str) -> ArchivedReport:
    report = desk.report(about)
    forms = {form.value: render(report, form) for form in Form}
    return ArchivedReport(edition=WEEKLY, period=period, about=about, made=report.made, forms=forms)


def _hand_over(
    ctx: Context, office: PostOffice, period: str, *, edition: str | None = None
) -> Round | None:
    """Send what is meant, as long as the server answers; note each answer at once."""
    with ctx.store.begin() as tx:
        found = tx.mails_in(MailState.MEANT)
    meant = [mail for mail in found if edition in {None, mail.errand.edition}]
    if not meant:
        return None
    made = Round(period)
    try:
        for mail in meant:
            _hand_over_one(ctx, office, mail, made)
    finally:
        office.mailer.close()
    return made


def _hand_over_one(ctx: Context, office: PostOffice, mail: Mail, made: Round) -> None:
    if _too_late(ctx, mail, made.period):
        _note(ctx, replace(mail, state=MailState.REFUSED, why="it would have come too late"), made)
        return
    if made.failure is not None:
        made.waiting.append(mail)
        return
    tried = replace(mail, tries=mail.tries + 1)
    try:
        reply = office.mailer.send(office.sender, mail.errand.address, mail.content)
    except MailError as error:
        made.failure = error
        _note(ctx, replace(tried, why=str(error)), made)
        return
    match reply.answer:
        case Answer.TAKEN:
            tried = replace(tried, state=MailState.SENT, sent=ctx.now(), why="")
        case Answer.REFUSED:
            tried = replace(tried, state=MailState.REFUSED, why=reply.why)
        case Answer.LATER:
            tried = replace(tried, why=reply.why)
    _note(ctx, tried, made)


def _too_late(ctx: Context, mail: Mail, period: str) -> bool:
    overtaken = mail.errand.edition == WEEKLY and mail.errand.period < period
    return overtaken or ctx.now() - mail.made > LATEST


def _note(ctx: Context, mail: Mail, made: Round) -> None:
    with ctx.store.begin() as tx:
        tx.put_mails([mail])
    told = {MailState.SENT: made.sent, MailState.REFUSED: made.refused}
    told.get(mail.state, made.waiting).append(mail)
