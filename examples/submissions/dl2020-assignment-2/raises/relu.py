raise RuntimeError("not finished yet")
