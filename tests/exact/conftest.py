"""Every test here runs on the device of the options, in float64 whatever their dtype."""

import pytest
import torch


@pytest.fixture(autouse=True)
def in_double(default_tensors: None) -> None:
    """See `default_tensors` of tests/conftest.py; the truth is float64 always."""
    torch.set_default_dtype(torch.float64)
