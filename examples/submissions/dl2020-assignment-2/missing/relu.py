import numpy as np


class Relu(Op):
    @staticmethod
    def forward(context, input):
        context["mask"] = input > 0
        return np.maximum(input, 0)

    @staticmethod
    def backward(context, goutput):
        return goutput * context["mask"]
