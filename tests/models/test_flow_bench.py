"""The tables of unit 06: how they are made of rows, and that what is stored is what was run."""

import pytest

from bench.flow_targets import MODELS, target_criteria, vae_criteria
from bench.over_seeds import over_seeds
from vilib.models.flow_experiment import FAMILIES
from vilib.models.flow_presets import FLOW_PRESETS
from vilib.models.flow_vae import FlowVAE
from vilib.models.results import recorded

STORED = recorded("06_flows")


def test_criteria_can_fail():
    gaps = {"Gaussian": 1.0, "planar 2": 0.6, "planar 8": 0.5, "planar 32": 0.6, "coupling 8": 0.2}
    assert not any(target_criteria([{"family": f, "gap": g} for f, g in gaps.items()]).values())
    assert not any(vae_criteria([{"model": name, "nelbo": 24.0} for name in MODELS]).values())


def test_stored_summaries_and_criteria_follow_from_the_stored_rows():
    targets, vae = STORED["targets"], STORED["vae"]
    for line in over_seeds(targets["rows"], ("family",), ("gap",)):
        kept = next(row for row in targets["summary"] if row["family"] == line["family"])
        assert kept["gap"] == pytest.approx(line["gap"])
        assert kept["gap_sd"] == pytest.approx(line["gap_sd"])
    for line in over_seeds(vae["rows"], ("model",), ("nelbo",)):
        kept = next(row for row in vae["summary"] if row["model"] == line["model"])
        assert kept["nelbo"] == pytest.approx(line["nelbo"])
    assert targets["criteria"] == target_criteria(targets["summary"])
    assert vae["criteria"] == vae_criteria(vae["summary"])


def test_stored_runs_are_of_the_present_preset_families_and_models():
    assert STORED["scale"] == "class"
    assert STORED["preset"]["num_steps"] == FLOW_PRESETS["class"].num_steps
    assert {row["family"] for row in STORED["targets"]["rows"]} == set(FAMILIES)
    assert {row["target"] for row in STORED["targets"]["rows"]} == {"u1", "u2", "u3", "u4"}
    assert {row["model"] for row in STORED["vae"]["rows"]} == set(MODELS)


def test_the_wider_control_has_the_parameters_of_the_planar_model():
    def size(name):
        model = FlowVAE(64, FLOW_PRESETS["class"], **MODELS[name])
        return sum(p.numel() for p in model.parameters())

    assert size("Gaussian, wider") == pytest.approx(size("planar 8"), rel=0.01)
