"""Findings that reports must show, and values that they must survive."""

from typing import Any

from headworks.findings import Finding, ObjectRef, Outcome, Severity
from headworks.schema import Action, Change

__all__ = ["BODIES", "DRIFT", "GATE", "HOSTILE", "SECRET", "changed", "hostile", "many", "missing", "unexpected"]

SECRET = "s3cret"

BODIES = (
    "BEGIN\n  IF NEW.total < 0 THEN\n    RAISE 'no';\n  END IF;\n  NEW.at := now();\n  RETURN NEW;\nEND",
    "BEGIN\n  IF NEW.total < 0 THEN\n    RAISE 'no';\n  END IF;\n  NEW.at := clock_timestamp();\n  RETURN NEW;\nEND",
)

HOSTILE: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    3.5,
    "",
    " ",
    "two  spaces\tand a tab ",
    ("a", "b", ("c", None), ()),
    ["nested", ["deeper", [True]]],
    {"id": "1", "note": None, "tags": ("x",)},
    "line one\nline two\r\nline three\n",
    "\n\n\n",
    "\U0001f600 e\u0301 \u4e2d\u6587 \u202egnp.exe",
    "".join(map(chr, range(0x20))) + "\x7f\x80\x9f\ufffe\uffff\u2028",
    "a lone surrogate: \udc80",
    "]]> <![CDATA[ -->",
    "</pre></td></table><script>alert(1)</script><img src=x onerror=alert(1)>",
    "&amp; &lt; \"double\" 'single'",
    "| a || b |\n|---|---|",
    "\\| \\\\| \\",
    "` `` ```\n```\n~~~\n````",
    "@everyone #1 GH-1 :tada: $x$ **bold** _it_ [x](javascript:alert(1)) https://example.org <b>",
    "::error file=x::\n##[error] %0A %",
    "[[ATTACHMENT|/etc/passwd]] {0} {{1}} [link](2)",
    f"postgresql://user:{SECRET}@host/db",
    f"host=h password='{SECRET} x' user=u",
    {"password": SECRET, "url": f"postgres://u:{SECRET}@h"},
    (f"https://u:{SECRET}@h", [f"PGPASSWORD={SECRET}"]),
    "word " * 500,
    "x" * 5000,
    f"{'y' * 90} postgresql://user:{SECRET}{'z' * 90}@host/db",
)


def missing(kind: str, name: str, schema: str | None = None, table: str | None = None, **fields: Any) -> Finding:
    """As drift says it."""
    ref = ObjectRef(kind=kind, name=name, schema=schema, table=table)
    text = f"{ref} is missing: it is in the models and not in the database"
    return Finding(rule="drift.missing", object=ref, message=text, **fields)


def unexpected(kind: str, name: str, schema: str | None = None, table: str | None = None, **fields: Any) -> Finding:
    """As drift says it."""
    ref = ObjectRef(kind=kind, name=name, schema=schema, table=table)
    text = f"{ref} is unexpected: it is in the database and not in the models"
    return Finding(rule="drift.unexpected", object=ref, message=text, **fields)


def changed(ref: ObjectRef, attribute: str, expected: Any, actual: Any, because: str = "", **fields: Any) -> Finding:
    """As drift says it."""
    message = str(Change(Action.CHANGED, ref, attribute, expected, actual)) + (f" ({because})" if because else "")
    return Finding(
        rule="drift.changed",
        object=ref,
        attribute=attribute,
        expected=expected,
        actual=actual,
        message=message,
        **fields,
    )


_TOTAL = ObjectRef(kind="column", schema="public", table="orders", name="total")
_SHOWN = "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attname = 'total'"

DRIFT = Outcome.of(
    "drift",
    [
        Finding(
            rule="drift.pending",
            severity=Severity.NOTE,
            revision="0003_x",
            message="not migrated yet: the database is at 0003_x; to run: 0004_y",
            hint="headworks upgrade",
        ),
        missing("extension", "pgcrypto"),
        changed(
            ObjectRef(kind="function", schema="public", name="touch()"),
            "body",
            *BODIES,
            hint="undo it",
            revision="0003_x",
        ),
        changed(_TOTAL, "type", "numeric(10,2)", "integer", sql=_SHOWN),
        changed(_TOTAL, "default", "0", None, sql=_SHOWN),
        missing("index", "ix_orders_status", "public", "orders", hint="undo it"),
        unexpected("table", "hotfix", "sales", severity=Severity.WARNING),
    ],
    tables=26,
    objects=1203,
    postgresql=18,
    seconds=0.84,
)

GATE = Outcome.of(
    "gate",
    [
        Finding(
            rule="gate.downgrade-differs",
            object=ObjectRef(kind="table", schema="public", name="left_over"),
            revision="0002_left",
            direction="downgrade",
            file="migrations/versions/0002 left,a:b.py",
            line=11,
            message="table public.left_over is left after the downgrade of 0002_left",
            hint="downgrade() must remove it",
        ),
        Finding(
            rule="gate.unused-allowance",
            severity=Severity.WARNING,
            revision="0002_left",
            file="migrations/versions/0002 left,a:b.py",
            line=7,
            message="0002_left allows gate.heads\nand 100% more",
            hint="remove it",
        ),
        Finding(
            rule="gate.models-differ",
            object=ObjectRef(kind="table", schema="public", name="b"),
            message="table public.b is unexpected: it is in the migrations and not in the models",
        ),
    ],
    revisions=4,
    checks=["schema", "whole"],
    seconds=1.0,
)


def hostile() -> Outcome:
    """Each hostile value in each place, and against each other."""
    found = []
    for place, value in enumerate(HOSTILE):
        text = value if isinstance(value, str) else f"value {place}"
        other = HOSTILE[place - 1]
        ref = ObjectRef(kind="column", schema=f"s{text}", table=text or "t", name=text or "n")
        found += [
            changed(ref, "default", text, str(place), sql=f"SELECT {text}", hint=text or None),
            Finding(rule="drift.changed", object=ref, attribute=text, expected=other, actual=value, message=text),
            Finding(rule="drift.missing", object=ref, message=f"{ref} is missing: {text}"),
            Finding(rule="seed.changed-row", object=ref, expected={"a": value}, actual={"a": other}, message=text),
            Finding(rule=f"gate.{place}", revision=text, file=text, line=place, message=text, hint=text),
            Finding(rule="drift.orm", severity=Severity.NOTE, expected=value, actual=other, message=text, file=text),
        ]
    return Outcome.of("drift", found, tables=1, note=f"postgresql://u:{SECRET}@h", odd=HOSTILE, seconds=0.5)


def many(count: int) -> Outcome:
    """As many findings, ten to a table; every second one has values, every fourth a body of several lines."""
    found = []
    for number in range(count):
        ref = ObjectRef(kind="column", schema=f"s{number % 7}", table=f"t{number // 10}", name=f"c{number}")
        match number % 4:
            case 0:
                found.append(missing(ref.kind, ref.name, ref.schema, ref.table, sql=f"SELECT {number}"))
            case 1:
                found.append(changed(ref, "type", "numeric(10,2)", "integer", sql=f"SELECT {number}"))
            case 2:
                found.append(changed(ref, "body", *BODIES, sql=f"SELECT {number}"))
            case _:
                found.append(unexpected(ref.kind, ref.name, ref.schema, ref.table, sql=f"SELECT {number}"))
    return Outcome.of("drift", found, tables=count)
