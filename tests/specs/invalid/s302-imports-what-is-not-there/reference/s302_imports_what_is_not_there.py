import no_such_module_anywhere  # <- S302


def a():
    return 1
