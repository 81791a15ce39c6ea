"""One conversation with a Jira site: authenticated, with a time limit, every failure translated.

The `jira` library makes the session and signs the requests. Its own calls and retries are not used:
they clamp the waits that Jira asks for, repeat writes and cannot read every error body.
Nothing here knows what the calls mean.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

import orjson
import requests
from jira import JIRA

from okrsync_jira import allowance, failures
from okrsync_jira.dialect import CLOUD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from types import UnionType

    from requests import Response

    from okrsync.ports.tracker import Connection
    from okrsync_jira.dialect import Dialect
    from okrsync_jira.settings import JiraSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request to make; `kind` is what it is counted as."""

    method: str
    path: str
    """Below what the dialect's paths begin with."""
    kind: str
    query: Mapping[str, str | list[str]] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    expects: type | UnionType = dict
    """What the answer is once decoded."""
    api: str | None = None
    """What the path begins with, where not as the dialect says."""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(slots=True)
class _Heard:
    """What answers say beside their bodies; shared between a session and its twins."""

    date: datetime | None = None
    at: float = 0.0
    callers: set[str | None] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)


class JiraSession:
    """Sends calls. Opens no socket before the first. For one thread; others take a twin."""

    def __init__(
        self, settings: JiraSettings, connection: Connection, heard: _Heard | None = None
    ) -> None:
        self.tracker = connection.name
        self.dialect: Dialect = CLOUD
        self._settings = settings
        self._connection = connection
        self._retry = connection.retry
        self._heard = heard or _Heard()
        self._base = settings.url.rstrip("/")
        self._timeout = settings.timeout.total_seconds()
        self._client = _client(settings)
        # The library has no public name for its session.
        self._http: requests.Session = self._client._session  # noqa: SLF001

    def twin(self) -> JiraSession:
        """Return another session with the same site, for another thread."""
        twin = JiraSession(self._settings, self._connection, self._heard)
        twin.dialect = self.dialect
        return twin

    @property
    def date(self) -> datetime | None:
        """When the newest answer was given, on Jira's own clock."""
        return self._heard.date

    def callers(self) -> set[str | None]:
        """Return as whom Jira answered since this was last asked; ``None``: it did not say so."""
        with self._heard.lock:
            callers, self._heard.callers = self._heard.callers, set()
        return callers

    def reading(self, call: Call) -> Any:
        """Make a call that may be repeated whatever became of it, and return its answer."""
        return self.patiently(lambda: self.once(call))

    def patiently(self, read: Callable[[], Any]) -> Any:
        """Repeat *read*, which must only read, until it works or waiting does not help."""
        return self._retry.reading(read)

    def writing(self, call: Call, *, issue: str | None = None) -> Any:
        """Make a call that is repeated only where Jira said that it did nothing.

        Of the writes to one *issue* Jira takes only so many; each waits for its turn.
        """
        return self._retry.writing(lambda: self._in_turn(call, issue))

    def wait_for_work(self, seconds: float, why: str) -> None:
        """Wait for what Jira is at, as the connection does."""
        self._retry.wait_for_work(seconds, why)

    def now(self) -> datetime | None:
        """Return what Jira's clock shows by now, reckoned from its newest answer."""
        # By the wall's clock: others stand still while the machine sleeps.
        return self.date and self.date + timedelta(seconds=time.time() - self._heard.at)

    def once(self, call: Call) -> Any:
        """Make a call a single time and return its decoded answer."""
        what = f"{self.tracker}: {call}"
        with self._heard.lock:
            self._connection.count(call.kind)
        try:
            response = self._send(call)
        except (OSError, ValueError) as error:
            raise failures.no_answer(error, what, tracker=self.tracker) from error
        self._hear(call, response)
        if response.status_code >= 400:
            raise failures.refusal(response, what, tracker=self.tracker)
        if problem := failures.elsewhere(response, what, tracker=self.tracker):
            raise problem
        with self._heard.lock:
            self._heard.callers.add(response.headers.get(self.dialect.caller))
        return self._decoded(response, call, what)

    def close(self) -> None:
        """Give back the sockets."""
        self._http.close()

    def _in_turn(self, call: Call, issue: str | None) -> Any:
        if issue is not None and self.dialect.per_issue:
            why = f"Jira takes only so many edits of the issue {issue}"
            self._retry.turn(issue, self.dialect.per_issue, why)
        return self.once(call)

    def _hear(self, call: Call, response: Response) -> None:
        """Note what an answer says beside its body."""
        with self._heard.lock:
            if date := allowance.date(response.headers):
                self._heard.date, self._heard.at = date, time.time()
            if left := allowance.budget(call.kind, response.headers):
                self._connection.budget(left)

    def _send(self, call: Call) -> Response:
        request = requests.Request(
            call.method,
            self._base + (call.api or self.dialect.api) + call.path,
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
