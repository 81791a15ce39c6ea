"""Every way a conversation with Linear fails, as one of okrsync's own errors.

Linear tells most things in the body: a spent budget is an HTTP 400 with the code `RATELIMITED`, and
a 200 may carry errors beside its data. What no rule here knows counts as unavailable and as perhaps
done, for nobody may conclude from an unknown answer that nothing was written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import httpx
from gql.transport.exceptions import (
    TransportConnectionFailed,
    TransportQueryError,
    TransportServerError,
)

from okrsync.errors import (
    ItemGoneError,
    TrackerError,
    TrackerRefusedError,
    TrackerUnavailableError,
)
from okrsync_linear.allowance import seconds_to_wait

if TYPE_CHECKING:
    from collections.abc import Mapping

CREDENTIALS_HINT = "Check the token, and `auth`: a personal key is `key`, an OAuth token `bearer`."
PERMISSION_HINT = (
    "The account needs to see the team and edit its issues; an OAuth token needs the scopes "
    "read, write and initiative:read."
)
UNSENDABLE_HINT = "Check that the token was copied whole, and nothing but the token."
URL_HINT = "Check `url`; Linear's own is https://api.linear.app/graphql."
CERTIFICATE_HINT = "If a proxy or company authority signs certificates, name its file in `ca_file`."

GONE = re.compile(r"Entity not found: Issue\b", re.IGNORECASE)
TOO_COMPLEX = re.compile(r"query too complex", re.IGNORECASE)
NOT_EXCLUSIVE = re.compile(r"not exclusive child|is in the same group as", re.IGNORECASE)

NOT_AUTHENTICATED = frozenset({"AUTHENTICATION_ERROR", "authentication error"})
FORBIDDEN = frozenset(
    {"FORBIDDEN", "forbidden", "FEATURE_NOT_ACCESSIBLE", "feature not accessible"}
)
RATE_LIMITED = frozenset({"RATELIMITED", "ratelimited"})
DECLINED = frozenset(
    {
        "INPUT_ERROR",
        "invalid input",
        "GRAPHQL_VALIDATION_FAILED",
        "graphql error",
        "user error",
        "usage limit exceeded",
    }
)

UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
UNSENDABLE = (httpx.LocalProtocolError, UnicodeEncodeError)
BAD_ADDRESS = (httpx.InvalidURL, httpx.UnsupportedProtocol)


class CredentialsError(TrackerRefusedError):
    """Linear does not know us by our token."""


class QueryTooComplexError(TrackerRefusedError):
    """The query costs more than one may: a smaller page may pass."""


class NotExclusiveError(TrackerRefusedError):
    """The issue would carry two labels of one group."""


def from_transport(
    error: Exception, response: httpx.Response | None, *, tracker: str, wrote: bool
) -> TrackerError:
    """Translate what gql raised; *response* is the answer that came, as far as one did.

    *wrote* tells that the document was a mutation.
    """
    if isinstance(error, TransportQueryError):
        failure = _from_errors(error, response, tracker)
        # A mutation whose field came back with data was carried out, whatever else went wrong.
        if wrote and isinstance(error.data, dict) and any(error.data.values()):
            return _unavailable(f"Linear did it, but not all well: {failure}", tracker)
        return failure
    if is_unsendable(error):
        return TrackerRefusedError(
            "The request to Linear cannot be built: it holds characters that cannot be sent",
            tracker=tracker,
            hint=UNSENDABLE_HINT,
        )
    if isinstance(error, TransportConnectionFailed):
        return _from_connection(error.__cause__ or error, tracker)
    if isinstance(error, TransportServerError):
        return _from_status(error.code or 500, response, tracker)
    return _unavailable("Linear's answer cannot be understood", tracker)


def is_unsendable(error: BaseException) -> bool:
    """Tell whether a request could not even be written; such an error repeats our token."""
    return isinstance(error, UNSENDABLE) or isinstance(error.__cause__, UNSENDABLE)


def by_alias(
    error: TransportQueryError, response: httpx.Response | None, *, tracker: str
) -> dict[str, TrackerError]:
    """Return what went wrong for each alias of a mutation, as far as the errors name one."""
    found = {}
    for one in error.errors or ():
        path = one.get("path") if isinstance(one, dict) else None
        if isinstance(path, list) and path:
            found[str(path[0])] = _from_one(one, response, tracker)
    return found


def _from_errors(
    error: TransportQueryError, response: httpx.Response | None, tracker: str
) -> TrackerError:
    found = [_from_one(one, response, tracker) for one in error.errors or [{}]]
    for failure in found:
        if isinstance(failure, TrackerUnavailableError):
            return failure
    return found[0]


def _from_one(error: Any, response: httpx.Response | None, tracker: str) -> TrackerError:
    details = error if isinstance(error, dict) else {}
    extensions = details.get("extensions") or {}
    codes = {str(extensions.get("code")), str(extensions.get("type"))}
    message = _message(details, extensions)
    if codes & RATE_LIMITED:
        return _rate_limited(response, tracker)
    if codes & NOT_AUTHENTICATED:
        return _not_known(message, tracker)
    if codes & FORBIDDEN:
        return TrackerRefusedError(
            f"Linear forbids it: {message}", tracker=tracker, hint=PERMISSION_HINT
        )
    if response is not None and response.status_code in {401, 403}:
        return _from_status(response.status_code, response, tracker)
    if codes & DECLINED or extensions.get("userError") is True:
        return _declined(str(details.get("message")), message, tracker)
    return _unavailable(f"Linear failed: {message}", tracker)


def _declined(terse: str, message: str, tracker: str) -> TrackerError:
    if GONE.search(terse):
        return ItemGoneError("Linear has no such issue for us", tracker=tracker)
    if TOO_COMPLEX.search(terse):
        return QueryTooComplexError(message, tracker=tracker)
    if NOT_EXCLUSIVE.search(message):
        return NotExclusiveError(message, tracker=tracker)
    return TrackerRefusedError(f"Linear says no: {message}", tracker=tracker)


def _message(details: Mapping[str, Any], extensions: Mapping[str, Any]) -> str:
    """Join the terse and the presentable wording: each alone is often not enough."""
    terse = str(details.get("message") or "no reason given")
    presentable = extensions.get("userPresentableMessage")
    if not presentable or presentable == terse:
        return terse
    return f"{terse} ({presentable})"


def _from_connection(cause: BaseException, tracker: str) -> TrackerError:
    if isinstance(cause, BAD_ADDRESS):
        return TrackerRefusedError(
            f"Linear's address is unusable: {cause}", tracker=tracker, hint=URL_HINT
        )
    if "CERTIFICATE_VERIFY_FAILED" in str(cause):
        return TrackerRefusedError(
            "Linear's certificate cannot be verified", tracker=tracker, hint=CERTIFICATE_HINT
        )
    return TrackerUnavailableError(
        f"Linear cannot be reached: {type(cause).__name__} {cause}".rstrip(),
        tracker=tracker,
        maybe_done=not isinstance(cause, UNSENT),
    )


def _from_status(status: int, response: httpx.Response | None, tracker: str) -> TrackerError:
    if status == 429:
        return _rate_limited(response, tracker)
    if status == 408 or status >= 500:
        return _unavailable(f"Linear answered HTTP {status}", tracker)
    if status in {401, 403}:
        return _not_known(f"HTTP {status}", tracker)
    return TrackerRefusedError(f"Linear answered HTTP {status}", tracker=tracker, hint=URL_HINT)


def _not_known(message: str, tracker: str) -> CredentialsError:
    return CredentialsError(
        f"Linear does not accept our credentials: {message}",
        tracker=tracker,
        hint=CREDENTIALS_HINT,
    )


def _rate_limited(response: httpx.Response | None, tracker: str) -> TrackerUnavailableError:
    return TrackerUnavailableError(
        "Linear's rate limit is reached",
        tracker=tracker,
        retry_after=seconds_to_wait(response.headers) if response is not None else None,
        maybe_done=False,
    )


def _unavailable(message: str, tracker: str) -> TrackerUnavailableError:
    return TrackerUnavailableError(message, tracker=tracker)
