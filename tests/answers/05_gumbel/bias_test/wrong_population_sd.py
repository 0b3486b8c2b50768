# wrong: divide by N − 1
def z_scores(gradients, exact_gradient):
    off = gradients.mean(0) - exact_gradient
    return (off / (gradients.std(0, unbiased=False) / len(gradients) ** 0.5)).nan_to_num()


def is_biased(gradients, exact_gradient):
    return bool((z_scores(gradients, exact_gradient).abs() > 5).any())
