class ReLU(Op):
    @staticmethod
    def forward(context, input):
        ReLU.input = input
        return np.maximum(0, input)

    @staticmethod
    def backward(context, goutput):
        return np.where(ReLU.input > 0, goutput, 0)
