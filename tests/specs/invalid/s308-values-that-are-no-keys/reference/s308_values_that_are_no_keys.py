import math


def undefined():
    return math.nan


def words():
    return "three"


def pair():
    return [1, 2]


def single():
    return 1.0


def ragged():
    return [[1], [2, 3]]


def square(x, /):
    return x**2


def rate():
    return 0.1


def endless(x, /):
    return math.inf


def thing(x, /):
    return object()


def pick():
    return [1]
