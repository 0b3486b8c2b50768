"""Every test here runs on the device and in the dtype of the options, under its own seed."""

import pytest


@pytest.fixture(autouse=True)
def in_default_tensors(default_tensors: None) -> None:
    """See `default_tensors` of tests/conftest.py."""
