"""One conversation with Linear's GraphQL API: documents and variables in, plain data out.

Promises: only `okrsync.errors` come out, every call has a time-out, waits and repetitions follow
the connection's own rules (gql's are not used), and no introspection is asked for, which Linear
may find too complex. What the data means is not known here.
"""

from __future__ import annotations

import ssl
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson
from gql import Client, GraphQLRequest, gql
from gql.transport.exceptions import TransportError, TransportQueryError
from gql.transport.httpx import HTTPXTransport

from okrsync.errors import ConfigError, TrackerError, TrackerUnavailableError
from okrsync_linear import allowance
from okrsync_linear.failures import by_alias, from_transport, is_unsendable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import httpx
    from gql.client import SyncClientSession

    from okrsync.ports.tracker import Connection
    from okrsync_linear.settings import LinearSettings

WRITE = "write"
# What gql itself stumbles over when a body is JSON, but no GraphQL answer.
NO_ANSWER = (TypeError, KeyError, ValueError, AttributeError, AssertionError)


class LinearClient:
    """Sends documents; connects at the first one."""

    def __init__(self, settings: LinearSettings, connection: Connection) -> None:
        self.tracker = connection.name
        self.date: datetime | None = None
        """When the newest answer was given, on Linear's own clock."""
        self._settings = settings
        self._connection = connection
        self._client: Client | None = None
        self._session: SyncClientSession | None = None
        self._response: httpx.Response | None = None

    def read(self, document: str, variables: Mapping[str, Any], *, kind: str) -> dict[str, Any]:
        """Ask a question, as often as it takes."""
        return self._connection.retry.reading(lambda: self._send(document, variables, kind))

    def write(self, document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Make a change, again only if Linear said that it did nothing."""
        return self._connection.retry.writing(lambda: self._send(document, variables, WRITE))

    def write_each(
        self, document: str, variables: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, TrackerError]]:
        """Make several changes at once; return data and what went wrong, both by alias.

        What Linear refused as a whole is raised, and sent again only if it did nothing.
        """
        return self._connection.retry.writing(lambda: self._send_each(document, variables))

    def close(self) -> None:
        """Give the sockets back."""
        if self._client is not None:
            self._client.close_sync()  # type: ignore[no-untyped-call]
        self._client = self._session = None

    def _send_each(
        self, document: str, variables: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, TrackerError]]:
        try:
            return self._send(document, variables, WRITE), {}
        except TrackerError as error:
            cause = error.__cause__
            if not isinstance(cause, TransportQueryError):
                raise
            errors = by_alias(cause, self._response, tracker=self.tracker)
            if not errors:
                raise
            self._hold_for(errors)
            return cause.data or {}, errors

    def _hold_for(self, errors: Mapping[str, TrackerError]) -> None:
        """Let everybody wait as long as any of the changes was told to."""
        for error in errors.values():
            if isinstance(error, TrackerUnavailableError) and error.retry_after is not None:
                self._connection.retry.hold(error.retry_after, str(error))

    def _send(self, document: str, variables: Mapping[str, Any], kind: str) -> dict[str, Any]:
        request = GraphQLRequest(_parsed(document), variable_values=dict(variables))
        self._response = None
        self._connection.count(kind)
        try:
            answer = self._connected().execute(request)
            if not isinstance(answer, dict):
                raise TypeError("the data is no object")
        except (TransportError, *NO_ANSWER) as error:
            failure = from_transport(
                error, self._response, tracker=self.tracker, wrote=kind == WRITE
            )
            if not is_unsendable(error):
                raise failure from error
        else:
            return answer
        # Outside, so that the failure does not carry an error along that repeats our token.
        raise failure

    def _connected(self) -> SyncClientSession:
        if self._session is None:
            self._client = Client(transport=self._transport(), fetch_schema_from_transport=False)
            self._session = self._client.connect_sync()  # type: ignore[no-untyped-call]
        return self._session

    def _transport(self) -> HTTPXTransport:
        settings = self._settings
        return HTTPXTransport(
            url=str(settings.url),
            json_deserialize=orjson.loads,
            headers={"Authorization": _authorization(settings)},
            timeout=settings.timeout.total_seconds(),
            verify=_certificates(settings),
            event_hooks={"response": [self._remember]},
        )

    def _remember(self, response: httpx.Response) -> None:
        """Keep the answer: gql drops the headers that say how long to wait, and what is left."""
        self._response = response
        self.date = allowance.date(response.headers) or self.date
        for budget in allowance.budgets(response.headers):
            self._connection.budget(budget)
        if seconds := allowance.seconds_spent(response.headers):
            self._connection.retry.hold(seconds, "Linear's budget is spent")


@cache
def _parsed(document: str) -> GraphQLRequest:
    return gql(document)


def _authorization(settings: LinearSettings) -> str:
    """Return the header's value; a personal key goes without the word `Bearer`."""
    token = settings.token.get_secret_value()
    return f"Bearer {token}" if settings.auth == "bearer" else token


def _certificates(settings: LinearSettings) -> ssl.SSLContext | bool:
    if settings.ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=str(settings.ca_file))
    except OSError as error:
        raise ConfigError(
            f"The certificates in {settings.ca_file} cannot be used: {error}",
            hint="`ca_file` must be a readable file of PEM certificates.",
        ) from error
