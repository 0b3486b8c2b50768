"""The kernel that can be stopped whatever runs in it."""

from __future__ import annotations

import sys
import time

import psutil
import pytest

from vicourse.grade.kernel import Kernel, Result
from vicourse.grade.limits import Limits


@pytest.fixture(scope="module")
def kernel():
    with Kernel(Limits(memory=2.0, output=0.1)) as kernel:
        yield kernel


def run(kernel: Kernel, source: str, busy: float = 20.0, whole: float = 60.0) -> Result:
    return kernel.execute(source, busy=busy, whole=whole)


def text(result: Result) -> str:
    return "".join(output.get("text", "") for output in result.outputs)


def test_settings_that_make_grading_fast_and_alone(kernel: Kernel) -> None:
    names = ["VILIB_STATIC", "VILIB_OFFLINE", "OMP_NUM_THREADS", "CUDA_VISIBLE_DEVICES"]
    result = run(kernel, f"import os\nprint([os.environ[n] for n in {names}], os.listdir())")
    assert text(result) == "['1', '1', '1', ''] []\n"


def test_an_error_is_a_result_and_the_kernel_goes_on(kernel: Kernel) -> None:
    result = run(kernel, "1 / 0")
    assert (result.state, result.outputs[-1].ename) == ("error", "ZeroDivisionError")
    assert run(kernel, "print(1)").state == "ok"


def test_counts_grow(kernel: Kernel) -> None:
    assert run(kernel, "0").count < run(kernel, "0").count


def test_a_cell_that_computes_is_stopped_by_its_processor_time(kernel: Kernel) -> None:
    result = run(kernel, "while True: pass", busy=0.5)
    assert (result.state, "ran out of time" in result.reason) == ("stopped", True)
    assert 0.4 < result.seconds < 5
    assert run(kernel, "print(1)").state == "ok"


def test_a_cell_that_waits_is_stopped_by_the_clock(kernel: Kernel) -> None:
    result = run(kernel, "import time\ntime.sleep(60)", whole=0.5)
    assert result.state == "stopped"
    assert result.seconds < 2


def test_input_is_refused_at_once(kernel: Kernel) -> None:
    assert run(kernel, "input('name? ')").outputs[-1].ename == "StdinNotImplementedError"


def test_too_much_output_is_stopped(kernel: Kernel) -> None:
    result = run(kernel, "while True: print('x' * 1000)")
    assert (result.state, "printed more than 0.1 MB" in result.reason) == ("stopped", True)
    assert len(text(result)) < 200_000
    assert text(run(kernel, "print(1)")) == "1\n"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux alone")
def test_memory_is_limited(kernel: Kernel) -> None:
    assert run(kernel, "hoard = bytearray(2**32)").outputs[-1].ename == "MemoryError"
    assert run(kernel, "little = bytearray(2**20)").state == "ok"


def test_what_a_cell_shows_is_kept(kernel: Kernel) -> None:
    result = run(kernel, "from IPython.display import HTML, display\ndisplay(HTML('<b>1</b>'))\n2")
    assert [output.output_type for output in result.outputs] == ["display_data", "execute_result"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import os; os._exit(3)", "exit status 3"),
        ("exit()", "it calls exit()"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"),
        (
            "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
            "ignored the interrupt",
        ),
    ],
)
def test_a_kernel_that_ends_says_how(source: str, reason: str) -> None:
    with Kernel(Limits()) as kernel:
        result = run(kernel, source, busy=0.5)
    assert (result.state, reason in result.reason) == ("died", True), result.reason


def test_no_process_outlives_its_kernel() -> None:
    script = (
        "import subprocess\nprint(subprocess.Popen(['sleep', '600'], start_new_session=True).pid)"
    )
    with Kernel(Limits()) as kernel:
        child = psutil.Process(int(text(run(kernel, script))))
        assert child.is_running()
    deadline = time.monotonic() + 10
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "a child is still running"
        time.sleep(0.05)
