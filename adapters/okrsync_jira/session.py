"""One conversation with a Jira site: authenticated, with a time limit, every failure translated.

The `jira` library makes the session and signs the requests. Its own calls and retries are not used:
they clamp the waits that Jira asks for, repeat writes and cannot read every error body.
Nothing here knows what the calls mean.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import orjson
import requests
from jira import JIRA

from okrsync_jira import failures

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import UnionType

    from requests import Response

    from okrsync.ports.tracker import Connection
    from okrsync_jira.settings import JiraSettings

CALLER = "X-AAccountId"
"""The header in which Jira says as whom it answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request to make; `kind` is what it is counted as."""

    method: str
    path: str
    """Below ``/rest/api/3``."""
    kind: str
    query: Mapping[str, str | list[str]] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    expects: type | UnionType = dict
    """What the answer is once decoded."""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class JiraSession:
    """Sends calls. Opens no socket before the first."""

    def __init__(self, settings: JiraSettings, connection: Connection) -> None:
        self.tracker = connection.name
        self.caller: str | None = None
        """As whom Jira answered last; absent where the answer did not say so."""
        self._retry = connection.retry
        self._count = connection.count
        self._base = f"{settings.url.rstrip('/')}/rest/api/3"
        self._timeout = settings.timeout.total_seconds()
        self._client = _client(settings)
        # The library has no public name for its session.
        self._http: requests.Session = self._client._session  # noqa: SLF001

    def reading(self, call: Call) -> Any:
        """Make a call that may be repeated whatever became of it, and return its answer."""
        return self.patiently(lambda: self.once(call))

    def patiently(self, read: Callable[[], Any]) -> Any:
        """Repeat *read*, which must only read, until it works or waiting does not help."""
        return self._retry.reading(read)

    def writing(self, call: Call) -> Any:
        """Make a call that is repeated only where Jira said that it did nothing."""
        return self._retry.writing(lambda: self.once(call))

    def once(self, call: Call) -> Any:
        """Make a call a single time and return its decoded answer."""
        what = f"{self.tracker}: {call}"
        self._count(call.kind)
        try:
            response = self._send(call)
        except (OSError, ValueError) as error:
            raise failures.no_answer(error, what, tracker=self.tracker) from error
        if response.status_code >= 400:
            raise failures.refusal(response, what, tracker=self.tracker)
        if problem := failures.elsewhere(response, what, tracker=self.tracker):
            raise problem
        self.caller = response.headers.get(CALLER)
        return self._decoded(response, call, what)

    def close(self) -> None:
        """Give back the sockets."""
        self._http.close()

    def _send(self, call: Call) -> Response:
        request = requests.Request(
            call.method,
            self._base + call.path,
            params=call.query,
            data=None if call.body is None else orjson.dumps(call.body),
        )
        prepared = self._http.prepare_request(request)
        return self._http.send(
            prepared, timeout=self._timeout, allow_redirects=False, **self._surroundings
        )

    @cached_property
    def _surroundings(self) -> Mapping[str, Any]:
        """What the environment says of proxies and trust; looked up once, as it takes a while."""
        # Named here, or a certificate authority in the environment would beat the settings' own.
        verify = self._http.verify
        return self._http.merge_environment_settings(self._base, {}, None, verify, None)

    def _decoded(self, response: Response, call: Call, what: str) -> Any:
        if not response.content and issubclass(type(None), call.expects):
            return None
        try:
            answer = orjson.loads(response.content)
        except orjson.JSONDecodeError as error:
            raise failures.garbled(what, tracker=self.tracker) from error
        if not isinstance(answer, call.expects):
            raise failures.garbled(what, tracker=self.tracker)
        return answer


def _client(settings: JiraSettings) -> JIRA:
    token = settings.token.get_secret_value()
    # Bytes, because requests would write a text in Latin-1.
    signed: dict[str, Any] = (
        {"basic_auth": (settings.email.encode(), token.encode())}
        if settings.email
        else {"token_auth": token}
    )
    options: dict[str, Any] = {"verify": str(settings.ca_file)} if settings.ca_file else {}
    return JIRA(
        server=settings.url,
        options=options,
        get_server_info=False,
        max_retries=0,
        timeout=settings.timeout.total_seconds(),
        logging=False,
        **signed,
    )
