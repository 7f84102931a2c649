"""Facts → sentences, for a student and for staff. No sentence is made anywhere else in `judge`.

Each kind of fact has one function for its sentences, and another where staff read more. What a
student reads is made from what `for_student` lets through, by the first of them alone.
"""
