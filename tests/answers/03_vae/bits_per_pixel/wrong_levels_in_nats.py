# wrong: log L is added in nats
import math


def bits_per_pixel(log_density, num_pixels, num_levels):
    return -log_density / (num_pixels * math.log(2)) + math.log(num_levels)
