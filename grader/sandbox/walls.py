"""Which walls stand around a student's code."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BASIC", "TIERS", "Walls"]

TIERS = ("full", "container", "basic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Walls:
    """A tier, and how it is built on this machine."""

    tier: str
    own_user: bool = False  #: a user namespace gives what `full` needs; real root does without
    other_identity: bool = False  #: the code runs as a user of its own: we are root
    keep_reading: bool = False  #: but reads files as we do, where nobody else may
    newest_abi: int = 99  #: of Landlock; what a newer kernel knows is not used

    def describe(self, landlock: int) -> str:
        """How they are built, in words; `landlock` is the version of it that is used."""
        if self.tier == "basic":
            return "limits only"
        parts = ["a private root and namespaces"] if self.tier == "full" else []
        parts += [f"Landlock {landlock}", "a filter of system calls"]
        if self.own_user:
            parts.append("in a user namespace")
        if self.keep_reading:
            parts.append(
                "as a user of its own who reads as root, since only root can read Python or the "
                "temporary folder"
            )
        elif self.other_identity:
            parts.append("as a user of its own")
        elif not self.own_user:
            parts.append("as the user who runs grader")
        return ", ".join(parts)


BASIC = Walls(tier="basic")
