def half(lr_max):
    return lr_max / 2
