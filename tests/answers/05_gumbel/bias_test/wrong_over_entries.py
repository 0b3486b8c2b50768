# wrong: they run over draws
def z_scores(gradients, exact_gradient):
    off = (gradients - exact_gradient).mean(1)
    return off / (gradients.std(1) / gradients.shape[1] ** 0.5)


def is_biased(gradients, exact_gradient):
    return bool((z_scores(gradients, exact_gradient).abs() > 5).any())
