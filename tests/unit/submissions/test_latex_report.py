from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model.diagnostic import Place
from grader.model.typed import Typed, texts_of
from grader.submissions.latex_report import holds_latex_answers, read_latex_report
from grader.submissions.reports import read_report
from tests.work import sums_in


def answers(report: str) -> dict[str, Any]:
    read = read_latex_report(report, file="report.tex")
    return {name: texts_of(value) for name, value in read.answers.items()}


def value(text: str) -> Any:
    """What is read where this is the value."""
    (read,) = answers(f"\\answer{{q}}{{{text}}}").values()
    return read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("0.410", "0.410"),
        ("$0.410$", "0.410"),
        (r"\(0.410\)", "0.410"),
        ("$$ 0.410 $$", "0.410"),
        (r"\boxed{$0.410$}", "0.410"),
        (r"\textbf{0.410}", "0.410"),
        (r"$\mathbf{0.410}$", "0.410"),
        (r"$1.38 \times 10^{-23}$", "1.38 × 10^-23"),
        (r"$1{,}234{,}567$", "1,234,567"),
        (r"1\,000\,000", "1 000 000"),
        (r"$x_{1} = -3.19$", "x_1 = -3.19"),
        (r"$\approx 0.881$", "≈ 0.881"),
        (r"$9.81\,\mathrm{m/s^2}$", "9.81  m/s^2"),
        (r"\SI{9.81}{m/s^2}", "9.81 m/s^2"),
        (r"\num{3.5e-3}", "3.5e-3"),
        (r"12.5\,\%", "12.5 %"),
        (r"$\frac{37}{42}$", r"\frac{37}{42}"),
        (r"$w_1 \cdot \sigma'(z_1)$", r"w_1 \cdot \sigma'(z_1)"),
        (r"$\displaystyle\frac{1}{2} w^2$", r"\frac{1}{2} w^2"),
        (r"2 w x", "2 w x"),
        (r"$a$ and $b$", "$a$ and $b$"),
        ("stuck", "stuck"),
        (r"\texttt{nodes\_need\_it}", "nodes_need_it"),
        (r"\emph{stuck}", "stuck"),
        ("{stuck}", "stuck"),
        (r"\includegraphics[width=3cm]{contour.png}", "contour.png"),
        ("[1, 2]", ("1", "2")),
        ("$[0.3, -0.6]$", ("0.3", "-0.6")),
        (r"$\left[0.3, 0.6\right]$", ("0.3", "0.6")),
        ("[$0.3$, $0.6$]", ("0.3", "0.6")),
        ("[[3.55, 0.20],\n [3.18, -0.10]]", (("3.55", "0.20"), ("3.18", "-0.10"))),
        ("[(1, 2), (3, 4)]", (("1", "2"), ("3", "4"))),
        ("(0.3, 0.6)", "(0.3, 0.6)"),
        (r"[\frac{1}{2}, 3{,}5]", (r"\frac{1}{2}", "3,5")),
        ("[1, 2,]", ("1", "2")),
        ("[]", ()),
        ("[f(x, y), 2]", ("f(x, y)", "2")),
        (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", (("1", "2"), ("3", "4"))),
        (r"$\begin{bmatrix} 1 \\ 0.50 \end{bmatrix}$", ("1", "0.50")),
        (r"\begin{array}{cc} 1 & 2 \end{array}", ("1", "2")),
        ("{z0: 0.5, h0: $0.50$}", {"z0": "0.5", "h0": "0.50"}),
        ("z0: 0.5, h0: 0.50", {"z0": "0.5", "h0": "0.50"}),
        (r"\{z0: \frac{1}{2}, h\_0: [1, 2]\}", {"z0": r"\frac{1}{2}", "h_0": ("1", "2")}),
        ("Note: it vanishes.", "Note: it vanishes."),
        ("It goes\n   down.\n\nMust it? No.", "It goes down.\nMust it? No."),
        (r"5\% of \emph{all}", r"5\% of \emph{all}"),
        (r"5\% of all \& more", "5% of all & more"),
        ("``a: b''", "a: b"),
        ("", ""),
        ("$ $", ""),
        ("$3{.}10$", "3.10"),
        (r"\SI{9.81}{\metre\per\second\squared}", "9.81 m/s^2"),
        (r"\qty[mode=text]{2.5}{\kilo\gram}", "2.5 kg"),
        (r"\begin{equation} 0.410 \end{equation}", "0.410"),
        (r"\begin{align*} x &= 3.10 \end{align*}", "x = 3.10"),
        (r"\begin{gather} [1, 2] \end{gather}", ("1", "2")),
        (r"\[ \begin{pmatrix} 1 \\ 2 \end{pmatrix} \]", ("1", "2")),
        (
            r"\begin{equation*}\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}\end{equation*}",
            (("1", "2"), ("3", "4")),
        ),
        (r"\begin{pmatrix} 1 & 2 \end{pmatrix}^T", ("1", "2")),
        (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}^{\top}", (("1", "3"), ("2", "4"))),
        (r"$[1, 2]^\top$", ("1", "2")),
        (
            r"\left(\begin{array}{cc} 1 & 2 \\ 3 & 4 \end{array}\right)",
            (("1", "2"), ("3", "4")),
        ),
        (r"\left[\begin{array}{c} 1 \\ 2 \end{array}\right]", ("1", "2")),
    ],
)
def test_values_say_what_a_sheet_would(typed: str, read: Any) -> None:
    assert value(typed) == read


@pytest.mark.parametrize(
    ("report", "wanted"),
    [
        pytest.param(r"\answer{a}{1}\answer{b}{2}", {"a": "1", "b": "2"}, id="two"),
        pytest.param("\\answer {a} %\n  {1}", {"a": "1"}, id="spaces-and-comment"),
        pytest.param(r"\answer*{a}{1}", {"a": "1"}, id="star"),
        pytest.param(r"\[ y = \answer{a}{w_1 x} \]", {"a": "w_1 x"}, id="in-math"),
        pytest.param(r"\answer{dy\_dx}{1}", {"dy_dx": "1"}, id="escaped-name"),
        pytest.param(r"\answer{q.a}{1} \answer{q.b}{2}", {"q": {"a": "1", "b": "2"}}, id="parts"),
        pytest.param(r"\answer{q.best.a}{1}", {"q": {"best": {"a": "1"}}}, id="deep"),
        pytest.param("\\answer{a}{1 % not 2 }\n + 3}", {"a": "1 + 3"}, id="comment-inside"),
        pytest.param("\\answer{a}{12%\n  34}", {"a": "1234"}, id="comment-joins"),
        pytest.param(r"\answer{a}{5\% more}", {"a": "5% more"}, id="per-cent"),
        pytest.param("% \\answer{a}{1}\n\\answer{b}{2}", {"b": "2"}, id="commented-out"),
        pytest.param(r"\\% \answer{a}{1}", {}, id="comment-behind-a-line-end"),
        pytest.param(r"\answers{a}{1} \answer{a} \answer", {}, id="others"),
        pytest.param(r"\newcommand{\answer}[2]{#1: #2}\answer{a}{1}", {"a": "1"}, id="defined"),
        pytest.param(r"\def\answer#1#2{#1: #2}\answer{a}{1}", {"a": "1"}, id="def"),
        pytest.param(r"\newcommand{\q}[1]{\answer{a}{#1}}", {}, id="inside-a-definition"),
        pytest.param(
            "\\begin{verbatim}\n\\answer{a}{1}\n\\end{verbatim}\\answer{b}{2}",
            {"b": "2"},
            id="verbatim",
        ),
        pytest.param(r"\verb|\answer{a}{1}| \answer{b}{2}", {"b": "2"}, id="verb"),
        pytest.param("\\iffalse \\answer{a}{1}\n\\fi\\answer{b}{2}", {"b": "2"}, id="iffalse"),
        pytest.param(r"\answer{a}{1}\end{document}\answer{b}{2}", {"a": "1"}, id="behind-the-end"),
        pytest.param(r"\begin{verbatim} \answer{a}{1}", {"a": "1"}, id="verbatim-without-an-end"),
        pytest.param("\ufeff\\answer{a}\r\n{1}", {"a": "1"}, id="windows"),
    ],
)
def test_where_answers_are_found(report: str, wanted: dict[str, Any]) -> None:
    assert answers(report) == wanted
    assert holds_latex_answers(report) is bool(wanted)


def test_lines_are_those_of_the_report() -> None:
    report = "% one\n\\answer{a}{1}\n\n\\begin{comment}\n\n\\end{comment}\n\\answer{q.a}{[1,\n2]}\n"
    read = read_latex_report(report, file="report.tex")
    assert read.places == {
        "a": Place(file="report.tex", line=2),
        "q": Place(file="report.tex", line=7),
    }
    assert read.answers["a"] == Typed("1", quoted=False, line=2)


@pytest.mark.parametrize(
    ("slip", "fault"),
    [
        (r"\answer{b}{\frac{1}{2}", r"`{\frac{1}{2}`: the brace"),
        (r"\answer{b}{ {1 }", "`{ {1 }`: the brace"),
        (r"\answer{b}{[1, 2}", "`[1, 2`: a bracket is opened and not closed"),
        (r"\answer{b}{1}\answer{b}{2}", "`b` is answered in line 2 and otherwise in line 2"),
        (r"\answer{b.x}{1}\answer{b.x}{2}", "`x` is answered in line 2"),
        (r"\answer{b}{1}\answer{b.x}{2}", "`b` is answered in line 2"),
    ],
)
def test_one_slip_costs_one_answer(slip: str, fault: str) -> None:
    read = read_latex_report(f"\\answer{{a}}{{1}}\n{slip}\n\\answer{{c}}{{3}}\n", file="r.tex")
    wrong = read.answers["b"]
    wrong = wrong["x"] if isinstance(wrong, dict) else wrong
    assert isinstance(wrong, Typed)
    assert fault in wrong.fault
    assert (texts_of(read.answers["a"]), texts_of(read.answers["c"])) == ("1", "3")


def test_the_same_answer_twice_is_one() -> None:
    report = "\\answer{a}{$1$}\\answer{a}{1}\\answer{b}{}\\answer{b}{2}\\answer{b}{}"
    assert answers(report) == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    ("defined", "typed", "read"),
    [
        (r"\newcommand{\half}{0.50}", r"\answer{q}{$\half$}", {"q": "0.50"}),
        (r"\newcommand\half{0.50}", r"\answer{q}{\half}", {"q": "0.50"}),
        (r"\def\half{0.50}", r"\answer{q}{\half}", {"q": "0.50"}),
        (r"\newcommand{\yh}{\hat{y}}", r"\answer{q}{$2(\yh - y)$}", {"q": r"2(\hat{y} - y)"}),
        (r"\newcommand{\v}[1]{\mathbf{#1}}", r"\answer{q}{$\v{x}^2$}", {"q": r"\mathbf{x}^2"}),
        (
            r"\DeclareMathOperator{\relu}{relu}",
            r"\answer{q}{$\relu(x)$}",
            {"q": r"\operatorname{relu}(x)"},
        ),
        (r"\newcommand{\a}{\b}\newcommand{\b}{3}", r"\answer{q}{\a}", {"q": "3"}),
        (r"\newcommand{\ans}[2]{\answer{#1}{#2}}", r"\ans{q}{1} \ans{r}{2}", {"q": "1", "r": "2"}),
        (r"\newcommand{\ans}[2]{\answer{#1}{$#2$}}", r"\ans{q}{[1, 2]}", {"q": ("1", "2")}),
        (r"\newcommand{\set}[1]{a #1 b}", r"\answer{q}{\set{1\}2}}", {"q": r"a 1\}2 b"}),
        (r"\newcommand{\set}[1]{a #1 b}", r"\answer{q}{\set{1\{2}}", {"q": r"a 1\{2 b"}),
        (r"\newcommand{\name}{q}", r"\answer{\name}{1}", {"q": "1"}),
        ("", r"\answer{\texttt{q}}{1} \answer{$r$}{2}", {"q": "1", "r": "2"}),
        (r"\newcommand{\a}{\a\a}", r"\answer{q}{\a}", {"q": r"\a"}),
        (r"% \newcommand{\half}{0.50}", r"\answer{q}{\half}", {"q": r"\half"}),
    ],
)
def test_commands_of_the_report_are_put_in(defined: str, typed: str, read: Any) -> None:
    assert answers(f"{defined}\n\\begin{{document}}\n{typed}\n") == read


def test_a_report_in_latin_1_is_read() -> None:
    assert read_report("\\answer{why}{größer}".encode("latin-1"), file="r.tex").answers == {
        "why": Typed("größer", quoted=False, line=1)
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    "part",
    [
        "\\newcommand{\\a}{\\a\\a}\\answer{a}{\\a}",
        "\\newcommand{\\a}[9]{#1#1}\\answer{a}{\\a\\a\\a\\a}",
        "\\begin{equation}",
        "\\SI{1}{",
        "^T",
        *("\\answer{a}{", "\\answer{a", "\\begin{verbatim}", "\\verb|", "\\iffalse", "{", "}"),
        *("\\answer{a}{[", "%", "\\answer{a}{1}", "\\answer{q.a}{z: 1, ", "\\answer{a}{(,"),
        *("\\\\", "$", "\\left[", "\\answer{a}{\\text{"),
    ],
)
def test_a_hostile_report_is_read_in_time(part: str) -> None:
    for text in (part * (200_000 // len(part)), f"\\answer{{a}}{{{part * 30_000}}}"):
        assert sums_in(partial(read_latex_report, text, file="r.tex")) < 10_000


@given(st.text(st.sampled_from("\\answer{}[](),$%ab:.1 \n&"), max_size=60))
def test_any_value_is_read_somehow(text: str) -> None:
    read_latex_report(text, file="r.tex")
    read_latex_report(f"\\answer{{q}}{{{text}}}", file="r.tex")
