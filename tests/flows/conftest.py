"""Every test here runs on the device and in the dtype of the options, under its own seed."""

from collections.abc import Iterator

import pytest
import torch


@pytest.fixture(autouse=True)
def in_default_tensors(default_tensors: None) -> None:
    """See `default_tensors` of tests/conftest.py."""


@pytest.fixture
def double(in_default_tensors: None) -> Iterator[None]:
    """float64 whatever the option: for comparisons with finite differences."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.double)
    yield
    torch.set_default_dtype(before)
