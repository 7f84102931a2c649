"""Build one question of each kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.model.assignment import (
    AnswerQuestion,
    Case,
    Criterion,
    Driver,
    FunctionQuestion,
    ManualQuestion,
    Part,
    Question,
    RubricLine,
    SeriesQuestion,
)
from grader.model.tolerance import Tolerance, ToleranceError
from grader.model.value import Value
from grader.spec.problems import Problems, did_you_mean
from grader.spec.sources import read_driver
from grader.spec.stated import check_stated
from grader.spec.values import exact, input_value, read_domain, typed_value
from grader.spec.yaml_reader import KeyPath

__all__ = ["QuestionBuilder"]

_CALL = re.compile(r"\s*([^\W\d]\w*)\s*\(([\w\s,]*)\)\s*")
_RULES = ("count", "range", "final", "best", "monotone", "integers", "states_best")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionBuilder:
    """Turns question specs into questions; problems go to `problems`."""

    problems: Problems
    folder: Path
    givens: Mapping[str, Value]
    default_points: Fraction
    default_tolerance: Tolerance
    has_reference: bool

    def build(self, path: KeyPath, spec: Mapping[str, Any]) -> Question | None:
        """The question, or None when a problem was found that leaves no question."""
        before = len(self.problems.found)
        builders: Mapping[str, Callable[[KeyPath, Mapping[str, Any]], Question]] = {
            "function": self._function,
            "series": self._series,
            "text": self._manual,
            "figure": self._manual,
        }
        question = builders.get(spec["kind"], self._answer)(path, spec)
        return question if len(self.problems.found) == before else None

    def _shared(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "id": spec["id"],
            "kind": spec["kind"],
            "points": exact(spec["points"]) if "points" in spec else self.default_points,
            "prompt": spec.get("prompt", ""),
            "entry": spec.get("entry", spec["id"]),
            "all_or_nothing": spec.get("all_or_nothing", False),
        }

    # -- answers ---------------------------------------------------------------------------------

    def _answer(self, path: KeyPath, spec: Mapping[str, Any]) -> Question:
        parts: tuple[Part, ...]
        if "parts" in spec:
            for key in ("step", "expected"):
                if key in spec:
                    message = f"{key!r} belongs to the parts of this question"
                    self.problems.add("S102", (*path, key), message, of_key=True)
            parts = tuple(
                self._part((*path, "parts", label), label, spec, part or {})
                for label, part in spec["parts"].items()
            )
        else:
            parts = (self._part(path, "", spec, spec),)
        symbols = spec.get("symbols")
        return AnswerQuestion(
            **self._shared(spec),
            parts=parts,
            includes_start=spec.get("includes_start", False),
            symbols=None if symbols is None else tuple(symbols),
        )

    def _part(
        self, path: KeyPath, label: str, question: Mapping[str, Any], spec: Mapping[str, Any]
    ) -> Part:
        kind = question["kind"]
        expected = typed_value(spec.get("expected"))
        step = spec.get("step") or (label or question["id"])
        if not self.has_reference or (kind == "choice" and expected is not None):
            step = spec.get("step")
        if step is None and expected is None:
            message = f"{label or question['id']!r} has neither a reference nor a stated answer"
            self.problems.add("S205", path, message)
        tolerance = self.read_tolerance(
            self.problems, (*path, "tolerance"), spec.get("tolerance"), None
        ) or self.read_tolerance(
            self.problems,
            ("questions", path[1], "tolerance"),
            question.get("tolerance") if label else None,
            self.default_tolerance,
        )
        assert tolerance is not None
        options = {
            name: str(words)
            for name, words in {**question.get("options", {}), **spec.get("options", {})}.items()
        }
        part = Part(
            label=label,
            share=exact(spec.get("share", 1)),
            step=step,
            names_step="step" in spec,
            at=self._instance((*path, "at"), {**question.get("at", {}), **spec.get("at", {})}),
            expected=expected,
            tolerance=tolerance,
            options=options,
        )
        check_stated(self.problems, path, kind, part)
        return part

    def _instance(self, path: KeyPath, spec: Mapping[str, Any]) -> Mapping[str, Value]:
        for name in spec:
            if name not in self.givens:
                message = f"{name!r} is not one of the assignment's givens"
                near = did_you_mean(name, self.givens)
                self.problems.add("S203", (*path, name), message, near, of_key=True)
        return {name: input_value(value) for name, value in spec.items()}

    @staticmethod
    def read_tolerance(
        problems: Problems,
        path: KeyPath,
        spec: Mapping[str, Any] | None,
        default: Tolerance | None,
    ) -> Any:
        """The tolerance of a spec, or `default` where it gives none (or a senseless one)."""
        if spec is None:
            return default
        try:
            tolerance = Tolerance.from_spec(spec)
        except ToleranceError as error:
            problems.add("S204", path, str(error), of_key=True)
            return default
        if not any((tolerance.rtol, tolerance.atol)) and set(spec) & {"rtol", "atol"}:
            message = "both bounds are zero"
            problems.add(
                "S204", path, message, "write `exact: true` where that is meant", of_key=True
            )
        return tolerance

    # -- functions -------------------------------------------------------------------------------

    def _function(self, path: KeyPath, spec: Mapping[str, Any]) -> Question:
        shared = self._shared(spec)
        parameters: tuple[str, ...] = ()
        driver = None
        if not self.has_reference:
            self.problems.add("S205", path, f"the function {spec['id']!r} needs a reference")
        if ("call" in spec) == ("driver" in spec):
            message = f"{spec['id']!r} must give either a call or a driver"
            self.problems.add("S206", path, message)
        elif "call" in spec:
            match = _CALL.fullmatch(spec["call"])
            if match is None:
                message = "a call is written name(first, second)"
                self.problems.add("S206", (*path, "call"), message)
            else:
                shared["entry"] = match[1]
                parameters = tuple(name.strip() for name in match[2].split(",") if name.strip())
        else:
            place = (*path, "driver")
            source = read_driver(self.problems, place, self.folder, spec["driver"])
            driver = Driver(file=spec["driver"], source=source or "")
        for name, given in spec.get("globals", {}).items():
            if given not in self.givens:
                message = f"{given!r} is not one of the assignment's givens"
                near = did_you_mean(given, self.givens)
                self.problems.add("S203", (*path, "globals", name), message, near)
        tolerance = self.read_tolerance(
            self.problems, (*path, "tolerance"), spec.get("tolerance"), self.default_tolerance
        )
        tolerances = {
            inner: self.read_tolerance(
                self.problems, (*path, "tolerances", inner), one, self.default_tolerance
            )
            for inner, one in spec.get("tolerances", {}).items()
        }
        for one in (tolerance, *tolerances.values()):
            if one.published or one.strict:
                message = "published and strict are for answers that are typed, not for functions"
                self.problems.add("S204", path, message)
        return FunctionQuestion(
            **shared,
            step=spec.get("step", spec["id"]),
            parameters=parameters,
            driver=driver,
            cases=tuple(
                self._case((*path, "cases", index), case, None if driver else parameters)
                for index, case in enumerate(spec["cases"])
            ),
            at=self._instance((*path, "at"), spec.get("at", {})),
            globals=spec.get("globals", {}),
            tolerance=tolerance,
            tolerances=tolerances,
            inputs_unchanged="inputs_unchanged" in spec.get("requires", ()),
        )

    def _case(self, path: KeyPath, spec: Any, parameters: tuple[str, ...] | None) -> Case:
        long_form = "inputs" in spec or "random" in spec
        spec = spec if long_form else {"inputs": spec}
        if "count" in spec and "random" not in spec:
            self.problems.add(
                "S207", (*path, "count"), "only random cases have a count", of_key=True
            )
        random = {
            name: domain
            for name, one in spec.get("random", {}).items()
            if (domain := read_domain(self.problems, (*path, "random", name), one)) is not None
        }
        inputs = {name: input_value(value) for name, value in spec.get("inputs", {}).items()}
        given = set(inputs) | set(spec.get("random", {}))
        if parameters is not None and given != set(parameters):
            lacking = ", ".join(sorted(set(parameters) - given))
            extra = ", ".join(sorted(given - set(parameters)))
            message = "the case " + " and ".join(
                part
                for part in (lacking and f"lacks {lacking}", extra and f"has no use for {extra}")
                if part
            )
            self.problems.add("S207", path, message)
        return Case(
            label=spec.get("label", ""),
            inputs=inputs,
            random=random,
            count=int(spec.get("count", 1)),
            hidden=bool(spec.get("hidden", False)),
            at=self._instance((*path, "at"), spec.get("at", {})),
        )

    # -- series, text, figure --------------------------------------------------------------------

    def _series(self, path: KeyPath, spec: Mapping[str, Any]) -> Question:
        columns = tuple(spec["columns"])
        criteria = tuple(
            criterion
            for index, one in enumerate(spec["criteria"])
            if (criterion := self._criterion((*path, "criteria", index), one, columns)) is not None
        )
        gaps = bool(spec.get("gaps", False))
        return SeriesQuestion(**self._shared(spec), columns=columns, criteria=criteria, gaps=gaps)

    def _criterion(
        self, path: KeyPath, spec: Mapping[str, Any], columns: tuple[str, ...]
    ) -> Criterion | None:
        rules = [rule for rule in _RULES if rule in spec]
        if len(rules) != 1:
            known = ", ".join(_RULES)
            self.problems.add("S213", path, f"a criterion has exactly one rule of {known}")
            return None
        rule = rules[0]
        names = tuple(spec["states_best"]) if rule == "states_best" else ()
        for name in (spec["column"], *names):
            if name not in columns:
                message = f"{name!r} is not one of the columns"
                self.problems.add("S213", path, message, did_you_mean(name, columns))
        low, high = None, None
        if rule in ("count", "range", "final", "best"):
            bound = spec[rule] if isinstance(spec[rule], list) else [spec[rule], spec[rule]]
            low, high = (None if end is None else float(end) for end in bound)
            if low is None and high is None:
                self.problems.add("S213", path, f"{rule} gives no bound")
            elif low is not None and high is not None and low > high:
                self.problems.add("S213", path, f"the bounds of {rule} are the wrong way round")
        return Criterion(
            label=spec.get("label", f"{spec['column']}: {rule.replace('_', ' ')}"),
            share=exact(spec.get("share", 1)),
            column=spec["column"],
            rule=rule,
            low=low,
            high=high,
            lowest=bool(spec.get("lowest", False)),
            direction=spec.get("monotone", ""),
            slack=float(spec.get("slack", 0.0)),
            names=names,
        )

    def _manual(self, path: KeyPath, spec: Mapping[str, Any]) -> Question:
        rubric = tuple(
            RubricLine(
                text=line["text"], points=exact(line["points"]) if "points" in line else None
            )
            for line in spec.get("rubric", ())
        )
        stated = [line.points for line in rubric if line.points is not None]
        question = ManualQuestion(**self._shared(spec), rubric=rubric)
        if stated and len(stated) == len(rubric) and sum(stated) != question.points:
            total = float(sum(stated))
            message = (
                f"the rubric adds up to {total:g}, the question is worth {float(question.points):g}"
            )
            self.problems.add("S104", (*path, "rubric"), message, of_key=True)
        return question
