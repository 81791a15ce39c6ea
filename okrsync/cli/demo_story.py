"""The demo's story, step by step. What it claims it checks in the simulated trackers."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import typer

from okrsync.cli.demo_terminal import Terminal, first, last, of_each_verdict
from okrsync.errors import OkrsyncError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Labels = dict[str, frozenset[str]]
"""Key -> labels, over both trackers."""

VETOED, LINKED = "okr:H-ONE-TAP", "okr:KR-ACTIVATION"


@dataclass(slots=True, kw_only=True)
class Stage:
    """Where the demo plays."""

    folder: Path
    jira: Any
    linear: Any
    environ: Mapping[str, str]
    pause: bool = False
    steps: int = 0
    touched: list[str] = field(default_factory=list)
    """Keys of items that a person changed."""

    @property
    def terminal(self) -> Terminal:
        """Where commands are typed."""
        return Terminal(self.folder / "okrsync.yaml", self.environ)

    def step(self, headline: str) -> None:
        """Begin a step."""
        if self.pause and self.steps:
            typer.prompt("Enter goes on", default="", show_default=False, err=True)
        self.steps += 1
        typer.echo()
        typer.secho(f"{self.steps}. {headline}", bold=True)

    def labels(self) -> Labels:
        """Return the labels of every item, as they really are in the trackers."""
        told = {issue.key: issue.labels for issue in self.jira.issues.values()}
        return told | {i.identifier: self.linear.labels(i.id) for i in self.linear.index.current()}

    def writes(self) -> int:
        """Count the writes that arrived in the trackers."""
        return len(self.jira.writes) + len(self.linear.writes)

    def requests(self) -> int:
        """Count the requests that arrived in the trackers."""
        counted = (*self.jira.requests.values(), *self.linear.requests.values())
        return sum(map(int, counted))


def tell(stage: Stage) -> None:
    """Tell the story.

    Raises:
        OkrsyncError: something it claims does not hold.

    """
    began = time.monotonic()
    typer.echo(
        f"Two simulated trackers, an invented shop's goals, and a new folder: {stage.folder}"
    )
    before = stage.labels()
    _read_goals(stage)
    _plan(stage, before)
    run = _approve(stage, before)
    _run_again(stage)
    _people(stage)
    _explain(stage)
    _undo(stage, before, run)
    seconds = time.monotonic() - began
    typer.echo()
    typer.secho(
        f"Everything held: {len(before)} items, {stage.requests()} requests, "
        f"{stage.writes()} writes, {seconds:.0f} seconds.",
        bold=True,
    )
    typer.echo("Next: `okrsync demo --keep DIR` leaves the files to look at, `okrsync simulate`")
    typer.echo("runs the trackers alone, `okrsync config schema settings` says what can be set.")


def _read_goals(stage: Stage) -> None:
    stage.step("Goals are files that people can read. They are checked before anything else.")
    stage.terminal.type("check")
    stage.terminal.type("okrs", "tree")
    typer.echo("A task list (KR-CHECKOUT-2) and a system metric (KR-BUILD) are seen as such;")
    typer.echo("a hypothesis was killed, and another's cycle is over.")


def _plan(stage: Stage, before: Labels) -> None:
    stage.step("Tickets of both trackers come into a mirror, over HTTP. Nothing is written.")
    stage.terminal.type("pull")
    stage.step("A plan says what would change and why, ticket by ticket.")
    stage.terminal.type("plan", shorten=of_each_verdict(1))
    _hold(stage.labels() == before, "planning changes nothing")


def _approve(stage: Stage, before: Labels) -> str:
    stage.step("The first write to a tracker asks a person, whatever the settings say.")
    asked = stage.terminal.type("sync", expect=4)
    _hold(stage.labels() == before, "nothing is written before somebody agreed")
    stage.step("What was shown is approved by its digest, and exactly that is written.")
    done = stage.terminal.type("apply", "--approve", _found(r"--approve (\w+)", asked.text))
    after = stage.labels()
    _hold(after != before, "an approved plan is written")
    _hold(_foreign(after) == _foreign(before), "labels of other people are left alone")
    _hold(not _breaches(stage), "no whole set of labels is ever sent")
    return _found(r"Run (\d+):", done.text)


def _run_again(stage: Stage) -> None:
    stage.step("Twice is once: a second pass has nothing to do.")
    writes = stage.writes()
    stage.terminal.type("sync")
    _hold(stage.writes() == writes, "a second pass writes nothing")


def _people(stage: Stage) -> None:
    stage.step("People win. One takes a link away in Jira, one adds a link in Linear.")
    vetoed, linked = _leaf_with(stage, VETOED), _unaligned(stage)
    stage.jira.person_edits_labels(vetoed, remove=[VETOED])
    stage.linear.person_edits_labels(linked, add=[LINKED])
    here, there = stage.jira.issue(vetoed).key, stage.linear.issue(linked).identifier
    stage.touched += [here, there]
    typer.echo(f"  (in Jira, Mira removes {VETOED} from {here})")
    typer.echo(f"  (in Linear, Mira adds {LINKED} to {there})")
    heard = stage.terminal.type("sync")
    labels = stage.labels()
    _hold(VETOED not in labels[here], "what a person took away is not written again")
    _hold({LINKED, "okr:aligned"} <= labels[there], "what a person adds is heard")
    stage.terminal.type("runs", _found(r"Run (\d+):", heard.text))


def _explain(stage: Stage) -> None:
    here, there = stage.touched
    stage.step("Everything can be asked for its reason, without a tracker.")
    stage.terminal.type("why", there)
    stage.terminal.type("why", _key_with(stage, VETOED))
    stage.terminal.type("explain", here)


def _undo(stage: Stage, before: Labels, run: str) -> None:
    stage.step("A run can be taken back, on every item that is still as the run left it.")
    stage.terminal.type("undo", run, "--yes", expect=4, shorten=last(6))
    after = stage.labels()
    different = sorted(key for key in before if after[key] != before[key])
    _hold(different == sorted(stage.touched), "after the undo every label is as before")
    _hold(_foreign(after) == _foreign(before), "labels of other people were never touched")
    _hold(VETOED not in after[stage.touched[0]], "an undo does not overrule a person")
    _hold(LINKED in after[stage.touched[1]], "an undo does not take a person's label away")
    typer.echo(
        f"{len(before) - len(different)} of {len(before)} items carry exactly the labels they had\n"
        f"before; of {' and '.join(different)} people had the last word, and keep it."
    )
    stage.step("What was taken back stays so until somebody says otherwise.")
    writes = stage.writes()
    stage.terminal.type("sync")
    stage.terminal.type("status", shorten=first(16))
    _hold(stage.writes() == writes, "what was undone is not written again")


def _leaf_with(stage: Stage, label: str) -> str:
    """Find a Jira issue that carries *label* and has nothing below it."""
    return next(
        str(issue.id)
        for issue in stage.jira.issues.values()
        if label in issue.labels and not stage.jira.store.children(issue.id)
    )


def _key_with(stage: Stage, label: str) -> str:
    return str(stage.jira.issue(_leaf_with(stage, label)).key)


def _unaligned(stage: Stage) -> str:
    """Find a Linear issue without a goal that has nothing below it."""
    issues = list(stage.linear.index.current())
    parents = {issue.parent_id for issue in issues}
    return next(
        str(issue.id)
        for issue in issues
        if issue.id not in parents and "okr:unaligned" in stage.linear.labels(issue.id)
    )


def _foreign(labels: Labels) -> Labels:
    """Leave out okrsync's own words."""
    return {
        key: frozenset(label for label in found if not label.startswith("okr:"))
        for key, found in labels.items()
    }


def _breaches(stage: Stage) -> list[str]:
    return [*stage.jira.protocol_breaches, *stage.linear.protocol_breaches]


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    _hold(match is not None, f"the output says {pattern!r}")
    return match.group(1) if match else ""


def _hold(true: bool, claim: str) -> None:
    if not true:
        raise OkrsyncError(
            f"the demo's claim does not hold: {claim}",
            hint="please report this with what was printed",
        )
