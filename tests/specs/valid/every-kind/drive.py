def drive(module, case, /):
    return module.square(3), hasattr(module, "cube")
