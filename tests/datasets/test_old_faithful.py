"""The geyser's eruptions: R's own moments, and each malformed line named."""

import re
import sys

import pytest
import torch

from vilib.datasets import DataError, old_faithful, registry
from vilib.datasets.old_faithful import parse_eruptions

HEADER = "rownames,eruptions,waiting\n"


def test_moments_are_those_that_r_prints():
    data = old_faithful()
    assert data.eruptions.shape == data.waiting.shape == (272,)
    assert data.eruptions.dtype == torch.double
    assert float(data.eruptions.mean()) == pytest.approx(3.487783, abs=1e-6)
    assert float(data.waiting.mean()) == pytest.approx(70.897059, abs=1e-6)
    assert float(data.eruptions.std()) == pytest.approx(1.141371, abs=1e-6)
    assert float(data.waiting.std()) == pytest.approx(13.594974, abs=1e-6)
    assert str(data.record).startswith("old_faithful: 272 all")


@pytest.mark.parametrize(
    "line", ["2,1.8", "2,1.8,54,7", "2,long,54", "2,1.8,-54", "2,nan,54", "2,1.8,inf", ""]
)
def test_malformed_line_is_named(line):
    with pytest.raises(DataError, match=r"a\.csv, line 3: .*expected number,minutes") as caught:
        parse_eruptions(f"{HEADER}1,3.6,79\n{line}\n3,3.3,74\n", "a.csv")
    assert caught.value.line == 3
    assert repr(line) in str(caught.value)


@pytest.mark.parametrize("header", ["", '"","eruptions","waiting"', "duration,waiting,kind"])
def test_another_header_is_told(header):
    expected = "line 1: header .*expected 'rownames,eruptions,waiting'"
    with pytest.raises(DataError, match=expected):
        parse_eruptions(f"{header}\n1,3.6,79\n", "a.csv")


def test_changed_and_truncated_files_are_told(tmp_path, monkeypatch):
    module = sys.modules["vilib.datasets.old_faithful"]
    whole = registry.embedded("old_faithful.csv").read_bytes()
    path = tmp_path / "old_faithful.csv"
    monkeypatch.setattr(module, "embedded", lambda file: path)
    for content, problem in (
        (whole.replace(b"3.6", b"3.7", 1), "wrong checksum"),
        (whole[: len(whole) // 2 - 3], "expected"),
        (b"", "header ''"),
        (whole.replace(b"79", b"\xff9", 1), "byte 0xff, expected UTF-8"),
    ):
        path.write_bytes(content)
        with pytest.raises(DataError, match=re.escape(problem)):
            old_faithful()
