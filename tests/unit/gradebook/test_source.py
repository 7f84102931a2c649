"""What was handed in comes back as it was, whatever is in it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.gradebook.source import opened, source_of
from grader.model.outcome import Note
from grader.model.verdict import Audience
from grader.submissions.submission import Submission
from tests.some import some

FILES = st.dictionaries(st.sampled_from(["a.py", "b/c.py", "@", "is", "ü.yaml"]), st.binary())
NOTES = st.builds(Note, audience=st.sampled_from(Audience), text=st.text())
SUBMISSIONS = st.builds(
    Submission,
    id=st.text(),
    modules=FILES,
    sheets=FILES,
    others=FILES,
    at_start=st.lists(st.sampled_from(["a.py", "b/c.py"]), max_size=2).map(tuple),
    unreadable=st.sampled_from(["", "a.py cannot be read"]),
    notes=st.lists(NOTES, max_size=2).map(tuple),
)


@settings(max_examples=some(40))
@given(SUBMISSIONS, st.text())
def test_it_is_opened_again_as_it_was(submission: Submission, name: str) -> None:
    source = source_of(submission)
    assert opened(source.archive, name) == replace(submission, id=name)
    assert source_of(replace(submission, id=name)) == source


def test_a_note_of_ours_makes_no_new_attempt() -> None:
    one = Submission(id="ann", sheets={"answers.yaml": b"a: 1"})
    other = replace(one, notes=(Note(audience=Audience.STAFF, text="odd"),), at_start=("a.py",))
    assert source_of(one).content == source_of(other).content
    assert source_of(one).digest != source_of(other).digest
    assert (
        source_of(replace(one, sheets={"answers.yaml": b"a: 2"})).content != source_of(one).content
    )
