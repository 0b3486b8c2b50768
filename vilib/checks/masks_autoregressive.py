"""The two masks of a network whose i-th output depends on the inputs before i only."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.judge import as_value
from vilib.checks.mistake import Mistake, passed
from vilib.checks.pair import two_results

__all__ = ["masks_are_autoregressive"]

Masks = Callable[[int, int], tuple[Tensor, Tensor]]


@careful
def masks_are_autoregressive(
    autoregressive_masks: Masks, *, seed: int, num_inputs: int = 4, num_hidden: int = 12
) -> None:
    """The Jacobian of a masked network lies strictly below the diagonal, and is full there.

    Two layers of random weights, with the masks and a smooth unit in between, are differentiated by
    autograd. Any masks with that Jacobian will do.

    Args:
        autoregressive_masks: The learner's function: D, H → (mask `[H, D]` of the first layer, mask
            `[D, H]` of the second), zeros and ones or booleans.
        seed: Draws the weights.
        num_inputs: D.
        num_hidden: H, at least D − 1.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> masks_are_autoregressive(lambda D, H: (torch.ones(H, D), torch.ones(D, H)), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: the Jacobian is not right: output 1 depends on input 1, on...
    """
    D, H = num_inputs, num_hidden
    pair = two_results("(first mask, second mask)", autoregressive_masks(D, H))
    first, second = (
        as_mask(f"the {name} mask", mask, shape)
        for name, mask, shape in zip(("first", "second"), pair, ((H, D), (D, H)))
    )
    judge_jacobian(jacobian(first, second, seed))
    passed(f"masks of {D} inputs and {H} hidden units: the Jacobian lies below the diagonal")


def as_mask(what: str, mask: object, shape: tuple[int, int]) -> Tensor:
    """The mask in float64, or a `Mistake` if it is none or has another shape."""
    value = as_value(what, mask, torch.zeros(shape, dtype=torch.double)).detach().double()
    if value.shape != shape:
        turned = "; rows are what a layer returns, columns what it sees"
        sentence = f"its shape is {tuple(value.shape)}, not {shape}{turned}"
        raise Mistake(what, sentence)
    if not bool(((value == 0) | (value == 1)).all()):
        raise Mistake(what, "its entries are 0 and 1", yours=value)
    return value


def jacobian(first: Tensor, second: Tensor, seed: int) -> Tensor:
    """∂ output / ∂ input of a network with these masks and random weights, `[D, D]`."""
    generator = torch.Generator().manual_seed(seed)
    # positive weights: two ways through the network cannot cancel
    A, B = (
        0.2 + torch.rand(m.shape, generator=generator, dtype=torch.double) for m in (first, second)
    )
    x = torch.randn(first.shape[1], generator=generator, dtype=torch.double)
    return torch.autograd.functional.jacobian(
        lambda x: (second * B) @ torch.nn.functional.softplus((first * A) @ x), x
    )


def judge_jacobian(slopes: Tensor) -> None:
    """Raise a `Mistake` unless the entries below the diagonal, and no others, are there."""
    D = len(slopes)
    sees = slopes != 0
    allowed = torch.ones(D, D, dtype=torch.bool).tril(-1)
    if torch.equal(sees, allowed):
        return
    what = "the Jacobian"
    exchanged = (
        "the last output misses input D − 1: are ≥ and > exchanged, or is there no degree D − 1?"
    )
    known = {
        "it lies above the diagonal: output i depends on the inputs after i": allowed.T,
        "it is 0: no way leads from any input to any output": torch.zeros_like(sees),
        "only the diagonal is left: output i depends on input i alone": torch.eye(D) > 0,
        exchanged: changed_places(D),
        "output i skips input i − 1: it must see all inputs before i": allowed.tril(-2),
    }
    for sentence, pattern in known.items():
        if torch.equal(sees, pattern):
            raise Mistake(what, sentence, yours=rows(sees))
    extra, missing = sees & ~allowed, allowed & ~sees
    if bool(extra.any()):
        i, j = extra.nonzero()[0].tolist()
        itself = "itself: the output layer needs > where it has ≥"
        sentence = f"output {i + 1} depends on input {j + 1}, on "
        raise Mistake(what, sentence + (itself if i == j else "one after it"), yours=rows(sees))
    i, j = missing.nonzero()[0].tolist()
    sentence = f"output {i + 1} does not depend on input {j + 1}: what lies before it must be seen"
    raise Mistake(what, sentence, yours=rows(sees))


def changed_places(D: int) -> Tensor:
    """What sees what with > in the hidden layer and ≥ in the output, or no degree D − 1."""
    seen = torch.ones(D, D, dtype=torch.bool).tril(-1)
    seen[-1, -2] = False
    return seen


def rows(sees: Tensor) -> str:
    """A table of zeros and ones, one output in a line."""
    return "".join("\n      " + " ".join(map(str, row)) for row in sees.int().tolist())
