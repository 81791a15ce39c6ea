"""Answers `PUT /issue/{id}`: label edits as real Jira takes them, everything else refused.

Sending the whole set of labels works, as it does in Jira, and is noted as a breach of protocol:
between reading and writing such a set, somebody's label is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okrsync_simulators.jira.call import RefusalError
from okrsync_simulators.jira.world import Deployment
from okrsync_simulators.people import BOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okrsync_simulators.jira.call import Call

LONGEST_LABEL = 255
SILENCE_DENIED = (
    "To discard the user notification either admin or project admin permissions are required."
)
EDITS_DENIED = "You do not have permission to edit issues in this project."
SPACES = {
    Deployment.CLOUD: "The label '{}' can't contain spaces.",
    Deployment.DATACENTER: "The label '{}' contains spaces which is invalid.",
}
VERBS = ("add", "remove", "set")


def edit_issue(call: Call) -> dict[str, Any] | None:
    """Edit the labels of an issue; nothing to show unless `returnIssue` was asked."""
    issue = call.issue()
    if not call.world.allows_edits(issue.project):
        raise RefusalError(403, EDITS_DENIED)
    silent = not call.flag("notifyUsers", default=True)
    if silent and not call.world.allows_silent_edits(issue.project):
        raise RefusalError(403, SILENCE_DENIED)
    if not silent:
        call.world.notifications.append((issue.id,))
    last_word: dict[str, str] = {}
    for verb, names in _operations(call):
        check_spelling(names, call.world.deployment)
        if verb == "set":
            call.world.protocol_breaches.append(f"the whole label set of {issue.key} was sent")
            last_word |= dict.fromkeys(issue.labels, "remove") | dict.fromkeys(names, "add")
        else:
            last_word |= dict.fromkeys(names, verb)
    call.world.edit_labels(
        issue.id,
        add=[label for label, verb in last_word.items() if verb == "add"],
        remove=[label for label, verb in last_word.items() if verb == "remove"],
        account=BOT,
        over_api=True,
    )
    if call.flag("returnIssue", default=False):
        return call.render.issue(call.issue(), call.render.wanted(("*all",)))
    return None


def check_spelling(labels: Iterable[str], deployment: Deployment = Deployment.CLOUD) -> None:
    """Refuse labels that Jira cannot hold, in the words of its kind."""
    for label in labels:
        if any(character.isspace() for character in label):
            raise RefusalError(400, errors={"labels": SPACES[deployment].format(label)})
        if len(label) > LONGEST_LABEL:
            message = (
                f"The label '{label}' exceeds the maximum length for a single label "
                f"of {LONGEST_LABEL} characters"
            )
            raise RefusalError(400, errors={"labels": message})


def _operations(call: Call) -> Iterator[tuple[str, list[str]]]:
    """Yield what to do with the labels, in the order in which it was said."""
    fields = _mapping(call, "fields")
    update = _mapping(call, "update")
    for name in fields.keys() & update.keys():
        message = f"Field '{name}' cannot appear in both 'fields' and 'update'"
        raise RefusalError(400, errors={name: message})
    for name in sorted((fields.keys() | update.keys()) - {"labels"}):
        call.world.protocol_breaches.append(f"an edit of the field {name} was sent")
        message = f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown."
        raise RefusalError(400, errors={name: message})
    if "labels" in fields:
        yield "set", _texts(call, fields["labels"])
    for operation in update.get("labels", ()):
        if not isinstance(operation, dict) or len(operation) != 1:
            raise call.breach("each operation on labels is an object with one verb")
        ((verb, value),) = operation.items()
        if verb not in VERBS:
            raise call.breach(f"labels know add, remove and set, not {verb!r}")
        yield verb, _texts(call, value if verb == "set" else [value])


def _mapping(call: Call, name: str) -> dict[str, Any]:
    value = call.given.get(name, {})
    if not isinstance(value, dict):
        raise call.breach(f"{name} must be an object")
    return value


def _texts(call: Call, value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise call.breach("labels are strings")
    return value
