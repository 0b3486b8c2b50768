# wrong: log₂ L is missing
import math


def bits_per_pixel(log_density, num_pixels, num_levels):
    return -log_density / (num_pixels * math.log(2))
