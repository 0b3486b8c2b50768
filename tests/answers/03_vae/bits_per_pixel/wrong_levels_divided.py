# wrong: log₂ L is divided by P
import math


def bits_per_pixel(log_density, num_pixels, num_levels):
    return (-log_density / math.log(2) + math.log2(num_levels)) / num_pixels
