"""Question 2: one step of Adam. Hand this file in as adam.py.

numpy is there as `np`, and the hyperparameters are module globals: eta (the learning rate), beta1,
beta2 and epsilon. They are set before each call, so read them and do not set them yourself.
"""


def AdamOptim(t, dw, m_dw, v_dw):
    """Do step number t of Adam.

    t: the number of the step, counted from 1
    dw: the gradient at this step, a number or an array
    m_dw, v_dw: the first and the second moment after the step before (0 before the first step),
        without bias correction

    Returns (m_dw, v_dw, res): the moments after this step, again without bias correction, and what
    is to be subtracted from the parameter.
    """
    raise NotImplementedError
