"""What ``undo`` and ``labels purge`` share: show a plan somebody asked for, ask, and tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from okrsync.cli.options import can_ask
from okrsync.cli.text import say

if TYPE_CHECKING:
    from okrsync.app.context import Context
    from okrsync.app.passes import Pass
    from okrsync.app.proposals import Proposal


def agreed(okr: Context, made: Pass, question: str) -> bool:
    """Show the plan and ask; without a terminal it waits for its approval.

    Raises:
        UsageError: there is nobody to answer; the hint says how to approve.

    """
    from okrsync.cli import show_plan
    from okrsync.errors import UsageError

    if made.proposal is None:
        return False
    if not can_ask():
        raise UsageError(
            "this would ask, and there is no terminal",
            hint=f"give --yes, or `okrsync apply --approve {made.proposal.plan.digest}`",
        )
    show_plan.print_plan(okr, made.proposal.plan)
    print_left(made)
    _print_total(made.proposal)
    return bool(typer.prompt(f"{question} Only 'yes' does", default="no", err=True) == "yes")


def _print_total(proposal: Proposal) -> None:
    plan = proposal.plan
    say(f"Plan {plan.digest}: {plan.labels} labels on {plan.items} items.")


def print_left(made: Pass) -> None:
    """Say which items are left as they are, and why."""
    for key, why in made.proposal.left if made.proposal else ():
        say(f"left alone: {key}: {why}")


def values(okr: Context, made: Pass) -> dict[str, Any]:
    """Return such a pass as JSON values."""
    from okrsync.cli import show_plan

    told = show_plan.pass_values(okr, made)
    if made.proposal is not None:
        plan = made.proposal.plan
        told |= {
            "digest": plan.digest,
            "items": plan.items,
            "labels": plan.labels,
            "edits": [show_plan.edit_value(edit) for edit in show_plan.edits_of(okr, plan)],
            "left": [{"key": key, "why": why} for key, why in made.proposal.left],
        }
    return told
