"""Write the page for students anew."""

from __future__ import annotations

from tests.typed import PAGE, page

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
