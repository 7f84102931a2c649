"""Every key of assignment.yaml, declared once: name, type, bounds, default, and what it means.

The JSON Schema that is shipped and the authors' page of all keys are made from it: `make schema`.
Loading an assignment reads that schema and imports nothing from here.
"""
