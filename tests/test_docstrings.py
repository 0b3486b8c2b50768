"""Every public name of vilib is documented, typed, and, where a reader calls it, shown at work.

The examples themselves are run by pytest's own `--doctest-modules`, which pyproject.toml sets.
"""

import ast
import doctest
import importlib
import inspect
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "vilib").rglob("*.py"))
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def public(tree):
    """The module, its classes, functions and methods whose name has no leading underscore."""
    yield tree, "module"
    inside = list(tree.body)
    while inside:
        node = inside.pop(0)
        if isinstance(node, DEFINITIONS) and not node.name.startswith("_"):
            yield node, node.name
            # what a function defines inside itself is not public
            inside += node.body if isinstance(node, ast.ClassDef) else []


def untyped(node):
    """Arguments without an annotation, `self` and `cls` apart."""
    arguments = node.args
    rest = [a for a in (arguments.vararg, arguments.kwarg) if a]
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *rest]
    return [a.arg for a in every if a.annotation is None and a.arg not in ("self", "cls")]


def faults(text):
    """What is missing, one line each."""
    tree = ast.parse(text)
    for node, name in public(tree):
        if not ast.get_docstring(node):
            yield f"{name}: no docstring"
    for node in ast.walk(tree):
        if isinstance(node, DEFINITIONS[:2]):
            for argument in untyped(node):
                yield f"{node.name}: argument {argument} has no type"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_documented_and_typed(path):
    assert list(faults(path.read_text(encoding="utf-8"))) == []


def test_what_is_missing_is_found():
    assert list(faults("def f(x, *y: int): ...\n")) == [
        "module: no docstring",
        "f: no docstring",
        "f: argument x has no type",
    ]
    assert list(faults('"""."""\nclass A:\n    """."""\n    def g(self): ...\n')) == [
        "g: no docstring"
    ]
    assert list(faults('"""."""\ndef _f(x: int):\n    pass\n')) == []


@pytest.mark.parametrize(
    "module",
    [
        "vilib.bounds",
        "vilib.distributions",
        "vilib.estimators",
        "vilib.estimators.baselines",
        "vilib.exact",
        "vilib.flows",
        "vilib.sparse",
        "vilib.structured",
    ],
)
def test_exported_names_have_an_example(module):
    module = importlib.import_module(module)
    for name in module.__all__:
        value = getattr(module, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert doctest.DocTestParser().get_examples(value.__doc__), name
