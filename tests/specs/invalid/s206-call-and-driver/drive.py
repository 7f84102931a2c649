def drive(module, case):
    return 1
