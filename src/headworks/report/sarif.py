"""SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), as GitHub code scanning takes it.

Code scanning refuses a whole file when one result has no place in a file, so what is about the database and no file
is placed at a path that says where in the database it is: `database/public/orders`.
"""

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from headworks._version import __version__
from headworks.findings import Finding, ObjectRef, Outcome, Severity
from headworks.report.identity import identities
from headworks.report.rules import DOCS, page_of, rule
from headworks.report.view import View

__all__ = ["render"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

# `problem.severity` is code scanning's own word: https://docs.github.com/code-security (SARIF support)
_PROBLEM = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}


def render(outcome: Outcome, view: View) -> str:
    """One run; its category is the command, so that reports of several commands do not replace each other."""
    names = sorted({one.rule for one in outcome.findings})
    places = {name: place for place, name in enumerate(names)}
    found = zip(outcome.findings, identities(outcome.findings), strict=True)
    run = {
        "tool": {
            "driver": {
                "name": "headworks",
                "version": __version__,
                "informationUri": DOCS,
                "rules": [_rule(name, outcome.details) for name in names],
            }
        },
        "automationDetails": {"id": f"headworks/{outcome.command}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True}],
        "results": [_result(one, identity, places[one.rule]) for one, identity in found],
        "properties": outcome.stats,
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(log, enc_hook=str), indent=1).decode() + "\n"


def _rule(name: str, details: Mapping[str, Any]) -> dict[str, Any]:
    known = rule(name, details)
    page = page_of(name)
    return {
        "id": name,
        "shortDescription": {"text": known.meaning},
        "fullDescription": {"text": f"{known.meaning} {known.advice}"},
        "help": {"text": f"{known.advice}\n{page}", "markdown": f"{known.advice}\n\n[{name}]({page})"},
        "helpUri": page,
        "defaultConfiguration": {"level": str(known.severity)},
        "properties": {
            "tags": ["database", name.partition(".")[0]],
            "precision": "very-high",
            "problem.severity": _PROBLEM[known.severity],
        },
    }


def _result(one: Finding, identity: str, place: int) -> dict[str, Any]:
    said = [one.message, f"hint: {one.hint}" if one.hint else "", f"look: {one.sql}" if one.sql else ""]
    digest = hashlib.sha256(identity.encode()).hexdigest()[:32]
    return {
        "ruleId": one.rule,
        "ruleIndex": place,
        "level": str(one.severity),
        "message": {"text": "\n".join(text for text in said if text) or one.rule},
        "locations": [_location(one)],
        # The only one that code scanning goes by. Its upload would else hash the line, and make one alert of all
        # findings of a rule in a line; it says that it found another value than its own, and keeps ours.
        "partialFingerprints": {"primaryLocationLineHash": digest, "headworks/v1": digest},
        "properties": {
            key: value
            for key in ("attribute", "expected", "actual", "revision", "direction", "hint", "sql")
            if (value := getattr(one, key)) is not None
        },
    }


def _location(one: Finding) -> dict[str, Any]:
    found: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(one.file) if one.file else _virtual(one.object)},
            "region": {"startLine": one.line if one.line and one.line > 0 else 1},
        }
    }
    if (ref := one.object) is not None:
        path = ".".join(part for part in (ref.schema, ref.table, ref.name) if part)
        found["logicalLocations"] = [{"name": ref.name, "fullyQualifiedName": path, "kind": ref.kind}]
    return found


def _uri(file: str) -> str:
    quoted = quote(file.removeprefix("./"))
    return f"file://{quoted}" if quoted.startswith("/") else quoted


def _virtual(ref: ObjectRef | None) -> str:
    parts = (ref.schema, ref.table or ref.name) if ref is not None else ()
    return "/".join(["database", *(quote(part, safe="") for part in parts if part)])
