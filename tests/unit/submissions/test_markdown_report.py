from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.submissions.markdown_report import AnswerBlock, answer_blocks
from tests.work import sums_in


def texts(report: str) -> list[str]:
    return [block.text for block in answer_blocks(report)]


@pytest.mark.parametrize(
    "opening",
    [
        "```answers",
        "``` answers",
        "```Answers",
        "````answers",
        "```yaml answers",
        "```answers yaml",
        "``` {.yaml .answers}",
        "```{answers}",
        "```{.answers}",
        "~~~answers",
        "~~~~ yaml answers",
        "  ```answers",
    ],
)
def test_a_block_marked_with_the_word_answers_is_one(opening: str) -> None:
    fence = opening.strip()[:3]
    fence = fence[0] * (len(opening) - len(opening.replace(fence[0], "")))
    report = f"# Report\n\nWords.\n\n{opening}\na: 1\n\nb: 2\n{fence}\n\nMore: words\n"
    (block,) = answer_blocks(report)
    assert (block.text, block.line, block.closed) == ("a: 1\n\nb: 2", 6, True)


def test_the_other_words_are_told() -> None:
    (block,) = answer_blocks("``` {.JSON .answers}\n{}\n```")
    assert block == AnswerBlock(text="{}", line=2, words=("json",))


@pytest.mark.parametrize(
    "report",
    [
        pytest.param("answers\na: 1\n", id="no-fence"),
        pytest.param("```yaml\na: 1\n```\n", id="not-marked"),
        pytest.param("```my-answers\na: 1\n```\n", id="another-word"),
        pytest.param("``answers\na: 1\n``\n", id="two-signs"),
        pytest.param("```answers``` is how a block begins\na: 1\n", id="in-a-line"),
        pytest.param("<!--\n```answers\na: 1\n```\n-->\n", id="comment"),
        pytest.param("````md\n```answers\na: 1\n```\n````\n", id="shown-by-a-longer-fence"),
        pytest.param("~~~md\n```answers\na: 1\n```\n~~~\n", id="shown-by-another-fence"),
    ],
)
def test_what_is_no_block_of_answers(report: str) -> None:
    assert texts(report) == []


@pytest.mark.parametrize(
    ("report", "wanted"),
    [
        pytest.param("```answers\na: 1\n```\n```answers\nb: 2\n```", ["a: 1", "b: 2"], id="two"),
        pytest.param("```answers\r\na: 1\r\n```\r\n", ["a: 1"], id="windows"),
        pytest.param("\ufeff```answers\na: 1\n```", ["a: 1"], id="mark-of-the-byte-order"),
        pytest.param("<!-- note --> \n```answers\na: 1\n```", ["a: 1"], id="behind-a-comment"),
        pytest.param("<!-- never closed\n```answers\na: 1\n```", ["a: 1"], id="comment-no-end"),
        pytest.param("```answers\na: |\n  x\n   ```\nb", ["a: |\n  x"], id="fence-a-bit-right"),
        pytest.param("````answers\na: |\n  ```\n````", ["a: |\n  ```"], id="shorter-fence-inside"),
        pytest.param("- one\n  ```answers\n  a:\n    b: 1\n  ```", ["a:\n  b: 1"], id="in-a-list"),
        pytest.param("3. ```answers\n   a: 1\n   ```", ["a: 1"], id="begins-an-item"),
        pytest.param("> ```answers\n> a: 1\n>\n> b: 2\n> ```", ["a: 1\n\nb: 2"], id="quoted"),
        pytest.param("\t```answers\n\ta: 1\n\t```", ["a: 1"], id="tabs"),
        pytest.param("```answers\n```", [""], id="empty"),
    ],
)
def test_blocks_as_people_write_them(report: str, wanted: list[str]) -> None:
    assert [text.removeprefix(" ") for text in texts(report)] == wanted


@pytest.mark.parametrize(
    ("report", "wanted"),
    [
        ("```answers\na: 1\n\n# Next\n", [("a: 1\n\n# Next\n", False)]),
        ("```answers\na: 1\n```answers\nb: 2\n```\n", [("a: 1", False), ("b: 2", True)]),
        ("```python\nx = 1\n\n```answers\nb: 2\n```\n", [("b: 2", True)]),
    ],
)
def test_a_block_that_is_not_closed(report: str, wanted: list[tuple[str, bool]]) -> None:
    assert [(block.text, block.closed) for block in answer_blocks(report)] == wanted


@given(st.text(st.sampled_from("`~> \t\nanswers-1.<!{}"), max_size=80))
def test_lines_are_counted_as_in_the_report(report: str) -> None:
    lines = report.split("\n")
    for block in answer_blocks(report):
        first = block.text.split("\n")[0].strip()
        assert not block.text or first in lines[block.line - 1]


@given(st.lists(st.sampled_from(["a: 1", "b: [1,", "  x", "", "# h", "> q"]), max_size=8))
def test_what_stands_between_the_fences_comes_out(inner: list[str]) -> None:
    assert texts("\n".join(["```answers", *inner, "```"])) == ["\n".join(inner)]


@pytest.mark.parametrize(
    "part",
    [
        pytest.param("```answers\n", marks=pytest.mark.lengthy),
        "<!--\n",
        "> " * 50,
        "- ",
        "`",
        "1. ",
        "\t>",
    ],
)
def test_a_hostile_report_is_read_in_time(part: str) -> None:
    text = part * (200_000 // len(part))
    assert sums_in(lambda: answer_blocks(text)) < 2_000
