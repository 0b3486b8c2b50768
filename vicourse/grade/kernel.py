"""One Jupyter kernel that can be stopped whatever runs in it."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from time import monotonic
from types import TracebackType
from typing import Literal

import psutil
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager
from nbformat import NotebookNode
from nbformat.v4 import output_from_msg

from vicourse.grade.limits import Limits

__all__ = ["TIME", "Kernel", "Result", "end_family"]

SETTING = {
    "VILIB_STATIC": "1",
    "VILIB_OFFLINE": "1",
    "OMP_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "",
    "NBGRADER_EXECUTION": "autograde",
}
PATIENCE = 5.0  # seconds that an interrupted cell has to end
EXIT = "ended the kernel: it calls exit()"
TIME = "was stopped: it ran out of time"
SHOWN = ("stream", "display_data", "execute_result", "error")


@dataclass
class Result:
    """What came of one cell.

    Attributes:
        state: "ok" and "error" ran to their end; "stopped" was interrupted; "died" took the
        kernel with it.
        outputs: What it printed and showed.
        count: Execution count, None if the kernel never said.
        reason: Why it was stopped, or how the kernel ended.
        seconds: Processor seconds of the kernel.
    """

    state: Literal["ok", "error", "stopped", "died"] = "ok"
    outputs: list[NotebookNode] = field(default_factory=list)
    count: int | None = None
    reason: str = ""
    seconds: float = 0.0


class Kernel:
    """A fresh kernel in an empty folder, in a process group of its own.

    Args:
        limits: Memory and output that a cell may use.

    Example:
        >>> with Kernel(Limits()) as kernel:
        ...     kernel.execute("print(1)", busy=30, whole=60).state
        'ok'
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.cpu = 0.0

    def __enter__(self) -> Kernel:
        """Start the kernel and wait until it answers."""
        self.folder = tempfile.TemporaryDirectory(prefix="vigrade", ignore_cleanup_errors=True)
        home = Path(self.folder.name)
        (home / "work").mkdir()
        self.manager = KernelManager(connection_file=str(home / "kernel.json"))
        if (
            os.name == "posix"
        ):  # sockets in our own folder: no port that another kernel could take first
            self.manager.transport, self.manager.ip = "ipc", str(home / "s")
        # this interpreter, whatever kernel of the same name the account has installed
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        self.manager._kernel_spec = KernelSpec(
            argv=argv, display_name="Python 3", language="python"
        )
        try:
            self.launch(home)
        except BaseException:
            self.end()
            raise
        return self

    def launch(self, home: Path) -> None:
        """Start the process, limit its memory, connect."""
        with (home / "said").open("wb") as said:
            self.manager.start_kernel(
                env=os.environ | SETTING | {"IPYTHONDIR": str(home / "ipython")},
                cwd=str(home / "work"),
                extra_arguments=["--HistoryManager.enabled=False"],
                stdout=said,
                stderr=said,
            )
        self.process = psutil.Process(self.manager.provisioner.process.pid)
        if hasattr(self.process, "rlimit"):
            most = int(self.limits.memory * 2**30)
            self.process.rlimit(psutil.RLIMIT_DATA, (most, most))
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=120)  # a busy machine is slow to start one

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Kill the kernel, and every process that it started."""
        self.end()

    def end(self) -> None:
        """Kill the whole family; a graceful end costs a quarter of the time and nobody reads it."""
        if hasattr(self, "client"):
            self.client.stop_channels()
        if hasattr(self, "process"):
            end_family(self.process.pid)
        with contextlib.suppress(Exception):  # what is left to tidy up is ours alone
            self.manager.shutdown_kernel(now=True)
        self.folder.cleanup()

    def execute(self, source: str, busy: float, whole: float) -> Result:
        """Run one cell.

        Args:
            source: Its code.
            busy: Processor seconds that it may use.
            whole: Seconds by the clock, for a cell that waits instead of computing.
        """
        start, until = self.used(), monotonic() + whole
        result = Result()
        request = self.client.execute(
            source, store_history=True, allow_stdin=False, stop_on_error=False
        )
        reason = self.listen(
            request, result, lambda: self.used() > start + busy or monotonic() > until
        )
        if reason == EXIT:
            result.state, result.reason = "died", reason
        elif reason and self.manager.is_alive():
            result.state, result.reason = "stopped", reason
            self.interrupt(request, result)
        elif reason:
            result.state, result.reason = "died", self.obituary()
        result.seconds = self.used() - start
        return result

    def interrupt(self, request: str, result: Result) -> None:
        """Ask a cell to stop; if it does not, the kernel has to end."""
        self.manager.interrupt_kernel()
        ignored = Result()  # what it still says is thrown away, however much it is
        until = monotonic() + PATIENCE
        if self.listen(request, ignored, lambda: monotonic() > until, keep=False):
            result.state = "died"
            result.reason += ", and ignored the interrupt"
            end_family(self.process.pid)
        result.count = ignored.count

    def used(self) -> float:
        """Processor seconds of the kernel and its ended children; once dead, the last known."""
        with contextlib.suppress(psutil.Error):
            self.cpu = sum(self.process.cpu_times()[:4])
        return self.cpu

    def listen(
        self, request: str, result: Result, late: Callable[[], bool], keep: bool = True
    ) -> str:
        """Collect what a cell sends until it is done ("") or must be stopped (the reason)."""
        room, idle, replied, patience = self.limits.output * 1e6, False, False, 0.0
        while not (idle and replied):
            message = self.next_message(wait=not replied or not idle)
            if message is None:
                if not self.manager.is_alive():
                    return "ended the kernel"
                if replied and monotonic() > patience:
                    return ""  # its last word was lost among too many; it has ended all the same
            elif message["parent_header"].get("msg_id") == request:
                kind, content = message["msg_type"], message["content"]
                if kind == "execute_reply":
                    replied, patience = True, monotonic() + PATIENCE
                    if ended := self.note_reply(content, result):
                        return ended
                elif kind == "status":
                    idle = content["execution_state"] == "idle"
                elif kind in SHOWN and keep:
                    room -= len(str(content))
                    if room < 0:
                        return f"was stopped: it printed more than {self.limits.output:g} MB"
                    result.outputs.append(output_from_msg(message))
            if not replied and late():
                return TIME
        return ""

    def next_message(self, wait: bool) -> dict | None:
        """The next message from either channel, or None when none comes within a moment."""
        if self.client.shell_channel.msg_ready():
            return self.client.get_shell_msg(timeout=0)
        try:
            return self.client.get_iopub_msg(timeout=0.05 if wait else 0)
        except Empty:
            return None

    def note_reply(self, content: dict, result: Result) -> str:
        """Take over state and count; return a reason if the cell asked the kernel to exit."""
        result.state = "ok" if content["status"] == "ok" else "error"
        result.count = content.get("execution_count")
        if any(part.get("source") == "ask_exit" for part in content.get("payload", [])):
            return EXIT
        return ""

    def obituary(self) -> str:
        """How the kernel ended, in words."""
        process = self.manager.provisioner.process
        code = process.poll() if process else None
        if code is not None and code < 0:
            name = signal.Signals(-code).name
            memory = ", as when memory runs out" if name == "SIGKILL" else ""
            return f"ended the kernel ({name}{memory})"
        return "ended the kernel" + (f" (exit status {code})" if code is not None else "")


def end_family(pid: int) -> None:
    """Kill a process, its process group and all that descends from it."""
    family = []
    with contextlib.suppress(psutil.Error):
        family = psutil.Process(pid).children(recursive=True)
    if hasattr(os, "killpg"):
        with contextlib.suppress(OSError):
            if os.getpgid(pid) == pid:
                os.killpg(pid, signal.SIGKILL)
    for process in [*family, *([psutil.Process(pid)] if psutil.pid_exists(pid) else [])]:
        with contextlib.suppress(psutil.Error):
            process.kill()
