"""Turns whatever can go wrong between us and Jira into the errors of `okrsync.errors`.

Of an answer's body only Jira's own `errorMessages` and `errors` are shown, and not much of them.
Whether to try again is decided elsewhere; here it is only told whether that can help and whether
a write may have been done.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import orjson
import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

from okrsync.errors import (
    ItemGoneError,
    TrackerError,
    TrackerRefusedError,
    TrackerUnavailableError,
)
from okrsync_jira.allowance import aware, date, moment, refill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from requests import Response

LONGEST_MESSAGE = 300
NOT_UNDERSTOOD = (KeyError, TypeError, ValueError, AttributeError, OverflowError)
"""What reading an answer of another shape than Jira promises can end in."""
NOT_ON_SCREEN = "not on the appropriate screen"
WHOLE_SECONDS = re.compile(r"\d{1,9}")


class LoginRefusedError(TrackerRefusedError):
    """Jira does not know us, or something else answers in its place: no other call fares better."""


class MalformedError(TrackerRefusedError):
    """Jira found something wrong in the request itself; another request may pass."""


class DeniedError(TrackerRefusedError):
    """Our account may not do that."""


class UnreachableError(TrackerUnavailableError):
    """Nobody took the connection, so nothing was sent."""


REFUSALS = {400: MalformedError, 403: DeniedError}


def no_answer(error: OSError | ValueError, what: str, *, tracker: str) -> TrackerError:
    """Translate a call that brought no whole answer, from what `requests` raised."""
    if _mistrusted(error):
        return LoginRefusedError(
            f"{what}: the server's certificate is not trusted",
            tracker=tracker,
            hint="If it comes from an authority of your own, `ca_file` must name that in PEM form.",
        )
    if isinstance(error, ValueError):  # an address or a header that cannot even be sent
        return LoginRefusedError(
            f"{what}: the address or the credentials are unusable", tracker=tracker, hint=_URL
        )
    if _never_sent(error):
        return UnreachableError(
            f"{what}: no connection ({type(error).__name__})", tracker=tracker, maybe_done=False
        )
    return TrackerUnavailableError(
        f"{what}: the connection failed ({type(error).__name__})", tracker=tracker
    )


def refusal(response: Response, what: str, *, tracker: str) -> TrackerError:
    """Translate an answer whose status is 400 or above."""
    status, said = response.status_code, _jira_says(response)
    message = f"{what}: HTTP {status}" + (f": {said}" if said else "")
    if status == 401:
        return LoginRefusedError(message, tracker=tracker, hint=_login_hint(response.url))
    if status == 404:
        return _not_found(message, jira_said_so=bool(said), tracker=tracker)
    if status in {408, 409, 425, 429} or status >= 500:
        return TrackerUnavailableError(
            message,
            tracker=tracker,
            retry_after=_retry_after(response),
            # A conflict, "too early" and "too many" are said before anything is done.
            maybe_done=status not in {409, 425, 429},
        )
    kind = REFUSALS.get(status, TrackerRefusedError)
    return kind(message, tracker=tracker, hint=_refusal_hint(response, said))


def elsewhere(response: Response, what: str, *, tracker: str) -> TrackerError | None:
    """Return an error if a successful-looking answer is a login page or an anonymous one."""
    reason = response.headers.get("X-Seraph-LoginReason", "")
    if "FAILED" in reason or "DENIED" in reason:
        message = f"{what}: Jira did not accept the credentials and answered as to anybody"
        return LoginRefusedError(message, tracker=tracker, hint=_login_hint(response.url))
    if 300 <= response.status_code < 400:
        message = f"{what}: redirected (HTTP {response.status_code}) instead of answered"
        return LoginRefusedError(message, tracker=tracker, hint=_URL)
    if _is_html(response):
        message = f"{what}: a web page came instead of data, perhaps a login page"
        return LoginRefusedError(message, tracker=tracker, hint=_URL)
    return None


def garbled(what: str, *, tracker: str) -> TrackerError:
    """Return the error for an answer that is not what Jira's contract promises."""
    return TrackerUnavailableError(f"{what}: the answer is not to be understood", tracker=tracker)


_URL = (
    "Check `url`: it must be the address of a Jira site, its context path included, or of the API "
    "gateway of Jira Cloud."
)


def _mistrusted(error: Exception) -> bool:
    if not isinstance(error, requests.RequestException | ValueError):
        return True  # the one thing that `requests` lets through: a `ca_file` that is not there
    text = str(error)
    return isinstance(error, requests.exceptions.SSLError) and (
        "CERTIFICATE_VERIFY" in text or "X509" in text
    )


def _never_sent(error: Exception) -> bool:
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def _not_found(message: str, *, jira_said_so: bool, tracker: str) -> TrackerError:
    if jira_said_so:
        return ItemGoneError(message, tracker=tracker)
    # Without a word from Jira it is the address that is wrong, not the item that is gone.
    return TrackerRefusedError(message, tracker=tracker, hint=_URL)


def _login_hint(url: str) -> str:
    if "/ex/jira/" in url:
        return (
            "The token is wrong, has expired or lacks a scope; it needs read:jira-work, "
            "read:jira-user and write:jira-work."
        )
    return (
        "The token or the `email` beside it is wrong, or the token has expired. On Cloud, a scoped "
        "or service-account token works only with `url: https://api.atlassian.com/ex/jira/<cloud "
        "id>`; the id is shown at <site>/_edge/tenant_info. Data Center takes a personal access "
        "token, and no `email`."
    )


def _refusal_hint(response: Response, said: str) -> str | None:
    if response.status_code == 410:
        return "Jira has removed this part of its interface; a newer okrsync may be needed."
    if "x-authentication-denied-reason" in response.headers:
        return "Jira wants a person to log in as this account in a browser once (CAPTCHA)."
    if response.status_code == 403:
        return "The account lacks a permission in Jira."
    if NOT_ON_SCREEN in said.casefold():
        return "Put the field Labels on the screen that edits this type of issue in its project."
    return None


def _retry_after(response: Response) -> float | None:
    asked = response.headers.get("Retry-After", "").strip()
    if WHOLE_SECONDS.fullmatch(asked):
        # Data Center says 0 also where nothing is left before its bucket is filled up next.
        return float(asked) or refill(response.headers) or 0.0
    try:
        until = parsedate_to_datetime(asked) if asked else None
    except ValueError:
        until = None
    if until is None and response.status_code == 429:
        until = moment(response.headers.get("X-RateLimit-Reset", ""))
    if until is None:
        return None
    return max(0.0, (aware(until) - _server_time(response)).total_seconds())


def _server_time(response: Response) -> datetime:
    # The server's own clock set the date, so the wait is measured on that clock where it is told.
    return date(response.headers) or datetime.fromtimestamp(time.time(), UTC)


def _is_html(response: Response) -> bool:
    kind = response.headers.get("Content-Type", "").casefold()
    return "text/html" in kind or response.content.lstrip()[:1] == b"<"


def _jira_says(response: Response) -> str:
    text = "; ".join(_messages(response.content))
    return text if len(text) <= LONGEST_MESSAGE else text[: LONGEST_MESSAGE - 1] + "…"


def _messages(content: bytes) -> Iterator[str]:
    try:
        body: Any = orjson.loads(content)
    except orjson.JSONDecodeError:
        return
    if not isinstance(body, dict):
        return
    general, by_field = body.get("errorMessages"), body.get("errors")
    if isinstance(general, list):
        yield from (str(each) for each in general)
    if isinstance(by_field, dict):
        yield from (f"{field}: {each}" for field, each in by_field.items())
    elif isinstance(by_field, list):  # as the bulk operations say it
        yield from (str(each.get("message")) for each in by_field if isinstance(each, dict))
