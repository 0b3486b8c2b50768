"""nbval as it is set up here: a compared cell may not change, another may."""

import subprocess
import sys

import nbformat
import pytest
from nbformat import NotebookNode

from vicourse.course import here

CONFIG = here().root / "pyproject.toml"


def notebook(source: str, kept: str, tags: list[str]) -> NotebookNode:
    cell = nbformat.v4.new_code_cell(source, id="only", metadata={"tags": tags})
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=kept)]
    cell.execution_count = 1
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel})


COMPARED = ["nbval-check-output"]
KEPT = "ELBO -3.2 after 1.2 s\n"
# source, tags, whether nbval lets it pass
CASES = {
    "same": ("print('ELBO -3.2 after 1.2 s')", COMPARED, True),
    "other_seconds": ("print('ELBO -3.2 after 0.3 s')", COMPARED, True),
    "other_number": ("print('ELBO -3.3 after 1.2 s')", COMPARED, False),
    "not_compared": ("print('ELBO -3.3 after 1.2 s')", [], True),
    "raises": ("raise ValueError('ELBO')", [], False),
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("nbval")
    for name, (source, tags, _) in CASES.items():
        nbformat.write(notebook(source, KEPT, tags), folder / f"{name}.ipynb")
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-c", str(CONFIG), "--rootdir", str(CONFIG.parent), str(folder)],
        cwd=CONFIG.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("name", CASES)
def test_cell_is_judged(report: str, name: str):
    verdicts = [line for line in report.splitlines() if f"{name}.ipynb::" in line]
    (verdict,) = [line.split()[0] for line in verdicts if line.startswith(("PASSED", "FAILED"))]
    assert verdict == ("PASSED" if CASES[name][2] else "FAILED")
