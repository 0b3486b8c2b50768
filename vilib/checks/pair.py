"""Take apart what a function with two results returned."""

from __future__ import annotations

from vilib.checks.mistake import Mistake

__all__ = ["two_results"]


def two_results(what: str, returned: object) -> tuple[object, object]:
    """The two results of a learner's function, in order.

    Args:
        what: The results in words, the subject of the message.
        returned: What the function returned.

    Raises:
        Mistake: It is not a tuple or list of two.

    Example:
        >>> two_results("(mean, variance)", (1.0, 2.0))
        (1.0, 2.0)
    """
    if returned is None:
        raise Mistake(what, "the function returned None: a `return` is missing")
    if not isinstance(returned, tuple | list) or len(returned) != 2:
        kind = type(returned).__name__
        raise Mistake(what, f"two results are expected and a {kind} came back", yours=returned)
    return returned[0], returned[1]
