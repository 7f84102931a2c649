def drive(module, case):
    return module.square(case["x"])
