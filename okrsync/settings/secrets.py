"""Secrets come from the environment or from files of their own, never from okrsync.yaml.

Wherever a model has a secret ``x``, people write ``x_file``: a path relative to the settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, SecretStr

from okrsync.documents.validate import holds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from okrsync.documents.read import Steps

MAX_SECRET = 65_536


@dataclass(frozen=True, slots=True)
class Slot:
    """A spot in the settings where a secret belongs."""

    path: Steps
    holder: dict[str, Any]
    """The section it is in."""
    required: bool

    @property
    def key(self) -> str:
        """What the secret is called."""
        return str(self.path[-1])


def secret_slots(model: type[BaseModel], data: Any, path: Steps = ()) -> Iterator[Slot]:
    """Yield each spot for a secret in the sections that *data* has."""
    if not isinstance(data, dict):
        return
    for name, field in model.model_fields.items():
        key = field.alias or name
        if holds(field.annotation, SecretStr):
            yield Slot((*path, key), data, field.is_required())
        for inner in _sections(field.annotation):
            yield from secret_slots(inner, data.get(key), (*path, key))


def read_secret(path: Path, *, key: str) -> str:
    """Read a secret; the newline that editors and `echo` leave at the end is not part of it.

    Raises:
        OSError: the file cannot be read.
        ValueError: it holds no secret.

    """
    with path.open("rb") as file:
        content = file.read(MAX_SECRET + 1)
    if len(content) > MAX_SECRET:
        raise ValueError("is too large for a secret")
    try:
        secret = bare(content.decode(), key=key)
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8") from None
    if not secret:
        raise ValueError("is empty")
    return secret


def bare(text: str, *, key: str) -> str:
    """Return the secret that *text* holds, without the one newline that may end it.

    A token travels in a header and is plain; people choose passwords, so those may hold anything
    that can be typed.

    Raises:
        ValueError: it could not be sent as it is; the message does not repeat it.

    """
    secret = text.removesuffix("\r\n") if text.endswith("\r\n") else text.removesuffix("\n")
    if key == "token" and not all("!" <= character <= "~" for character in secret):
        raise ValueError("holds characters that no token has")
    if not secret.isprintable():
        raise ValueError("holds characters that cannot be typed")
    return secret


def _sections(annotation: Any) -> Iterator[type[BaseModel]]:
    for part in getattr(annotation, "__args__", (annotation,)):
        if isinstance(part, type) and issubclass(part, BaseModel):
            yield part
