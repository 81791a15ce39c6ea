"""What a history of chaos came to, as text."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.chaos.story import Story


def figures(story: Story, seconds: float) -> str:
    """Return the counts of a history."""
    counts, papers = story.counts, story.papers
    faults, answers, requests = Counter[str](), Counter[int](), Counter[str]()
    for weather in story.weathers:
        faults += weather.suffered
    for post in story.posts:
        answers += post.courier.answers
    for place in story.places:
        requests.update({place.name: place.world.requests.total()})
    changes = [c for p in story.places for i in p.everything() for c in p.history(i) if c.by_us]
    return "\n".join(
        (
            f"{seconds:.0f} s, {counts.calms} times calm and judged",
            f"passes: {counts.passes.total()} ({_told(counts.passes)})",
            f"of them in lives with faults: {counts.under_faults}",
            f"ends: {_told(counts.ends)}; killed in a request: {_told(story.assassin.fates)}",
            f"faults: {faults.total()} ({_told(faults)})",
            f"people: {story.people.did.total()} deeds ({_told(story.people.did)})",
            f"files: {papers.editions} editions, {papers.breaks} times broken",
            f"webhooks answered: {_told(answers)} (0: nobody was there)",
            f"of them forged: {sum(p.forged for p in story.posts)}",
            f"commands beside it, by exit code: {_told(counts.commands)}",
            f"label writes: {len(changes)} changes, {story._writes()} write requests",
            f"requests: {_told(requests)}; waits: {counts.waits}",
            f"items judged that people left alone: {counts.untouched}",
            f"people quicker than a write: {counts.crossed}",
        )
    )


def _told(counts: Mapping[object, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=str))
