"""A student's code that ends, as if all were well, while it is loaded."""

from __future__ import annotations

import sys
from typing import Any


def sys_exit_import(told: dict[str, Any]) -> Any:
    return 0.0


sys.exit(0)
