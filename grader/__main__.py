"""`grader` and `python -m grader`."""

from __future__ import annotations

from grader.cli.main import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
