"""Answers the bulk door: `POST /bulk/issues/fields`, and `GET /bulk/queue/{taskId}`.

Only labels are edited here, by what is to be added or removed; a request that would replace or
clear whole sets works as little as in any trustworthy client, and is noted as a breach.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okrsync_simulators.jira.call import RefusalError
from okrsync_simulators.jira.editing import check_spelling
from okrsync_simulators.people import BOT

if TYPE_CHECKING:
    from datetime import datetime

    from okrsync_simulators.jira.call import Call

Json = dict[str, Any]
MOST_ISSUES = 1000
OPTIONS = ("ADD", "REMOVE")
NO_PERMISSION = "You do not have the global permission to make bulk changes."
NO_TASK = "The task associated with this taskId is not a bulk operation task"


def submit(call: Call) -> Json:
    """Queue a bulk edit and name its task."""
    if not call.known:
        raise RefusalError(401, "Client must be authenticated to access this resource.")
    tasks = call.world.bulk
    if not tasks.allowed:
        raise _refusal(403, NO_PERMISSION)
    option, labels = _edit(call)
    asked = _asked(call)
    found = [issue.id for each in asked if (issue := call.find(each))]
    if call.flag("sendBulkNotification", default=True):
        call.world.notifications.append(tuple(found))
    return {"taskId": tasks.submit(found, len(asked) - len(found), option, labels).id}


def progress(call: Call) -> Json:
    """Tell how a task stands."""
    tasks = call.world.bulk
    if not tasks.allowed:
        raise _refusal(403, NO_PERMISSION)
    task = tasks.ask(call.path["taskId"]) if call.known else None
    if task is None:
        raise RefusalError(400, NO_TASK)
    answer: Json = {
        "taskId": task.id,
        "status": task.status,
        "progressPercent": 100 * task.reached // max(1, len(task.issues)),
        "submittedBy": {"accountId": BOT.id},
        "created": _epoch(task.created),
        "started": _epoch(task.created),
        "updated": _epoch(task.updated),
    }
    if task.ended:
        answer |= {
            "totalIssueCount": len(task.issues) + task.unseen,
            "invalidOrInaccessibleIssueCount": task.unseen,
            "processedAccessibleIssues": [int(each) for each in task.done],
        }
    if task.ended and task.failed:
        answer["failedAccessibleIssues"] = {each: [why] for each, why in task.failed.items()}
    return answer


def _edit(call: Call) -> tuple[str, list[str]]:
    """Return the one thing that is to be done to the labels."""
    if call.given.get("selectedActions") != ["labels"]:
        raise call.breach("selectedActions must be the labels alone")
    fields = call.given.get("editedFieldsInput")
    if not isinstance(fields, dict) or fields.keys() != {"labelsFields"}:
        raise call.breach("editedFieldsInput must hold the labelsFields alone")
    entries = fields["labelsFields"]
    if not isinstance(entries, list) or len(entries) != 1 or not isinstance(entries[0], dict):
        raise call.breach("labelsFields takes one option in one task")
    entry = entries[0]
    if entry.get("fieldId") != "labels" or entry.keys() - {
        "fieldId",
        "labels",
        "bulkEditMultiSelectFieldOption",
    }:
        raise call.breach("an entry of labelsFields names the field labels, an option and labels")
    option = entry.get("bulkEditMultiSelectFieldOption")
    if option not in OPTIONS:
        raise call.breach(f"the bulk option {option!r} touches labels of other people")
    return option, _labels(call, entry.get("labels"))


def _labels(call: Call, given: object) -> list[str]:
    if not isinstance(given, list) or not given:
        raise call.breach("labels must be a list of names")
    names = [each["name"] for each in given if isinstance(each, dict) and each.keys() == {"name"}]
    if len(names) != len(given) or not all(isinstance(name, str) for name in names):
        raise call.breach("each label must be an object with a name")
    check_spelling(names)
    return names


def _asked(call: Call) -> list[str]:
    asked = call.given.get("selectedIssueIdsOrKeys")
    if not isinstance(asked, list) or not all(isinstance(each, str) for each in asked):
        raise call.breach("selectedIssueIdsOrKeys must be an array of strings")
    if not 1 <= len(asked) <= MOST_ISSUES:
        raise call.breach(f"a bulk edit takes 1 to {MOST_ISSUES} issues, not {len(asked)}")
    return asked


def _refusal(status: int, message: str) -> RefusalError:
    """Refuse in the form that bulk operations have for it."""
    return RefusalError(status, body={"errors": [{"message": message}]})


def _epoch(at: datetime) -> int:
    return int(at.timestamp() * 1000)
