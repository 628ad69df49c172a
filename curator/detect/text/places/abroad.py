# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Streets as other countries write them: 56, bd. Victor Hugo; C/ Alcala 110, 2º B; Am Alten Markt 2; ul. Polna 3/4.

A number and the short word for a street, or a leading preposition with a number behind, tell them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.fields.values import unit_behind
from curator.detect.text.lists.lexicon import fold, lexicon
from curator.detect.text.places.streets import CAP, place
from curator.detect.text.words.hints import ANY, Marks
from curator.identifiers.findings import Finding

_FLAT = r"(?:,?[ ]\d{1,2}[º°ª]\.?(?:[ ]?(?:[A-Z]\b|Esq\.?|Dto\.?|izq\.?|dcha\.?))?|[/-]\d{1,3}[a-zA-Z]?\b|,?[ ](?:piso|apto?\.?|app\.?|int\.?|m\.)[ ]?\d{1,3}[A-Z]?)?"
_NAME = rf"(?:(?:de|du|des|la|le|las|los|del|da|do|dos|di|della|dello|of|sw\.|św\.)[ ]|l['’])*{CAP}(?:[ -](?:(?:de|du|des|la|le|del|da|do|dos|di|della|y|e)[ ])*{CAP}){{0,3}}"
_ABROAD = re.compile(
    rf"(?<![\w/.])\d{{1,4}}(?:[ ]?(?:bis|ter|[a-d]))?,?[ ](?:bd|bld|boul|av|r|pl|ch|imp|all|sq|fg|rte|quai|rue|avenue|allée|impasse|chemin|place|boulevard)\.?[ ]{_NAME}"
    rf"|(?<![\w/.])(?:Bd\.?|Bld\.|Boul\.|Boulevard|Rue|Quai|Chemin|Pasaje|Psje\.|Pje\.|Carrera|Cra\.|Ulica|Aleja|Viale|Corso|Piazza|Travessa|Largo|Praça|Carrer|Paseo)[ ]{_NAME},?[ ](?:n[º°.]?[ ]?)?\d{{1,5}}[a-zA-Z]?\b"
    rf"|(?<![\w/.])(?:C/(?!D\b)|Avda?\.|Av\.|Pza\.|Pl\.|Ctra\.|P[ºo]\.?|Trav\.|Rua|R\.|Vle\.?|V\.le|P\.zza|C\.so|ul\.|al\.|os\.|pl\.|str\.|Str\.|nám\.|tř\.|krt\.)[ ]?{_NAME},?[ ](?:n[º°.]?[ ]?)?\d{{1,4}}[a-zA-Z]?\b{_FLAT}"
    rf"|(?<![\w/.])(?:Am|An der|An den|Auf dem|Auf der|Im|Zum|Zur|In der|In den|Unter den|Hinter der|Vor dem|Beim)[ ]{CAP}(?:[ ]{CAP})?[ ]\d{{1,4}}[ ]?[a-h]?(?=[ ]*[,.;)\n]|$)"
)
_ANY = Marks("Bld.", "Boul", "Rue ", "Quai ", "Chemin ", "Pasaje ", "Psje.", "Pje.", "Carrera ", "Cra.", "Ulica ", "Aleja ", "Viale ", "Corso ", "Piazza ", "Travessa ", "Largo ", "Praça ", "Carrer ", "Paseo ", " bd", " bld", " av. ", " rue ", " avenue ", " quai ", " boulevard ", " chemin ", " impasse ", "Avda", "Av. ", "Pza", "Ctra.", "Trav.", "Rua ", "V.le", "Vle", "P.zza", "C.so", "ul. ", " al. ", " os. ", "tř.", "nám.", "krt.", "tr. ", "Am ", "An de", "Auf de", "Im ", "Zum ", "Zur ", "In de", "Unter de", "Hinter de", "Vor de", "Beim ")  # fmt: skip
#: An initial, a name, a degree and an hour: R. ROE RN 0612.
_OF_SOMEBODY = re.compile(r",? (?:RN|LPN|LVN|CNA|MD|DO|NP|PA|RT|RRT|PT|OT|SW|MA) (?:[01]\d|2[0-3])[0-5]\d$")
#: The same of which no word of a text tells.
_SIGNS = ("Bd", "C/", "Pº", " R. ")


#: Short words for a street that are somebody's initial as well.
_INITIALS = frozenset(["R. ", "Av.", "Pl."])


def abroad(text: str, flags: int = ANY) -> Iterator[Finding]:
    """Yield such streets.

    Parameters
    ----------
    text
        The text; it has digits.
    flags
        What its words show.
    """
    if not (_ANY.held(text, flags) or any(map(text.__contains__, _SIGNS))):
        return
    for match in _ABROAD.finditer(text):
        if match[0].startswith("R. ") and (
            fold(match[0][3:].split(" ", 1)[0]) in lexicon().medical or _OF_SOMEBODY.search(match[0])
        ):
            continue
        if match[0][:3] in _INITIALS and text[match.end() : match.end() + 1] == " " and unit_behind(text, match.end()):
            continue  # somebody's initial and what was given: R. Roe 40 mg
        yield place(match.start(), match.end(), "street", "place.street-abroad", 0.93)
