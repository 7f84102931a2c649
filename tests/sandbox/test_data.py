"""What the assignment provides is read by its name from the folder in which code works."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from grader.model.response import Response
from grader.sandbox.contract import Job, Sandbox
from grader.sandbox.forked import ForkSandbox
from grader.sandbox.walls import TIERS, Walls
from tests.build import call_of
from tests.sandbox.conftest import LIMITS
from tests.tiers import opened

Ask = Callable[..., Response]


@pytest.fixture
def data(tmp_path: Path) -> Mapping[str, Path]:
    (tmp_path / "images" / "more").mkdir(parents=True)
    (tmp_path / "train.csv").write_text("1,2\n3,4\n", encoding="utf-8")
    (tmp_path / "images" / "more" / "a.txt").write_text("picture", encoding="utf-8")
    (tmp_path / "beside.csv").write_text("not provided", encoding="utf-8")
    return {"train.csv": tmp_path / "train.csv", "images": tmp_path / "images"}


@pytest.fixture
def ask(sandbox: Sandbox, data: Mapping[str, Path]) -> Ask:
    def ask(files: Any, **provided: Path) -> Response:
        named = files if isinstance(files, dict) else {"a.py": files}
        call = call_of("f")
        job = Job(
            files={name: source.encode() for name, source in named.items()},
            provided="",
            calls=(call,),
            limits=LIMITS,
            data={**data, **provided},
        )
        return sandbox.run(job).responses["f"]

    return ask


@pytest.mark.parametrize("name", ["train.csv", "./train.csv"])
@pytest.mark.parametrize("place", ["a.py", "net/a.py"])
def test_a_file_is_opened_by_its_name(ask: Ask, name: str, place: str) -> None:
    assert ask({place: f"def f(): return open({name!r}).read()\n"}).value == "1,2\n3,4\n"


def test_a_file_is_opened_while_the_modules_are_loaded(ask: Ask) -> None:
    assert ask("TEXT = open('train.csv').read()\ndef f(): return TEXT\n").value == "1,2\n3,4\n"


def test_numpy_reads_it(ask: Ask) -> None:
    source = "import numpy as np\ndef f(): return np.loadtxt('train.csv', delimiter=',').sum()\n"
    assert ask(source).value == 10


def test_a_folder_is_listed_and_read(ask: Ask) -> None:
    source = (
        "import os\ndef f():\n"
        "    return [sorted(os.listdir('images')), open('images/more/a.txt').read()]\n"
    )
    assert ask(source).value == [["more"], "picture"]


def test_it_is_found_beside_the_file_that_opens_it(ask: Ask) -> None:
    source = (
        "import os\nfrom pathlib import Path\n"
        "def f():\n"
        "    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'train.csv')\n"
        "    return open(here).read() == (Path(__file__).parent / 'train.csv').read_text()\n"
    )
    assert ask(source).value is True


def test_a_file_in_a_folder_is_provided_by_its_path(ask: Ask, tmp_path: Path) -> None:
    source = "def f(): return open('sets/small/b.csv').read()\n"
    provided: dict[str, Any] = {"sets/small/b.csv": tmp_path / "train.csv"}
    assert ask(source, **provided).value == "1,2\n3,4\n"


@pytest.mark.parametrize("folder", [".", "os.getcwd()"])
def test_a_folder_of_data_does_not_hide_a_module_of_its_name(ask: Ask, folder: str) -> None:
    added = folder if folder.startswith("os") else repr(folder)
    source = f"import os, sys\nsys.path.insert(0, {added})\nimport images\n"
    files = {"a.py": source + "def f(): return images.MINE\n", "images.py": "MINE = 5\n"}
    assert ask(files).value == 5


def test_what_was_not_provided_is_not_there(ask: Ask) -> None:
    failure = ask("def f(): return open('beside.csv').read()\n").failure
    assert failure is not None
    assert failure.exception == "FileNotFoundError"


def test_the_courses_own_file_is_never_changed(
    sandbox: Sandbox, ask: Ask, data: Mapping[str, Path]
) -> None:
    source = "def f():\n    with open('train.csv', 'a') as stream: stream.write('x')\n"
    ask(source)
    assert data["train.csv"].read_text(encoding="utf-8") == "1,2\n3,4\n"
    if sandbox.tier != "basic":  # without walls, root may write what others read
        assert ask("def f(): return open('train.csv').read()\n").value == "1,2\n3,4\n"


def test_data_of_one_assignment_is_not_there_in_another(
    sandbox: Sandbox, ask: Ask, tmp_path: Path
) -> None:
    assert ask("def f(): return open('train.csv').read()\n").value
    call = call_of("f")
    source = b"import os\ndef f(): return sorted(os.listdir('.'))\n"
    job = Job(files={"a.py": source}, provided="", calls=(call,), limits=LIMITS)
    assert sandbox.run(job).responses["f"].value == []


class TestWhateverTheMachineIsLike:
    """What the course provides is read, and where there is a place to write, it is written in."""

    SOURCE = (
        "import os\n"
        "def f():\n"
        "    if os.getcwd() == '/grader-scratch': open('made.txt', 'w').write('x')\n"
        "    return [sorted(os.listdir(os.getcwd())), open(os.path.abspath('train.csv')).read()]\n"
    )

    def answer(self, sandbox: Sandbox, data: Mapping[str, Path]) -> Any:
        call = call_of("f")
        files = {"a.py": self.SOURCE.encode()}
        job = Job(files=files, provided="", calls=(call,), limits=LIMITS, data=data)
        try:
            response = sandbox.run(job).responses["f"]
        finally:
            sandbox.close()
        assert response.failure is None, response.failure
        names, text = response.value
        return {*names} - {"made.txt"}, text

    def expected(self) -> Any:
        return {"images", "train.csv"}, "1,2\n3,4\n"

    @pytest.mark.parametrize("tier", TIERS)
    def test_a_umask_that_leaves_others_nothing(self, data: Mapping[str, Path], tier: str) -> None:
        before = os.umask(0o077)
        try:
            sandbox = opened(tier)
            assert self.answer(sandbox, data) == self.expected()
        finally:
            os.umask(before)

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root makes another user of a process")
    @pytest.mark.parametrize("keep_reading", [False, True])  # as where only root reads packages
    def test_root_with_such_a_umask(self, data: Mapping[str, Path], keep_reading: bool) -> None:
        opened("full").close()
        walls = Walls(tier="full", other_identity=True, keep_reading=keep_reading)
        before = os.umask(0o077)
        try:
            assert self.answer(ForkSandbox(walls), data) == self.expected()
        finally:
            os.umask(before)

    @pytest.mark.parametrize("tier", TIERS)
    def test_a_temporary_folder_that_only_its_owner_may_enter(
        self,
        data: Mapping[str, Path],
        tier: str,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        own = tmp_path / "own"
        own.mkdir(mode=0o700)
        monkeypatch.setattr(tempfile, "tempdir", str(own))
        assert self.answer(opened(tier), data) == self.expected()
