"""Responses → outcomes. Pure: the same spec, reference and responses give the same outcomes."""
