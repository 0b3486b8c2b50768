"""pip, conda and the tested versions agree."""

import re

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from vicourse.course import here
from vicourse.pins import closure, direct

ROOT = here().root
# conda-forge's name → PyPI's
CONDA = {"pytorch": "torch", "matplotlib-base": "matplotlib"}


def requirements(lines: list[str]) -> dict[str, Requirement]:
    return {canonicalize_name(r.name): r for r in map(Requirement, lines)}


@pytest.fixture(scope="module")
def pinned() -> dict[str, Requirement]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return requirements([line for line in lines if line and not line.startswith("#")])


@pytest.fixture(scope="module")
def conda() -> dict[str, Requirement]:
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    lines = [line for line in listed if isinstance(line, str)]
    (by_pip,) = [line["pip"] for line in listed if isinstance(line, dict)]
    assert "--editable ." in by_pip, "vilib itself"
    renamed = [
        CONDA.get(name := re.split(r"[<>=]", line)[0], name) + line[len(name) :] for line in lines
    ]
    return requirements(renamed + [line for line in by_pip if line != "--editable ."])


def test_conda_and_pip_name_the_same_packages_and_ranges(conda: dict[str, Requirement]):
    wanted = {name: r.specifier for name, r in direct(ROOT / "pyproject.toml").items()}
    listed = {name: r.specifier for name, r in conda.items() if name not in ("python", "pip")}
    assert listed == wanted


def test_conda_and_pip_want_the_same_python(conda: dict[str, Requirement]):
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'requires-python = "{conda["python"].specifier}"' in text


@pytest.mark.parametrize("name", sorted(direct(ROOT / "pyproject.toml")))
def test_every_requirement_is_pinned_within_its_range(name: str, pinned: dict[str, Requirement]):
    (pin,) = pinned[name].specifier
    assert pin.operator == "=="
    assert direct(ROOT / "pyproject.toml")[name].specifier.contains(pin.version, prereleases=True)


def test_what_is_installed_is_pinned(pinned: dict[str, Requirement]):
    installed = closure(direct(ROOT / "pyproject.toml").values())
    assert set(installed) <= set(pinned), "run `make pins`"
