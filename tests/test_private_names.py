"""Tests use what everyone may use: no name that begins with an underscore, but their own."""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def private_names(tree: ast.AST) -> Iterator[str]:
    """Yield the private names of others that are read, imported or replaced."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="self" | "cls")):
                pass
            case ast.Attribute(attr=name) if is_private(name):
                yield f"{node.lineno}: {ast.unparse(node)}"
            case ast.ImportFrom(names=names):
                yield from (f"{node.lineno}: {n.name}" for n in names if is_private(n.name))
            case ast.Call(func=ast.Attribute(attr="setattr" | "delattr"), args=args):
                given = (a.value for a in args if isinstance(a, ast.Constant))
                names_given = (text.split(".")[-1] for text in given if isinstance(text, str))
                yield from (f"{node.lineno}: {name}" for name in names_given if is_private(name))


def test_no_test_reaches_into_what_is_private() -> None:
    found = [
        f"{path.relative_to(TESTS)}:{name}"
        for path in TESTS.rglob("*.py")
        for name in private_names(ast.parse(path.read_text("utf-8")))
    ]
    assert found == []


def test_it_would_be_found() -> None:
    source = (
        "from a import _b\nc._d = 1\nself._e = 2\n"
        "patch.setattr('f._g', 3)\npatch.setattr(h, '_i', 4)"
    )
    assert [name.split(": ")[1] for name in private_names(ast.parse(source))] == [
        "_b",
        "c._d",
        "_g",
        "_i",
    ]
