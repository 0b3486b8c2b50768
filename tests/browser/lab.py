"""A JupyterLab of its own for a test: free port, 127.0.0.1 only, settings in a temporary folder."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]
START_S = 90


def find_chromium() -> str | None:
    """A Chromium or Chrome on this machine."""
    named = os.environ.get("VILIB_CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return named or next(filter(None, map(shutil.which, names)), None)


class Lab:
    """JupyterLab on `folder`, stopped with its kernels by `stop`."""

    def __init__(self, folder: Path, private: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder, self.log = folder, private / "lab.log"
        settings(private)
        options = {
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": self.port,
            "ServerApp.port_retries": 0,
            "ServerApp.root_dir": folder,
            "ServerApp.allow_root": True,
            "ServerApp.open_browser": False,
            "ServerApp.password": "",
            "IdentityProvider.token": "",
            "LabApp.expose_app_in_browser": True,
            "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        }
        command = [sys.executable, "-m", "jupyterlab", *(f"--{k}={v}" for k, v in options.items())]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command, env=environment(private), stdout=log, stderr=log, start_new_session=True
            )
        self.wait()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait(self) -> None:
        """Until the server answers."""
        end = time.monotonic() + START_S
        while time.monotonic() < end and self.process.poll() is None:
            try:
                urlopen(f"{self.address}/api/status", timeout=5).read()
                return
            except (URLError, OSError):
                time.sleep(0.3)
        self.stop()
        raise RuntimeError(f"JupyterLab did not start:\n{self.log.read_text()[-3000:]}")

    def stop(self) -> None:
        """End the server; it shuts its kernels down, and what stays is killed as a group."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(timeout=10)


def environment(private: Path) -> dict[str, str]:
    """The caller's environment without its notebook settings, vilib importable from here."""
    clean = {
        k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "JPY_", "VILIB_STATIC"))
    }
    paths = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    inherited = [p for p in (clean.get("PYTHONPATH"),) if p]
    return {
        **clean,
        **{name: str(private / folder) for name, folder in paths.items()},
        "PYTHONPATH": os.pathsep.join([str(ROOT), *inherited]),
        "OMP_NUM_THREADS": "1",
    }


def settings(private: Path) -> None:
    """Every cell is in the page, and nothing pops up."""
    tracker = private / "settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings"
    tracker.parent.mkdir(parents=True)
    tracker.write_text(json.dumps({"windowingMode": "none"}))
    page = private / "config/labconfig/page_config.json"
    page.parent.mkdir(parents=True)
    silent = {"@jupyterlab/apputils-extension:announcements": True}
    page.write_text(json.dumps({"disabledExtensions": silent}))
