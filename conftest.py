"""How every test of the project is run: one thread, and lessons as the build runs them."""

import os
from collections.abc import Generator

import pytest

# two threads that wait for each other on a busy machine are slower than one
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Start nbval's kernels with the setting that `solutions/` were built with."""
    with pytest.MonkeyPatch.context() as patch:
        if type(item).__name__ == "IPyNbCell":
            from vicourse.build.execute import SETTING

            for name, value in SETTING.items():
                patch.setenv(name, value)
        return (yield)
