"""Which points lie in one group, whatever the groups are called."""


def drive(module, case):
    labels = list(module.groups(case["points"], case["means"]))
    numbers = {}
    return [numbers.setdefault(str(label), len(numbers)) for label in labels]
