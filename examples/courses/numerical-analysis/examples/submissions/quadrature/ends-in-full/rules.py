def trapezoid(values, width):
    values *= width
    return sum(values)
