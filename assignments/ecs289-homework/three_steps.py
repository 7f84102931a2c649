"""Three steps of an optimizer, its state fed back."""


def drive(module, case):
    w, config = case["w"], case.get("config")
    points = []
    for dw in case["gradients"]:
        w, config = module.adam(w, dw, config)
        points.append(w + 0)  # a copy: the optimizer may go on in the same array
    return {"w": points, "m": config["m"], "v": config["v"], "t": config["t"]}
