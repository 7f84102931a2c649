def AdamOptim(t, dw, m_dw, v_dw):
    m_dw = beta1 * m_dw + (1 - beta1) * dw
    v_dw = beta2 * v_dw + (1 - beta2) * dw ** 2
    m_hat = m_dw / (1 - beta1 * t)
    v_hat = v_dw / (1 - beta2 * t)
    return m_dw, v_dw, eta * m_hat / (abs(v_hat) ** 0.5 + epsilon)
