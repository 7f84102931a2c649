"""Hand this in as relu.py. `np` and the base class `Op` are there already when it is run."""

import numpy as np


class ReLU:
    """y = max(0, x), entry by entry."""

    @staticmethod
    def forward(context: dict, input: np.ndarray) -> np.ndarray:  # noqa: A002 - as the sheet names it
        """Compute the output.

        context: a dictionary, empty at first; keep in it what backward will need
        input:   an array of any shape
        returns: an array of the same shape
        """
        raise NotImplementedError

    @staticmethod
    def backward(context: dict, goutput: np.ndarray) -> np.ndarray:
        """Compute the gradient of the loss with respect to the input.

        context: the dictionary that forward was given
        goutput: the gradient of the loss with respect to the output
        returns: an array of the input's shape; the derivative of ReLU at 0 counts as 0
        """
        raise NotImplementedError
