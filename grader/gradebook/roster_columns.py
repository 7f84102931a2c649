"""Which column of a roster says what, however it is spelt."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence

__all__ = ["columns_of", "plain_header"]

_MOST_SHOWN = 8
#: How much of a title has to be the same to be taken for a slip: platforms' own titles, as `role`
#: and `marker`, are somewhat like one of these too.
_NEAR = 0.8
_MEANINGS: Mapping[str, Sequence[str]] = {
    "key": (
        *("key", "login", "username", "user", "userlogin", "loginid", "sisloginid", "netid", "uni"),
        *("identifier", "account", "benutzername", "anmeldename", "kuerzel", "kurzel"),
        *("identifikator", "identifiant", "identificador", "identificativo"),
        *("nomdutilisateur", "nombredeusuario", "nomeutente"),
    ),
    "name": (
        *("name", "fullname", "studentname", "displayname", "student", "students"),
        *("vollstandigername", "nomcomplet", "nombrecompleto", "nomecompleto"),
    ),
    "first": (
        *("firstname", "first", "givenname", "forename", "vorname", "firstnames"),
        *("prenom", "nombre", "nome"),
    ),
    "last": (
        *("lastname", "last", "surname", "familyname", "nachname"),
        *("nom", "nomdefamille", "apellido", "apellidos", "cognome"),
    ),
    "email": (
        *("email", "emailaddress", "mail", "mailaddress", "emailadresse", "studentemail"),
        *("adressedecourriel", "direcciondecorreo", "indirizzoemail"),
    ),
    "number": (
        *("number", "studentnumber", "studentid", "studentno", "sid", "sisuserid", "sisid"),
        *("idnumber", "idnummer", "registrationnumber", "matriculationnumber", "matriculation"),
        *("matrikelnummer", "matrikelnr", "matrnr", "matrikel"),
        *("numerodidentification", "numerodeid", "codiceidentificativo"),
    ),
    "section": ("section", "sections", "class", "tutorial", "course", "lab"),
    "group": (
        "group",
        "groups",
        "team",
        "teamname",
        "groupname",
        "gruppe",
        "groupe",
        "grupo",
        "gruppo",
    ),
    "canvas": ("canvas", "canvasid", "canvasuser", "canvasuserid"),
    "moodle": ("moodle", "moodleid", "participant", "participantid"),
    "github": ("github", "githubusername", "githublogin", "githubuser", "githubname"),
    "gradescope": ("gradescope", "gradescopeid"),
    "nbgrader": ("nbgrader", "nbgraderid"),
    "extension": ("extension", "extensions", "extended", "extendedto", "verlangerung"),
    "handed_in": (
        *("handedin", "handedinat", "submitted", "submittedat", "submissiontime", "submissiondate"),
        *(
            "submissiondatetime",
            "timesubmitted",
            "turnedin",
            "turnedinat",
            "lastmodifiedsubmission",
        ),
        *("abgegeben", "abgegebenam", "abgabezeit", "abgabezeitpunkt", "zuletztgeandertabgabe"),
        *("dernieremodificationtravailremis", "dernieremodificationremise", "remisle"),
        *("ultimamodificacionenvio", "ultimamodificacionentrega", "ultimamodificaconsegna"),
    ),
    "excused": ("excused", "excuse", "exempt", "entschuldigt"),
}
#: Of the tables of platforms, what nobody expects to be read.
_OF_PLATFORMS = frozenset(
    (
        *("status", "grade", "maximumgrade", "gradecanbechanged", "lastmodifiedgrade"),
        *("feedbackcomments", "onlinetext", "rootaccount", "integrationid"),
        *("bewertung", "bestwertung", "bewertungkanngeandertwerden", "zuletztgeandertbewertung"),
        *("feedbackalskommentar", "note", "notemaximale", "calificacion", "valutazione"),
    )
)
_MEANING = {spelling: meaning for meaning, names in _MEANINGS.items() for spelling in names}


def plain_header(text: str) -> str:
    """Small letters without accents, spaces and dashes."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^a-z0-9]", "", letters)


def columns_of(header: Sequence[str]) -> tuple[Mapping[str, int], list[str]]:
    """The place of each meaning's column, and what is to be said of the others."""
    spelt = [plain_header(one) for one in header]
    found: dict[str, int] = {}
    notes: list[str] = []
    unread: list[str] = []
    for place, name in enumerate(spelt):
        meaning = _MEANING.get(name) or _id_column(name, spelt)
        if name in _OF_PLATFORMS:
            continue
        if meaning is None:
            unread += [header[place].strip()] if header[place].strip() else []
        elif meaning in found:
            first, other = header[found[meaning]].strip(), header[place].strip()
            notes.append(f"the column {other!r} was not read: {first!r} says the same")
        else:
            found[meaning] = place
    if unread:
        near = "; ".join(filter(None, (_near(one, found) for one in unread)))
        more = f" and {len(unread) - _MOST_SHOWN} more" if len(unread) > _MOST_SHOWN else ""
        which = ", ".join(repr(one) for one in unread[:_MOST_SHOWN]) + more
        columns = "columns that were" if len(unread) > 1 else "a column that was"
        notes.append(f"{columns} not read: {which}" + (f"; {near}" if near else ""))
    return found, notes


def _id_column(name: str, spelt: Sequence[str]) -> str | None:
    """`ID` is Canvas's own number beside other columns of its gradebook, else a student's."""
    if name != "id":
        return None
    return "canvas" if {"sisloginid", "sisuserid"} & {*spelt} else "number"


def _near(column: str, found: Mapping[str, int]) -> str:
    """A title that this one may be a slip of, if no column says that already."""
    others = [name for name, meaning in _MEANING.items() if meaning not in found]
    near = difflib.get_close_matches(plain_header(column), others, n=1, cutoff=_NEAR)
    return f"{column}: did you mean {near[0]!r}?" if near else ""
