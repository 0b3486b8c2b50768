"""Downloads from a server on this machine that fails in every way: the cache stays whole."""

import hashlib
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from vilib.datasets import DataError, download, sst
from vilib.datasets.download import DownloadError
from vilib.datasets.registry import File

ZIP = "trainDevTestTrees_PTB.zip"


class Server(ThreadingHTTPServer):
    """Serves `content` in one of several ways; `stop` ends the slow ones."""

    daemon_threads = True
    content = b""
    stop = threading.Event()


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        content = self.server.content
        way = self.path.strip("/")
        if way == "missing":
            self.send_error(404)
            return
        self.send_response(200)
        if way != "no-length":
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if way == "whole":
            self.wfile.write(content)
        elif way == "wrong":
            self.wfile.write(b"x" * len(content))
        elif way in ("cut", "no-length"):
            self.wfile.write(content[: len(content) // 2])
        elif way == "stalled":
            self.wfile.write(content[:1500])
            self.server.stop.wait(30)
        elif way == "trickle":
            for at in range(0, len(content), 100):
                if self.server.stop.wait(0.02):
                    return
                self.wfile.write(content[at : at + 100])
                self.wfile.flush()


@pytest.fixture
def server(archive_bytes):
    with Server(("127.0.0.1", 0), Handler) as running:
        running.content, running.stop = archive_bytes, threading.Event()
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield running
        finally:
            running.stop.set()
            running.shutdown()
            thread.join()


@pytest.fixture
def served(server, small_sst, archive_bytes, monkeypatch):
    """Register the small SST at an address that serves it in a given way."""
    monkeypatch.setenv("VILIB_OFFLINE", "0")

    def at(way):
        small_sst.register(archive_bytes, f"http://127.0.0.1:{server.server_port}/{way}")

    return at


def everything_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_download_fills_the_cache(served, server, places, archive_bytes, capfd):
    served("whole")
    assert sst().record.origin == "download"
    assert (places["cache"] / "sst" / ZIP).read_bytes() == archive_bytes
    assert len(everything_in(places["cache"])) == 1
    server.content = b"never asked for again"
    assert sst().record.origin == "cache"
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("way", "reason"),
    [("cut", "ChunkedEncodingError"), ("missing", "HTTPError"), ("stalled", "")],
)
def test_failed_download_leaves_nothing(served, places, monkeypatch, capfd, way, reason):
    module = sys.modules["vilib.datasets.download"]
    monkeypatch.setattr(module, "SILENCE", 0.3)
    served(way)
    start = time.monotonic()
    assert sst().record.origin == "stand-in"
    assert time.monotonic() - start < 8
    out, err = capfd.readouterr()
    assert everything_in(places["cache"]) == []
    assert err == ""
    assert f"no download ({reason}" in out
    assert out.count("\n") == 1
    with pytest.raises(DataError, match="no download"):
        sst(stand_in=False)
    assert everything_in(places["cache"]) == []


@pytest.mark.parametrize("way", ["wrong", "no-length"])
def test_wrong_bytes_raise_and_leave_nothing(served, places, way):
    served(way)
    with pytest.raises(DataError, match=f"download of {ZIP}: wrong checksum: .* expected"):
        sst()
    assert everything_in(places["cache"]) == []


def test_slow_server_ends_at_the_deadline(server, places):
    server.content = b"z" * 60_000
    expected = File(ZIP, 60_000, hashlib.sha256(server.content).hexdigest())
    start = time.monotonic()
    with pytest.raises(DownloadError, match="Timeout"):
        download.download(
            f"http://127.0.0.1:{server.server_port}/trickle", places["cache"], expected, seconds=0.3
        )
    assert time.monotonic() - start < 8
    assert everything_in(places["cache"]) == []


def test_nobody_listens(small_sst, archive_bytes, monkeypatch, capfd):
    monkeypatch.setenv("VILIB_OFFLINE", "")
    small_sst.register(archive_bytes, "http://127.0.0.1:9/sst.zip")
    start = time.monotonic()
    assert sst().record.origin == "stand-in"
    assert time.monotonic() - start < 8
    assert "no download (ConnectionError)" in capfd.readouterr().out


def test_half_written_rest_of_a_killed_process_is_not_taken_for_data(served, places, archive_bytes):
    folder = places["cache"] / "sst"
    folder.mkdir(parents=True)
    (folder / ".abc.part").write_bytes(archive_bytes[:100])
    served("whole")
    assert sst().record.origin == "download"


def test_cache_that_cannot_be_written(served, places, capfd):
    places["cache"].write_text("a file where the folder should be")
    served("whole")
    assert sst().record.origin == "stand-in"
    assert "the cache cannot be written" in capfd.readouterr().out


def test_interrupt_leaves_nothing(served, places, monkeypatch):
    module = sys.modules["vilib.datasets.download"]

    def interrupted(url, file, expected):
        file.write(b"half of it")
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "fetch", interrupted)
    served("whole")
    with pytest.raises(KeyboardInterrupt):
        sst()
    assert everything_in(places["cache"]) == []
