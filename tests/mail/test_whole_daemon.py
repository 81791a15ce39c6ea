"""The whole daemon mails: real processes, real trackers over HTTP, and a real mail server.

Nothing waits for Tuesday: the weekly moment is the midnight before, which nobody was there for.
"""

from __future__ import annotations

import json
import signal
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.daemon.conftest import SETTINGS, Town, town, until
from tests.mail.conftest import LEADS, PAYERS, Inbox, serving

if TYPE_CHECKING:
    from tests.daemon.conftest import Daemon

__all__ = ["town"]

REPORT = """
report:
  weekly: "{day} 00:00"
  from: okrsync@shop.example
  smtp: {{host: 127.0.0.1, port: {port}, security: none}}
  recipients:
    - {{to: [{leads}], about: company}}
    - {{to: [{payers}], about: "team:checkout"}}
"""


@pytest.fixture
def away(town: Town) -> Inbox:
    """An inbox whose server does not run yet, and a company that writes to it."""
    with serving(Inbox()) as inbox:
        pass
    day = f"{datetime.now(UTC):%a}"  # noqa: TID251 - the daemon goes by the wall clock
    told = REPORT.format(day=day, port=inbox.port, leads=LEADS, payers=PAYERS)
    town.write("okrsync.yaml", SETTINGS + told)
    return inbox


def test_what_became_due_while_nobody_ran_is_finished_at_once_and_arrives_once(
    town: Town, away: Inbox
) -> None:
    town.issue()
    first = town.start()
    assert _mailed(first)["waiting"] == 2
    first.process.send_signal(signal.SIGKILL)
    first.process.wait(10)
    finished = {mail["message_id"] for mail in _mails(town)}
    with serving(away) as inbox:
        second = town.start()
        assert _mailed(second)["sent"] == 2
        assert town.run("report", "send").out.startswith("Nothing is left to send")
        assert second.ends() == 0
    assert {str(message["Message-ID"]) for message in inbox.messages} == finished
    assert inbox.counted() == {LEADS: 1, PAYERS: 1}
    subjects = {str(message["To"]): str(message["Subject"]).strip() for message in inbox.messages}
    assert subjects[LEADS].startswith("33% of work reaches an outcome")
    assert "Checkout" in subjects[PAYERS]
    assert {mail["state"] for mail in _mails(town)} == {"sent"}


def _mailed(daemon: Daemon) -> dict[str, Any]:
    until(lambda: bool(daemon.told("mail.ended")), daemon.log.read_text, seconds=60)
    return daemon.told("mail.ended")[-1]


def _mails(town: Town) -> list[dict[str, object]]:
    listed = json.loads(town.run("report", "list", "--format", "json").out)
    return [mail for report in listed for mail in report["mails"]]
