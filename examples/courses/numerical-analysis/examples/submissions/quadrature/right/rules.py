def trapezoid(values, width):
    return width * (sum(values) - (values[0] + values[-1]) / 2)
