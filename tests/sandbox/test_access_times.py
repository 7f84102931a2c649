"""What a student's process leaves behind by reading: nothing in `full`, access times elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from grader.model.assignment import Limits
from grader.sandbox.contract import Job
from tests.build import call_of
from tests.tiers import opened

READ = "def read(path):\n    return len(open(path, 'rb').read())\n"
OLD = 2 * 24 * 3600  # seconds: longer ago than relatime keeps an access time


@pytest.fixture
def file() -> Iterator[Path]:
    """A file of numpy's that was last read two days ago; as it was, at the end."""
    path = Path(np.__file__).with_name("conftest.py")
    before = path.stat()
    try:
        os.utime(path, ns=(before.st_atime_ns - OLD * 10**9, before.st_mtime_ns))
    except OSError as error:
        pytest.skip(f"the access time of {path} cannot be set: {error}")
    yield path
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def changes_when_read_by_anybody(path: Path) -> bool:
    before = path.stat()
    path.read_bytes()
    changed = path.stat().st_atime_ns != before.st_atime_ns
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    return changed


@pytest.mark.parametrize("tier", ["full", "container"])
def test_access_times_change_where_the_documents_say_so(tier: str, file: Path) -> None:
    """`container` cannot stop it: docs/security.md says so, and this keeps the page true."""
    expected = tier == "container" and changes_when_read_by_anybody(file)
    sandbox = opened(tier)
    try:
        before = file.stat().st_atime_ns
        call = call_of("read", str(file))
        job = Job(files={"a.py": READ.encode()}, provided="", calls=(call,), limits=Limits())
        response = sandbox.run(job).responses["read"]
    finally:
        sandbox.close()
    assert response.value == file.stat().st_size
    assert (file.stat().st_atime_ns != before) is expected
