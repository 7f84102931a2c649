class ReLU:
    @staticmethod
    def forward(context, input):
        context["mask"] = input > 0
        return np.maximum(0, input)

    @staticmethod
    def backward(context, goutput):
        while True:
            pass
