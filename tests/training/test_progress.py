"""The progress line: one line, on standard output, nothing on standard error."""

import io
import sys

import nbformat
import pytest
import torch
from nbclient import NotebookClient

from vilib.training import Progress, optimisers, train


def run(shown=True, said=()):
    layer = torch.nn.Linear(1, 1)
    data = torch.ones(4, 2, 1)
    return train(
        lambda x: {"loss": (layer(x) ** 2).mean(), "twice": 2.0},
        data,
        optimisers(layer, 0.01),
        3,
        name="least squares",
        progress=shown,
        said=said,
    )


def test_one_line_on_standard_output(capfd):
    run()
    seen = capfd.readouterr()
    assert seen.err == ""
    assert seen.out.count("\n") == 1
    assert seen.out.startswith("least squares · epoch 3: loss ")
    assert "cpu" not in seen.out


def test_the_caller_chooses_what_the_line_says(capfd):
    run()
    assert ", twice 2" in capfd.readouterr().out
    run(said=("loss",))
    assert "twice" not in capfd.readouterr().out


def test_silence(capfd):
    run(shown=False)
    assert capfd.readouterr() == ("", "")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_gets_a_bar_that_leaves(monkeypatch, capfd):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    with Progress(20, "bar") as bar:
        for _ in range(20):
            bar.advance()
        bar.say("done")
    text = terminal.getvalue()
    assert "\r" in text
    assert text.endswith("bar · done\n")
    assert capfd.readouterr().err == ""


def test_an_interrupted_run_says_how_far_it_was(capsys):
    def interrupted():
        with Progress(4, "run") as bar:
            bar.advance()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert capsys.readouterr().out == "run · 25%\n"


def test_an_executed_notebook_keeps_a_single_line():
    code = (
        "import torch\nfrom vilib.training import optimisers, train\n"
        "layer = torch.nn.Linear(1, 1)\n"
        "h = train(lambda x: {'loss': (layer(x) ** 2).mean()}, torch.ones(4, 2, 1),"
        " optimisers(layer, 0.01), 3, name='fit')"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    (output,) = notebook.cells[0].outputs
    assert output.output_type == "display_data"
    text = output.data["text/plain"]
    assert text.startswith("fit · epoch 3: loss ")
    assert "\n" not in text
