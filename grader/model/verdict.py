"""The closed sets: verdicts, and the reasons that stand under them."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Audience", "Reason", "Verdict"]


class Verdict(StrEnum):
    """What came of one question, part, row or case."""

    CORRECT = "correct"
    FOLLOWS = "follows"
    PARTIAL = "partial"
    IMPRECISE = "imprecise"
    INCORRECT = "incorrect"
    MISSING = "missing"
    INVALID = "invalid"
    RAISED = "raised"
    TIMED_OUT = "timed_out"
    MEMORY_EXCEEDED = "memory_exceeded"
    OUTPUT_EXCEEDED = "output_exceeded"
    CRASHED = "crashed"
    BLOCKED = "blocked"
    PENDING = "pending"
    SKIPPED = "skipped"
    GRADER_ERROR = "grader_error"


class Reason(StrEnum):
    """Stable codes under a verdict; the words for a person are made from them in `judge`."""

    # missing
    NOT_ANSWERED = "not_answered"
    NAME_NOT_DEFINED = "name_not_defined"
    FILE_NOT_FOUND = "file_not_found"
    ROW_MISSING = "row_missing"
    # invalid
    NOT_A_NUMBER = "not_a_number"
    NUMBER_AS_TEXT = "number_as_text"
    BOOLEAN = "boolean"
    COMPLEX = "complex"
    OBJECT_ARRAY = "object_array"
    MASKED = "masked"
    NOT_AN_ARRAY = "not_an_array"
    NOT_A_LIST = "not_a_list"
    NOT_A_MAPPING = "not_a_mapping"
    NOT_A_FORMULA = "not_a_formula"
    NOT_AN_OPTION = "not_an_option"
    NOT_A_TABLE = "not_a_table"
    NOT_CALLABLE = "not_callable"
    NOT_PLAIN_DATA = "not_plain_data"
    WRONG_TYPE = "wrong_type"
    WRONG_SHAPE = "wrong_shape"
    TRANSPOSED = "transposed"
    WRONG_DTYPE = "wrong_dtype"
    RAGGED = "ragged"
    NOT_FINITE = "not_finite"
    NAN_AT = "nan_at"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    UNKNOWN_LABEL = "unknown_label"
    # incorrect, imprecise, partial
    WRONG_VALUE = "wrong_value"
    REPEATED = "repeated"
    NO_DIRECTION = "no_direction"
    WRONG_LENGTH = "wrong_length"
    TOO_MANY_ROWS = "too_many_rows"
    KEY_MISSING = "key_missing"
    TOO_FEW_DIGITS = "too_few_digits"
    TOO_MANY_DIGITS = "too_many_digits"
    WRONG_AT_SOME_POINTS = "wrong_at_some_points"
    UNDEFINED_AT_POINT = "undefined_at_point"
    WRONG_FORM = "wrong_form"
    INPUTS_CHANGED = "inputs_changed"
    EARLIER_CHANGED = "earlier_changed"
    NOT_DETERMINISTIC = "not_deterministic"
    NOTHING_RETURNED = "nothing_returned"
    DIFFERENCES_DISAGREE = "differences_disagree"
    NOTHING_CHANGES = "nothing_changes"
    CRITERION_FAILED = "criterion_failed"
    # explained
    CARRIED_FORWARD = "carried_forward"
    KNOWN_MISTAKE = "known_mistake"
    CHARGED_BEFORE = "charged_before"
    # the program ended otherwise
    EXCEPTION = "exception"
    WRONG_ARGUMENTS = "wrong_arguments"
    RESULT_UNUSABLE = "result_unusable"
    SYSTEM_EXIT = "system_exit"
    SYNTAX_ERROR = "syntax_error"
    TIME_LIMIT = "time_limit"
    SHARED_TIME = "shared_time"
    CPU_LIMIT = "cpu_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    VALUE_LIMIT = "value_limit"
    FILE_LIMIT = "file_limit"
    NO_ANSWER = "no_answer"
    # stopped by the walls
    FORBIDDEN_FILE = "forbidden_file"
    FORBIDDEN_NETWORK = "forbidden_network"
    FORBIDDEN_PROCESS = "forbidden_process"
    FORBIDDEN_CALL = "forbidden_call"
    # not judged
    FOR_A_PERSON = "for_a_person"
    JUDGE_FAULT = "judge_fault"
    SANDBOX_FAULT = "sandbox_fault"
    MACHINE_BUSY = "machine_busy"
    MACHINE_MEMORY = "machine_memory"
    FILES_UNREADABLE = "files_unreadable"


class Audience(StrEnum):
    """Who may read a line of feedback. What students may read, staff may too."""

    STUDENT = "student"
    STAFF = "staff"
