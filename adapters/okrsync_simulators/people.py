"""The accounts of the simulated tenants.

None of them exists. `BOT` is the account that the tenants' API credentials belong to.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can change things in a tracker."""

    id: str
    name: str
    email: str


BOT = Account("5f0c1a2b-0000-4000-8000-00000000b07a", "Shop automation", "okrs@shop.example")
MIRA = Account("5f0c1a2b-0000-4000-8000-000000000101", "Mira Okafor", "mira@shop.example")
JONAS = Account("5f0c1a2b-0000-4000-8000-000000000102", "Jonas Lindqvist", "jonas@shop.example")
PRIYA = Account("5f0c1a2b-0000-4000-8000-000000000103", "Priya Raman", "priya@shop.example")
TOMAS = Account("5f0c1a2b-0000-4000-8000-000000000104", "Tomás Herrera", "tomas@shop.example")
ANOTHER_BOT = Account(
    "5f0c1a2b-0000-4000-8000-00000000b07b", "Triage helper", "triage@shop.example"
)

PEOPLE = (MIRA, JONAS, PRIYA, TOMAS)
