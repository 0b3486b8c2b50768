"""Importing vilib changes nothing and is quick."""

import json
import subprocess
import sys

import pytest

import vilib

STATE = """
import json, random, sys, warnings
import numpy, torch, torch.distributions
def state():
    return {
        "torch seed": torch.initial_seed(),
        "torch state": torch.get_rng_state().sum().item(),
        "numpy state": int(numpy.random.get_state()[1].sum()),
        "random state": hash(random.getstate()),
        "threads": torch.get_num_threads(),
        "dtype": str(torch.get_default_dtype()),
        "device": str(torch.get_default_device()),
        "validation": torch.distributions.Distribution._validate_args,
        "grad": torch.is_grad_enabled(),
        "deterministic": torch.are_deterministic_algorithms_enabled(),
        "print": str(torch._tensor_str.PRINT_OPTS),
        "warnings": len(warnings.filters),
    }
before = state()
MODULES
print(json.dumps([before, state(), sorted(sys.modules)]))
"""
MATHEMATICS = ", ".join(
    f"vilib.{part}"
    for part in ("bounds", "distributions", "estimators", "exact", "flows", "sparse", "structured")
)
HEAVY = ("matplotlib", "sklearn", "ipywidgets", "IPython", "pooch", "scipy", "pandas", "tqdm")


def after(modules):
    """State before and after the imports, in a fresh process, and what is loaded then."""
    code = STATE.replace("MODULES", f"import {modules}" if modules else "")
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stderr == ""
    return json.loads(run.stdout)


def test_import_changes_nothing():
    _, _, without = after("")
    before, now, loaded = after(MATHEMATICS)
    assert now == before
    assert [m for m in HEAVY if m in loaded and m not in without] == []


def test_import_is_quick():
    """Less than 0.3 s of processor time after torch, in the best of at most three processes."""
    code = (
        "import time, torch, torch.distributions; t = time.process_time(); "
        f"import {MATHEMATICS}; print(time.process_time() - t)"
    )
    times = []
    for _ in range(3):
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        times.append(float(run.stdout))
        if times[-1] < 0.3:
            return
    pytest.fail(f"importing vilib took {times} seconds")


def test_submodules_come_when_they_are_named():
    _, _, loaded = after("vilib")
    assert [m for m in loaded if m.startswith("vilib.")] == []
    for name in vilib.SUBMODULES:
        assert getattr(vilib, name).__name__ == f"vilib.{name}"
    assert set(vilib.__all__) == set(dir(vilib))


def test_unknown_names_are_refused():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = vilib.nothing


def test_doctor_is_a_function():
    assert vilib.doctor is vilib.doctor
    assert callable(vilib.doctor)
