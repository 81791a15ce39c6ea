"""Opens the post office and its mail server, which is not connected to before it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.errors import ConfigError

if TYPE_CHECKING:
    from okrsync.app.mailing import PostOffice
    from okrsync.ports.mailer import Mailer
    from okrsync.settings.tree import Settings


def post_office(settings: Settings) -> PostOffice | None:
    """Return what mails reports; nothing where no mail server is given.

    Raises:
        ConfigError: an address is none, or the sender is missing.

    """
    from okrsync.app.mailing import PostOffice, Recipient  # noqa: PLC0415
    from okrsync.mail.message import Composer, address_of  # noqa: PLC0415 - the layout takes a while
    from okrsync.reports.weeks import Weekly  # noqa: PLC0415

    given = settings.report
    mailer = mailer_of(settings)
    if mailer is None:
        return None
    if given.sender is None:
        raise ConfigError("report.from is missing: nobody would know who writes")
    sender = address_of(given.sender, key="report.from")
    readers = {
        (each.about, address_of(address).addr_spec)
        for each in given.recipients
        for address in each.to
    }
    return PostOffice(
        mailer=mailer,
        sender=sender.addr_spec,
        compose=Composer(sender),
        recipients=[Recipient(*reader) for reader in sorted(readers)],
        weekly=Weekly.read(given.weekly, settings.zone),
        quiet=given.quiet,
    )


def mailer_of(settings: Settings) -> Mailer | None:
    """Return the mail server, which is not connected to before it is used."""
    from okrsync.mail.smtp import Server, SmtpMailer  # noqa: PLC0415

    smtp = settings.report.smtp
    if smtp is None:
        return None
    return SmtpMailer(
        Server(
            host=smtp.host,
            port=smtp.port,
            security=smtp.security,
            username=smtp.username,
            password=smtp.password.get_secret_value() if smtp.password else None,
        )
    )
