class ReLU:
    @staticmethod
    def forward(context, input):
        Relux = np.maximum(0,input)
        context['Relux'] = Relux
        return Relux

    @staticmethod
    def backward(context, goutput):
        Relux = context['Relux']
        Relux[Relux <= 0] = 0
        Relux[Relux > 0] = 1
        return goutput * Relux
