# wrong: √D stands where √N belongs


def z_scores(gradients, exact_gradient):
    se = gradients.std(0) / gradients.shape[1] ** 0.5
    return ((gradients.mean(0) - exact_gradient) / se).nan_to_num()


def is_biased(gradients, exact_gradient):
    return bool((z_scores(gradients, exact_gradient).abs() > 5).any())
