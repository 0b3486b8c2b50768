"""Options and seeds that all tests share.

`pytest tests/exact tests/estimators --device cuda --dtype float32` runs the mathematics elsewhere;
`--reseed 3` gives every test other random numbers: none may owe its passing to its seed.
"""

from collections.abc import Iterator
from zlib import crc32

import pytest
import torch


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--device", default="cpu", help="where the tests of the mathematics run")
    parser.addoption("--dtype", default="float64", help="their floating type")
    parser.addoption("--reseed", default=0, type=int, help="other random numbers for them")


def pytest_configure() -> None:
    # torch may be loaded already, and then no longer reads OMP_NUM_THREADS
    torch.set_num_threads(1)


@pytest.fixture
def device(request: pytest.FixtureRequest) -> torch.device:
    return torch.device(request.config.getoption("--device"))


@pytest.fixture
def dtype(request: pytest.FixtureRequest) -> torch.dtype:
    return getattr(torch, request.config.getoption("--dtype"))


@pytest.fixture
def default_tensors(
    request: pytest.FixtureRequest, device: torch.device, dtype: torch.dtype
) -> Iterator[None]:
    """Device and dtype of the options as torch's defaults, and a seed of the test's own."""
    before = torch.get_default_dtype()
    with torch.random.fork_rng():
        torch.set_default_dtype(dtype)
        # a default device, even "cpu", slows every call
        torch.set_default_device(None if device.type == "cpu" else device)
        # the same seed on every machine, another one for every test
        torch.manual_seed(crc32(request.node.name.encode()) + request.config.getoption("--reseed"))
        try:
            yield
        finally:
            torch.set_default_dtype(before)
            torch.set_default_device(None)
