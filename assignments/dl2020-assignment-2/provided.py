import numpy as np


class Op:
    """An operation of the library: never instantiated, it bundles `forward` and `backward`."""
