"""What a learner reads when a check fails."""

from __future__ import annotations

__all__ = ["Mistake", "passed"]


class Mistake(AssertionError):
    """An answer is wrong, and the message says how.

    Args:
        what: The quantity that was checked, in words ("KL(q‖p), summed over dimensions").
        diagnosis: The sentence that names the mistake.
        yours: The learner's value, printed when given.
        expected: The true value, printed when given.

    Example:
        >>> print(Mistake("ELBO", "the KL has the wrong sign", yours=-1.0, expected=-3.0))
        ELBO is not right: the KL has the wrong sign.
          yours:    -1.0
          expected: -3.0
    """

    def __init__(
        self, what: str, diagnosis: str, *, yours: object = None, expected: object = None
    ) -> None:
        self.what, self.diagnosis = what, diagnosis
        end = "" if diagnosis.endswith("?") else "."
        lines = [f"{what} is not right: {diagnosis}{end}"]
        # two values that differ must not look alike
        digits = 5 if show(yours) != show(expected) else 12
        if yours is not None:
            lines.append(f"  yours:    {show(yours, digits)}")
        if expected is not None:
            lines.append(f"  expected: {show(expected, digits)}")
        super().__init__("\n".join(lines))

    def _render_traceback_(self) -> list[str]:
        """What Jupyter shows: the message alone, without the inside of the check."""
        return [str(self)]


def show(value: object, digits: int = 5) -> str:
    """A value as one short line: at most six entries of a tensor, and its shape."""
    detach = getattr(value, "detach", None)
    if detach is None:
        return str(value)
    flat = detach().flatten()
    entries = ", ".join(f"{v:.{digits}g}" for v in flat[:6].tolist())
    if flat.numel() == 1 and not value.shape:
        return entries
    return f"[{entries}{', …' if flat.numel() > 6 else ''}]  shape {tuple(value.shape)}"


def passed(what: str) -> None:
    """One line on standard output, so that a learner sees that the check ran and what it saw."""
    print(f"✓ {what}")
