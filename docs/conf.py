"""How the course's web pages are built: nothing is run, nothing is downloaded."""

import re
import shutil
import sys
import tomllib
from pathlib import Path

from sphinx.application import Sphinx

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

import vilib  # noqa: E402 (found through the line above)

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REPOSITORY = PROJECT["urls"]["Repository"]
# pages that lie outside docs/, where people look for them first
ELSEWHERE = ("NOTATION.md", "CONTRIBUTING.md", "CHANGELOG.md")
LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)#\s]+)")

project = "vilib"
author = "The vilib authors"
copyright = "The vilib authors; code MIT, text CC BY 4.0"
release = vilib.__version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "vilib"

nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence"]
myst_heading_anchors = 3

# `[S, B]` in a docstring is a shape
default_role = "literal"
autodoc_member_order = "bysource"
autodoc_typehints = "description"
napoleon_google_docstring = True
napoleon_use_ivar = True
# several pictures have a `State`: a type in a signature may point to more than one
suppress_warnings = ["ref.python"]


def copy_pages() -> None:
    """Bring what lies elsewhere into the site: executed lessons, and the first pages."""
    pages = HERE / "_generated"
    shutil.rmtree(pages, ignore_errors=True)
    pages.mkdir()
    for notebook in sorted((ROOT / "solutions").glob("*/*.ipynb")):
        shutil.copy(notebook, pages)
    for name in ELSEWHERE:
        shutil.copy(ROOT / name, pages)


def write_reference() -> None:
    """One page for each part of vilib, in the order in which its files are met."""
    pages = HERE / "_generated" / "reference"
    pages.mkdir()
    for part in vilib.SUBMODULES:
        folder = ROOT / "vilib" / part
        modules = sorted(
            ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for path in folder.rglob("*.py")
            if path.stem != "__init__"
        )
        text = heading(f"vilib.{part}", "=") + f".. automodule:: vilib.{part}\n   :no-members:\n\n"
        for module in modules:
            text += heading(module, "-") + f".. automodule:: {module}\n   :members:\n\n"
        (pages / f"{part}.rst").write_text(text, encoding="utf-8")


def heading(text: str, line: str) -> str:
    """A title in reStructuredText, which autodoc writes."""
    return f"{text}\n{line * len(text)}\n\n"


copy_pages()
write_reference()


def mend_links(app: Sphinx, docname: str, source: list[str]) -> None:
    """Links to files of the repository that are no page of the site point to where it is hosted.

    A link to a file that does not exist stays as it is, and fails the build.
    """
    name = Path(docname).name
    if not docname.startswith("_generated/"):
        base = HERE
    else:
        base = ROOT / "solutions" / name if name[0].isdigit() else ROOT

    def mend(link: re.Match[str]) -> str:
        target = (base / link[1]).resolve()
        up = "../" * docname.count("/")
        if target.parent == ROOT and target.name in ELSEWHERE:
            return f"{up}_generated/{target.name}"
        if target.is_relative_to(HERE) and target.exists():
            return up + target.relative_to(HERE).as_posix()
        if target.is_relative_to(ROOT) and target.exists():
            kind = "tree" if target.is_dir() else "blob"
            return f"{REPOSITORY}/{kind}/main/{target.relative_to(ROOT).as_posix()}"
        return link[1]

    source[0] = LINK.sub(mend, source[0])


def keep_bars(
    app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]
) -> None:
    """A bar in prose is a bar, as in log |det J| or p(z|x), and no mark of reStructuredText."""
    example = False
    for number, line in enumerate(lines):
        example = bool(line.strip()) and (example or line.lstrip().startswith(">>>"))
        if not example:
            parts = line.split("`")
            # every second part stands between backticks, where a bar is safe
            parts[::2] = [part.replace("|", r"\|") for part in parts[::2]]
            lines[number] = "`".join(parts)


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", mend_links)
    app.connect("autodoc-process-docstring", keep_bars)
