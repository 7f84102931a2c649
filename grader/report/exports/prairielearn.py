"""PrairieLearn: the scores of an assessment as the CSV that its upload page takes.

Columns as its score upload reads them: `uid,instance,score_perc` for totals, and with a question's
`qid` also `feedback`, which is shown as Markdown. A row of a question may have 10,000 characters.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from grader.model.grade import Grade
from grader.report.exports.exported import Exported, LeftOut, decimal_text, not_final, title_of
from grader.report.exports.feedback import feedback_page

__all__ = ["prairielearn_csv"]

_MOST_FEEDBACK = 8_000


def prairielearn_csv(
    grades: Sequence[Grade], file: str, *, title: str, qid: str = "", instance: int = 1
) -> Exported:
    """Per cents of what can be reached; with `qid` as the scores of that question, with feedback.

    Only who has a final mark and an address has a row: an empty score would be read as a number.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = ("uid", "instance", "qid", "score_perc", "feedback")
    writer.writerow(columns if qid else [one for one in columns if one not in ("qid", "feedback")])
    nameless: list[str] = []
    worthless: list[str] = []
    done = 0
    for grade in grades:
        if grade.excused or grade.points is None:
            continue
        uid = _uid(grade)
        if not uid or not grade.max_points:
            (worthless if uid else nameless).append(title_of(grade))
            continue
        score = decimal_text(100 * grade.points / grade.max_points)
        about = (qid, score, _cut(feedback_page(grade, title))) if qid else (score,)
        writer.writerow([uid, instance, *about])
        done += 1
    left = (
        LeftOut(what="no e-mail address, by which PrairieLearn knows people", who=tuple(nameless)),
        LeftOut(what="nothing can be reached, so no per cents", who=tuple(worthless)),
    )
    return Exported(
        files={file: text.getvalue().encode("utf-8", "replace")},
        written=done,
        left_out=(*not_final(grades), *(one for one in left if one.who)),
    )


def _uid(grade: Grade) -> str:
    person = grade.person
    addresses = (person.ids.get("prairielearn", ""), person.email, person.key)
    return next((one for one in addresses if "@" in one), "")


def _cut(text: str) -> str:
    """In whole lines."""
    if len(text) <= _MOST_FEEDBACK:
        return text
    return text[: text.rfind("\n", 0, _MOST_FEEDBACK)] + "\n\n… and more\n"
