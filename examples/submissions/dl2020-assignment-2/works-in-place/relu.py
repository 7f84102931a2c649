class ReLU:
    @staticmethod
    def forward(context, input):
        context["mask"] = input > 0
        input *= context["mask"]
        return input

    @staticmethod
    def backward(context, goutput):
        goutput[~context["mask"]] = 0
        return goutput
