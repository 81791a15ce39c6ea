"""Measures judging again after a change of the mapping; prints, and gates nothing.

    python bench/judging.py [--items 100000] [--large 1000000] [--rules 200] [--rounds 3]

Items lie in a SQLite store of their own; nothing is asked of a tracker. Judging is held against
reading and decoding the same rows with sqlite3 and orjson alone: the least that any program could
do. `--large 0` leaves out the measurement of growth.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from okrsync.app import mapping_counts
from okrsync.app.planning import judged_items
from okrsync.app.strategy import read_strategy
from okrsync.cli.options import Shell
from okrsync.core.ledger import Basis, ItemState, Origin, Row
from okrsync.core.work import Category, ItemRef, WorkItem
from okrsync.ports.store import MirroredItem, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from okrsync.app.context import Context

GOALS = 40
TYPES = ("Story", "Task", "Bug", "Incident", "Research", "Chore")
SAID = """
    checkout wallet refund receipt search filter listing seller buyer card declined retry login
    address parcel return coupon price photo stock order delivery slot invoice tax help chat rating
    review basket voucher gift store pickup courier label customs currency
"""
WORDS = SAID.split()
SETTINGS = """
okrs: {path: okrs.yaml}
mapping: {path: mapping.yaml}
store: sqlite:///okrsync.db
trackers:
  bench: {adapter: jira, url: "http://127.0.0.1:9", email: a@b.example, scopes: [PAY, WEB, APP]}
sync: {mode: write, done_within: 100w}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--rules", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(CHILDREN[options.child](Path.cwd())))
        return
    usual = _report(options.items, options.rules, options.rounds)
    _report_rules(options.items, options.rules, usual)
    if options.large:
        large = _report(options.large, options.rules, 1)
        growth = large["cpu"] / usual["cpu"] / (options.large / options.items)
        print(f"Growth from {options.items:,} to {options.large:,} items: {growth:.2f} (linear: 1)")


def _report(items: int, rules: int, rounds: int) -> dict[str, float]:
    print(f"{items:,} mirrored items, {rules} rules")
    with tempfile.TemporaryDirectory() as name:
        folder = _company(Path(name), items, rules)
        pairs = [(_child(folder, "judge"), _child(folder, "bare")) for _ in range(rounds)]
        for ours, bare in pairs:
            print(
                f"  judging: {ours['cpu']:.2f} s of CPU ({ours['cpu'] / items * 1e6:.0f} us an "
                f"item), reading alone {bare['cpu']:.2f} s, ratio {ours['cpu'] / bare['cpu']:.1f}, "
                f"peak {ours['megabytes']:.0f} MB"
            )
        listed, bare = _child(folder, "list"), pairs[0][1]
        print(
            f"  map list with counts: {listed['seconds']:.2f} s ({listed['cpu']:.2f} s of CPU), "
            f"ratio {listed['cpu'] / bare['cpu']:.1f}, peak {listed['megabytes']:.0f} MB"
        )
    return {"cpu": statistics.median(ours["cpu"] for ours, _ in pairs)}


def _report_rules(items: int, rules: int, usual: Mapping[str, float]) -> None:
    """Tell how much the number of rules costs."""
    with tempfile.TemporaryDirectory() as name:
        few = _child(_company(Path(name), items, 10), "judge")
    ratio = usual["cpu"] / few["cpu"]
    print(f"  {rules} rules against 10: {ratio:.2f} times the CPU")


def _company(folder: Path, items: int, rules: int) -> Path:
    made = {
        "okrs.yaml": json.dumps(_goals()),
        "mapping.yaml": json.dumps({"rules": list(_rules(rules))}),
        "okrsync.yaml": SETTINGS,
    }
    for name, text in made.items():
        (folder / name).write_text(text)
    with Shell(config=folder / "okrsync.yaml").context(online=False) as ctx:
        _fill(ctx, items)
    return folder


def _goals() -> dict[str, object]:
    key_results = [
        {"id": f"KR-{n}", "statement": f"Shoppers who pay on page {n} at once: 40% to 60%"}
        for n in range(GOALS)
    ]
    objectives = [
        {"id": f"O-{n}", "title": "Easy", "team": "shop", "cycle": "C-ALL"}
        | {"key_results": key_results[n::10]}
        for n in range(10)
    ]
    return {
        "customers": [{"id": "shopper", "name": "Shopper"}],
        "teams": [{"id": "shop", "name": "Shop", "works_in": [{"tracker": "bench"}]}],
        "cycles": [{"id": "C-ALL", "from": "2020-01-01", "to": "2099-12-31"}],
        "objectives": objectives,
    }


def _rules(count: int) -> Iterator[dict[str, object]]:
    """Yield rules of every usual kind; together they take about three items in four."""
    for n in range(count):
        word = WORDS[n % len(WORDS)]
        when: dict[str, object] = {
            0: {"component": f"part-{n}"},
            1: {"label": f"label-{n}", "none": {"type": "Incident"}},
            2: {"title_matches": f"{word} {WORDS[(n * 7 + n // len(WORDS)) % len(WORDS)]}\\b"},
            3: {"any": [{"label": f"label-{n}"}, {"title_matches": rf"^{word}\b.* page {n}$"}]},
            4: {"scope": "PAY", "parent": f"PAY-{n}"},
        }[n % 5]
        if n % 20 == 19:
            yield {"id": f"rule-{n}", "when": when, "exempt": {"because": "it keeps the shop open"}}
        else:
            yield {"id": f"rule-{n}", "when": when, "serves": [f"KR-{n % GOALS}"]}


def _fill(ctx: Context, items: int) -> None:
    draw = random.Random(7)
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    epics = max(items // 50, 1)
    for start in range(0, items, 5_000):
        page = [_item(draw, n, epics, begun) for n in range(start, min(start + 5_000, items))]
        with ctx.store.begin() as tx:
            tx.put_items(MirroredItem(item=it, role=Role.ITEM, direct=True, pull=1) for it in page)
            tx.put_states(_labelled(item) for item in page)


def _labelled(item: WorkItem) -> ItemState:
    """Return the state of an item that has its verdict, as most have that are judged again."""
    row = Row(label="okr:unaligned", origin=Origin.OURS, since=item.updated, run=1)
    basis = Basis(work="0123456789abcdef.", goals="0123456789abcdef")
    return ItemState(ref=item.ref, known_at=item.updated, rows=(row,), basis=basis)


def _item(draw: random.Random, number: int, epics: int, begun: datetime) -> WorkItem:
    scope = draw.choice(("PAY", "WEB", "APP"))
    epic = number < epics
    at = begun + timedelta(minutes=number % 100_000)
    return WorkItem(
        ref=ItemRef("bench", f"{number:08}"),
        key=f"{scope}-{number}",
        scope=scope,
        title=f"{' '.join(draw.choices(WORDS, k=6))} page {draw.randrange(400)}",
        type="Epic" if epic else draw.choice(TYPES),
        status=draw.choice(("To do", "In progress", "In review")),
        category=draw.choice((Category.TODO, Category.DOING)),
        created=at,
        updated=at,
        labels=frozenset(f"label-{draw.randrange(500)}" for _ in range(draw.randrange(3))),
        parent=None if epic else ItemRef("bench", f"{draw.randrange(epics):08}"),
        projects=(scope, f"Project {scope}"),
        components=(f"part-{draw.randrange(300)}",) if draw.random() < 0.4 else (),
        estimate=float(draw.randrange(8)),
        url=f"https://shop.example/browse/{scope}-{number}",
    )


def _child(folder: Path, what: str) -> dict[str, float]:
    command = [sys.executable, str(Path(__file__).resolve()), "--child", what]
    done = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _measured(work: Callable[[], object]) -> dict[str, float]:
    begun, cpu = time.perf_counter(), time.process_time()
    work()
    return {
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - cpu,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _judge(folder: Path) -> dict[str, float]:
    with Shell(config=folder / "okrsync.yaml").context(online=False) as ctx:
        return _measured(lambda: _judged(ctx))


def _judged(ctx: Context) -> int:
    """Judge everything anew and work out every change of labels, as a plan does."""
    return sum(one.wish.edit.size for one in judged_items(ctx, read_strategy(ctx), _scopes(ctx)))


def _scopes(ctx: Context) -> list[tuple[str, str]]:
    return list(ctx.scopes())


def _list(folder: Path) -> dict[str, float]:
    with Shell(config=folder / "okrsync.yaml").context(online=False) as ctx:
        return _measured(lambda: mapping_counts.counted(ctx, read_strategy(ctx)))


def _bare(folder: Path) -> dict[str, float]:
    """Read and decode the rows that judging reads, and do nothing with them."""
    database = sqlite3.connect(folder / "okrsync.db")
    return _measured(lambda: _decoded(database))


def _decoded(database: sqlite3.Connection) -> int:
    rows = database.execute("SELECT item, scope, updated, body FROM mirror ORDER BY tracker, item")
    return sum(1 for row in rows if orjson.loads(row[3]))


CHILDREN: dict[str, Callable[[Path], dict[str, float]]] = {
    "judge": _judge,
    "list": _list,
    "bare": _bare,
}

if __name__ == "__main__":
    main()
