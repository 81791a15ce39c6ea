"""Mails what is due, in a process of its own for each line on stdin: `MOMENT`, as ISO 8601.

Imports everything first, so that whoever kills hits the mailing and not the imports. Prints the
number of each process when it begins, and how it ended.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

from okrsync.app.mailing import mail_due
from okrsync.bootstrap.mail import post_office
from okrsync.bootstrap.whole import build
from okrsync.core.clock import FixedClock
from okrsync.reports import html, plain  # noqa: F401 - warm
from okrsync.settings.load import load


def main() -> None:
    path = Path(sys.argv[1])
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _mail(path, datetime.fromisoformat(line.strip()))
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _mail(path: Path, now: datetime) -> None:
    settings = load(path, environ={}, adapters={})
    ctx = build(settings, path.parent, clock=FixedClock(now))
    office = post_office(settings)
    assert office is not None
    mail_due(ctx, office)
    ctx.close()


if __name__ == "__main__":
    main()
