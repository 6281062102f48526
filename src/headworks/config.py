"""`[tool.headworks]` in pyproject.toml -> frozen settings. Every mistake names file, line and key."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec

from headworks._toml_lines import line_of
from headworks.errors import UsageError

__all__ = ["ConfigBroken", "ConfigMissing", "ConfigUnreadable", "NoProject", "Settings", "load", "unwritten"]


class ConfigMissing(UsageError):
    """--config {file}: there is no such file"""

    hint = "leave --config out to have the project of this folder found, or correct the path"


class ConfigUnreadable(UsageError):
    """{file}: cannot be read as TOML: {reason}"""

    hint = "mend that line: https://toml.io says how TOML is written"


class ConfigBroken(UsageError):
    """{file}, line {line}: [tool.headworks] {key}: {reason}"""

    hint = "{advice_text}"


class NoProject(UsageError):
    """no project here: neither [tool.headworks], [tool.alembic] nor alembic.ini in {folder} or above it"""

    hint = "change into the project's folder, name its settings with --config FILE, or start one with `headworks init`"


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the config; a key that is not a field is an error."""


class GateSettings(_Table, frozen=True):
    """`[tool.headworks.gate]`: `timeout` is the seconds that a step may take on scratch databases, 0 for ever."""

    bootstrap: str | None = None
    deploy: Literal["schema-first", "code-first"] = "schema-first"
    downgrades: Literal["required", "optional"] = "required"
    timeout: Annotated[float, msgspec.Meta(ge=0)] = 60.0


class SeedSettings(_Table, frozen=True):
    """`[tool.headworks.seed]`: `folder` holds one folder a set; `sets` are those that a bare `seed` applies."""

    folder: str = "seeds"
    sets: tuple[str, ...] = ("reference",)


class DriftSettings(_Table, frozen=True):
    """`[tool.headworks.drift]`: `ignore` names what is left alone, `severity` says how much a rule, a kind or an
    attribute matters, `declares` what of a database's own the project says in its models and migrations."""

    ignore: tuple[str, ...] = ()
    severity: dict[str, Literal["error", "warning", "note", "ignore"]] = {}
    declares: tuple[Literal["owners", "privileges", "settings"], ...] = ()


class LintIgnore(_Table, frozen=True):
    """`[[tool.headworks.lint.ignore]]`: a rule that is left alone on the `tables` (patterns), and why."""

    rule: str
    tables: tuple[str, ...]
    reason: Annotated[str, msgspec.Meta(min_length=1)]


class PlannedIndex(_Table, frozen=True):
    """`[[tool.headworks.lint.planned_indexes]]`: an index that must be there; `keys` as in CREATE INDEX."""

    table: str
    keys: tuple[str, ...]
    unique: bool = False
    method: str = "btree"
    where: str | None = None


class NaturalKey(_Table, frozen=True):
    """`[[tool.headworks.lint.natural_keys]]`: columns that together must be unique."""

    table: str
    columns: tuple[str, ...]


class NamingSettings(_Table, frozen=True):
    """`[tool.headworks.lint.naming]`: what constraints and indexes are called, with {table}, {columns} and `*`."""

    pk: str | None = None
    uq: str | None = None
    fk: str | None = None
    ck: str | None = None
    ex: str | None = None
    ix: str | None = None


_MONEY = tuple(
    pattern
    for word in ("amount", "balance", "cost", "discount", "fee", "price", "tax", "total")
    for pattern in (word, f"*_{word}")
)


class LintSettings(_Table, frozen=True):
    """`[tool.headworks.lint]`: how much each rule matters, what is left alone, and what the project's standards are."""

    rules: dict[str, Literal["error", "warning", "note", "off"]] = {}
    ignore: tuple[LintIgnore, ...] = ()
    planned_indexes: tuple[PlannedIndex, ...] = ()
    natural_keys: tuple[NaturalKey, ...] = ()
    soft_delete: tuple[str, ...] = ()
    naming: NamingSettings = NamingSettings()
    uuid7: tuple[str, ...] = ("uuidv7()",)
    money: tuple[str, ...] = _MONEY
    uncountable: tuple[str, ...] = ()


class DomainSettings(_Table, frozen=True):
    """`[tool.headworks.owners.domains.NAME]`: `owners` are the domain's code owners, as CODEOWNERS names them; `tables`
    are patterns of tables that are its own although no model and no revision says so."""

    owners: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


class OwnersSettings(_Table, frozen=True):
    """`[tool.headworks.owners]`, the manifest: the tables that each program owns, as patterns, and what domains own.

    Without `alembic` the migrations own every table that no other list names. With `exclusive` the revisions of a
    domain leave the tables of other domains alone. `document` is the page that `owners --write` writes, `schema` the
    Prisma schema, a file or a folder.
    """

    alembic: tuple[str, ...] = ()
    prisma: tuple[str, ...] = ()
    external: tuple[str, ...] = ()
    exclusive: bool = False
    document: str = "docs/ownership.md"
    schema: str | None = None
    domains: dict[str, DomainSettings] = {}


class RevisionSettings(_Table, frozen=True):
    """`[tool.headworks.revision]`: `id` is the pattern of new revision ids ({date}, {number}, {slug})."""

    id: str | None = None


class PolicySettings(_Table, frozen=True):
    """`[tool.headworks.policy]`: what every revision must be like; nothing by default. Patterns match as a whole.

    In `file_name`, {revision} and {domain} stand for the revision's own.
    """

    revision_id: str | None = None
    file_name: str | None = None
    docstring: bool = False
    owner: Literal["docstring", "codeowners"] | None = None


class _Keys(_Table, frozen=True):
    alembic: str | None = None
    url: str | None = None
    url_env: tuple[str, ...] = ()
    driver: Literal["psycopg", "psycopg2", "asyncpg"] | None = None
    metadata: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()
    configure: str | None = None
    pgbin: str | None = None
    shadow_url: str | None = None
    lock_timeout: Annotated[float, msgspec.Meta(ge=0)] = 3.0
    log: bool = False
    domains: dict[str, tuple[str, ...]] = {}
    drift: DriftSettings = DriftSettings()
    gate: GateSettings = GateSettings()
    lint: LintSettings = LintSettings()
    owners: OwnersSettings = OwnersSettings()
    policy: PolicySettings = PolicySettings()
    seed: SeedSettings = SeedSettings()
    revision: RevisionSettings = RevisionSettings()


class Settings(msgspec.Struct, frozen=True):
    """What a project says of itself. `root` is its folder: relative paths are relative to it.

    `file` is the TOML file that the keys came from (`None`: no configuration, only an alembic.ini).
    """

    root: Path
    file: Path | None
    keys: _Keys

    @property
    def pgbin(self) -> Path | None:
        """The configured folder of PostgreSQL's programs."""
        return self.root / self.keys.pgbin if self.keys.pgbin else None

    @property
    def seed_folder(self) -> Path:
        """The folder of the seed sets."""
        return self.root / self.keys.seed.folder

    def line_of(self, *names: str, nth: int = 0) -> int:
        """The line of a key in `file`, or of the table that holds it; 1 where there is no file.

        Of an array of tables it is the line of the `nth` one.
        """
        return line_of(self.file, list(names), nth) if self.file is not None else 1

    def name_of(self, path: Path) -> str:
        """`path` as a person in the project's folder would write it."""
        try:
            return str(path.resolve().relative_to(self.root.resolve()))
        except ValueError:
            return str(path)


def load(config: Path | None = None, *, folder: Path | None = None) -> Settings:
    """The settings of the project around `folder` (default: the current one), or of the file `config`.

    Raises `ConfigMissing`, `ConfigUnreadable`, `ConfigBroken` or `NoProject`.
    """
    if config is not None:
        if not config.is_file():
            raise ConfigMissing(file=config)
        document = _read(config)
        # A file of headworks' own need not say [tool.headworks] in front of each table.
        table = _tools(document).get("headworks", {}) if "tool" in document else document
        return Settings(config.resolve().parent, config, _keys(config, table))
    start = (folder or Path.cwd()).resolve()
    for place in (start, *start.parents):
        pyproject = place / "pyproject.toml"
        document = _read(pyproject) if pyproject.is_file() else {}
        tools = _tools(document)
        if "headworks" in tools:
            return Settings(place, pyproject, _keys(pyproject, tools["headworks"]))
        if "alembic" in tools or (place / "alembic.ini").is_file():
            return Settings(place, None, _Keys())
        if (place / ".git").exists():
            break  # what lies above a repository is another project's
    raise NoProject(folder=start)


def unwritten(folder: Path, alembic: str | None = None) -> Settings:
    """The settings of a project that has none yet: those that a `[tool.headworks]` with this key would make."""
    return Settings(folder.resolve(), None, _Keys(alembic=alembic))


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigUnreadable(file=file, reason=error) from None


def _tools(document: dict[str, Any]) -> dict[str, Any]:
    tools = document.get("tool", {})
    return tools if isinstance(tools, dict) else {}


def _keys(file: Path, table: Any) -> _Keys:
    try:
        keys = msgspec.convert(table, _Keys)
    except msgspec.ValidationError as error:
        raise _broken(file, str(error)) from None
    for names, nth, reason, advice in _wrong(keys):
        line = line_of(file, list(names), nth)
        raise ConfigBroken(file=file, line=line, key=".".join(names), reason=reason, advice_text=advice)
    return keys


def _wrong(keys: _Keys) -> Iterator[tuple[tuple[str, ...], int, str, str]]:
    """What is of the right type and cannot be meant: the key, which one of an array, why, and what to do."""
    for name in ("revision_id", "file_name"):
        try:
            re.compile(getattr(keys.policy, name) or "")
        except re.error as error:
            advice = f"write {name} = '...', in single quotes"
            yield ("policy", name), 0, f"this is no regular expression: {error}", advice
    lint = keys.lint
    for kind, template in msgspec.structs.asdict(lint.naming).items():
        unknown = set(re.findall(r"\{[^{}]*\}|[{}]", template or "")) - {"{table}", "{columns}"}
        if unknown or template == "":
            reason = f"there is no {min(unknown)}" if unknown else "it is empty"
            yield ("lint", "naming", kind), 0, reason, "a name is made of {table}, {columns}, * and what is always so"
    for what, rows in (("natural_keys", [one.columns for one in lint.natural_keys]),
                       ("planned_indexes", [one.keys for one in lint.planned_indexes])):  # fmt: skip
        for nth, names in enumerate(rows):
            if not all(names) or not names:
                word = "columns" if what == "natural_keys" else "keys"
                yield ("lint", what), nth, f"it has no {word}", f'write {word} = ["...", "..."]'
    for where, nth, patterns in _patterns(keys):
        for pattern in patterns:
            if not pattern:
                yield where, nth, "a pattern is empty, and stands for no name", 'write a name: "orders", "sales.*"'
            elif "[" in re.sub(r"\[!?\]?[^\]]*\]", "", pattern):
                advice = f'close it, or write "{pattern.replace("[", "[[]")}" for the sign itself'
                yield where, nth, f"in {pattern!r} a [ has no ]", advice


def _patterns(keys: _Keys) -> Iterator[tuple[tuple[str, ...], int, tuple[str, ...]]]:
    """All lists of names with the wildcards of the shell."""
    for name in ("soft_delete", "money", "uncountable"):
        yield ("lint", name), 0, getattr(keys.lint, name)
    yield from ((("lint", "ignore", "tables"), nth, one.tables) for nth, one in enumerate(keys.lint.ignore))
    yield from ((("lint", "natural_keys"), nth, (one.table,)) for nth, one in enumerate(keys.lint.natural_keys))
    yield from ((("lint", "planned_indexes"), nth, (one.table,)) for nth, one in enumerate(keys.lint.planned_indexes))
    for name in ("alembic", "prisma", "external"):
        yield ("owners", name), 0, getattr(keys.owners, name)
    yield from ((("owners", "domains", name, "tables"), 0, one.tables) for name, one in keys.owners.domains.items())
    yield from ((("domains", name), 0, patterns) for name, patterns in keys.domains.items())


def _broken(file: Path, text: str) -> ConfigBroken:
    """msgspec says `Object contains unknown field `x` - at `$.gate``, or `Expected `str`, got `int` - at `$.url``."""
    reason, _, where = text.partition(" - at `$")
    names = [part for part in re.split(r"[.\[\]`]+", where) if part and part != "..." and not part.isdigit()]
    if unknown := re.search(r"unknown field `([^`]+)`", reason):
        known = _type_of(names)
        names, reason = [*names, unknown[1]], "there is no such key"
        advice = "the keys here are " + ", ".join(_fields(_table_in(known) or known))
    else:
        advice, reason = _example(names), _in_toml(reason.replace("`", ""))
    key = ".".join(names) or "is broken"
    return ConfigBroken(file=file, line=line_of(file, names), key=key, reason=reason, advice_text=advice)


def _type_of(names: list[str]) -> Any:
    found: Any = _Keys
    for name in names:
        found = next(field.type for field in msgspec.structs.fields(_table_in(found) or found) if field.name == name)
        # A table whose keys are names of the user's: msgspec does not say which one it was.
        if get_origin(found) is dict and isinstance(value := get_args(found)[1], type) and issubclass(value, _Table):
            found = value
    return found


def _table_in(found: Any) -> Any:
    """The type of the tables in an array of tables; `None` for any other type."""
    item = get_args(found)[0] if get_origin(found) is tuple else None
    return item if isinstance(item, type) and issubclass(item, _Table) else None


def _fields(table: Any) -> list[str]:
    return [field.name for field in msgspec.structs.fields(table)]


def _example(names: list[str]) -> str:
    """How the key is written, by its type."""
    found = _type_of(names)
    choices = [word for one in (found, *get_args(found)) if get_origin(one) is Literal for word in get_args(one)]
    if choices:
        quoted = [f'"{word}"' for word in choices]
        if get_origin(found) is dict:
            return f"in [{'.'.join(('tool', 'headworks', *names))}] each line is NAME = {' or '.join(quoted)}"
        if get_origin(found) is tuple:
            return f"write {names[-1]} = [{', '.join(quoted)}], or some of these"
        return "write " + " or ".join(f"{names[-1]} = {word}" for word in quoted)
    if isinstance(found, type) and issubclass(found, _Table):
        return f"it is a table: [{'.'.join(('tool', 'headworks', *names))}]"
    if (table := _table_in(found)) is not None:
        return f"each is a table, [[{'.'.join(('tool', 'headworks', *names))}]], with {', '.join(_fields(table))}"
    if get_origin(found) is dict:
        return f'in [{".".join(("tool", "headworks", *names))}] each line is NAME = ["...", "..."]'
    if get_origin(found) is tuple:
        return f'write {names[-1]} = ["...", "..."]'
    return f"write {names[-1]} = 3.0" if float in (found, *get_args(found)) else f'write {names[-1]} = "..."'


def _in_toml(reason: str) -> str:
    """msgspec speaks of types; the reader of a TOML file knows tables, strings and numbers."""
    words = {
        "object": "a table", "array": "an array", "str": "a string", "int": "an integer", "float": "a number",
        "bool": "true or false",
    }  # fmt: skip
    expected, got, found = reason.partition(", got ")
    if not got:
        reason = reason.replace("Invalid enum value", "there is no value").replace(" float ", " a number ")
        return reason[:1].lower() + reason[1:]
    wanted = [words.get(one, one) for one in expected.removeprefix("Expected ").split(" | ") if one != "null"]
    return f"expected {' or '.join(wanted)}, got {words.get(found, found)}"
