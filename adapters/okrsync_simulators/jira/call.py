"""One request to the simulated Jira as its handlers see it, and how they refuse it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okrsync_simulators.jira.model import Issue
    from okrsync_simulators.jira.render import Renderer
    from okrsync_simulators.jira.world import JiraWorld

NO_SUCH_ISSUE = "Issue does not exist or you do not have permission to see it."


class RefusalError(Exception):
    """An answer that is not what was hoped for, in the vendor's form."""

    def __init__(
        self,
        status: int,
        *messages: str,
        errors: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(status, messages, errors, body)
        self.status = status
        self.body = body or {"errorMessages": list(messages), "errors": dict(errors or {})}


@dataclass(frozen=True, slots=True)
class Call:
    """A request whose form is right: `given` holds its query parameters or its body."""

    world: JiraWorld
    render: Renderer
    given: Mapping[str, Any]
    path: Mapping[str, str]
    known: bool  # whether the credentials were right; otherwise the caller is nobody

    def text(self, name: str, default: str = "") -> str:
        """Return a text that was given."""
        return str(self.given.get(name, default))

    def number(self, name: str, default: int) -> int:
        """Return a whole number that was given."""
        value = self.given.get(name, default)
        try:
            return int(value)
        except (TypeError, ValueError):
            raise self.breach(f"{name} must be a number, not {value!r}") from None

    def names(self, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return a list of names, given as a list or with commas between them."""
        value = self.given.get(name)
        if value is None:
            return default
        parts = value if isinstance(value, list) else [value]
        return tuple(each.strip() for part in parts for each in str(part).split(","))

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a yes or no that was given."""
        value = self.given.get(name)
        return default if value is None else str(value).casefold() == "true"

    def issue(self) -> Issue:
        """Return the issue that the path names, or refuse."""
        found = self.find(self.path["issueIdOrKey"])
        if found is None:
            raise RefusalError(404, NO_SUCH_ISSUE)
        return found

    def find(self, id_or_key: str) -> Issue | None:
        """Return the issue of that id, key or former key if the caller may see it."""
        found = self.world.store.find(id_or_key) if self.known else None
        return self.world.issue(found) if found and self.world.visible(found) else None

    def breach(self, message: str) -> RefusalError:
        """Note that the client broke the contract, and return the refusal."""
        self.world.protocol_breaches.append(message)
        return RefusalError(400, message)
