"""The continuous mixture: its integral by another rule, its mirror, its gradient."""

import torch
from torch.distributions import Normal

from vilib.models import TopicLine

COUNTS = torch.tensor([[3.0, 0.0, 1.0], [0.0, 2.0, 0.0], [1.0, 1.0, 9.0]]).double()
LINE = TopicLine(torch.tensor([0.1, -0.4, 0.3]).double(), torch.tensor([1.5, -0.5, -1.0]).double())


def test_evidence_is_the_trapezoid_rules():
    z = torch.linspace(-9, 9, 20_001).double()
    log_words = (LINE.bias + z[:, None] * LINE.slope).log_softmax(-1)
    density = (Normal(0.0, 1.0).log_prob(z)[:, None] + log_words @ COUNTS.T).exp()
    truth = torch.trapezoid(density, z, dim=0).log()
    torch.testing.assert_close(LINE.log_evidence(COUNTS), truth, rtol=1e-9, atol=1e-9)
    mean = torch.trapezoid(density * z[:, None], z, dim=0) / truth.exp()
    torch.testing.assert_close(LINE.posterior_mean(COUNTS), mean, rtol=1e-8, atol=1e-8)
    total = LINE.posterior_mass(COUNTS).sum(0)
    torch.testing.assert_close(total, torch.ones(3).double())


def test_documents_of_one_word_sum_to_one():
    assert abs(float(LINE.log_evidence(torch.eye(3).double()).exp().sum()) - 1) < 1e-9


def test_the_mirror_image_is_the_same_model():
    mirror = TopicLine(LINE.bias, -LINE.slope)
    torch.testing.assert_close(mirror.log_evidence(COUNTS), LINE.log_evidence(COUNTS))
    torch.testing.assert_close(mirror.posterior_mean(COUNTS), -LINE.posterior_mean(COUNTS))


def test_without_a_slope_it_is_one_topic():
    flat = TopicLine(LINE.bias, torch.zeros(3).double())
    expected = COUNTS @ LINE.bias.log_softmax(-1)
    torch.testing.assert_close(flat.log_evidence(COUNTS), expected, rtol=1e-9, atol=1e-9)
