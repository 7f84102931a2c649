"""What each diagnostic code means, in full: the text of `grader explain CODE`."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["EXPLANATIONS"]

EXPLANATIONS: Mapping[str, str] = {
    "S001": """The file cannot be read, or is larger than 1 MiB.

A spec, an answer sheet and an expected.yaml are small texts. Check the path and permissions.""",
    "S002": """The file is not YAML.

The place is where the reader gave up; the mistake is often a line above: a missing colon, a quote
that was not closed, a tab, an indentation that does not line up. A text that holds `: ` or starts
with one of `[ { * & ! % @` must stand in quotes.""",
    "S003": """A key is used twice in one mapping.

Readers of YAML disagree about which of the two counts, so neither does. Remove one.""",
    "S004": """Aliases or nesting go too far.

An alias must be defined above the place that uses it, and must not stand for something around
itself. A file may hold at most 100000 values after its aliases are expanded, nested at most 60
deep.""",
    "S005": """A tag is not allowed.

Tags such as `!!python/object` ask the reader to build something other than plain data.""",
    "S101": """A key is missing.

`docs/authors/keys.md` lists what every part of a spec must have. An editor that knows the
JSON Schema named in the first line of the file shows it while you type.""",
    "S102": """A key is not known here.

Keys are never ignored: a misspelt `tolerence` would silently loosen or tighten a mark. The help
line names the nearest key that would be understood. Some keys belong to one kind of question.""",
    "S103": """A value has the wrong type.

For example a word where a number is expected. Mind that by the rules of YAML 1.2 `yes`, `no`, `on`
and `1:30` are words, and `1e-6` is a number.""",
    "S104": """A value is not one of those that are allowed here.

It is outside its range, too long or too short, or not one of a closed set of words.""",
    "S201": """The slug is not the name of the assignment's folder.

Examples and results are found by the slug, so the two must agree.""",
    "S202": """Two questions have the same id.

Answers are given under the id, so two questions with one id could not be told apart.""",
    "S203": """A name is not one of the assignment's givens.

`at` and `globals` speak of givens: values listed under `givens`.""",
    "S204": """A tolerance makes no sense.

Among what is refused: negative bounds, two modes at once, `rtol` alone where the expected value is
zero (it would demand the exact zero), both bounds zero (write `exact: true`), `published` without a
stated answer, `strict` for values that nobody types, a tolerance for a part that no result has, and
bounds so wide that they accept the opposite sign.""",
    "S205": """A question has no key.

Give it a step of the reference (its own id, or `step:`), or a stated `expected`. Without a
reference there are no steps to name, and a function cannot be marked.""",
    "S206": """The `call` or the driver of a function question cannot be used.

`call` is written `name(first, second)`. A driver is a file in the assignment's folder that defines
`drive(module, case)`; a question has one or the other. With `call` the entry point is the name in
it, so `entry` must give the same name or be left out. `finite_differences` go with `call`: they are
`of` another entry point, `with_respect_to` some of its arguments, which the call has too.""",
    "S207": """A case does not give the inputs that the call needs.

Every argument named in `call` must be given once, listed or random, and nothing else. What finite
differences are taken with respect to must be a number or an array of numbers.""",
    "S208": """A stated answer has the wrong form.

A number, an array of numbers, a list of rows, a formula or the name of an option, according to the
kind of the question.""",
    "S209": """The options of a choice are wrong.

A choice, or each of its parts, needs `options`, and its answer must be the name of one of them.
Students may answer with a name or with its words, in whatever case, so these must differ.""",
    "S210": """A formula, or what formulas are made of, is wrong.

A symbol must be a step without arguments, a given, or a name with a domain; a function must be a
step with arguments; a spelling must stand for one thing only; a stated formula must be readable and
defined on the declared domains. What the reference computes has no domain; the arguments of a
function that a formula is asked for have one, or are steps. A `form` names what the
formula may be made of, and the stated formula has that form. Where nothing that a formula is made
of has a domain, it is compared at one point, and the right number is right as well: that is a
warning.""",
    "S211": """A file that the spec names cannot be used.

Drivers and provided code lie in the assignment's folder and must be Python.""",
    "S212": """A domain is wrong.

Give `[low, high]` with low below high, or a mapping with exactly one of `range` and `integers`.
At most a million random numbers are drawn for one case, all of its `count` calls together.""",
    "S213": """A criterion of a series is wrong.

It names one of the question's columns, and exactly one rule: count, range, final, best, monotone,
integers or states_best. `slack` goes with monotone, `lowest` with best and states_best.""",
    "S214": """What may be handed in does not fit the questions.

A function needs a module (`.py`) among `submission.files`; a text or a figure needs a sheet.""",
    "S215": """A mistake cannot be tried.

A mistake names a step or given that it `replaces` and what stands in for it: a step or given of the
same form `with` the same arguments, or a value. With several replacements, `replaces` is a mapping
and there is no `with`. Its id is its own, it changes some answer, and it needs a reference.""",
    "S216": """A recurrence is wrong.

Its step is a step with arguments: it takes one row for every entry of `state` and returns the next
row of each. The entries are ids of questions of kind iterates at the same instance, the question
itself among them, or steps whose values are rows. `beside` names more of these, of which the step
takes the row with the same number. From each row of the right answer it must give the next one.""",
    "S217": """An entry of `audit` is wrong.

It names a question that does not exist, or says twice why the same thing is not a hole. Whether
there is such a hole is found out by `grader verify --audit`.""",
    "S218": """Something named under `data` cannot be provided.

It is a file or a folder in the assignment's folder, named once, and no link out of it. In folders
lie only regular files, and all together are at most 256 MiB and 10000 files. The spec, the
reference, expected.yaml, a starter, the secret of variants and what is handed in are never
provided: students' code reads the data.""",
    "S219": """The inputs of hidden random cases can be computed.

They are drawn from `seed` by a procedure that everybody can read, so who guesses the seed knows
them. A number is guessed by trying; so are a short text, the slug, and a few words. Take a random
text of 16 characters or more, and keep the spec where students cannot read it. This is a warning:
it stops nothing.""",
    "S220": """The interpreter of the students' code is not there.

`python:` is a path, relative to the assignment's folder, of a program that can be run, such as
`venv/bin/python`, or a command that is found on the PATH, such as `python3.12`.""",
    "S221": """A relation of `public_checks` is wrong.

It has two sides with `==`, `<`, `<=`, `>` or `>=` between them, in the language of formulas. Its
names are questions that are answered by numbers, givens, and functions that students write and that
are called by name. `p[k]` is a row of an answer, `p[k][0]` an entry of it, and `p[name]` a part. A
name that stands only in indices runs over all rows. It must hold for the right answers.""",
    "S231": """The variants of an assignment are wrong.

`variants: givens:` names givens that the assignment has, and for each exactly one of `choice`,
`grid`, `integer` and `uniform`. There is a reference, since every variant has its own answers.
What is only stated would be right for one variant alone: give the question a step. `where` names
steps without arguments that are computed from a given that is drawn.

A number that is drawn and typed out in a prompt, the handout or the starter is the same for
everybody, and contradicts most variants: this is a warning. Write `{{ name }}` in its place.""",
    "S301": """The reference cannot be read.

`reference: name` means `reference/name.py` in the folder that holds `assignments/`, or in a folder
above it.""",
    "S302": """The reference fails when it is loaded.

The place is the line of the reference that failed.""",
    "S303": """Steps of the reference need each other in a circle.""",
    "S304": """A step needs something that is neither a step nor a given.

The names of a function's parameters (after `/`) say what it needs. Arguments stand before `/`.""",
    "S305": """A step of the reference, or a driver, raises.

Overflow and division by zero inside numpy count as errors here: they would make a wrong key. A
driver is also tried behind the walls, with the limits of a student's code: one that fails there by
itself would fail everybody.""",
    "S306": """A step is used as a module global.

A step reaches others only as a parameter, so that whatever replaces it reaches everything that
depends on it. Private functions (with a leading underscore) may be used as globals, if they use no
step themselves.""",
    "S307": """The stated answer and the reference disagree.

Both are given, and they differ by more than the question's own tolerance allows. One of them is
wrong, or the tolerance is tighter than the stated digits.""",
    "S308": """A value of the reference cannot be a key.

It is not finite, or not of the kind that the question asks for (a number, an array, rows, a
function, the name of an option).""",
    "S309": """A question asks for a step that the reference does not have.""",
    "S310": """A parameter of a step has a form that cannot be filled.

Parameters after `/` name steps and givens: no default values, no `*args`, no `**kwargs`.""",
    "S311": """The course's code runs for too long.

A step of the reference, loading it, a driver and the provided code may each run for
`limits: reference_seconds`. The place is where the function begins that was running. Time in which
the machine let it wait does not count.""",
    "S312": """The course's code changes numpy, or a function of Python's.

After `np.exp = …` in a reference, students' answers would be compared with what stands there now.
Give your own function a name of its own.""",
    "S331": """No variant can be drawn, or one has no answers.

A step that `where` names must give true or false, and be true of some of the givens that may be
drawn: after 200 draws it is given up. The reference must give finite answers for every variant;
where it cannot, let a step say so and name it in `where`.""",
    "S332": """A variant does not tell right from wrong where the assignment's own givens do.

With these givens a mistake gives the right answer to a question, or two mistakes give the same,
so some students would be marked more kindly than others. Name a step in `where` that is false
there, or take such values out of the range.""",
    "S401": """An expected.yaml is wrong.

It holds, for each folder of examples beside it, `question: [verdict, score]`; `default` stands for
every question that is not named, `full` for the question's points, `null` for "not scored". A score
lies between 0 and the question's points.""",
    "S402": """An example does not get what expected.yaml says.

Either the spec marks it wrongly, or the expectation is wrong. The first number that differs stands
beside it; `grader grade --details` shows all of the example. Where what it gets now is right,
`grader verify --examples` writes it into expected.yaml.""",
    "S403": """No example fails this question.

An assignment shows that it tells right from wrong by at least one example that loses points on
each question.""",
    "S404": """There are no examples yet, or nothing says what they must get.

They stand in `examples/submissions/<slug>/`, a folder for each, with an expected.yaml, which
`grader verify --examples` writes from what they get now. Everything else is checked without them.
This is a warning: one can mark without examples, but nothing has shown that wrong is told from
right.""",
    "S405": """The handout or a prompt states another number for a given than the spec.

One of them is wrong, and right answers to the one are wrong answers to the other. Read are
statements such as `α = 0.1`, `learning rate of 0.1` and `x0 = (4, 1)`; a number that a question or
a case has in the place of the given (`at`, `inputs`) is right in the handout and in its own prompt.
This is a warning: the name may mean something else there.""",
    "S406": """A starter does not fit the questions.

Students begin with it: `starter.py` defines the functions that are asked for, with as many
arguments as they are given, and `starter.yaml` has a line for each question that a sheet answers,
and no other. This is a warning: a starter may leave something out on purpose.""",
    "S501": """A time, a span of time or a time zone in course.yaml cannot be used.

A time is written `2027-03-01T23:59`, with day and time of day. It is in the course's `timezone`, a
name such as Europe/Vienna, unless it ends in Z or an offset such as +01:00. A span is written with
units: 15min, 1h 30min, 2d. In the nights when clocks change some times exist twice, and some not at
all: then the later moment counts, in favour of who hands in, and this is a warning.""",
    "S502": """course.yaml names an assignment or a question that does not exist.

A misspelt name would silently lift a deadline or drop nothing. An assignment that resembles none of
those that there are is taken to come later: then this is a warning.""",
    "S503": """Rules of a course do not go together, or have no effect.

`of` is for per cent; some assignment has a weight above 0; lateness needs an assignment that is
due. What only has no effect is a warning.""",
}
