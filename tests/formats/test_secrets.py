"""Secrets come from variables or files of their own, and are never shown or told."""

from __future__ import annotations

import pytest

from okrsync.settings.show import show

JIRA = """trackers:
  shop-jira:
    adapter: jira
    url: https://shop.example
    scopes: [PAY]
"""
NAME = "OKRSYNC_TRACKERS__SHOP_JIRA__"


def token(settings):
    return settings.trackers["shop-jira"].options.token.get_secret_value()


@pytest.mark.parametrize("content", ["hunter2", "hunter2\n", "hunter2\r\n"])
def test_a_file_holds_a_secret_without_the_newline_at_its_end(settings_in, tmp_path, content):
    (tmp_path / "token").write_bytes(content.encode())
    settings = settings_in(JIRA + "    token_file: token\n")
    assert token(settings) == "hunter2"
    assert settings.origin("trackers.shop-jira.token") == f"file {tmp_path}/token"


@pytest.mark.parametrize("content", ["hunter2", "hunter2\n", "hunter2\r\n"])
def test_a_variable_holds_a_secret_without_the_newline_at_its_end(settings_in, content):
    assert token(settings_in(JIRA, {f"{NAME}TOKEN": content})) == "hunter2"


UNSENDABLE = [
    "hunter2\n\n",
    "hun\nter2",
    "hunter2\r",
    "hunter2 ",
    "\thunter2",
    "huntér2",
    "\ufeffh2",
]


@pytest.mark.parametrize("content", UNSENDABLE)
def test_a_secret_no_token_can_be_is_a_mistake_of_its_variable(mistakes, settings_in, content):
    (message,) = mistakes(settings_in, JIRA, {f"{NAME}TOKEN": content})
    told = "cannot be used as 'token': holds characters that no token has"
    assert message == f"environment {NAME}TOKEN: {told}"


@pytest.mark.parametrize("content", UNSENDABLE)
def test_a_secret_no_token_can_be_is_a_mistake_of_its_file(
    mistakes, settings_in, tmp_path, content
):
    (tmp_path / "t").write_bytes(content.encode())
    told = "cannot be used as 'token': holds characters that no token has"
    assert mistakes(settings_in, JIRA + "    token_file: t\n") == [
        f"okrsync.yaml:6:17: {tmp_path}/t {told}"
    ]


def test_a_variable_wins_over_a_file_that_is_then_not_even_opened(settings_in):
    settings = settings_in(JIRA + "    token_file: /nowhere\n", {f"{NAME}TOKEN": "hunter2"})
    assert token(settings) == "hunter2"


def test_the_path_of_a_secret_may_be_a_variable(settings_in, tmp_path):
    (tmp_path / "t").write_text("hunter2")
    assert token(settings_in(JIRA, {f"{NAME}TOKEN_FILE": "t"})) == "hunter2"


def test_a_secret_that_looks_like_a_number_stays_as_it_is(settings_in):
    assert token(settings_in(JIRA, {f"{NAME}TOKEN": "007"})) == "007"


def test_a_missing_secret_is_told_with_the_remedy(mistakes, settings_in):
    (message,) = mistakes(settings_in, JIRA)
    assert message.startswith(f"okrsync.yaml:3:5: 'token' is missing here (set {NAME}TOKEN, or")


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "is empty"), (b"\n", "is empty"), (b"\xff", "is not UTF-8"), (b"x" * 70_000, "is too")],
)
def test_a_file_that_holds_no_secret_is_a_mistake(mistakes, settings_in, tmp_path, content, why):
    (tmp_path / "t").write_bytes(content)
    (message,) = mistakes(settings_in, JIRA + "    token_file: t\n")
    told = f"okrsync.yaml:6:17: {tmp_path}/t cannot be used as 'token': {why}"
    assert message.startswith(told)


def test_where_nothing_outside_is_asked_no_secret_has_to_be_there(settings_in):
    settings = settings_in(
        JIRA + "    webhook_secret_file: /nowhere\nweb: {host: 0.0.0.0, token_file: /nowhere}\n",
        secrets_needed=False,
    )
    assert settings.origin("trackers.shop-jira.token") == "not read"
    assert settings.origin("web.token") == "not read"


@pytest.mark.parametrize(
    "text",
    [
        JIRA + "    token: hunter2\n",
        JIRA + "    token_file: t\n    webhook_secret: hunter2\n",
        "web: {token: hunter2}",
        "report: {smtp: {host: x, password: hunter2}}",
        "web: {token: [hunter2]}",
        "web: {token: {a: hunter2}, host: 3}",
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(mistakes, settings_in, tmp_path, text):
    (tmp_path / "t").write_text("hunter2")
    told = mistakes(settings_in, text)
    assert any("must not stand in this file" in message for message in told)
    assert "hunter2" not in repr(told)


def test_no_secret_is_shown_printed_or_told(mistakes, settings_in):
    environ = {
        f"{NAME}TOKEN": "hunter2",
        f"{NAME}WEBHOOK_SECRET": "hunter2",
        "OKRSYNC_WEB__TOKEN": "hunter2",
        "OKRSYNC_REPORT__SMTP__HOST": "mail.example",
        "OKRSYNC_REPORT__SMTP__PASSWORD": "hunter2",
        "OKRSYNC_STORE": "postgresql://okr:hunter2@db/okr",
    }
    settings = settings_in(JIRA, environ)
    assert "hunter2" not in repr(show(settings)) + repr(settings) + str(settings)
    shown = {one.path: one.value for one in show(settings)}
    assert shown["store"] == "postgresql://okr:********@db/okr"
    assert shown["report.smtp.password"] == "********"
    broken = JIRA + "    colour: red\nsync: {mode: x}\n"
    assert "hunter2" not in repr(mistakes(settings_in, broken, environ))
