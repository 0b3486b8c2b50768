"""Checks of the exercises: one function per property, shared by lesson, grader and tests."""

from vilib.checks.active_units_counted import active_units_are_counted
from vilib.checks.amortised_gap_exact import amortised_gap_is_exact
from vilib.checks.autoregressive_inverted import autoregressive_layer_is_inverted
from vilib.checks.baseline_optimal import baseline_is_optimal
from vilib.checks.bernoulli_log_pmf_exact import bernoulli_log_pmf_is_exact
from vilib.checks.bernoulli_log_pmf_stable import bernoulli_log_pmf_is_stable
from vilib.checks.beta_schedules_exact import cyclical_beta_is_exact, linear_beta_is_exact
from vilib.checks.bias_detected import bias_is_detected
from vilib.checks.bits_per_pixel_exact import bits_per_pixel_is_exact
from vilib.checks.bound_touches import bound_touches_the_evidence
from vilib.checks.collapse_reached import collapse_is_reached
from vilib.checks.concrete_density import concrete_density_is_exact
from vilib.checks.concrete_exact import concrete_sample_is_exact
from vilib.checks.coupling_exact import coupling_is_exact, coupling_undoes_itself
from vilib.checks.density_of_map_exact import density_of_map_is_exact
from vilib.checks.dice_elbo_exact import dice_elbo_is_exact
from vilib.checks.discrete_elbo_exact import discrete_elbo_is_exact
from vilib.checks.em_climbs import em_never_falls, em_step_is_exact, objective_is_exact
from vilib.checks.evidence_identity import elbo_plus_kl_is_evidence
from vilib.checks.flow_gap_exact import flow_gap_is_exact
from vilib.checks.free_bits_exact import free_bits_are_exact
from vilib.checks.gaussian_kl_additive import gaussian_kl_is_additive
from vilib.checks.gaussian_kl_exact import gaussian_kl_is_exact
from vilib.checks.gaussian_kl_full_exact import gaussian_kl_full_is_exact
from vilib.checks.gradient_enumerated import gradient_is_enumerated
from vilib.checks.gumbel_max_frequencies import gumbel_max_has_the_frequencies
from vilib.checks.hard_then_soft import is_hard_then_soft
from vilib.checks.inverse_cdf_exact import inverse_cdf_is_exact
from vilib.checks.inverse_cdf_flat import inverse_cdf_is_flat
from vilib.checks.judge import agree, expect, expect_mean
from vilib.checks.kl_fit_optimal import kl_fit_is_optimal
from vilib.checks.kl_per_dimension_exact import kl_per_dimension_is_exact
from vilib.checks.labels_matched import labels_are_matched
from vilib.checks.leave_one_out import leaves_one_out
from vilib.checks.likeliest_mask import is_the_likeliest_mask
from vilib.checks.log_pmf_exact import log_pmf_is_exact
from vilib.checks.log_prob_through_layers import log_prob_follows_the_layers
from vilib.checks.m_step_optimal import m_step_is_the_maximiser
from vilib.checks.marginal_gradient_identity import marginal_gradient_is_exact
from vilib.checks.masks_autoregressive import masks_are_autoregressive
from vilib.checks.mean_field_optimal import mean_field_is_optimal
from vilib.checks.mistake import Mistake, passed
from vilib.checks.monte_carlo_elbo_error import standard_error_is_right
from vilib.checks.monte_carlo_elbo_unbiased import monte_carlo_elbo_is_unbiased
from vilib.checks.mutual_information_exact import mutual_information_is_exact
from vilib.checks.nelbo_sums_then_averages import nelbo_sums_then_averages
from vilib.checks.network_baseline import network_baseline_learns_alone
from vilib.checks.past_statistics import statistics_are_of_the_past
from vilib.checks.pathwise_gradient_exact import pathwise_gradient_is_exact
from vilib.checks.perplexity_exact import perplexity_is_exact
from vilib.checks.planar_exact import planar_is_exact
from vilib.checks.planar_invertible import planar_stays_invertible
from vilib.checks.posterior_exact import posterior_is_exact
from vilib.checks.posterior_long import posterior_survives_long_documents
from vilib.checks.ppca_optimal import ppca_is_optimal
from vilib.checks.radial_exact import radial_is_exact
from vilib.checks.rate_distortion_exact import rate_and_distortion_are_exact
from vilib.checks.rate_stays_free import rate_stays_above_free_bits
from vilib.checks.rationale_elbo_exact import rationale_elbo_is_exact
from vilib.checks.refinement_shrinks_gap import refinement_shrinks_the_gap
from vilib.checks.reparameterised_sample_exact import reparameterised_sample_is_exact
from vilib.checks.responsibilities_exact import responsibilities_are_exact
from vilib.checks.rnn_posterior_exact import rnn_posterior_is_exact
from vilib.checks.sampled_elbo_exact import sampled_elbo_is_exact
from vilib.checks.score_mean_zero import score_has_mean_zero
from vilib.checks.sentence_log_likelihood_exact import sentence_log_likelihood_is_exact
from vilib.checks.soft_then_hard import is_one_hot_with_a_soft_slope
from vilib.checks.softplus_transform_exact import softplus_transform_is_exact
from vilib.checks.stick_breaking_exact import stick_breaking_is_exact
from vilib.checks.surrogate_gradient import surrogate_gives_the_gradient
from vilib.checks.temperature_best import temperature_is_best
from vilib.checks.undecided_exact import undecided_is_exact
from vilib.checks.vae_mended import vae_is_mended
from vilib.checks.words_dropped import words_are_dropped

__all__ = [
    "Mistake",
    "active_units_are_counted",
    "agree",
    "amortised_gap_is_exact",
    "autoregressive_layer_is_inverted",
    "baseline_is_optimal",
    "bernoulli_log_pmf_is_exact",
    "bernoulli_log_pmf_is_stable",
    "bias_is_detected",
    "bits_per_pixel_is_exact",
    "bound_touches_the_evidence",
    "collapse_is_reached",
    "concrete_density_is_exact",
    "concrete_sample_is_exact",
    "coupling_is_exact",
    "coupling_undoes_itself",
    "cyclical_beta_is_exact",
    "density_of_map_is_exact",
    "dice_elbo_is_exact",
    "discrete_elbo_is_exact",
    "elbo_plus_kl_is_evidence",
    "em_never_falls",
    "em_step_is_exact",
    "expect",
    "expect_mean",
    "flow_gap_is_exact",
    "free_bits_are_exact",
    "gaussian_kl_full_is_exact",
    "gaussian_kl_is_additive",
    "gaussian_kl_is_exact",
    "gradient_is_enumerated",
    "gumbel_max_has_the_frequencies",
    "inverse_cdf_is_exact",
    "inverse_cdf_is_flat",
    "is_hard_then_soft",
    "is_one_hot_with_a_soft_slope",
    "is_the_likeliest_mask",
    "kl_fit_is_optimal",
    "kl_per_dimension_is_exact",
    "labels_are_matched",
    "leaves_one_out",
    "linear_beta_is_exact",
    "log_pmf_is_exact",
    "log_prob_follows_the_layers",
    "m_step_is_the_maximiser",
    "marginal_gradient_is_exact",
    "masks_are_autoregressive",
    "mean_field_is_optimal",
    "monte_carlo_elbo_is_unbiased",
    "mutual_information_is_exact",
    "nelbo_sums_then_averages",
    "network_baseline_learns_alone",
    "objective_is_exact",
    "passed",
    "pathwise_gradient_is_exact",
    "perplexity_is_exact",
    "planar_is_exact",
    "planar_stays_invertible",
    "posterior_is_exact",
    "posterior_survives_long_documents",
    "ppca_is_optimal",
    "radial_is_exact",
    "rate_and_distortion_are_exact",
    "rate_stays_above_free_bits",
    "rationale_elbo_is_exact",
    "refinement_shrinks_the_gap",
    "reparameterised_sample_is_exact",
    "responsibilities_are_exact",
    "rnn_posterior_is_exact",
    "sampled_elbo_is_exact",
    "score_has_mean_zero",
    "sentence_log_likelihood_is_exact",
    "softplus_transform_is_exact",
    "standard_error_is_right",
    "statistics_are_of_the_past",
    "stick_breaking_is_exact",
    "surrogate_gives_the_gradient",
    "temperature_is_best",
    "undecided_is_exact",
    "vae_is_mended",
    "words_are_dropped",
]
