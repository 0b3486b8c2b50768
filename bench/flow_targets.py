"""Unit 06's tables: several seeds of every flow on U1 to U4, and of every VAE of pictures.

    python -m bench.flow_targets [--seeds 1 2 3 11 12 13] [--scale class] [--write]

Writes `data/results/06_flows.json` with `--write`. How the settings were chosen is
`vilib.models.flow_presets.CHOICE`, which is recorded too.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import asdict, replace

import torch

from bench.kept import circumstances, keep
from bench.over_seeds import Row, over_seeds
from vilib import datasets
from vilib.datasets import Images
from vilib.datasets.energies import energies
from vilib.models.flow_experiment import FAMILIES, fit_target
from vilib.models.flow_presets import CHOICE, FLOW_PRESETS, FlowPreset
from vilib.models.flow_vae import FlowVAE, held_out_pictures, train_flow_vae
from vilib.models.vae_report import report

# what the lesson trains; "wider" has about as many parameters as "planar 8" at class scale
MODELS: dict[str, dict[str, str | int]] = {
    "Gaussian": {},
    "Gaussian, wider": {"hidden": 102},
    "planar 8": {"posterior": "planar", "num_layers": 8},
    "IAF 4": {"posterior": "IAF", "num_layers": 4},
    "Gaussian, prior coupling 4": {"prior_layers": 4},
}


def target_rows(preset: FlowPreset, seed: int, device: str) -> Iterator[Row]:
    """Every family on U1 to U4."""
    for name, energy in energies().items():
        for family in FAMILIES if name != "ring" else ():
            started = time.process_time()
            fit = fit_target(energy, family, preset, seed=seed, device=device, progress=False)
            seconds = round(time.process_time() - started, 1)
            print(f"seed {seed}: {name}, {family}: gap {fit.gap:.3f}, {seconds} CPU s", flush=True)
            yield {
                "target": name,
                "family": family,
                "seed": seed,
                "gap": fit.gap,
                "cpu_seconds": seconds,
            }


def abrupt_row(preset: FlowPreset, seed: int, device: str) -> Row:
    """A coupling flow on U1 whose target counts fully from the first step."""
    energy, abrupt = energies()["u1"], replace(preset, anneal=0.0)
    fit = fit_target(energy, "coupling 8", abrupt, seed=seed, device=device, progress=False)
    print(f"seed {seed}: u1, coupling 8 without a slow start: gap {fit.gap:.3f}", flush=True)
    return {"target": "u1", "family": "coupling 8", "seed": seed, "gap": fit.gap}


def vae_rows(images: Images, preset: FlowPreset, seed: int, device: str) -> Iterator[Row]:
    """Every VAE, on the fixed binarisation of test."""
    held_out = held_out_pictures(images, preset).to(device)
    for name, options in MODELS.items():
        started = time.process_time()
        model = train_flow_vae(
            images,
            lambda P, options=options: FlowVAE(P, preset, **options),
            preset,
            seed=seed,
            device=device,
            progress=False,
        ).model
        seconds = round(time.process_time() - started, 1)
        torch.manual_seed(seed)
        found = report(model, held_out, preset.vae.num_importance)
        print(f"seed {seed}: {name}: -ELBO {-found.elbo:.2f}, {seconds} CPU s", flush=True)
        yield {
            "model": name,
            "seed": seed,
            "nelbo": -found.elbo,
            "nll": -found.log_evidence,
            "gap": found.gap,
            "rate": found.rate,
            "sampling_error": found.sampling_error,
            "parameters": sum(p.numel() for p in model.parameters()),
            "cpu_seconds": seconds,
        }


def target_criteria(summary: list[Row]) -> dict[str, bool]:
    """What must hold of the mean gaps."""
    gap = {row["family"]: row["gap"] for row in summary}
    return {
        "coupling 8 at most 0.15 nats": gap["coupling 8"] <= 0.15,
        "planar 2 at most half of the Gaussian": gap["planar 2"] <= gap["Gaussian"] / 2,
        "planar 8 at most 0.8 of planar 2": gap["planar 8"] <= 0.8 * gap["planar 2"],
        "planar 32 below planar 8 below planar 2": (
            gap["planar 32"] < gap["planar 8"] < gap["planar 2"]
        ),
    }


def vae_criteria(summary: list[Row]) -> dict[str, bool]:
    """What must hold of the mean −ELBOs."""
    nelbo = {row["model"]: row["nelbo"] for row in summary}
    plain = nelbo["Gaussian"]
    return {
        "planar 8 at most Gaussian − 0.2 nats": nelbo["planar 8"] <= plain - 0.2,
        "IAF 4 at most Gaussian − 0.2 nats": nelbo["IAF 4"] <= plain - 0.2,
        "planar 8 at most the wider Gaussian − 0.1 nats": (
            nelbo["planar 8"] <= nelbo["Gaussian, wider"] - 0.1
        ),
    }


def results(scale: str, seeds: list[int], device: str) -> dict:
    """Everything that is recorded."""
    preset = FLOW_PRESETS[scale]
    images = getattr(datasets, preset.data)()
    targets = [row for seed in seeds for row in target_rows(preset, seed, device)]
    abrupt = [abrupt_row(preset, seed, device) for seed in seeds]
    vaes = [row for seed in seeds for row in vae_rows(images, preset, seed, device)]
    target_table = over_seeds(targets, ("family",), ("gap", "cpu_seconds"))
    numbers = ("nelbo", "nll", "gap", "rate", "parameters", "cpu_seconds")
    vae_table = over_seeds(vaes, ("model",), numbers)
    return {
        "command": f"python -m bench.flow_targets --write --seeds {' '.join(map(str, seeds))}",
        "data": str(images.record),
        "choice": CHOICE,
        "scale": scale,
        "preset": asdict(preset),
        **circumstances(device),
        "targets": {
            "num_seeds": len(seeds),
            "log_normalisers": {name: e.log_normaliser for name, e in energies().items()},
            "summary": target_table,
            "criteria": target_criteria(target_table),
            "rows": targets,
            "abrupt": abrupt,
        },
        "vae": {
            "num_seeds": len(seeds),
            "models": MODELS,
            "summary": vae_table,
            "criteria": vae_criteria(vae_table),
            "rows": vaes,
        },
    }


def show(found: dict) -> None:
    """Print both tables and what holds."""
    for row in found["targets"]["summary"]:
        print(f"{row['family']:28} mean gap {row['gap']:.3f} ± {row['gap_sd']:.3f} nats")
    for row in found["vae"]["summary"]:
        print(f"{row['model']:28} −ELBO {row['nelbo']:.2f} ± {row['nelbo_sd']:.2f} nats")
    for claim, holds in {**found["targets"]["criteria"], **found["vae"]["criteria"]}.items():
        print(f"{'holds' if holds else 'FAILS'}: {claim}")


def main() -> None:
    """Fit and train everything, print the tables and write them down if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 11, 12, 13])
    parser.add_argument("--scale", choices=sorted(FLOW_PRESETS), default="class")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--write", action="store_true", help="write data/results")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    found = results(arguments.scale, arguments.seeds, arguments.device)
    show(found)
    if arguments.write:
        keep("06_flows", found)


if __name__ == "__main__":
    main()
