"""The discrete VAE against its exact twin, cooling, and the experiment in a tiny case."""

import pytest
import torch

from vilib import exact
from vilib.datasets import digits
from vilib.estimators import (
    Enumeration,
    GumbelSoftmax,
    GumbelStraightThrough,
    ScoreFunction,
    StraightThroughBernoulli,
)
from vilib.estimators.baselines import LeaveOneOut
from vilib.models import Annealed, Cooling, DiscretePreset, DiscreteVAE
from vilib.models.discrete_experiment import (
    Pictures,
    evaluate_discrete,
    pixel_baseline,
    train_discrete,
)
from vilib.models.gradient_report import exact_encoder_gradient, gradient_report

KINDS = pytest.mark.parametrize("faces", [None, 2, 3], ids=["bits", "two faces", "three faces"])


def small(faces, seed=1, pixels=5, variables=3):
    torch.manual_seed(seed)
    model = DiscreteVAE(pixels, variables, faces).double()
    torch.nn.init.normal_(model.prior_logits)
    x = torch.bernoulli(torch.full((4, pixels), 0.5, dtype=torch.double))
    return model, x


@KINDS
def test_surrogate_by_enumeration_is_the_exact_elbo(faces):
    model, x = small(faces)
    elbo = exact.elbo(model.posterior(x), lambda z: model.log_joint(x, z))
    surrogate = model.surrogate(Enumeration(), x)
    torch.testing.assert_close(surrogate, elbo)
    parameters = list(model.parameters())
    ours = torch.autograd.grad(surrogate.sum(), parameters)
    theirs = torch.autograd.grad(elbo.sum(), parameters)
    for a, b in zip(ours, theirs):
        torch.testing.assert_close(a, b)


@KINDS
def test_likelihood_sums_to_one_over_all_pictures(faces):
    model, _ = small(faces, pixels=4)
    pictures = torch.cartesian_prod(*[torch.tensor([0.0, 1.0]).double()] * 4)
    points = exact.enumerate_support(model.prior())
    log_p = exact.log_evidence(lambda z: model.log_joint(pictures, z[:, None]), points)
    assert log_p.logsumexp(0).item() == pytest.approx(0.0, abs=1e-10)


def test_bits_are_dice_with_two_faces():
    """The same model written twice: logit a, or the pair (a, 0) with one decoder column."""
    bits, x = small(None)
    dice, _ = small(2)
    with torch.no_grad():
        dice.encoder.weight.zero_()
        dice.encoder.bias.zero_()
        dice.encoder.weight[::2], dice.encoder.bias[::2] = bits.encoder.weight, bits.encoder.bias
        dice.decoder.weight.zero_()
        dice.decoder.weight[:, ::2] = bits.decoder.weight
        dice.decoder.bias.copy_(bits.decoder.bias)
        dice.prior_logits.zero_()
        dice.prior_logits[:, 0] = bits.prior_logits
    both = [model.surrogate(Enumeration(), x) for model in (bits, dice)]
    torch.testing.assert_close(*both)


def test_a_soft_sample_leaves_the_kl_alone():
    model, x = small(3)
    q = model.posterior(x)
    torch.manual_seed(5)
    soft = model.surrogate(GumbelSoftmax(1.0), x, 3)
    torch.manual_seed(5)
    likelihood = GumbelSoftmax(1.0)(q, lambda z: model.log_likelihood(x, z), 3)
    torch.testing.assert_close(likelihood - soft, model.rate(q))


def test_a_die_has_two_faces():
    with pytest.raises(ValueError, match="at least two faces, got 1"):
        DiscreteVAE(4, 2, 1)


def test_cooling_is_geometric_and_stops():
    cooling = Cooling(2.0, 0.5, num_steps=10)
    assert cooling(5) == pytest.approx(1.0)
    assert cooling(10) == cooling(1000) == 0.5
    steps = [cooling(t) for t in range(12)]
    assert steps == sorted(steps, reverse=True)
    coarse = Cooling(2.0, 0.5, num_steps=10, every=4)
    assert [coarse(t) for t in (0, 3, 4, 7, 8)] == [cooling(t) for t in (0, 0, 4, 4, 8)]
    for wrong in ({"start": 0.1}, {"end": 0.0}, {"num_steps": 0}, {"every": 0}):
        with pytest.raises(ValueError, match="expected 0 < end"):
            Cooling(**wrong)


def test_annealed_is_the_estimator_at_that_temperature():
    model, x = small(None)
    cooled = Annealed(GumbelStraightThrough(), Cooling(1.0, 0.2, num_steps=4))
    for step in range(6):
        torch.manual_seed(step)
        ours = model.surrogate(cooled, x)
        torch.manual_seed(step)
        torch.testing.assert_close(
            ours, model.surrogate(GumbelStraightThrough(cooled.cooling(step)), x)
        )
    assert cooled.estimator.temperature == 0.2
    cooled.reset()
    model.surrogate(cooled, x)
    assert cooled.estimator.temperature == 1.0


def test_pictures_come_once_each():
    x = torch.arange(7.0)[:, None]
    torch.manual_seed(1)
    batches = list(Pictures(x, 3, transform=lambda rows: rows + 10))
    assert len(Pictures(x, 3)) == len(batches) == 3
    assert sorted(torch.cat(batches).flatten().tolist()) == [10 + i for i in range(7)]


def test_training_learns_and_the_seed_is_all_that_matters():
    x = digits().binarised().train.flat[:200]
    tiny = DiscretePreset(num_variables=6, num_steps=60, batch_size=50)
    before, losses = torch.get_rng_state(), []
    for seed in (1, 1, 2):
        run = train_discrete(x, ScoreFunction(LeaveOneOut()), tiny, seed=seed, progress=False)
        losses.append(run.history["loss"])
    assert torch.equal(before, torch.get_rng_state())
    assert losses[0] == losses[1] != losses[2]
    assert losses[0][-1] < losses[0][0] - 5


@KINDS
def test_report_is_exact_up_to_its_noise(faces):
    model, x = small(faces)
    report = evaluate_discrete(model, x, seed=1, num_samples=20_000)
    elbo = exact.elbo(model.posterior(x), lambda z: model.log_joint(x, z)).mean().item()
    points = exact.enumerate_support(model.prior())
    log_p = exact.log_evidence(lambda z: model.log_joint(x, z[:, None]), points).mean().item()
    assert report.elbo == pytest.approx(elbo, abs=0.02)
    assert report.elbo == pytest.approx(report.reconstruction - report.rate)
    assert abs(report.log_evidence - log_p) < 5 * report.standard_error + 1e-6
    assert report.elbo < log_p


def test_pixel_baseline_counts():
    train = torch.tensor([[1.0, 0.0], [1.0, 1.0]])
    assert pixel_baseline(train, train[:1]) == pytest.approx(
        torch.tensor([3 / 4, 1 / 2]).log().sum().item()
    )


@KINDS
def test_encoder_gradient_is_autograds(faces):
    model, x = small(faces)
    elbo = exact.elbo(model.posterior(x), lambda z: model.log_joint(x, z)).mean()
    weight, bias = torch.autograd.grad(elbo, list(model.encoder.parameters()))
    found = exact_encoder_gradient(model, x)
    torch.testing.assert_close(found, torch.cat([weight, bias[:, None]], -1))


def test_gradient_report_tells_bias_from_noise():
    model, x = small(None)
    truth = exact_encoder_gradient(model, x)
    settings = {"seed": 1, "num_draws": 3000}
    fair = gradient_report(model, x, ScoreFunction(LeaveOneOut()), truth, **settings)
    assert fair.relative_bias < 2 * fair.noise
    still = gradient_report(model, x, Enumeration(), truth, seed=1, num_draws=10)
    assert still.relative_bias < 1e-6
    assert still.variance < 1e-12
    with torch.no_grad():
        model.decoder.weight.mul_(8)  # a decoder that is far from linear
    truth = exact_encoder_gradient(model, x)
    unfair = gradient_report(model, x, StraightThroughBernoulli(), truth, **settings)
    assert unfair.relative_bias > 5 * unfair.noise
