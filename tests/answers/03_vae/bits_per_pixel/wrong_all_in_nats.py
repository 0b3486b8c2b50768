# wrong: it is in nats: divide by log 2
import math


def bits_per_pixel(log_density, num_pixels, num_levels):
    return -log_density / num_pixels + math.log(num_levels)
