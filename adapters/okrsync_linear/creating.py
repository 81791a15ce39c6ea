"""Creates label definitions, many in one request: a mutation for each, side by side under aliases.

Linear carries them out one after the other, so that a group may come before its children. What
became of them is not told here: only the list afterwards knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okrsync.errors import TrackerError, TrackerRefusedError
from okrsync_linear.documents import create_labels
from okrsync_linear.failures import CredentialsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okrsync_linear.client import LinearClient

TOGETHER = 50
"""Definitions in one request."""


def create(
    client: LinearClient, inputs: Mapping[str, Mapping[str, Any]]
) -> dict[str, TrackerError]:
    """Create definitions, given by name and in their order; return what went wrong, by name.

    What Linear refuses as a whole, for what may be wrong with one of them, is tried one by one.
    """
    names = list(inputs)
    variables = {f"input{n}": inputs[name] for n, name in enumerate(names)}
    try:
        _, errors = client.write_each(create_labels(len(names)), variables)
    except CredentialsError as error:
        return dict.fromkeys(names, error)
    except TrackerRefusedError as error:
        if len(names) == 1:
            return {names[0]: error}
        return {n: e for name in names for n, e in create(client, {name: inputs[name]}).items()}
    except TrackerError as error:
        return dict.fromkeys(names, error)
    return {name: errors[f"label{n}"] for n, name in enumerate(names) if f"label{n}" in errors}
