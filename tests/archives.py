"""Archives for tests: built as people and attackers build them."""

from __future__ import annotations

import io
import tarfile
import warnings
import zipfile
from collections.abc import Mapping
from typing import Any

__all__ = ["link_in_zip", "tarred", "zipped"]


def zipped(files: Mapping[str, Any] | list[tuple[str, Any]], **how: Any) -> bytes:
    """A zip of these files; a name may come twice in a list."""
    stream = io.BytesIO()
    items = files.items() if isinstance(files, Mapping) else files
    how = {"compression": zipfile.ZIP_DEFLATED, **how}
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w", **how) as archive:
        warnings.simplefilter("ignore")  # of names that come twice
        for name, content in items:
            if isinstance(content, zipfile.ZipInfo):
                archive.writestr(content, name)
            else:
                info = zipfile.ZipInfo(name)
                info.filename = name  # also with characters that it would change
                info.compress_type = archive.compression
                archive.writestr(info, content)
    return stream.getvalue()


def link_in_zip(name: str, target: str) -> tuple[str, zipfile.ZipInfo]:
    """A symbolic link, for a list that `zipped` takes."""
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = 0o120777 << 16
    return target, info


def tarred(files: Mapping[str, Any], mode: str = "w", **how: Any) -> bytes:
    """A tar, compressed as the mode says. A `TarInfo` stands for a link, a device and the like."""
    stream = io.BytesIO()
    with tarfile.open(  # type: ignore[call-overload]  # any mode
        fileobj=stream, mode=mode, **how
    ) as archive:
        for name, content in files.items():
            if isinstance(content, tarfile.TarInfo):
                content.name = name
                archive.addfile(content)
                continue
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()
