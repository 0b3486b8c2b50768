"""Tables over seeds: what a seed did is averaged first, and one seed has no spread."""

import json
import math

import pytest

from bench import kept
from bench.over_seeds import over_seeds, spread


def test_mean_and_spread_are_over_seeds_after_the_mean_within_one():
    rows = [
        {"family": "a", "target": target, "seed": seed, "gap": gap}
        for target, seed, gap in (("u1", 1, 1.0), ("u2", 1, 2.0), ("u1", 2, 3.0), ("u2", 2, 4.0))
    ]
    (line,) = over_seeds(rows, ("family",), ("gap",))
    assert (line["family"], line["gap"], line["seeds"]) == ("a", 2.5, 2)
    assert line["gap_sd"] == pytest.approx(2**0.5)


def test_lines_are_told_apart_by_all_keys():
    rows = [{"model": "m", "rate": r, "seed": 1, "nll": r} for r in (0.1, 0.3)]
    found = over_seeds(rows, ("model", "rate"))
    assert [line["nll"] for line in found] == [0.1, 0.3]
    assert [line["nll_sd"] for line in found] == [0, 0]
    assert (over_seeds(rows, ("model",))[0]["nll"]) == pytest.approx(0.2)


def test_spread_of_one_value_and_of_an_infinite_one():
    assert spread([1.0]) == 0
    assert math.isnan(spread([1.0, math.inf]))


def test_what_is_kept_can_be_read_again(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(kept, "RESULTS", tmp_path / "results")
    kept.keep("99_unit", {"nll": 1.5, "data": "häuser"})
    stored = json.loads((tmp_path / "results" / "99_unit.json").read_text(encoding="utf-8"))
    assert stored == {"nll": 1.5, "data": "häuser"}
    assert capsys.readouterr().out == "written: data/results/99_unit.json\n"
