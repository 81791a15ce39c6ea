"""Answers the requests that read: search, issues, changelogs, and what the site is made of."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from okrsync_simulators.jira.call import RefusalError
from okrsync_simulators.jira.dates import site_time
from okrsync_simulators.jira.jql import JqlError, parse
from okrsync_simulators.jira.matching import search as find
from okrsync_simulators.jira.pages import Page, StaleTokenError
from okrsync_simulators.people import BOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okrsync_simulators.jira.call import Call
    from okrsync_simulators.jira.model import Change, ChangeItem, Issue
    from okrsync_simulators.jira.render import Wanted

DEFAULT_PAGE = 50
SLIM_PAGES = 50  # a page of bare ids, keys and dates may hold that many times more issues
SLIM = frozenset({"id", "key", "created", "updated"})
MAX_RECONCILED = 50
MAX_OFFSET_PAGE = 100
MAX_BULK_ISSUES = 100
MAX_BULK_CHANGELOGS = 1000
MAX_CHANGELOG_FIELDS = 10
STALE_TOKEN = "The provided next page token is invalid or has expired."  # noqa: S105 (a message)
FAILED_READ = "The issue could not be read at this time."

Json = dict[str, Any]


def server_info(call: Call) -> Json:
    """Tell what kind of Jira this is; anybody may know."""
    world = call.world
    return {
        "baseUrl": call.render.base,
        "version": "1001.0.0-SNAPSHOT",
        "versionNumbers": [1001, 0, 0],
        "deploymentType": "Cloud",
        "buildNumber": 100281,
        "serverTitle": "Jira",
        "serverTime": site_time(world.now(), world.site_zone),
        "serverTimeZone": world.site_zone.key,
    }


def myself(call: Call) -> Json:
    """Tell the caller who they are."""
    if not call.known:
        raise RefusalError(401, "Client must be authenticated to access this resource.")
    return call.render.account(BOT)


def fields(call: Call) -> list[Json]:
    """List the fields of the site."""
    return call.render.fields()


def projects(call: Call) -> Json:
    """List the projects that the caller may see, by offset."""
    keys = {key.upper() for key in call.names("keys")}
    visible = call.world.catalog.projects if call.known else ()
    shown = [call.render.project(each) for each in visible if not keys or each.key.upper() in keys]
    return _offset_page(call, shown)


def search(call: Call) -> Json:
    """Search through the lagging index, page by page under tokens."""
    names = call.names("fields", ("id",))
    wanted = call.render.wanted(names)
    reconcile = _reconciled(call)
    page = _search_page(call, _page_size(call, slim=SLIM.issuperset(names)), reconcile)
    versions = [_version(call, each, reconcile) for each in page.items]
    issues = [
        _expanded(call, issue, wanted)
        for issue in versions
        if issue is not None and call.world.visible(issue.id)
    ]
    if names == ("id",):
        issues = [{"id": issue["id"]} for issue in issues]
    answer: Json = {"issues": issues, "isLast": page.next_token is None}
    if page.next_token:
        answer["nextPageToken"] = page.next_token
    if "names" in call.names("expand"):
        answer["names"] = call.render.names(wanted)
    return answer


def count(call: Call) -> Json:
    """Count what a search would find."""
    return {"count": len(_found(call, frozenset()))}


def removed(call: Call) -> Json:
    """Refuse the search of former times."""
    call.world.protocol_breaches.append("the old search was called; it is gone")
    raise RefusalError(
        410,
        "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API.",
    )


def issue(call: Call) -> Json:
    """Show an issue as it really is."""
    wanted = call.render.wanted(call.names("fields", ("*all",)))
    return _expanded(call, call.issue(), wanted)


def bulk_fetch(call: Call) -> Json:
    """Show up to a hundred issues as they really are; those that cannot be seen are left out."""
    asked = _asked_issues(call, MAX_BULK_ISSUES)
    wanted = call.render.wanted(call.names("fields", ("*navigable",)))
    if not isinstance(call.given.get("expand", []), list):
        raise call.breach("expand must be an array in a bulk fetch")
    found = {each.id: each for key in asked if (each := call.find(key))}
    failed = [each for each in found if call.world.stumbles(each)]
    readable = sorted(found.keys() - set(failed), key=int)
    return {
        "issues": [_expanded(call, found[each], wanted) for each in readable],
        "issueErrors": [{"id": each, "errorMessage": FAILED_READ} for each in failed],
    }


def changelog(call: Call) -> Json:
    """Show the changelog of an issue by offset, the oldest entry first."""
    changes = call.world.store.changes(call.issue().id)
    return _offset_page(call, [call.render.change(each) for each in changes])


def bulk_changelogs(call: Call) -> Json:
    """Show changelog entries of many issues, the oldest first, grouped anew on every page."""
    asked = _asked_issues(call, MAX_BULK_CHANGELOGS)
    fields = call.names("fieldIds")
    if len(fields) > MAX_CHANGELOG_FIELDS:
        raise call.breach(f"at most {MAX_CHANGELOG_FIELDS} fieldIds may be given")
    size = call.number("maxResults", 1000)
    question = repr((asked, fields))
    if token := call.given.get("nextPageToken"):
        page = _following(call, token, question, size)
    else:
        entries = _entries(call, asked, frozenset(fields))
        page = call.world.pages.first(question, entries, size, call.world.now())
    by_issue = sorted(page.items, key=lambda entry: int(entry[0]))
    answer: Json = {
        "issueChangeLogs": [
            {
                "issueId": issue_id,
                "changeHistories": [call.render.bulk_change(each, items) for _, each, items in its],
            }
            for issue_id, its in groupby(by_issue, key=lambda entry: entry[0])
        ]
    }
    if page.next_token:
        answer["nextPageToken"] = page.next_token
    return answer


def _search_page(call: Call, size: int, reconcile: frozenset[str]) -> Page:
    question = repr((call.text("jql"), sorted(reconcile)))
    if token := call.given.get("nextPageToken"):
        return _following(call, token, question, size)
    return call.world.pages.first(question, _found(call, reconcile), size, call.world.now())


def _following(call: Call, token: str, question: str, size: int) -> Page:
    try:
        return call.world.pages.following(token, question, size, call.world.now())
    except StaleTokenError:
        raise RefusalError(400, STALE_TOKEN) from None


def _found(call: Call, reconcile: frozenset[str]) -> list[str]:
    try:
        query = parse(call.text("jql"))
        return find(call.world, query, reconcile) if call.known else []
    except JqlError as error:
        raise RefusalError(400, str(error)) from None


def _page_size(call: Call, *, slim: bool) -> int:
    most = call.world.page_size * (SLIM_PAGES if slim else 1)
    size = call.number("maxResults", DEFAULT_PAGE)
    if size < 1:
        raise call.breach(f"maxResults must be positive, not {size}")
    return min(size, most)


def _reconciled(call: Call) -> frozenset[str]:
    ids = call.names("reconcileIssues")
    if len(ids) > MAX_RECONCILED:
        raise call.breach(f"at most {MAX_RECONCILED} issues can be reconciled")
    return frozenset(ids)


def _version(call: Call, issue_id: str, reconcile: frozenset[str]) -> Issue | None:
    if issue_id in reconcile:
        return call.world.issues.get(issue_id)
    return call.world.store.index.get(issue_id)


def _expanded(call: Call, issue: Issue, wanted: Wanted) -> Json:
    shown = call.render.issue(issue, wanted)
    expand = call.names("expand")
    if "names" in expand:
        shown["names"] = call.render.names(wanted)
    if "changelog" in expand:
        histories = [call.render.change(each) for each in call.world.store.changes(issue.id)]
        shown["changelog"] = {
            "startAt": 0,
            "maxResults": len(histories),
            "total": len(histories),
            "histories": histories[::-1],
        }
    return shown


def _asked_issues(call: Call, most: int) -> tuple[str, ...]:
    asked = call.given.get("issueIdsOrKeys")
    if not isinstance(asked, list) or not all(isinstance(each, str) for each in asked):
        raise call.breach("issueIdsOrKeys must be an array of strings")
    if not 1 <= len(asked) <= most:
        raise call.breach(f"issueIdsOrKeys must hold 1 to {most} issues, not {len(asked)}")
    return tuple(asked)


def _entries(
    call: Call, asked: tuple[str, ...], fields: frozenset[str]
) -> list[tuple[str, Change, tuple[ChangeItem, ...]]]:
    ids = {found.id for key in asked if (found := call.find(key))}
    entries = [
        (issue_id, change, items)
        for issue_id in ids
        for change in call.world.store.changes(issue_id)
        if (items := tuple(i for i in change.items if not fields or i.field_id in fields))
    ]
    return sorted(entries, key=lambda entry: (entry[1].at, int(entry[0]), int(entry[1].id)))


def _offset_page(call: Call, values: Sequence[Json]) -> Json:
    start = call.number("startAt", 0)
    size = min(call.number("maxResults", DEFAULT_PAGE), MAX_OFFSET_PAGE)
    return {
        "startAt": start,
        "maxResults": size,
        "total": len(values),
        "isLast": start + size >= len(values),
        "values": values[start : start + size],
    }
