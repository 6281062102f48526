"""YAML as a tree that knows where each value stands and how it was written.

Composed, never constructed: `25.50` stays the text `25.50` instead of becoming a float, and YAML 1.2 is what ruamel
resolves by, so that Norway's `NO` is text.
"""

from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from headworks.seed.errors import SeedSyntaxError
from headworks.seed.records import Place

__all__ = ["MappingNode", "Node", "ScalarNode", "SequenceNode", "items", "kind", "place", "read"]

_KINDS = frozenset({"int", "float", "bool", "null", "timestamp"})


def read(path: Path, text: str) -> Node:
    """Parse one document. Raises `SeedSyntaxError` with the place of the mistake."""
    try:
        root: Node | None = YAML(pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        problem = error.problem or error.context or "not YAML"
        raise SeedSyntaxError(file=str(path), line=where[0], column=where[1], problem=problem) from error
    except YAMLError as error:
        raise SeedSyntaxError(file=str(path), line=1, column=1, problem=str(error)) from error
    if root is None:
        raise SeedSyntaxError(file=str(path), line=1, column=1, problem="the file is empty")
    return root


def place(path: Path | str, node: Node) -> Place:
    """Where a node begins, line and column from 1."""
    return Place(str(path), node.start_mark.line + 1, node.start_mark.column + 1)


def kind(node: Node) -> str:
    """What a scalar is by YAML's core schema: `int`, `float`, `bool`, `null`, `timestamp` or `str`."""
    name = str(node.tag).rpartition(":")[2]
    return name if name in _KINDS else "str"


def items(node: MappingNode) -> Iterator[tuple[ScalarNode, Node]]:
    """The pairs of a mapping, in order."""
    yield from node.value
