# wrong: it is averaged over the batch
import math


def bits_per_pixel(log_density, num_pixels, num_levels):
    return -log_density.mean() / (num_pixels * math.log(2)) + math.log2(num_levels)
