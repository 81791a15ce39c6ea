"""Structured logs on stderr: for people on a terminal, JSON otherwise. Secrets are blanked.

Set up once, by a shell; everything else only calls ``structlog.get_logger``. Bodies of requests
and answers are never logged by anybody.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from collections.abc import MutableMapping

SECRET_WORDS = ("token", "secret", "password", "authorization", "cookie", "api_key")


def configure(*, verbose: bool = False, json: bool | None = None) -> None:
    """Send events to stderr; *json* decides the form, by default whether it is a terminal."""
    as_json = not sys.stderr.isatty() if json is None else json
    last: Any = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            hide_secrets,
            structlog.processors.format_exc_info,  # plain: a rich one would show variables
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.INFO if verbose else logging.WARNING
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def hear_libraries() -> None:
    """Tell what libraries have to say in our own form, too: for a process nobody watches."""
    logging.getLogger().addHandler(_Bridge(logging.WARNING))


class _Bridge(logging.Handler):
    """Hands over what is told to the standard library's loggers."""

    def emit(self, record: logging.LogRecord) -> None:
        """Tell one thing."""
        log = structlog.get_logger()
        log.log(record.levelno, "library.said", name=record.name, message=record.getMessage())


def hide_secrets(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Blank every value whose key sounds like a secret."""
    for key in event:
        if any(word in key.casefold() for word in SECRET_WORDS):
            event[key] = "***"
    return event
