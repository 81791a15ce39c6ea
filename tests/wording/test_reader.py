"""The reader names a kind where plain words say so, and shows the words that decided."""

from __future__ import annotations

import pytest

from okrsync.core.goals import Kind
from okrsync.errors import ConfigError
from okrsync.wording import Direction, reader

READER = reader()

TEXTS = {
    Kind.OUTCOME: (
        "Regular weekly customers come to the store twice a week instead of once",
        "90 percent fewer password resets by existing customers",
        "Employees take at least 15 days off a year",
        "Colleagues take all of their holidays",
        "New merchants who make their first sale in the first week: 18% to 30%",
        "Returning shoppers who pay without calling support: 62% to 80%",
        "Engineers who ship on their first day: 20% to 80%",
        "shopper pay without calling support, from 62 to 80 percent",
        "Weekly downloads by students: 200 to 900",
        "engineers deploy without asking anybody, to 90 percent",
    ),
    Kind.TASK: (
        "Build the landing page",
        "talk to five customers",
        "launch the campaign",
        "Write the policy on holidays",
        "Launch the new checkout page by the end of November",
        "Hold 5 customer interviews",
        "Publish 12 posts",
        "Hire 3 engineers who know Rust",
        "KR2: To migrate the ledger",
        "2. Document the API",
        "Writing the handbook",
        "New pricing page launched by March",
        "Run 12 workshops",
        "We will train 40 agents",
    ),
    Kind.SYSTEM: (
        "System uptime is 99 percent",
        "API uptime 99.9%",
        "test coverage 80%",
        "deploy 10 times a day",
        "p95 below 300 ms",
        "Error rate from 3% to 1%",
    ),
    Kind.IMPACT: (
        "Revenue from 4M to 5M",
        "Grow online revenue from 4M to 5M",
        "Market share in Belgium: 12% to 15%",
        "Cut infrastructure cost by 10%",
    ),
}
EVERY_TEXT = [text for texts in TEXTS.values() for text in texts]


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in TEXTS.items() for text in texts]
)
def test_plain_texts_are_read_with_confidence(kind, text):
    reading = READER.read(text)
    assert (reading.kind, reading.confident) == (kind, True)


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ...  ", "%%%", "Delight", "Lorem ipsum dolor sit amet"),
        *("30% of what we planned", "Meer klanten betalen zonder te bellen"),
    ],
)
def test_what_says_nothing_plain_is_not_relied_on(text):
    assert not READER.read(text).confident


@pytest.mark.parametrize("text", EVERY_TEXT)
def test_the_words_that_decided_stand_in_the_text(text):
    because = READER.read(text).because
    assert because
    assert all(words in text for words in because)


@pytest.mark.parametrize(
    ("text", "who", "does_what"),
    [
        ("Employees take at least 15 days off a year", "Employees", "take"),
        ("40% of applicants finish the form alone", "applicants", "finish"),
        ("90 percent fewer password resets by existing customers", "customers", "password resets"),
        ("Raise customer satisfaction to 4.5", "customer", "customer satisfaction"),
        ("NPS of 50", None, "NPS"),
        ("Get 30 farmers to switch to drip irrigation", "farmers", "switch"),
    ],
)
def test_the_people_and_their_act_are_pieces_of_the_text(text, who, does_what):
    reading = READER.read(text)
    assert (_said(reading.who, text), _said(reading.does_what, text)) == (who, does_what)


def _said(span, text):
    return None if span is None else text[span.start : span.end]


@pytest.mark.parametrize("text", ["Hire 3 engineers", "Train all clerks", "Interview 5 users"])
def test_those_whom_a_team_serves_do_not_act(text):
    reading = READER.read(text)
    assert (reading.who, reading.does_what) == (None, None)


@pytest.mark.parametrize(
    ("text", "baseline", "amount", "unit", "direction"),
    [
        ("Time to hire from 60 to 35 days", 60, 35, None, Direction.DOWN),
        ("Conversion: 18% to 30%", 18, 30, "%", Direction.UP),
        ("Revenue from $4M to $5M", 4e6, 5e6, "$", Direction.UP),
        ("Downloads at 900 (currently 200)", 200, 900, None, Direction.UP),
        ("Increase attendance by 15%", None, 15, "%", Direction.UP),
        ("Publish five posts", None, 5, None, None),
    ],
)
def test_by_how_much_is_taken_apart(text, baseline, amount, unit, direction):
    told = READER.read(text).by_how_much
    assert (told.baseline, told.amount, told.unit, told.direction) == (
        baseline,
        amount,
        unit,
        direction,
    )
    assert READER.read(text).has_baseline == (baseline is not None)


@pytest.mark.parametrize("text", ["Raise sales by 15%", "Double the attendance", "20% fewer calls"])
def test_a_change_is_a_relative_target(text):
    told = READER.read(text).by_how_much
    assert told.relative
    assert told.baseline is None


@pytest.mark.parametrize(
    "text",
    [
        "Ship it by June 5",
        "Move to Python 3.12",
        "Hold a monthly meeting",
        "Migrate in the next 3 months",
        "Get SOC 2 certified in 2026",
        "Raise attendance by xx%",
    ],
)
def test_dates_versions_cadences_and_placeholders_are_no_target(text):
    assert READER.read(text).by_how_much is None


def test_names_of_the_customer_register_are_people():
    text = "80% of Zorbs renew"
    assert READER.read(text).who is None
    assert str(reader(people=["zorb"]).read(text).who) == "Zorbs"
    assert str(READER.knowing(["zorb"]).read(text).who) == "Zorbs"


def test_a_language_that_cannot_be_read_is_refused_by_name():
    with pytest.raises(ConfigError, match="'tlh'"):
        reader("tlh")


def test_the_reader_names_its_version():
    assert READER.version
