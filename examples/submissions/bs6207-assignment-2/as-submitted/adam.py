def AdamOptim(t, dw, m_dw, v_dw):
    # update the first moment estimate
    m_dw = beta1 * m_dw + (1 - beta1) * dw

    # update the second raw moment estimate
    v_dw = beta2 * v_dw + (1 - beta2) * (dw ** 2)

    # bias correction
    m_dw_corr = m_dw / (1 - beta1 ** t)
    v_dw_corr = v_dw / (1 - beta2 ** t)
    res = eta * (m_dw_corr / (np.sqrt(v_dw_corr) + epsilon))

    # update weights and biases
    return m_dw, v_dw, res
