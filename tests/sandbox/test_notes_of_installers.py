"""An editable installation notes where the checkout lies: not in what a student reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from grader.model.assignment import Limits
from grader.sandbox.contract import Job
from tests.build import call_of
from tests.shared_sandbox import SANDBOX

ROOT = Path(__file__).resolve().parents[2]
TELL = """
import glob

def tell(folder, note):
    found = [open(path).read() for path in glob.glob(folder + "/numgrader*/direct_url.json")]
    print(*found, note)
    raise ValueError(note)
"""


def test_the_path_of_the_checkout_is_replaced_in_what_code_says() -> None:
    site = str(Path(np.__file__).parents[1])
    note = f"file://{ROOT}/grader"
    job = Job(
        files={"a.py": TELL.encode()},
        provided="",
        calls=(call_of("tell", site, note),),
        limits=Limits(),
    )
    response = SANDBOX.run(job).responses["tell"]
    assert response.failure is not None
    assert response.failure.message == "file://…/grader"
    assert str(ROOT) not in response.printed
