from layers.activations import ReLU
