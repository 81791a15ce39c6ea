"""``report``: what the weekly mail says, shown, sent, and looked up later."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from okrsync.cli.options import Format, FormatOption, print_json, shell
from okrsync.cli.text import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from okrsync.app.context import Context
    from okrsync.app.mailing import PostOffice, Recipient, Round
    from okrsync.app.reporting import Desk
    from okrsync.cli.options import Shell
    from okrsync.ports.mailer import ArchivedReport, Mail
    from okrsync.reports import Report

report = typer.Typer(no_args_is_help=True)


class Shown(StrEnum):
    """The forms a report can be shown in."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    EML = "eml"


AboutOption = Annotated[
    str, typer.Option("--about", "-a", help="company, unit:ID or team:ID.", show_default=True)
]
FormOption = Annotated[Shown, typer.Option("--format", "-f", help="In which form.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(report, name="report", help="The weekly alignment report.")


@report.command()
def preview(
    ctx: typer.Context,
    about: AboutOption = "company",
    form: FormOption = Shown.TEXT,
    show: Annotated[bool, typer.Option("--open", help="Show it in a browser.")] = False,
) -> None:
    """Show what the mail would say now. Nothing is sent or archived."""
    from okrsync.app.context import RESTING
    from okrsync.app.reporting import prepare

    with shell(ctx).context(online=False) as okr:
        desk = prepare(okr)
        made = desk.report(about)
        okr.tell(RESTING)
        if show:
            _open(made)
        elif form is Shown.EML:
            _print_message(_draft(shell(ctx), desk, about).content)
        else:
            _print(_rendered(made, form), form)


@report.command()
def send(
    ctx: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be sent to whom.")
    ] = False,
    to: Annotated[
        list[str] | None, typer.Option("--to", help="To this address instead; repeatable.")
    ] = None,
    about: AboutOption = "company",
    output: FormatOption = Format.TEXT,
) -> None:
    """Send this week's reports now, each once to each address; the timetable will not again.

    With --to one goes to the given addresses, as often as asked for.
    """
    from okrsync.app.mailing import mail_by_hand, mail_now

    with shell(ctx).context() as okr:
        office = _office(shell(ctx), needs_recipients=not to)
        asked = _asked(to or [], about)
        if dry_run:
            _rehearse(okr, office, asked or office.recipients, output)
            return
        made = mail_by_hand(okr, office, asked) if asked else mail_now(okr, office)
        _tell(made, output)
    raise typer.Exit(5 if made.failure or made.refused or made.waiting else 0)


@report.command("list")
def list_reports(ctx: typer.Context, output: FormatOption = Format.TEXT) -> None:
    """List archived reports, newest first, with what became of their mails."""
    with shell(ctx).context(online=False) as okr, okr.store.begin() as tx:
        found = [
            (each, _mails_of(tx.mails_of(each.edition, each.period), each))
            for each in tx.archived()
        ]
    if output is Format.JSON:
        print_json([_listed(each, mails) for each, mails in found])
        return
    for each, mails in found:
        told = ", ".join(f"{mail.errand.address} {mail.state.value}" for mail in mails)
        say(f"{each.period}  {each.about:<20} {told or 'nobody: quiet'}")
    say("  okrsync report show WEEK" if found else "No report has been made yet.")


@report.command("show")
def show_report(
    ctx: typer.Context,
    week: Annotated[str, typer.Argument(help="Such as 2026-W47.")],
    about: AboutOption = "company",
    form: FormOption = Shown.TEXT,
) -> None:
    """Show a report as it was told that week."""
    from okrsync.errors import UsageError

    with shell(ctx).context(online=False) as okr, okr.store.begin() as tx:
        found = next((each for each in tx.archived(week) if each.about == about), None)
        if found is None:
            raise UsageError(f"no report about {about} of {week}", hint="`okrsync report list`")
        mails = _mails_of(tx.mails_of(found.edition, week), found)
    if form is not Shown.EML:
        _print(found.forms[form.value], form)
        return
    if not mails:
        raise UsageError(f"the report about {about} of {week} was mailed to nobody")
    _print_message(mails[0].content)


def _office(
    known: Shell, *, needs_recipients: bool = True, secrets_needed: bool = True
) -> PostOffice:
    from okrsync.bootstrap.mail import post_office
    from okrsync.errors import ConfigError

    office = post_office(known.settings(secrets_needed=secrets_needed)[0])
    if office is None:
        raise ConfigError("report.smtp names no mail server", hint="see docs/report.md")
    if needs_recipients and not office.recipients:
        raise ConfigError("report.recipients names nobody", hint="or use --to ADDRESS")
    return office


def _asked(addresses: Iterable[str], about: str) -> list[Recipient]:
    from okrsync.app.mailing import Recipient
    from okrsync.mail.message import address_of

    return [Recipient(about, address_of(each, key="--to").addr_spec) for each in addresses]


def _draft(known: Shell, desk: Desk, about: str) -> Mail:
    from okrsync.app.mailing import Recipient, drafts
    from okrsync.ports.mailer import WEEKLY

    office = _office(known, needs_recipients=False, secrets_needed=False)
    mine = [each for each in office.recipients if each.about == about]
    reader = mine[0] if mine else Recipient(about, office.sender)
    period = desk.report(about).period
    return drafts(desk, office, [reader], edition=WEEKLY, period=period)[0]


def _rendered(made: Report, form: Shown) -> str:
    from okrsync.reports import Form, render

    return render(made, Form(form.value))


def _print(told: str, form: Shown) -> None:
    if form is Shown.TEXT:  # a terminal would show the marks that isolate directions
        told = told.replace("\u2068", "").replace("\u2069", "")
    say(told, nl=not told.endswith("\n"))


def _print_message(content: bytes) -> None:
    """Write a message byte for byte."""
    typer.get_binary_stream("stdout").write(content)


def _open(made: Report) -> None:
    """Leave the page in a file of its own, and ask for a browser to show it."""
    import tempfile
    import webbrowser
    from pathlib import Path

    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", suffix=".html", prefix="okrsync-report-", delete=False
    ) as file:
        file.write(_rendered(made, Shown.HTML))
    page = Path(file.name)
    if not webbrowser.open(page.as_uri()):
        say("There is no browser here.", err=True)
    say(page)


def _rehearse(
    okr: Context, office: PostOffice, recipients: Sequence[Recipient], output: Format
) -> None:
    from email import message_from_bytes
    from email.policy import default

    from okrsync.app.mailing import drafts
    from okrsync.app.reporting import prepare
    from okrsync.ports.mailer import WEEKLY

    desk = prepare(okr)
    mails = drafts(desk, office, recipients, edition=WEEKLY, period=desk.given.period)
    told = [
        {
            "to": mail.errand.address,
            "about": mail.errand.about,
            "subject": str(message_from_bytes(mail.content, policy=default)["Subject"]),
            "bytes": len(mail.content),
        }
        for mail in mails
    ]
    if output is Format.JSON:
        print_json(told)
        return
    for each in told:
        say(f"{each['to']} ({each['about']}, {each['bytes']} bytes): {each['subject']}")
    say("Nothing was sent.", err=True)


def _tell(made: Round, output: Format) -> None:
    groups = {"sent": made.sent, "refused": made.refused, "waiting": made.waiting}
    if output is Format.JSON:
        told = {name: [_mail(mail) for mail in mails] for name, mails in groups.items()}
        print_json({"period": made.period, "error": made.failure and str(made.failure)} | told)
        return
    for name, mails in groups.items():
        for mail in mails:
            why = f": {mail.why}" if mail.why else ""
            say(f"{name:<8} {mail.errand.address} ({mail.errand.about}){why}")
    if made.failure is not None and made.failure.hint:
        say(f"hint: {made.failure.hint}", err=True)
    if not any(groups.values()):
        say(f"Nothing is left to send of {made.period}.")


def _mails_of(mails: Iterable[Mail], archived: ArchivedReport) -> list[Mail]:
    return [mail for mail in mails if mail.errand.about == archived.about]


def _listed(archived: ArchivedReport, mails: Iterable[Mail]) -> dict[str, object]:
    return {
        "period": archived.period,
        "about": archived.about,
        "made": archived.made,
        "mails": [_mail(mail) for mail in mails],
    }


def _mail(mail: Mail) -> dict[str, object]:
    return {
        "to": mail.errand.address,
        "about": mail.errand.about,
        "state": mail.state.value,
        "message_id": mail.message_id,
        "tries": mail.tries,
        "why": mail.why,
    }
