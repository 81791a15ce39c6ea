"""Each paragraph of the label protocol is proved by at least one test here."""

from __future__ import annotations

import re
from pathlib import Path


def test_every_paragraph_has_a_test() -> None:
    proved: set[int] = set()
    for file in Path(__file__).parent.glob("test_*.py"):
        for numbers in re.findall(r"mark\.paragraph\(([\d, ]+)\)", file.read_text("utf-8")):
            proved |= {int(number) for number in numbers.split(",")}
    assert proved == set(range(22))
