import numpy as np  # noqa: F401


class Op:
    """An operation of the library: never instantiated, it bundles `forward` and `backward`."""
