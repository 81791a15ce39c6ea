"""Whether the mail server answers and takes the login. Nothing is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.app.doctor_values import Code, Grade, Seen, well
from okrsync.errors import MailError

if TYPE_CHECKING:
    from okrsync.ports.mailer import Mailer

ABOUT = "report.smtp"


def examine_mail(mailer: Mailer) -> Seen:
    """Log in to the mail server, and leave again."""
    try:
        reached = mailer.check()
    except MailError as error:
        return Seen(
            code=Code.MAIL,
            grade=Grade.ERROR,
            about=ABOUT,
            message=str(error),
            remedy=f"{error.hint or 'Mend host, port and security under report.smtp'}.",
        )
    return well(Code.MAIL, ABOUT, f"{reached} answers and takes the login")
