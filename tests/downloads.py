"""Downloads for tests, in the shapes that platforms give them: files by their paths."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

__all__ = ["canvas", "classroom50", "clones", "gradescope", "moodle", "nbgrader"]

Files = dict[str, str | bytes]
"""Paths in the download → contents."""
Handed = Mapping[str, str]
"""What a student handed in: names of files → contents."""


def canvas(people: Sequence[tuple[str, int, Handed]], *, late: Sequence[int] = ()) -> Files:
    """Flat files of (squashed name, user, files); a name "" is somebody anonymous. Names of files
    are as Canvas shows them: renamed, where they were handed in again."""
    files: Files = {}
    number = 9000
    for name, user, handed in people:
        mark = "_LATE" if user in late else ""
        if name:
            who = f"{name}{mark}_{user}"
        else:
            who = f"{mark.lstrip('_')}{'_' if mark else ''}anon_{user:x}Zq"
        for file, content in handed.items():
            number += 1
            typed = file in ("text.html", "link.html")
            files[f"{who}_{file}" if typed else f"{who}_{number}_{file}"] = content
    return files


def moodle(
    people: Sequence[tuple[str, int, Handed]], *, folders: bool = True, old: bool = False
) -> Files:
    """Of (full name, participant, files); `onlinetext.html` is text typed in the browser. `old`:
    names of folders end in `_`, as before Moodle 4.1."""
    files: Files = {}
    for name, number, handed in people:
        for file, content in handed.items():
            plugin = "onlinetext" if file == "onlinetext.html" else "file"
            who = f"{name.replace('_', ' ')}_{number}_assignsubmission_{plugin}"
            between = ("_/" if old else "/") if folders else "_"
            files[f"{who}{between}{file}"] = content
    return files


def gradescope(
    submissions: Sequence[tuple[int, Sequence[Mapping[str, str]], Handed]],
    *,
    created: str = "2027-02-28 10:00:00.123456789 Z",
    around: str = "assignment_777_export/",
) -> Files:
    """Of (number, submitters with name, sid and email, files), with metadata as Ruby writes it."""
    lines = ["---"]
    files: Files = {}
    for number, submitters, handed in submissions:
        lines += [f"submission_{number}:", "  :submitters:"]
        for one in submitters:
            pairs = [f":{key}: {json.dumps(value)}" for key, value in one.items()]
            lines += [f"  - {pairs[0]}", *(f"    {pair}" for pair in pairs[1:])]
        lines += [
            f"  :created_at: {created}",
            "  :score: 7.5",
            "  :results: !ruby/hash:ActiveSupport::HashWithIndifferentAccess",
            "    tests: [{name: a, score: 1.0}]",
            "  :history:",
            "  - :created_at: 2027-02-27 10:00:00.000 Z",
            "    :score: 1.0",
        ]
        files.update({f"{around}submission_{number}/{file}": text for file, text in handed.items()})
    files[f"{around}submission_metadata.yml"] = "\n".join(lines) + "\n"
    files["__MACOSX/._submission_metadata.yml"] = b"\0"
    return files


def nbgrader(
    people: Mapping[str, Handed],
    *,
    assignment: str = "ps1",
    time: str = "2027-02-28 23:58:00.123456 UTC",
) -> Files:
    files: Files = {}
    for student, handed in people.items():
        above = f"submitted/{student}/{assignment}/"
        files.update({above + file: text for file, text in handed.items()})
        files[above + "timestamp.txt"] = time
    return files


def clones(people: Mapping[str, Handed], *, assignment: str = "hw1") -> Files:
    """What `gh classroom clone student-repos` leaves."""
    files: Files = {}
    for login, handed in people.items():
        above = f"{assignment}-submissions/{assignment}-{login}/"
        files.update({above + file: text for file, text in handed.items()})
        files[above + ".git/HEAD"] = "ref: refs/heads/main\n"
        files[above + ".git/config"] = "[core]\n\tfsmonitor = touch /tmp/never\n"
    return files


def classroom50(people: Mapping[str, Handed], *, late: Sequence[str] = ()) -> Files:
    """What `gh teacher download` of Classroom 50 leaves, with its table of scores."""
    around = "cs1-hw1_submissions_2027_03_02_T_08_00_00/"
    header = "username,first_name,last_name,email,section,score,max_score,datetime,submission_tag,"
    rows = [header + "submitted_by,review_url,late,override"]
    files: Files = {}
    for login, handed in people.items():
        above = f"{around}cs1-hw1-{login.lower()}/"
        files.update({above + file: text for file, text in handed.items()})
        files[above + ".git/HEAD"] = "ref: refs/heads/main\n"
        files[above + "result.json"] = '{"schema": "classroom50/result/v1", "score": 1}'
        lateness = str(login in late).lower()
        rows.append(
            f"{login},{login.title()},Example,{login}@x.edu,A,1,2,2027-02-28T22:00:00Z,,,,{lateness},"
        )
    files[f"{around}scores.csv"] = "\n".join(rows) + "\n"
    return files
