"""Read what is sound of a document that has mistakes, so that all mistakes are found at once.

What is left is good for looking for further mistakes only, never for work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

if TYPE_CHECKING:
    from okrsync.documents.read import Document, Steps
    from okrsync.documents.validate import M

_ROUNDS = 20


def salvaged(model: type[M], document: Document) -> tuple[M, Document] | None:
    """Read *document* without the parts that are wrong, and show what is left; or give up."""
    for _ in range(_ROUNDS):
        try:
            return model.model_validate(document.data), document
        except ValidationError as error:
            wrong = _wrong(error)
        if () in wrong:
            return None
        document = document.without(wrong)
    return None


def _wrong(error: ValidationError) -> set[Steps]:
    """List what to cut; where a key is missing, that is the whole that misses it."""
    return {
        detail["loc"][:-1] if detail["type"] == "missing" else detail["loc"]
        for detail in error.errors(include_url=False, include_input=False)
    }
