"""How the mail looks in a real browser: nothing runs over the edge, everything can be read."""

from __future__ import annotations

import pytest

from okrsync.reports import Form, render
from tests.reports import examples
from tests.reports.chromium import CHROMIUM, measured

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium: CHROMIUM names none, and none is on PATH"
)

READABLE = 4.5
"""The contrast that WCAG asks for."""
LONGEST = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 480, 800])
def test_it_fits_and_can_be_read(tmp_path, width, dark):
    told = measured(render(examples.full(LONGEST), Form.HTML), tmp_path, width=width, dark=dark)
    assert told["dark"] is dark
    assert told["texts"] > 100
    assert (told["needs"], told["wide"]) == (width, [])
    poorest, text = told["contrast"][0]
    assert poorest >= READABLE, text


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_without_pictures_the_words_in_their_place_fit_and_can_be_read(tmp_path, dark):
    page = render(examples.full("Words"), Form.HTML).replace("data:image/png", "cid:nothing")
    told = measured(page, tmp_path, width=320, dark=dark)
    assert (told["needs"], told["wide"], told["pictures"]) == (320, [], 1)
    poorest, text = told["contrast"][0]
    assert poorest >= READABLE, text
