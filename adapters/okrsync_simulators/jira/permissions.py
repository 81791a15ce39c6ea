"""Answers `GET /mypermissions`: what the caller may do in a project, or anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okrsync_simulators.jira.call import RefusalError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okrsync_simulators.jira.call import Call
    from okrsync_simulators.jira.model import Project

NO_PROJECT = "No project could be found with key '{key}'."
GLOBAL = frozenset({"ADMINISTER", "BULK_CHANGE"})


def mine(call: Call) -> dict[str, Any]:
    """Tell which of the permissions asked for the caller has."""
    asked = call.names("permissions")
    if not asked:
        raise call.breach("permissions must name what is asked for")
    held = _held(call, _project(call))
    if unknown := set(asked) - held.keys():
        raise RefusalError(400, f"Unrecognized permission: {', '.join(sorted(unknown))}")
    return {"permissions": {key: _shown(key, have=call.known and held[key]) for key in asked}}


def all_mine(call: Call) -> dict[str, Any]:
    """Tell which of all permissions the caller has, as Data Center does unasked."""
    held = _held(call, _project(call))
    return {"permissions": {key: _shown(key, have=call.known and held[key]) for key in held}}


def _project(call: Call) -> Project | None:
    key = call.text("projectKey")
    found = [each for each in call.world.catalog.projects if call.known and each.key == key]
    if key and not found:
        raise RefusalError(404, NO_PROJECT.format(key=key))
    return found[0] if found else None


def _held(call: Call, project: Project | None) -> Mapping[str, bool]:
    """Return what the API user has; without a project, what it has in any."""
    world = call.world
    within = [project] if project else world.catalog.projects
    return {
        "ADMINISTER": False,
        "BULK_CHANGE": world.bulk.allowed,
        "BROWSE_PROJECTS": True,
        "EDIT_ISSUES": any(world.allows_edits(each) for each in within),
        "ADMINISTER_PROJECTS": any(world.allows_silent_edits(each) for each in within),
    }


def _shown(key: str, *, have: bool) -> dict[str, Any]:
    kind = "GLOBAL" if key in GLOBAL else "PROJECT"
    return {"key": key, "type": kind, "havePermission": have}
