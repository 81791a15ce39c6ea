"""Wires what `okrsync doctor` looks at; nothing is opened, made or waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.app.doctor import Patient
from okrsync.bootstrap.check import checking
from okrsync.bootstrap.clock import SystemClock
from okrsync.bootstrap.looking import door
from okrsync.bootstrap.mail import mailer_of
from okrsync.bootstrap.policies import vocabulary_of
from okrsync.bootstrap.trackers import webhooks_of
from okrsync.plugins import load_trackers
from okrsync.storage import open_store
from okrsync.storage.look import disk_of, look

if TYPE_CHECKING:
    from pathlib import Path

    from okrsync.core.clock import Clock
    from okrsync.settings.tree import Settings


def patient(settings: Settings, folder: Path, *, clock: Clock | None = None) -> Patient:
    """Wire what `okrsync doctor` looks at; nothing is opened, made or waited for."""
    clock = clock or SystemClock()
    checked = checking(settings, folder, clock=clock)
    vocabulary = vocabulary_of(settings)
    adapters, ringing = load_trackers(), webhooks_of(settings)
    return Patient(
        checking=checked,
        doors=[
            door(name, section.options, adapters[section.adapter], vocabulary, name in ringing)
            for name, section in settings.trackers.items()
        ],
        look_at_store=lambda: look(settings.store),
        look_at_disk=lambda store: disk_of(store.path) if store.path else None,
        open_store=lambda: open_store(settings.store),
        vocabulary=vocabulary,
        link_kinds=frozenset(settings.labels.links),
        clock=clock,
        mailer=mailer_of(settings),
    )
