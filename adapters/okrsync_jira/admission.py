"""Who we are to Jira, which kind of Jira it is, and whether it lets us see what the settings name.

Only looks. Every refusal says what to change.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from okrsync.errors import ItemGoneError, TrackerRefusedError
from okrsync.ports.tracker import Account
from okrsync_jira.dialect import DIALECTS, EITHER, SAID, Deployment
from okrsync_jira.failures import LoginRefusedError
from okrsync_jira.session import Call
from okrsync_jira.wire import account_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okrsync_jira.session import JiraSession

MYSELF = Call(method="GET", path="/myself", kind="other")
SERVER_INFO = Call(method="GET", path="/serverInfo", kind="other", api=EITHER)
ALL_PROJECTS = Call(method="GET", path="/project", kind="other", expects=list)
MOST_KEYS = 50


def recognise(session: JiraSession, named: str | None) -> None:
    """Let the session speak as this kind of Jira wants it; ask which it is unless it is named."""
    session.dialect = DIALECTS[Deployment(named) if named else _asked(session)]


def require_deployment(session: JiraSession, named: str) -> None:
    """Refuse a site that is not of the kind that the settings name."""
    found = _asked(session)
    if found != named:
        raise TrackerRefusedError(
            f"{session.tracker}: this is a Jira of the kind {found}, not {named}",
            tracker=session.tracker,
            hint=f"Write `deployment: {found}`, or leave it out.",
        )


def myself(session: JiraSession) -> Account:
    """Return the account that the credentials belong to; nobody is refused."""
    answer = _ask(session, MYSELF)
    id_ = account_id(answer)
    if not id_:
        cloud = session.dialect.deployment is Deployment.CLOUD
        needed = "`email` and `token`" if cloud else "a `token`"
        raise LoginRefusedError(
            f"{session.tracker}: Jira takes us for an anonymous visitor",
            tracker=session.tracker,
            hint=f"Set {needed} of an account that may read and edit the projects.",
        )
    return Account(id_, str(answer.get("timeZone") or "UTC"))


def require_projects(session: JiraSession, keys: Sequence[str]) -> None:
    """Refuse keys that are no key of a project that we can see."""
    for start in range(0, len(keys), MOST_KEYS):
        asked = list(keys[start : start + MOST_KEYS])
        seen = _project_names(session, asked)
        missing = next((key for key in asked if key not in seen), None)
        if missing is not None:
            raise TrackerRefusedError(
                f"{session.tracker}: no project with the key {missing!r} can be seen",
                tracker=session.tracker,
                hint=_nearest(missing, _project_names(session)),
            )


def _asked(session: JiraSession) -> Deployment:
    kind = _ask(session, SERVER_INFO).get("deploymentType")
    if kind not in SAID:
        raise TrackerRefusedError(
            f"{session.tracker}: this is Jira {kind or 'of an unknown kind'}",
            tracker=session.tracker,
            hint="Jira Cloud and Jira Data Center are supported.",
        )
    return SAID[kind]


def _ask(session: JiraSession, call: Call) -> Any:
    try:
        return session.reading(call)
    except ItemGoneError as error:
        raise TrackerRefusedError(
            str(error),
            tracker=session.tracker,
            hint="Check `url`: it must be the address of a Jira site, its context path included.",
        ) from error


def _project_names(session: JiraSession, keys: Sequence[str] = ()) -> dict[str, str]:
    if session.dialect.deployment is Deployment.DATACENTER:
        listed = _ask(session, ALL_PROJECTS)
        return {str(each.get("key")): str(each.get("name")) for each in listed}
    query: dict[str, str | list[str]] = {"maxResults": str(MOST_KEYS)}
    if keys:
        query["keys"] = list(keys)
    answer = _ask(session, Call(method="GET", path="/project/search", kind="other", query=query))
    found = answer.get("values") or ()
    return {str(each.get("key")): str(each.get("name")) for each in found}


def _nearest(missing: str, visible: dict[str, str]) -> str:
    by_any_name = {key.casefold(): key for key in visible} | {
        name.casefold(): key for key, name in visible.items()
    }
    close = get_close_matches(missing.casefold(), by_any_name, n=1)
    if close:
        return f"Did you mean {by_any_name[close[0]]}?"
    if visible:
        return f"The account sees {', '.join(sorted(visible)[:10])}; it may lack Browse projects."
    return "The account sees no project at all; give it the permission Browse projects."
