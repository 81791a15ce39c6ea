"""Findings with their age.

A round sees findings page by page and then says what it looked at: what was open there and was
not seen is gone. Rounds are numbered, so that of two at the same time neither ends what the other
has just seen.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, func, or_, select, true, tuple_, update

from okrsync.core.place import Place
from okrsync.core.work import Amount, ItemRef
from okrsync.ports.findings import FLICKER, Identity, SeenFinding, StoredFinding
from okrsync.storage.codec import json_text, loads, micros, moment, moment_or_none
from okrsync.storage.schema import findings
from okrsync.storage.statements import Concern, by_tracker, pages

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from okrsync.ports.findings import Coverage
    from okrsync.storage.statements import AnyRow


class Findings(Concern):
    """Reads and writes findings."""

    def start_round(self) -> int:
        """Begin a round of looking with the next number."""
        rows = self._db.rows(select(func.max(findings.c.round)))
        return int(rows[0][0] or 0) + 1

    def see_findings(self, seen: Iterable[SeenFinding], number: int, at: datetime) -> None:
        """Note that round *number* saw these; what is new or back gets or keeps its first day."""
        for page in pages(seen):
            self._see_page({one.identity: one for one in page}, number, micros(at))

    def end_findings_about(
        self, items: Iterable[ItemRef], codes: Collection[str], number: int, at: datetime
    ) -> None:
        """Note as gone what *codes* once found about these items and round *number* did not."""
        rows = self._db.about(findings, by_tracker(items))
        over = [
            {f"b_{name}": told for name, told in _key_values(_identity(row)).items()}
            for row in rows
            if row.gone_since is None and row.round < number and row.code in codes
        ]
        if over:
            self._db.run(_END, [values | {"b_gone_since": micros(at)} for values in over])

    def end_round(self, number: int, at: datetime, coverage: Coverage) -> None:
        """Note as gone what is open where the round looked, and was not seen."""
        open_here = (
            findings.c.gone_since.is_(None),
            findings.c.round < number,
            findings.c.code.in_(sorted(coverage.codes)),
            _looked_at(coverage),
        )
        self._db.run(update(findings).where(*open_here).values(gone_since=micros(at)))

    def findings_after(
        self, after: Identity | None, limit: int, *, since: datetime | None = None
    ) -> Sequence[StoredFinding]:
        """Return up to *limit* findings that are open, in the order of their identities.

        With *since* also those that went since then.
        """
        wanted = select(findings).order_by(*_KEY).limit(limit)
        is_open: ColumnElement[bool] = findings.c.gone_since.is_(None)
        if since is not None:
            is_open = or_(is_open, findings.c.gone_since >= micros(since))
        wanted = wanted.where(is_open)
        if after is not None:
            wanted = wanted.where(tuple_(*_KEY) > tuple_(*_told(after)))
        return [_stored(row) for row in self._db.rows(wanted)]

    def rename_findings(self, renamed: Mapping[str, str]) -> None:
        """Let findings about goals with these former ids be about the ids they have now.

        Ids are case-folded. Where both are known the older first day stays.
        """
        for former in renamed:
            rows = self._db.rows(select(findings).where(_names(former)))
            for row in rows:
                self._rename(row, renamed)

    def forget_findings(self, before: datetime) -> None:
        """Forget findings that went before then."""
        self._db.run(delete(findings).where(findings.c.gone_since < micros(before)))

    def _see_page(self, page: Mapping[Identity, SeenFinding], number: int, at: int) -> None:
        known = self._known(page)
        changed, same = [], []
        for identity, seen in page.items():
            old = known.get(identity)
            values = _values(seen) | {"round": number, "last_seen": at, "gone_since": None}
            if old is not None and _as_before(old, values):
                same.append({f"b_{name}": values[name] for name in _TOUCHED})
            else:
                changed.append(values | {"first_seen": _first_seen(old, at)})
        self._db.upsert(findings, changed)
        if same:
            self._db.run(_TOUCH, same)

    def _known(self, page: Iterable[Identity]) -> dict[Identity, AnyRow]:
        subjects = by_tracker(ItemRef(one.tracker, one.subject) for one in page)
        rows = self._db.about(findings, subjects)
        return {_identity(row): row for row in rows}

    def _rename(self, row: AnyRow, renamed: Mapping[str, str]) -> None:
        old = _identity(row)
        now = _renamed(old, renamed)
        if now == old:
            return
        self._db.run(delete(findings).where(tuple_(*_KEY) == tuple_(*_told(old))))
        there = self._known([now]).get(now)
        values = dict(row._mapping) | _key_values(now)  # noqa: SLF001 - public in spite of its name
        if there is not None:
            values = dict(there._mapping)  # noqa: SLF001
            values["first_seen"] = min(there.first_seen, row.first_seen)
        self._db.upsert(findings, [values])


_KEY = (findings.c.tracker, findings.c.item, findings.c.code, findings.c.other)
_TOUCHED = ("tracker", "item", "code", "other", "round", "last_seen")
_TOUCH = (
    update(findings)
    .where(*(column == bindparam(f"b_{column.name}") for column in _KEY))
    .values(round=bindparam("b_round"), last_seen=bindparam("b_last_seen"))
)

_END = (
    update(findings)
    .where(*(column == bindparam(f"b_{column.name}") for column in _KEY))
    .values(gone_since=bindparam("b_gone_since"))
)


def _looked_at(coverage: Coverage) -> ColumnElement[bool]:
    if coverage.whole:
        return true()
    scopes = sorted((tracker, scope.casefold()) for tracker, scope in coverage.scopes)
    about_items = tuple_(findings.c.tracker, findings.c.scope).in_(scopes)
    return or_(findings.c.tracker == "", about_items)


def _names(goal: str) -> ColumnElement[bool]:
    """Select findings that may name a goal; who asks looks again."""
    about_goal = and_(findings.c.tracker == "", findings.c.item == goal)
    return or_(about_goal, findings.c.other.contains(goal, autoescape=True))


def _renamed(identity: Identity, renamed: Mapping[str, str]) -> Identity:
    subject = identity.subject
    if not identity.tracker:
        subject = renamed.get(subject, subject)
    other = " ".join(renamed.get(word, word) for word in identity.other.split(" "))
    return replace(identity, subject=subject, other=other)


def _first_seen(old: AnyRow | None, at: int) -> int:
    if old is None:
        return at
    if old.gone_since is not None and moment(at) - moment(old.gone_since) > FLICKER:
        return at
    return int(old.first_seen)


def _as_before(old: AnyRow, values: Mapping[str, Any]) -> bool:
    same = all(getattr(old, name) == values[name] for name in ("scope", "severity", "body"))
    return same and old.gone_since is None


def _told(identity: Identity) -> tuple[str, str, str, str]:
    return (identity.tracker, identity.subject, identity.code, identity.other)


def _key_values(identity: Identity) -> dict[str, str]:
    return dict(zip(("tracker", "item", "code", "other"), _told(identity), strict=True))


def _identity(row: AnyRow) -> Identity:
    return Identity(row.tracker, row.item, row.code, row.other)


def _values(seen: SeenFinding) -> dict[str, Any]:
    place = seen.place
    body = {
        "name": seen.name,
        "message": seen.message,
        "action": seen.action,
        "place": (place.file, place.line, place.column),
        "scope": seen.scope,
        "title": seen.title,
        "url": seen.url,
        "teams": seen.teams,
        "confidence": seen.confidence,
        "amount": (seen.amount.items, seen.amount.estimate),
    }
    return {
        **_key_values(seen.identity),
        "scope": seen.scope.casefold(),
        "severity": seen.severity,
        "body": json_text(body),
    }


def _stored(row: AnyRow) -> StoredFinding:
    body = loads(row.body)
    body["place"] = Place(*body["place"])
    body["teams"] = tuple(body["teams"])
    body["amount"] = Amount(*body.get("amount", ()))
    return StoredFinding(
        seen=SeenFinding(identity=_identity(row), severity=row.severity, **body),
        first_seen=moment(row.first_seen),
        last_seen=moment(row.last_seen),
        gone_since=moment_or_none(row.gone_since),
    )
