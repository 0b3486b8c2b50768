"""Checks of the exercises: one function per property, shared by lesson, grader and tests."""

from vilib.checks.baseline_optimal import baseline_is_optimal
from vilib.checks.bernoulli_log_pmf_exact import bernoulli_log_pmf_is_exact
from vilib.checks.bernoulli_log_pmf_stable import bernoulli_log_pmf_is_stable
from vilib.checks.discrete_elbo_exact import discrete_elbo_is_exact
from vilib.checks.evidence_identity import elbo_plus_kl_is_evidence
from vilib.checks.gaussian_kl_additive import gaussian_kl_is_additive
from vilib.checks.gaussian_kl_exact import gaussian_kl_is_exact
from vilib.checks.gaussian_kl_full_exact import gaussian_kl_full_is_exact
from vilib.checks.gradient_enumerated import gradient_is_enumerated
from vilib.checks.hard_then_soft import is_hard_then_soft
from vilib.checks.judge import agree, expect, expect_mean
from vilib.checks.kl_fit_optimal import kl_fit_is_optimal
from vilib.checks.leave_one_out import leaves_one_out
from vilib.checks.likeliest_mask import is_the_likeliest_mask
from vilib.checks.log_pmf_exact import log_pmf_is_exact
from vilib.checks.mean_field_optimal import mean_field_is_optimal
from vilib.checks.mistake import Mistake, passed
from vilib.checks.monte_carlo_elbo_error import standard_error_is_right
from vilib.checks.monte_carlo_elbo_unbiased import monte_carlo_elbo_is_unbiased
from vilib.checks.network_baseline import network_baseline_learns_alone
from vilib.checks.past_statistics import statistics_are_of_the_past
from vilib.checks.posterior_exact import posterior_is_exact
from vilib.checks.posterior_long import posterior_survives_long_documents
from vilib.checks.rationale_elbo_exact import rationale_elbo_is_exact
from vilib.checks.score_mean_zero import score_has_mean_zero
from vilib.checks.softplus_transform_exact import softplus_transform_is_exact
from vilib.checks.stick_breaking_exact import stick_breaking_is_exact
from vilib.checks.surrogate_gradient import surrogate_gives_the_gradient

__all__ = [
    "Mistake",
    "agree",
    "baseline_is_optimal",
    "bernoulli_log_pmf_is_exact",
    "bernoulli_log_pmf_is_stable",
    "discrete_elbo_is_exact",
    "elbo_plus_kl_is_evidence",
    "expect",
    "expect_mean",
    "gaussian_kl_full_is_exact",
    "gaussian_kl_is_additive",
    "gaussian_kl_is_exact",
    "gradient_is_enumerated",
    "is_hard_then_soft",
    "is_the_likeliest_mask",
    "kl_fit_is_optimal",
    "leaves_one_out",
    "log_pmf_is_exact",
    "mean_field_is_optimal",
    "monte_carlo_elbo_is_unbiased",
    "network_baseline_learns_alone",
    "passed",
    "posterior_is_exact",
    "posterior_survives_long_documents",
    "rationale_elbo_is_exact",
    "score_has_mean_zero",
    "softplus_transform_is_exact",
    "standard_error_is_right",
    "statistics_are_of_the_past",
    "stick_breaking_is_exact",
    "surrogate_gives_the_gradient",
]
