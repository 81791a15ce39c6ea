"""What `init` and `doctor` ask Jira: does it know us, which projects are there, what may we do.

Reads only. A token that works only through Atlassian's gateway is recognised by trying that door;
it is shown to Atlassian's own hosts and to the address in the settings, and to nobody else.
What a scoped token may do Jira does not tell: only what its account may.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests

from okrsync.errors import ItemGoneError, TrackerError
from okrsync.ports.survey import Lack, Reached, Right, VisibleScope
from okrsync_jira import admission
from okrsync_jira.dialect import Deployment
from okrsync_jira.failures import NOT_UNDERSTOOD, LoginRefusedError, garbled
from okrsync_jira.session import Call, JiraSession

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from okrsync.ports.survey import Misfit, PlannedInitiative
    from okrsync.ports.tracker import Connection
    from okrsync_jira.settings import JiraSettings

ATLASSIAN = "https://api.atlassian.com"
HOSTED = ".atlassian.net"
THROUGH_GATEWAY = re.compile(r"/ex/jira/([^/]+)")
PAGE = 50

EDIT, SILENT, BULK = "EDIT_ISSUES", "ADMINISTER_PROJECTS", "BULK_CHANGE"
ADMINISTRATOR = "ADMINISTER"
ASKED = (EDIT, SILENT, BULK, ADMINISTRATOR)


class JiraSurvey:
    """Looks around in one Jira site."""

    def __init__(self, settings: JiraSettings, connection: Connection) -> None:
        self._settings = settings
        self._connection = connection
        self._session = JiraSession(settings, connection)

    def reach(self) -> Reached:
        """Ask who we are; where the site does not know the token, its gateway may."""
        site = _site_of_page(self._settings.url)
        if site is not None:
            return Reached(site="", section={"url": site}, why="The address is that of a page.")
        try:
            _greet(self._session, self._settings)
        except LoginRefusedError as refusal:
            reached = self._through_gateway()
            if reached is None:
                raise refusal from None
            return reached
        return Reached(site=self._site())

    def scopes(self, keys: Sequence[str] = ()) -> Iterator[VisibleScope]:
        """Yield the projects that our account may browse."""
        with self._understanding():
            if self._on_premises:
                listed = self._session.reading(admission.ALL_PROJECTS)
                yield from (_scope(each) for each in listed if not keys or each["key"] in keys)
                return
            for start in range(0, max(1, len(keys)), PAGE):
                yield from self._projects(keys[start : start + PAGE])

    def lacks(self, scopes: Sequence[str]) -> Iterator[Lack]:
        """Yield what our account may not do; the right to bulk changes holds for the whole site."""
        bulk = True
        for scope in scopes:
            with self._understanding():
                held = self._permissions(scope)
            bulk = bulk and held[BULK]
            if not held[EDIT]:
                yield _no_edits(scope)
                continue
            if not (held[SILENT] or held[ADMINISTRATOR]):
                yield _no_silence(scope)
            if self._on_premises and not self._can_edit_labels(scope):
                yield _no_labels(scope)
        if not bulk and not self._on_premises:
            yield _no_bulk()

    def misfits(self, labels: Sequence[str]) -> Iterator[Misfit]:  # noqa: ARG002 (the port's)
        """Yield nothing: Jira's labels have no definition."""
        yield from ()

    def initiatives(self) -> Iterator[PlannedInitiative]:
        """Yield nothing: what is above epics differs from site to site."""
        yield from ()

    def time(self) -> datetime | None:
        """Return Jira's clock as its newest answer told it."""
        return self._session.date

    def close(self) -> None:
        """Give the sockets back."""
        self._session.close()

    def _projects(self, keys: Sequence[str]) -> Iterator[VisibleScope]:
        start, more = 0, True
        while more:
            query: dict[str, str | list[str]] = {"startAt": str(start), "maxResults": str(PAGE)}
            if keys:
                query["keys"] = list(keys)
            call = Call(method="GET", path="/project/search", kind="other", query=query)
            answer = self._session.reading(call)
            found = answer.get("values") or []
            yield from map(_scope, found)
            start += len(found)
            more = bool(found) and not answer.get("isLast", True)

    def _permissions(self, scope: str) -> Mapping[str, bool]:
        query: dict[str, str | list[str]] = {"projectKey": scope}
        if not self._on_premises:
            query["permissions"] = ",".join(ASKED)
        call = Call(method="GET", path="/mypermissions", kind="other", query=query)
        try:
            told: Mapping[str, Any] = self._session.reading(call).get("permissions") or {}
        except ItemGoneError:
            told = {}
        return {key: bool((told.get(key) or {}).get("havePermission")) for key in ASKED}

    def _can_edit_labels(self, scope: str) -> bool:
        """Tell whether the newest issue's edit screen has the labels; none, and nobody knows."""
        body = {"jql": f'project = "{scope}" ORDER BY key DESC', "fields": ["id"], "maxResults": 1}
        newest = Call(method="POST", path="/search", kind="other", body=body)
        with self._understanding():
            for issue in self._session.reading(newest)["issues"]:
                path = f"/issue/{issue['id']}/editmeta"
                told = self._session.reading(Call(method="GET", path=path, kind="other"))
                return "labels" in (told.get("fields") or {})
        return True

    @contextmanager
    def _understanding(self) -> Iterator[None]:
        try:
            yield
        except NOT_UNDERSTOOD as error:
            raise garbled("the survey", tracker=self._session.tracker) from error

    @cached_property
    def _on_premises(self) -> bool:
        """Whether this is Data Center; asked before anything else in which the two differ."""
        admission.recognise(self._session, self._settings.deployment)
        return self._session.dialect.deployment is Deployment.DATACENTER

    def _site(self) -> str:
        """Name the site the same way whichever address leads to it."""
        cloud_id = self._cloud_id()
        if cloud_id is not None:
            return cloud_id
        told = self._session.reading(admission.SERVER_INFO).get("baseUrl")
        return str(told or self._settings.url).rstrip("/").casefold()

    def _cloud_id(self) -> str | None:
        inside = THROUGH_GATEWAY.search(self._settings.url)
        if inside:
            return inside[1]
        settings = self._settings
        try:  # anybody may ask this, so no credentials go along
            answer = requests.get(
                f"{settings.url.rstrip('/')}/_edge/tenant_info",
                timeout=settings.timeout.total_seconds(),
                verify=str(settings.ca_file) if settings.ca_file else None,
                allow_redirects=False,
            )
            return str(answer.json()["cloudId"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _through_gateway(self) -> Reached | None:
        """Try the token at the gateway; return how the settings must read if it works there."""
        settings = self._settings
        cloud_id = self._cloud_id()
        if cloud_id is None or THROUGH_GATEWAY.search(settings.url):
            return None
        gateway = f"{_gateway_of(settings.url)}/ex/jira/{cloud_id}"
        session = JiraSession(settings.model_copy(update={"url": gateway}), self._connection)
        try:
            _greet(session, settings)
        except TrackerError:
            return None
        finally:
            session.close()
        return Reached(
            site=cloud_id,
            section={"url": gateway, "site": settings.site or settings.url},
            why="The token is a scoped one, or a service account's: it works only at the gateway.",
        )


def _greet(session: JiraSession, settings: JiraSettings) -> None:
    admission.recognise(session, settings.deployment)
    admission.myself(session)


def _scope(project: Mapping[str, Any]) -> VisibleScope:
    return VisibleScope(str(project["key"]), str(project["name"]), str(project["id"]))


def _site_of_page(url: str) -> str | None:
    """Return the site that a page of Atlassian's belongs to; elsewhere a path may be the site's."""
    parts = urlsplit(url)
    hosted = (parts.hostname or "").endswith(HOSTED)
    return f"{parts.scheme}://{parts.netloc}" if hosted and parts.path.strip("/") else None


def _gateway_of(url: str) -> str:
    """Return where scoped tokens of a site go; other hosts than Atlassian's keep their own."""
    parts = urlsplit(url)
    hosted = (parts.hostname or "").endswith(HOSTED)
    return ATLASSIAN if hosted else f"{parts.scheme}://{parts.netloc}"


def _no_edits(scope: str) -> Lack:
    return Lack(
        Right.EDIT,
        scope,
        "the account may not edit issues here, so no label can be written",
        f"Give it the permission Edit issues in the project {scope}.",
    )


def _no_silence(scope: str) -> Lack:
    return Lack(
        Right.SILENT,
        scope,
        "the account may not edit silently, so people are notified of each label",
        f"Give it the permission Administer projects in {scope}, or accept the notifications.",
    )


def _no_labels(scope: str) -> Lack:
    return Lack(
        Right.LABELS,
        scope,
        "the field Labels is not on the edit screen, so no label can be written",
        f"Let an administrator put Labels on the edit screen of {scope}.",
    )


def _no_bulk() -> Lack:
    return Lack(
        Right.BULK,
        "",
        "the account may not make bulk changes, so labels are written issue by issue",
        "Give it the global permission Make bulk changes; without it okrsync is only slower.",
    )
