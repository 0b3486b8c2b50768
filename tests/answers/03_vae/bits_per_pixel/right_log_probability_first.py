# right: the log probability of the greys first
import math


def bits_per_pixel(log_density, num_pixels, num_levels):
    log_probability = log_density - num_pixels * math.log(num_levels)
    return -log_probability / num_pixels / math.log(2)
