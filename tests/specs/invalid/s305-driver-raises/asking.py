def drive(module, case):
    return module.adm(case["x"])
