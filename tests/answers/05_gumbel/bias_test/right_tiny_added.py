# right: a tiny number beside the standard error


def z_scores(gradients, exact_gradient):
    se = gradients.std(0) / len(gradients) ** 0.5
    return (gradients.mean(0) - exact_gradient) / (se + 1e-8)


def is_biased(gradients, exact_gradient):
    return bool((z_scores(gradients, exact_gradient).abs() > 5).any())
