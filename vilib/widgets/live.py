"""Is somebody there to move a slider?"""

from __future__ import annotations

import os
from collections.abc import Mapping

from IPython import get_ipython

__all__ = ["is_live"]

# set for the kernels of Jupyter's own server (Lab, Notebook, JupyterHub, Binder) and of Colab
SESSION_VARIABLES = ("JPY_SESSION_NAME", "COLAB_RELEASE_TAG")
# set by VS Code in the notebook's own names
SESSION_NAME = "__vsc_ipynb_file__"


def is_live(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this code runs in a notebook that a person has open.

    A notebook that is executed to be graded, tested or put on a page has a kernel too, but nobody
    to move a slider. `VILIB_STATIC=1` in the environment says so where it cannot be seen.

    Args:
        environment: Environment variables.

    Example: this very line runs in no notebook.
        >>> is_live()
        False
    """
    shell = get_ipython()
    if environment.get("VILIB_STATIC", "0") not in ("", "0") or not hasattr(shell, "kernel"):
        return False
    return any(map(environment.get, SESSION_VARIABLES)) or SESSION_NAME in shell.user_ns
