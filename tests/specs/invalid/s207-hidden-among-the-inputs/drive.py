def drive(module, case):
    return module.f(case["x"])
