"""``okrsync report``, as people type it."""

from __future__ import annotations

import json
import subprocess
import sys
from email import message_from_bytes
from email.policy import default

import pytest

from tests.cli.conftest import type_command
from tests.mail.test_sigkill import ADDRESSES, OKRS, SETTINGS


@pytest.fixture
def typed(tmp_path, inbox):
    (tmp_path / "okrs.yaml").write_text(OKRS)
    (tmp_path / "mapping.yaml").write_text("rules: []\n")
    config = tmp_path / "okrsync.yaml"
    config.write_text(SETTINGS.format(port=inbox.port, to=", ".join(ADDRESSES)))
    return lambda *words: type_command("--config", str(config), *words)


@pytest.mark.parametrize(
    ("form", "begins"),
    [("text", "Weekly alignment of"), ("markdown", "# Weekly"), ("html", "<!doctype html>")],
)
def test_a_preview_shows_any_form_and_sends_nothing(typed, inbox, form, begins):
    ran = typed("report", "preview", "--format", form)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.lstrip().startswith(begins)
    assert inbox.arrived == []
    assert typed("report", "list").out.startswith("No report has been made yet.")


def test_a_preview_is_about_whomever_one_asks(typed):
    told = typed("report", "preview", "--about", "team:pay", "--format", "json").json
    assert told["about"] == {"level": "team", "id": "pay", "name": "Pay", "word": "team:pay"}
    ran = typed("report", "preview", "--about", "team:nobody")
    assert (ran.code, ran.out) == (2, "")
    assert "there are: pay" in ran.err


def test_a_rehearsal_names_subject_and_readers_and_sends_nothing(typed, inbox):
    told = typed("report", "send", "--dry-run", "--format", "json").json
    assert [each["to"] for each in told] == ADDRESSES
    assert all("week" in each["subject"] for each in told)
    assert inbox.arrived == []
    assert typed("report", "list", "--format", "json").json == []


def test_sending_is_said_address_by_address_and_happens_once(typed, inbox):
    inbox.answers[ADDRESSES[0]] = "550 no such user"
    ran = typed("report", "send")
    assert ran.code == 5
    assert f"refused  {ADDRESSES[0]} (company): 550 no such user" in ran.out
    assert f"sent     {ADDRESSES[1]} (company)" in ran.out
    again = typed("report", "send")
    assert (again.code, len(inbox.arrived)) == (0, len(ADDRESSES) - 1)
    assert again.out.startswith("Nothing is left to send")


def test_a_trial_goes_to_the_given_address_alone(typed, inbox):
    assert typed("report", "send", "--to", "me@shop.example", "--about", "team:pay").code == 0
    assert inbox.counted() == {"me@shop.example": 1}
    assert "Pay" in str(inbox.messages[0]["Subject"])


def test_an_archived_report_is_shown_as_it_was_told(typed, inbox, tmp_path):
    typed("report", "send")
    listed = typed("report", "list", "--format", "json").json
    week = listed[0]["period"]
    assert {mail["state"] for mail in listed[0]["mails"]} == {"sent"}
    (tmp_path / "okrs.yaml").write_text(OKRS.replace("Paying is easy", "Something else"))
    shown = typed("report", "show", week)
    assert "Paying is easy" in shown.out
    assert json.loads(typed("report", "show", week, "--format", "json").out)["period"] == week
    assert typed("report", "show", "1999-W01").code == 2


def test_a_message_is_written_byte_for_byte(typed, inbox, tmp_path):
    typed("report", "send")
    week = typed("report", "list", "--format", "json").json[0]["period"]
    command = [sys.executable, "-m", "okrsync.cli.main", "-c", str(tmp_path / "okrsync.yaml")]
    shown = subprocess.run(
        [*command, "report", "show", week, "--format", "eml"], capture_output=True, check=True
    ).stdout
    assert shown == inbox.of(ADDRESSES[0])[0]
    assert message_from_bytes(shown, policy=default)["To"] == ADDRESSES[0]


def test_without_a_mail_server_sending_is_refused_with_what_to_write(typed, tmp_path):
    told = SETTINGS.split("report:")[0].replace("{{", "{").replace("}}", "}")
    (tmp_path / "okrsync.yaml").write_text(told)
    ran = typed("report", "send")
    assert ran.code == 6
    assert "report.smtp names no mail server" in ran.err
    assert typed("report", "preview").code == 0


def test_a_server_that_does_not_answer_costs_exit_5_and_no_mail(typed, inbox):
    inbox.of_sender = "550 relaying denied"
    ran = typed("report", "send")
    assert ran.code == 5
    assert "hint: mend report.from" in ran.err
    inbox.of_sender = None
    assert typed("report", "send").code == 0
    assert len(inbox.arrived) == len(ADDRESSES)
