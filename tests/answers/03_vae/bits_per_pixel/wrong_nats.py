# wrong: it is in nats, and log₂ L is missing
def bits_per_pixel(log_density, num_pixels, num_levels):
    return -log_density / num_pixels
