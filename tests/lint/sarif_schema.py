"""The part of SARIF 2.1.0 that okrsync writes, as a JSON Schema.

Written after the sections of the OASIS standard named at each object; like the standard's own
schema it allows no property that the standard does not know.
"""

from __future__ import annotations

from typing import Any

LEVELS = ["none", "note", "warning", "error"]


def thing(required: str = "", **properties: Any) -> dict[str, Any]:
    """An object of these properties and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def listed(items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **more}


TEXT = {"type": "string"}
URI = {"type": "string", "pattern": r"^[A-Za-z0-9%/:?#\[\]@!$&'()*+,;=._~-]*$"}

MESSAGE = thing("text", text=TEXT, markdown=TEXT)  # 3.11, 3.12
REGION = thing(  # 3.30
    "startLine",
    startLine={"type": "integer", "minimum": 1},
    startColumn={"type": "integer", "minimum": 1},
)
PHYSICAL = thing("artifactLocation", artifactLocation=thing("uri", uri=URI), region=REGION)  # 3.29
LOGICAL = thing(name=TEXT, fullyQualifiedName=TEXT, kind=TEXT)  # 3.33
LOCATION = thing(  # 3.28
    physicalLocation=PHYSICAL, logicalLocations=listed(LOGICAL, uniqueItems=True)
)
RESULT = thing(  # 3.27
    "message",
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": -1},
    level={"enum": LEVELS},
    message=MESSAGE,
    locations=listed(LOCATION),
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
    rank={"type": "number", "minimum": -1, "maximum": 100},
    baselineState={"enum": ["new", "unchanged", "updated", "absent"]},
    properties={"type": "object"},
)
RULE = thing(  # 3.49
    "id",
    id=TEXT,
    name=TEXT,
    shortDescription=MESSAGE,
    fullDescription=MESSAGE,
    help=MESSAGE,
    defaultConfiguration=thing(level={"enum": LEVELS}),
)
DRIVER = thing(  # 3.19
    "name", name=TEXT, semanticVersion=TEXT, rules=listed(RULE, uniqueItems=True)
)
RUN = thing(  # 3.14
    "tool",
    tool=thing("driver", driver=DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results=listed(RESULT),
)
SARIF = thing(
    "version runs", **{"$schema": TEXT}, version={"const": "2.1.0"}, runs=listed(RUN)
)  # 3.13
