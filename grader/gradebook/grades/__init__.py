"""From what was judged to final marks: one rule of the course a file."""

from grader.gradebook.grades.grades import assignments_in, grades
from grader.gradebook.grades.weights import course_total

__all__ = ["assignments_in", "course_total", "grades"]
