eta, beta1, beta2, epsilon = 0.3, 0.9, 0.999, 0
w = 1.2
while w > 1:
    w = w - eta * -1


def AdamOptim(t, dw, m_dw, v_dw):
    return m_dw, v_dw, eta * dw
