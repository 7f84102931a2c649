"""Where a path of the old root leads to, whatever links and spellings are on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.sandbox.child import namespaces


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for the old root."""
    (tmp_path / "usr" / "lib" / "python").mkdir(parents=True)
    (tmp_path / "usr" / "lib" / "python" / "os.py").touch()
    (tmp_path / "opt").mkdir()
    for link, target in LINKS.items():
        (tmp_path / link).symlink_to(target)
    monkeypatch.setattr(namespaces, "_OLD", str(tmp_path))
    return tmp_path


#: By the place of the link. A target from the root on is one of the old root.
LINKS = {
    "lib": "usr/lib",
    "lib64": "/usr/lib",
    "usr/lib/up": "..",
    "usr/lib/here": ".",
    "usr/lib/sibling": "../../opt",
    "usr/lib/dotted": "./python/./os.py",
    "usr/lib/beyond": "../../../../opt",
    "chain": "lib/up/lib",
    "circle": "circle",
    "one": "other",
    "other": "./one",
    "nowhere": "usr/nothing",
}


@pytest.mark.parametrize(
    ("path", "real"),
    [
        pytest.param("/usr/lib", "/usr/lib", id="plain"),
        pytest.param("/", "/", id="the root"),
        pytest.param("//usr///lib/", "/usr/lib", id="more slashes than needed"),
        pytest.param("/usr/./lib/.", "/usr/lib", id="a dot"),
        pytest.param("/usr/lib/..", "/usr", id="up"),
        pytest.param("/usr/../opt", "/opt", id="up to the root and down again"),
        pytest.param("/usr/..", "/", id="up to the root"),
        pytest.param("/..", "/", id="above the root there is nothing"),
        pytest.param("/../../usr", "/usr", id="above the root and down"),
        pytest.param("/lib", "/usr/lib", id="a link beside it"),
        pytest.param("/lib64/python", "/usr/lib/python", id="a link from the root on"),
        pytest.param("/usr/lib/up", "/usr", id="a link upwards"),
        pytest.param("/usr/lib/up/lib/python", "/usr/lib/python", id="a link upwards, on the way"),
        pytest.param("/usr/lib/here/python", "/usr/lib/python", id="a link to where it is"),
        pytest.param("/usr/lib/sibling", "/opt", id="a link up and down"),
        pytest.param("/usr/lib/dotted", "/usr/lib/python/os.py", id="a link with dots in it"),
        pytest.param("/usr/lib/beyond", "/opt", id="a link beyond the root"),
        pytest.param("/chain/python", "/usr/lib/python", id="a link by way of links"),
        pytest.param("/lib/..", "/usr", id="up from where the link leads, not from where it is"),
        pytest.param("/circle", None, id="a link to itself"),
        pytest.param("/one", None, id="two links to each other"),
        pytest.param("/nowhere", None, id="a link to nothing"),
        pytest.param("/usr/nothing", None, id="nothing"),
        pytest.param("/nothing/../usr", None, id="up from nothing"),
    ],
)
def test_a_path_is_followed_as_the_kernel_follows_it(
    old: Path, path: str, real: str | None
) -> None:
    assert namespaces._real(path) == real
