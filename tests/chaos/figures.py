"""What a history of chaos came to, as text."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.chaos.weather import WRITES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.chaos.story import Story


def figures(story: Story, seconds: float) -> str:
    """Return the counts of a history."""
    company, counts = story.company, story.counts
    papers, people = company.papers, company.people
    faults, answers, requests = Counter[str](), Counter[int](), Counter[str]()
    for weather in company.weathers:
        faults += weather.suffered
    for post in company.posts:
        answers += post.courier.answers
    writes = Counter[str]()
    for place in company.places:
        asked = place.world.requests
        requests[place.name] = asked.total()
        writes.update({name: n for name, n in asked.items() if name.startswith(WRITES)})
    changes = [c for p in company.places for i in p.everything() for c in p.history(i) if c.by_us]
    return "\n".join(
        (
            f"{seconds:.0f} s, {counts.calms} times calm and judged",
            f"passes: {counts.passes.total()} ({_told(counts.passes)})",
            f"of them over trackers that fail: {counts.under_faults}, hit themselves: {counts.hit}",
            f"ends: SIGKILL {counts.kills}, SIGTERM {counts.in_order}",
            f"killed in the midst of a request: {_told(company.assassin.fates)}",
            f"faults: {faults.total()} ({_told(faults)})",
            f"people: {people.did.total()} deeds ({_told(people.did)})",
            f"files: {papers.editions} editions, {papers.breaks} times broken",
            f"webhooks answered: {_told(answers)} (0: nobody was there)",
            f"of them forged: {sum(p.forged for p in company.posts)}",
            f"commands beside it, by exit code: {_told(counts.commands)}",
            f"label writes: {len(changes)} changes, by {_told(writes)}",
            f"requests: {_told(requests)}; waits: {counts.waits}",
            f"items judged that people left alone: {counts.untouched}",
            f"items judged by people's last word: {counts.heeded}",
            f"vanished definitions answered for: {counts.answered}",
            f"writes untold, as the label's definition was deleted at once: {counts.untold}",
            f"people quicker than a write: {len(counts.crossed)}",
            *(f"    {each}" for each in counts.crossed),
        )
    )


def _told(counts: Mapping[Any, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=str))
