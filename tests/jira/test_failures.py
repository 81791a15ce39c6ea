"""Every way in which Jira, or what stands before it, can fail, and what we make of it."""

from __future__ import annotations

import socket

import pytest
import requests
import responses

from okrsync.errors import (
    ItemGoneError,
    TrackerError,
    TrackerRefusedError,
    TrackerUnavailableError,
)
from okrsync_jira.failures import (
    DeniedError,
    LoginRefusedError,
    MalformedError,
    UnreachableError,
)

SITE = "https://shop.example"
MYSELF = f"{SITE}/rest/api/3/myself"
ME = {"accountId": "us", "timeZone": "Europe/Berlin"}
DATE = "Sat, 21 Nov 2026 10:00:00 GMT"


def session_of(desk, **settings):
    from okrsync_jira.session import Call

    session = desk.open(**settings)._session
    return session, Call(method="GET", path="/myself", kind="other")


def failure(desk, **answer) -> TrackerError:
    session, call = session_of(desk)
    with responses.RequestsMock() as mock:
        mock.get(MYSELF, **answer)
        with pytest.raises(TrackerError) as raised:
            session.once(call)
    return raised.value


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"status": 400, "json": {"errorMessages": ["Bad JQL"]}}, MalformedError),
        ({"status": 401, "body": "Unauthorized"}, LoginRefusedError),
        ({"status": 403, "json": {"errorMessages": ["No"], "errors": {}}}, DeniedError),
        ({"status": 404, "json": {"errorMessages": ["No such issue"]}}, ItemGoneError),
        ({"status": 404, "body": "<html>"}, TrackerRefusedError),
        ({"status": 410, "json": {"errorMessages": ["Removed"]}}, TrackerRefusedError),
        ({"status": 422, "json": None}, TrackerRefusedError),
        ({"status": 302, "headers": {"Location": "https://id.example/login"}}, LoginRefusedError),
        (
            {"status": 200, "body": "<!doctype html>", "content_type": "text/html"},
            LoginRefusedError,
        ),
        ({"status": 200, "body": "\n<html>", "content_type": "text/plain"}, LoginRefusedError),
        (
            {"json": ME, "headers": {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}},
            LoginRefusedError,
        ),
        ({"status": 200, "body": '{"accountId": '}, TrackerUnavailableError),
        ({"status": 200, "body": ""}, TrackerUnavailableError),
        ({"status": 200, "json": ["not", "an", "object"]}, TrackerUnavailableError),
        ({"status": 500, "json": 17}, TrackerUnavailableError),
        ({"status": 502, "body": "<html>Bad gateway</html>"}, TrackerUnavailableError),
    ],
)
def test_an_answer_becomes_the_error_that_says_what_to_do(desk, answer, expected) -> None:
    error = failure(desk, **answer)

    assert type(error) is expected
    assert error.tracker == "shop-jira"


@pytest.mark.parametrize(
    ("status", "maybe_done"),
    [(408, True), (409, False), (425, False), (429, False), (500, True), (503, True), (504, True)],
)
def test_a_failure_says_whether_a_write_may_have_been_done(desk, status, maybe_done) -> None:
    error = failure(desk, status=status)

    assert isinstance(error, TrackerUnavailableError)
    assert error.maybe_done is maybe_done


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {}, None),
        (429, {"Retry-After": "1847"}, 1847.0),
        (429, {"Retry-After": "0"}, 0.0),
        (429, {"Retry-After": "Sat, 21 Nov 2026 10:30:47 GMT", "Date": DATE}, 1847.0),
        (429, {"Retry-After": "Sat, 21 Nov 2026 09:00:00 GMT", "Date": DATE}, 0.0),
        (429, {"Retry-After": "soon"}, None),
        (429, {"X-RateLimit-Reset": "2026-11-21T10:00:09Z", "Date": DATE}, 9.0),
        (503, {"Retry-After": "90000"}, 90000.0),
        (503, {"X-RateLimit-Reset": "2026-11-21T10:00:09Z", "Date": DATE}, None),
    ],
)
def test_the_wait_that_jira_asks_for_is_kept_to_the_second(desk, status, headers, seconds) -> None:
    error = failure(desk, status=status, headers=headers, body="<html>Too many requests</html>")

    assert isinstance(error, TrackerUnavailableError)
    assert error.retry_after == seconds


@pytest.mark.parametrize(
    ("raised", "expected", "maybe_done"),
    [
        (requests.exceptions.ConnectTimeout(), UnreachableError, False),
        (requests.exceptions.ReadTimeout(), TrackerUnavailableError, True),
        (requests.exceptions.ConnectionError("reset by peer"), TrackerUnavailableError, True),
        (requests.exceptions.ChunkedEncodingError(), TrackerUnavailableError, True),
        (requests.exceptions.ContentDecodingError(), TrackerUnavailableError, True),
    ],
)
def test_a_broken_line_is_no_answer(desk, raised, expected, maybe_done) -> None:
    error = failure(desk, body=raised)

    assert type(error) is expected
    assert error.maybe_done is maybe_done


def test_an_untrusted_certificate_is_not_waited_for(desk) -> None:
    error = failure(desk, body=requests.exceptions.SSLError("[SSL: CERTIFICATE_VERIFY_FAILED]"))

    assert isinstance(error, TrackerRefusedError)
    assert "ca_file" in (error.hint or "")


def test_an_authority_that_is_not_there_is_named(desk, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/hostname")
    missing = tmp_path / "authority.pem"
    session, call = session_of(desk, url="https://127.0.0.1:1", ca_file=str(missing))

    with pytest.raises(TrackerRefusedError) as raised:
        session.once(call)

    assert "ca_file" in (raised.value.hint or "")


def test_nobody_listening_means_that_nothing_was_sent(desk) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    session, call = session_of(desk, url=f"http://127.0.0.1:{port}")

    with pytest.raises(UnreachableError) as raised:
        session.once(call)

    assert not raised.value.maybe_done


def test_a_token_that_no_header_can_hold_is_refused(desk, url) -> None:
    session, call = session_of(desk, url=url, email=None, token="two\nlines")

    with pytest.raises(TrackerRefusedError):
        session.once(call)


def test_jiras_words_are_shown_and_trimmed(desk) -> None:
    said = {"errorMessages": ["x" * 400], "errors": {"labels": "too long"}, "secret": "body"}

    message = str(failure(desk, status=400, json=said))

    assert message.startswith("shop-jira: GET /myself: HTTP 400: xxx")
    assert len(message) < 340
    assert "secret" not in message
    assert "body" not in message


def test_a_field_of_the_request_is_named_with_its_error(desk) -> None:
    error = failure(desk, status=400, json={"errorMessages": [], "errors": {"labels": "no"}})

    assert str(error).endswith("HTTP 400: labels: no")


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        (SITE, "https://api.atlassian.com/ex/jira/"),
        ("https://api.atlassian.com/ex/jira/cloud-id", "expired or lacks a scope"),
    ],
)
def test_a_refused_login_tells_the_way_out(desk, url, advice) -> None:
    session, call = session_of(desk, url=url)
    with responses.RequestsMock() as mock:
        mock.get(f"{url}/rest/api/3/myself", status=401)
        with pytest.raises(LoginRefusedError) as raised:
            session.once(call)

    assert advice in (raised.value.hint or "")


def test_letters_beyond_latin_1_sign_as_utf_8(desk) -> None:
    session, call = session_of(desk, email="mířa@shop.example")
    with responses.RequestsMock() as mock:
        mock.get(MYSELF, json=ME)
        session.once(call)
        signed = mock.calls[0].request.headers["Authorization"]

    assert requests.auth._basic_auth_str("mířa@shop.example".encode(), b"simulated-token") == signed


def test_a_token_alone_is_a_bearer_token(desk) -> None:
    session, call = session_of(desk, email=None)
    with responses.RequestsMock() as mock:
        mock.get(MYSELF, json=ME)
        session.once(call)

        assert mock.calls[0].request.headers["Authorization"] == "Bearer simulated-token"


class TestWaiting:
    def test_reads_wait_exactly_as_asked_and_are_counted_each_time(self, desk) -> None:
        session, call = session_of(desk)
        with responses.RequestsMock() as mock:
            mock.get(MYSELF, status=429, headers={"Retry-After": "1847"})
            mock.get(MYSELF, status=503, headers={"Retry-After": "2"})
            mock.get(MYSELF, json=ME)

            assert session.reading(call) == ME

        assert desk.waits == [1847.0, 2.0]
        assert desk.sent == {"other": 3}

    def test_without_advice_the_waits_double(self, desk) -> None:
        session, call = session_of(desk)
        with responses.RequestsMock() as mock:
            mock.get(MYSELF, status=502)
            with pytest.raises(TrackerUnavailableError):
                session.reading(call)

        assert len(desk.waits) == 5
        for wait, longest in zip(desk.waits, (1, 2, 4, 8, 16), strict=True):
            assert longest / 2 <= wait <= longest

    def test_a_refusal_is_not_repeated(self, desk) -> None:
        session, call = session_of(desk)
        with responses.RequestsMock() as mock:
            mock.get(MYSELF, status=403)
            with pytest.raises(TrackerRefusedError):
                session.reading(call)

        assert desk.waits == []
        assert desk.sent == {"other": 1}
