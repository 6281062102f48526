"""Mermaid: whatever the names are, the text is one that Mermaid reads, with every table and foreign key in it once."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import merman
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headworks.erd.errors import DiagramTooLarge, FormatMissing, TableTooLarge
from headworks.erd.formats import names, renderer
from headworks.erd.formats._mermaid_text import entity_id, quoted, shortened, type_word, word
from headworks.erd.formats.mermaid import LIMIT, page, render
from headworks.erd.graph import Cardinality, Column, Edge, Entity, Graph

# What PostgreSQL takes as a name: no NUL, and none of the code points that UTF-8 lacks.
ANY_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20)
GRAMMAR = "accDescr accTitle class classDef default direction end erDiagram many o one only optionally style subgraph"
PIECES = ["pk", "FK", "uk-1", "end", "direction", " ", "TB", "%%", "%%{init: {}}%%", '"', "~", "`", ":", "#", ";", "{"]
PIECES += ["}", "[", "]", "|o", "||", "--", "..", "\n", "\\", "<b>", "&amp;", "_", "*", "é", "名", "1", "\u2028", "😀"]
TRICKY = st.one_of(st.sampled_from(GRAMMAR.split()), st.lists(st.sampled_from(PIECES), min_size=1).map("".join))
NAME = st.one_of(ANY_TEXT, TRICKY)
ENDS = st.sampled_from(Cardinality)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    keys = draw(st.lists(st.tuples(st.sampled_from(["public", "odd one"]), NAME), min_size=1, max_size=4, unique=True))
    column = st.builds(
        Column,
        name=NAME,
        type=NAME,
        nullable=st.booleans(),
        primary=st.booleans(),
        foreign=st.booleans(),
        unique=st.booleans(),
        comment=st.none() | NAME,
    )
    entities = [
        Entity(
            schema=schema,
            name=name,
            domain=draw(NAME),
            columns=tuple(draw(st.lists(column, max_size=3))),
            comment=draw(st.none() | NAME),
            stub=draw(st.booleans()),
        )
        for schema, name in sorted(keys)
    ]
    edges = st.builds(
        Edge,
        name=NAME,
        child=st.sampled_from(keys),
        parent=st.sampled_from(keys),
        columns=st.lists(NAME, min_size=1, max_size=2).map(tuple),
        referenced_columns=st.just(()),
        child_end=ENDS,
        parent_end=ENDS,
        identifying=st.booleans(),
    )
    return Graph(entities=tuple(entities), edges=tuple(draw(st.lists(edges, max_size=3))))


def parsed(text: str) -> dict[str, object]:
    engine = merman.Merman()
    verdict = engine.validate(text, None)
    assert verdict.valid, (verdict.error, text)
    return json.loads(engine.parse_json(text, None))


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_any_name_is_read(graph: Graph) -> None:
    text = render(graph)
    model = parsed(text)
    found = re.findall(r"^    \S.* [|}][|o](?:--|\.\.)[|o][|{] ", text, re.MULTILINE)
    assert len(found) == len(graph.edges)
    assert len(model["entities"]) == len(graph.entities)  # type: ignore[arg-type]
    assert len(model["relationships"]) == len(graph.edges)  # type: ignore[arg-type]


@settings(max_examples=20, deadline=None)
@given(graphs())
def test_any_name_stays_in_its_fence(graph: Graph) -> None:
    text = page(graph)
    blocks = re.findall(r"^```mermaid\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) == len(graph.domains)
    for block in blocks:
        parsed(block)


@given(st.lists(NAME, min_size=2, max_size=2, unique=True))
def test_different_names_stay_different(pair: list[str]) -> None:
    one, other = map(entity_id, pair)
    assert one.strip('"') != other.strip('"')


@given(NAME)
def test_quoted_text_is_read_back(text: str) -> None:
    def mark(match: re.Match[str]) -> str:
        return '"' if match[1] == "quot" else chr(int(match[1]))

    made = quoted(text)
    assert re.sub(r"#(\w+);", mark, made[1:-1]) == text


@given(NAME)
def test_a_word_is_one_word(text: str) -> None:
    assert re.fullmatch(r"[^\s.,\"`~%#;:{}]+", word(text))
    assert not re.match(r"(?i)(pk|fk|uk)\b", word(text), re.ASCII)


@pytest.mark.parametrize(
    ("printed", "short"),
    [
        ("timestamp(3) without time zone", "timestamp(3)"),
        ("time with time zone", "timetz"),
        ("character varying(255)[]", "varchar(255)[]"),
        ("numeric(12,2)", "numeric(12_2)"),
        ("public.order_status", "order_status"),
        ('public."Odd Type"[]', "Odd_Type[]"),
        ("billing.state", "billing_state"),
        ("interval year to month", "interval_year_to_month"),
    ],
)
def test_types(printed: str, short: str) -> None:
    assert type_word(printed, "public") == short


def test_comments_are_one_short_line() -> None:
    assert shortened("one\n two", 20) == "one two"
    assert shortened("word " * 20, 20) == "word word word ..."
    assert shortened("x" * 30, 20) == "x" * 16 + " ..."


def wide(count: int, domain: str = "default") -> list[Entity]:
    columns = tuple(Column(name=f"a_rather_long_column_{number}", type="text") for number in range(20))
    return [Entity(schema="public", name=f"{domain}_{n:03}", domain=domain, columns=columns) for n in range(count)]


def test_one_diagram_that_is_too_large() -> None:
    with pytest.raises(DiagramTooLarge) as raised:
        render(Graph(entities=tuple(wide(100))))
    assert "-o FILE.md" in raised.value.advice
    assert "--domain" not in raised.value.advice
    with pytest.raises(DiagramTooLarge) as raised:
        render(Graph(entities=tuple(wide(60, "a") + wide(60, "b"))))
    assert "--domain" in raised.value.advice


def test_a_page_is_split_below_the_limit() -> None:
    entities = wide(200)
    edge = Edge(
        name="k",
        child=entities[0].key,
        parent=entities[-1].key,
        columns=("a",),
        referenced_columns=("a",),
        child_end=Cardinality.ZERO_OR_MORE,
        parent_end=Cardinality.EXACTLY_ONE,
    )
    text = page(Graph(entities=tuple(entities), edges=(edge,)))
    blocks = re.findall(r"^```mermaid\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) > 2
    assert all(len(block) <= LIMIT for block in blocks)
    assert sum(block.count("{\n") for block in blocks) == 200
    assert text.count(' : "a"') == 1
    assert f"## default (2 of {len(blocks)})" in text


def test_a_table_that_is_too_large() -> None:
    columns = tuple(Column(name=f"column_{n}", type="text", comment="x" * 60) for n in range(1000))
    with pytest.raises(TableTooLarge):
        page(Graph(entities=(Entity(schema="public", name="t", columns=columns),)))


def test_formats_are_found_by_name() -> None:
    assert "mermaid" in names()
    assert renderer("mermaid") is render
    assert renderer("mermaid", Path("a.mmd")) is render
    assert renderer("mermaid", Path("A.MD")) is page
    with pytest.raises(FormatMissing) as raised:
        renderer("_mermaid_text")
    assert "mermaid" in raised.value.known


PARSER = """
import {createRequire} from "node:module";
import {readFileSync} from "node:fs";
import {pathToFileURL} from "node:url";
const need = createRequire(process.argv[1] + "/");
const {JSDOM} = need("jsdom");
globalThis.window = new JSDOM("").window;
globalThis.document = window.document;
const mermaid = (await import(pathToFileURL(process.argv[1] + "/mermaid/dist/mermaid.core.mjs"))).default;
for (const file of process.argv.slice(2)) await mermaid.parse(readFileSync(file, "utf8"));
"""


def test_mermaid_itself_reads_every_case() -> None:
    node, modules = shutil.which("node"), os.environ.get("HEADWORKS_MERMAID_MODULES")
    if not node or not modules:
        pytest.skip("needs node, and HEADWORKS_MERMAID_MODULES=.../node_modules with mermaid and jsdom in it")
    files = sorted((Path(__file__).parents[1] / "cases" / "erd").glob("*/expected.mmd"))
    words = [node, "--input-type=module", "--eval", PARSER, str(Path(modules).resolve()), *map(str, files)]
    done = subprocess.run(words, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
