# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Addresses as chains of parts: what stands before a street and behind it, in the order and the forms of other countries.

A street, a box or a block is the first link; floors, doors, quarters, codes of post and towns hang on it, parted by
commas, blanks or lines: 2/F Mabini Bldg., 88 Rizal Ave., Brgy. San Roque, Marikina; Rua das Acácias, 245, apto 302.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from curator.detect.text.lists.gazetteer import sure, towns
from curator.detect.text.lists.letters import UPPER
from curator.detect.text.lists.lexicon import fold, lexicon, word_list
from curator.detect.text.places.streets import CAP, place
from curator.detect.text.words.hints import Words
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import tables
from curator.identifiers.findings import Finding

_SMALL = r"(?:de|del|della|delle|degli|dei|dello|di|da|do|das|dos|du|des|la|le|las|los|les|el|e|y|sur|sous|en|am|an|der|den|dem|van|von|of|the|na|ob|i|nad|pod|w|św\.|sw\.)"
_NAME = rf"(?:{_SMALL}[ ]|[ld]['’]|dell['’]|all['’])*{CAP}(?:[ -](?:{_SMALL}[ ]|[ld]['’]|dell['’])*(?:{CAP}|\d{{1,2}}(?=[ ]{CAP}|[ ]de[ ]))){{0,4}}"
#: A number of a house with what stands behind it: 14/B, 118-bis, 12 A 5, 84/92.
_HOUSE = r"\d{1,5}(?:[ ]?(?:bis|ter|quater)\b|-(?:bis|ter)\b|[ ]?/[ ]?\d{0,4}[A-Za-z]?\b|-\d{1,4}[A-Za-z]?\b|-?[A-Za-z]\b|[ ][A-H][ ]\d{1,3}\b|[ ][A-K]\b(?![.'’]))?"
_NO = r"(?:n[º°.o]{0,2}[ ]?|[Nn]o[.:]?[ ]?|nr\.?[ ]?|Nr\.?[ ]?|br\.?[ ]?|#[ ]?|km[ ]?)?"
_FIRST = re.compile(
    rf"(?<![\w/.-])(?:(?:[Vv]iale|[Cc]orso|[Pp]iazza(?:le|tta)?|[Vv]icolo|[Cc]ontrada|[Ll]ungotevere|[Ll]ungarno|[Ss]trada|[Cc]alle|[Cc]arrer|[Aa]venida|[Aa]vinguda|[Pp]aseo|[Pp]asseig|[Rr]onda|[Tt]raves[íi]a|[Cc]amino|[Gg]lorieta|[Cc]arretera|[Rr]ua|[Tt]ravessa|[Aa]lameda|[Pp]raça|[Ee]strada|[Rr]odovia|[Ll]adeira|[Rr]ue|[Aa]llée|[Ii]mpasse|[Cc]hemin|[Qq]uai|[Rr]ruga|[Bb]ulevardi?(?:ul)?|[Cc]alea|[Șș]oseaua|[Aa]leea|[Uu]lica|[Uu]lice|[Tt]rg|[Nn]áměstí|[Jj]alan|[Ll]orong|[Ss]oi|[Gg]ang|[Pp]rolongación|[Pp]rivada|[Cc]errada|[Aa]ndador|[Jj]ir[óo]n|[Pp]asaje|[Cc]alzada|[Aa]utopista)\.?|(?:V\.le|C\.so|P\.zza|P\.za|Avda?\.|Av\.|C/|Cl\.|Ctra\.|Cra\.|R\.|Tv\.|Al\.|Pç\.|Rod\.|Est\.|Ul\.|ul\.|al\.|os\.|pl\.|Bd\.|Str\.|Șos\.|Jl\.|Jr\.|Jln\.?|Lrg\.|Gg\.|Psje\.|Prol\.)[ ]?)[ ]?{_NAME},?[ ]{_NO}{_HOUSE}"
    rf""
)
_VIA = re.compile(
    rf"(?:[Vv]ia|[Ll]argo)[ ](?:dei|della|delle|degli|del|dello|di|dell['’]|da|san|santa|monte|san)[ ]?{_NAME},?[ ]{_NO}{_HOUSE}"
    rf"|(?:Via|Largo|via|largo)[ ]{CAP}(?:[ ]{CAP}){{0,2}}[ ,]{{1,2}}{_NO}\d{{1,4}}(?:/[A-Za-z\d]{{1,3}})?(?=,[ ]?(?:int|sc|piano|app|(?:[A-Z]{{1,2}}-)?\d{{3}}|[A-Z][A-Z\d])|[ ]?[-–][ ]?\d{{5}}|[ ]\d{{5}}[ ][A-Z])"
)
_FIRSTS = Words(word_list("chain_firsts"))
#: A number before the word for a street: 8 bis, allée des Tilleuls.
_NUMBER_FIRST = re.compile(
    rf"(?<![\w/.-])\d{{1,4}}(?:[ ]?(?:bis|ter|quater|[A-D]))?,?[ ](?:rue|avenue|av\.|boulevard|bd\.?|place|pl\.|chemin|ch\.|all[ée]e|impasse|quai|route|cours|passage|square|ruelle|sentier|villa|cité|résidence|esplanade|faubourg|fbg\.?|mail|montée|rampe|traverse|clos|hameau|lotissement|rond-point|parvis|venelle)[ ](?:(?:de|du|des|la|le|les|aux?|à)[ ]|[ld]['’])*{CAP}(?:[ -](?:(?:de|du|des|la|le|les)[ ]|[ld]['’])*{CAP})*"
)
_NUMBER_FIRSTS = Words(word_list("chain_number_firsts"))
#: Words for a street behind its name, in small letters: Karl Johans gate 12.
_LAST = re.compile(
    rf"(?<![\w-])(?:{CAP}[ ]){{1,3}}(?:gate|gata|gatan|vei|veien|veg|vegen|vej|väg|vägen|torg|torget|plass|plads|allé|alle|gränd|stræde|katu|tie|utca|út|tér|körút|sokak|sokağı|caddesi|bulvarı|mahallesi|gatve|iela|tänav|tn\.|g\.|ulica|straße|strasse|straat|laan|weg|platz)[ ](?:No[:.]?[ ]?)?{_HOUSE}"
)
_LASTS = Words(word_list("chain_lasts"))
#: Blocks, floors and doors that are counted: Flat B, 12/F, Tower 3, Metro Harbour View; SQN 308 Bloco C ap 204.
_DOOR = r"(?:(?:Flat|Rm|Room|Unit|Shop|Apt|Block|Blk|Tower|Twr|Level|Floor|House|Villa|Suite)\.?[ ](?:No\.?[ ]?)?(?:[A-Z]{1,2}\d{0,4}|\d{1,4}[A-Z]?)|\d{1,2}/F\.?|[GUL]{1,2}/F\.?|[GUL]{1,2}\d?/F\.?)"
_DOORS = re.compile(rf"(?<![\w/.-])(?:{_DOOR},?[ ]){{1,4}}{CAP}(?:[ ]{CAP}){{0,3}}")
_BLOCKS = re.compile(
    r"\bS(?:Q|CL|HI|HC|GA)[NSW][ ]\d{3}(?:,?[ ](?:Bl(?:oco|\.)?|Conj(?:unto|\.)?|Qd\.?)[ ]?[A-Z\d]{1,3}){0,2}(?:,?[ ](?:ap(?:to|\.)?|casa|lote|loja)\.?[ ]?\d{1,4})?"
    r"|\b(?:Quadra|Qd\.|Q\.)[ ]?\d{1,3}[A-Z]?,?[ ](?:Lote|Lt\.|L\.|Casa|Bloco)[ ]?\d{1,3}[A-Z]?"
    r"|\bRR[ ]?#?\d{1,2},?[ ](?:Stn|Station|Site|Box|Comp|Group|Grp)[ ][A-Z\d][\w]{0,10}(?:,?[ ](?:Box|Comp)[ ]\d{1,4})?|\bSite[ ]\d{1,3},?[ ](?:Comp|Box)[ ]\d{1,3}(?:,?[ ]RR[ ]?#?\d{1,2})?"
    rf"|\b\d{{1,4}}/\d{{1,4}}[ ]Moo[ ]\d{{1,2}}\b|\bMoo[ ]\d{{1,2}}(?:,?[ ](?:Ban|Soi|Tambon|T\.)[ ]{CAP})"
)
_BLOCK_WORDS = Words(word_list("chain_blocks"))
#: Blocks of Japan: 3-14-5 Nishi-Shinjuku, Shinjuku-ku; Shibuya 2-21-1.
_CHOME = re.compile(
    rf"〒[ ]?\d{{3}}-\d{{4}}|(?<![\w/.-])\d{{1,2}}-\d{{1,3}}(?:-\d{{1,4}})?,?[ ]{CAP}(?:[ ]{CAP})?(?=,?[ ]{CAP}-(?:ku|shi|cho|machi|gun|mura|son)\b)|(?<![\w-])(?:{CAP}[ ]){{1,2}}\d{{1,2}}(?:-chome)?-\d{{1,3}}-\d{{1,4}}\b|(?<![\w-])[{UPPER}][\w-]*-(?:ku|shi|cho|machi|gun)\b"
)
_VIAS = Words(["via", "largo"])
_CHOMES = Words(["ku", "shi", "cho", "machi", "chome"])

#: An Indian address up to its code: D-14/2 Model Town, Delhi 110009.
_PINNED = re.compile(
    rf"(?<![\w/.-])#?[ ]?[A-Z]{{0,2}}-?\d{{1,4}}[A-Z]?(?:[/-]\w{{1,4}}){{0,3}},?[ ](?:(?:{CAP}|\d{{1,2}}(?:st|nd|rd|th))[ ,]{{1,2}}){{1,8}}[-–]?[ ]?[1-8]\d\d[ ]?\d{{3}}(?![\w/.-])"
)
#: What goes on the number of a house: 118-bis, 14/B, 12 A 5.
_TAIL = re.compile(
    r"-(?:bis|ter)\b|-\d{1,4}[A-Za-z]?\b|/\d{0,4}[A-Za-z]?\b|[ ]?[A-H]\b(?![.'’])(?:[ ]\d{1,3}\b)?|[a-h]\b"
)

_UNIT = re.compile(
    r"(?:(?:int|interno|scala|sc|piano|p|piso|pta|puerta|esc|escalera|planta|apto?|apart(?:amento|ement|ment)?|app?t?|bloco|bl|bloque|edif(?:icio)?|torre|casa|depto|dpto|conj(?:unto)?|cj|sala|lote|lt|mz|manzana|b[âa]t(?:iment)?|escalier|r[ée]s(?:idence)?|lgh|tr|v[åa]n|uppg|m|lok|kl|byt|d|daire|kat|no|rt|rw|lantai|blok|unit|suite|ste|floor|fl|level|flat|room|rm|block|blk|tower|twr|wing|phase|sector|stage|bldg|building|stn|wohnung|whg|top|stiege|stg|tür|bus|bte|boîte|et|emelet|ajtó|porta|loja|local|oficina|of|ofc|cond|condominio|int[ée]rieur|ext|interior|exterior|box|komp|appartement|zimmer|hinterhaus|vorderhaus|pbe|villa)(?:[.:]{0,2}[ ]?|[ ]?(?:no|n[º°])\.?[ ]?|[ ]?#[ ]?)[A-Z]?\d{1,4}[A-Z]?(?:[/-](?:RW[ ]?)?[A-Z\d]{1,4})?\b"
    r"|(?:bloco|bloque|torre|tower|wing|block|blok|scala|sc\.|b[âa]t(?:iment|\.)?|esc(?:alera|alier|\.)?|bl\.|bldg|building|edificio|flat|unit|apt|stiege|uppg\.?|porta)[ ]?[A-Z]\b"
    r"|\d{1,2}(?:st|nd|rd|th|er|e|ème|eme|de|re)[ ](?:floor|fl|étage|etage|verdieping|cross|main|block|stage|phase|sector|street|avenue)\b\.?"
    r"|\d{1,2}\.?[ ]?[º°ª]\.?[ ]?(?:piso|andar|esq\.?|dto\.?|izq\.?|izda\.?|dcha\.?|[A-Z]\b)?|\d{1,2}\.[ ]?(?:th|tv|mf|sal|og|ug|stock|etage|kerros|em\.?|patro|sprat)\b\.?|\d?[ ]?(?:bis|ter)\b|(?:rez|rdc|eg|hinterhaus|planta baja|bajo|ático|térreo|ground floor|basement|upper floor)\b"
    r"|RT[ ]?\d{1,3}[ ]?/[ ]?RW[ ]?\d{1,3}|#\d{1,3}-\d{1,4}|\d{1,2}/F\.?|stn[ ]main)(?![^\W_])",
    re.IGNORECASE,
)
_JUST_NUMBER = re.compile(
    r"(?:n[º°.o]{0,2}[ ]?|s/n|No\.?[ ]?)?(?:\d{1,4}[A-Za-z]?(?:[/-]\d{1,3})?|s/n)(?=[,\n]|[ ]?[-–][ ])"
)
_CODE = re.compile(
    r"(?:C\.?P\.?|CEP|PIN|CAP|PLZ)?[ :.]{0,2}((?:[A-Z]{1,2}-)?\d{5}-\d{3}|\d{4}-\d{3}|\d{3}-\d{4}|\d{2}-\d{3}|\d{3}[ ]\d{2,3}|\d{4}[ ]?[A-Z]{2}(?![A-Za-z])|(?:[A-Z]{1,2}-)?\d{4,6}|[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[A-Z]{2}|[A-Z]\d[\dW][ ]?[A-Z\d]{4}|[ABCEGHJ-NPRSTVXY]\d[A-Z][ -]?\d[A-Z]\d)(?![\w/]|[.,]\d|-\d)"
)
_TOWN = re.compile(
    rf"({CAP}(?:(?:[ -]|[ ]?['’])(?:(?:de|del|do|da|la|las|los|el|of|upon|on|sur|sous|lès|les|am|an der|in der|im|ob|le|en|sul|nad|na|under|by|and|e|y)[ -])?{CAP}){{0,3}}(?:[ ][IVXKNVØSW](?=[,.\n]|$))?)"
)
_QUARTER = re.compile(
    rf"(?:Brgy\.?|Barangay|Col\.|Colonia|Bairro|Urb\.|Urbanización|Fracc\.|Fraccionamiento|Residencial|Barrio|B[ºo]\.|Kampung|Kg\.|Taman|Desa|Kel\.|Kelurahan|Kec\.|Kecamatan|Kab\.|Dist\.|Distt\.|Tal\.|Taluka|Mandal|Vill\.?|Village|P\.?O\.?|P\.?S\.?|Opp\.?|Near|Nr\.?|Behind|Off|Sitio|Purok|Subd\.|Tambon|Amphoe|Khwaeng|Khet|Estate|Mahalle|Mah\.|Sector|Ward|Zona|Vereda|Comuna|Parroquia|Delegación|Alcaldía|Mun\.|Municipio|Localidad|Pol\.|Polígono|Hameau|Lieu-dit|Fraz\.|Frazione|Loc\.|Località|Co\.|County)[ ](?:(?:de|la|el|los|las|del)[ ])*({CAP}(?:[ -](?:(?:de|del|la|do|da)[ ])?(?:{CAP}|\d{{1,3}})){{0,3}})"
)
_SEPARATOR = re.compile(r"[ ][-–][ ]|[ ]?[,;]?(?:[ ]{1,2}|[ ]?\n[ \t]{0,12})|,")
_LABEL = re.compile(r"[ \t]?[:=]")

#: What may stand before a street: a number of a door, a floor of a building, a house by its name.
_BEFORE_UNIT = re.compile(
    rf"(?:^|(?<=[\n,;(>|])|(?<=:[ ])|(?<=[ ](?:at|in|of|to)))[ ]?((?:{_DOOR}|(?:H|D|Door|Plot|Flat|House|Shop|Survey|Sy|Old|New|Room|Gala|Bungalow|Qtr|Quarter|Site)\.?[ ]?(?:No\.?)[ ]?[:#]?[ ]?[A-Z]?-?\d[\w/-]{{0,14}}|No\.[ ]?\d{{1,4}}[A-Z]?|#[ ]?\d[\w/-]{{0,8}}|[A-Z]{{0,2}}-?\d{{1,5}}[A-Z]?(?:[/-]\w{{1,5}}){{1,4}}|\d{{1,3}}/F\.?[ ](?:{CAP}[ ]?){{1,3}})(?:,?[ ](?:{CAP}[ ]){{0,2}}(?:Bldg|Building|Tower|Towers|House|Mansions?|Apts?|Apartments|Residency|Residences?|Court|Complex|Plaza|Centre|Center)\.?)?)(?:,[ ]?\n?|[ ]|\n)$"
)
_BEFORE_HOUSE = re.compile(
    rf"(?:^|(?<=[\n;>|])|(?<=:[ ])|(?<=[ ](?:at|of))|(?<=living in)|(?<=lives in))[ ]?((?:The[ ]|\d{{1,3}}[A-Z]?,?[ ])?(?:{CAP}|na|an|of|y|yr|the)(?:[ -](?:{CAP}|na|an|ar|of|y|yr|the|g[ou]))*),(?:[ ]|[ ]?\n)$"
)
_HOUSE_WORD = re.compile(
    r"(?:Cottage|House|Lodge|Farm|Farmhouse|Mill|Rectory|Vicarage|Manor|Hall|Court|Bldg\.?|Building|Towers?|Apts\.?|Apartments|Mansions?|Villas?|Residency|Residences?|Heights|Enclave|Barn|Grange|Forge|Stables|Bungalow|Mews|Croft|View|Flats|Complex|Park|Gardens|Teach|Tigh|Tí)(?![^\W_])"
)
_TAILS = frozenset("-/ ABCDEFGHabcdefgh")


def kinds(text: str, found: Spots) -> Iterator[Finding]:
    """Yield streets and blocks in forms of other countries.

    Parameters
    ----------
    text
        The text.
    found
        Its words; it has digits.
    """
    flags = found.flags
    forms = (
        (_FIRST, flags & _FIRSTS.bit),
        (_VIA, flags & _VIAS.bit),
        (_NUMBER_FIRST, flags & _NUMBER_FIRSTS.bit),
        (_LAST, flags & _LASTS.bit),
        (_DOORS, "/F" in text or "Tower " in text or "Block " in text),
        (_BLOCKS, flags & _BLOCK_WORDS.bit),
        (_CHOME, flags & _CHOMES.bit or "〒" in text),
        (_PINNED, _pinned(text, found)),
    )
    for form, held in forms:
        for match in form.finditer(text) if held else ():
            words = re.findall(r"[^\W\d_]+", match[0])
            if any(fold(word) in _MONTHS for word in words) or _no_street(form, match, words):
                continue
            yield place(match.start(), match.end(), "street", "place.chain-street", 0.85)


def _pinned(text: str, found: Spots) -> bool:
    """Say whether six figures stand behind a word, as an Indian code of post does."""
    return any(
        end - start == 6
        and text[start - 1 : start] in {" ", "-"}
        and text[max(0, start - 4) : start].strip(" -–").isalpha()
        for start, end in found.numbers
    )


_MONTHS = frozenset(
    ["january", "february", "march", "april", "june", "july", "august", "september", "october", "november", "december"]
)


def _no_street(form: re.Pattern[str], match: re.Match[str], words: list[str]) -> bool:
    """Say whether words of medicine tell that no street is meant: Block 3 Tumor, R. Upper 2."""
    known = lexicon()
    if form is _DOORS:
        if match[0].count(",") + match[0].count("/F") < 2 and "/F" not in match[0]:
            return True
        return any(fold(word) in known.medical and fold(word) not in towns() for word in words[-1:])
    if form is _PINNED:
        return not any(fold(word) in towns() for word in words) or any(
            fold(word) in known.medical and fold(word) not in towns() for word in words
        )
    if form is _CHOME:
        return match[0].endswith(("-shi", "-cho")) and match[0].count("-") < 1
    if form is _FIRST and match[0][:2] in {
        "R.",
        "C/",
        "Al",
        "al",
        "Cl",
        "Gg",
        "Jr",
        "Bd",
        "Tv",
        "Es",
        "pl",
        "os",
        "Av",
    }:
        return any(fold(word) in known.medical for word in words[1:]) or match[0].startswith("C/D")
    return any(fold(word) in known.medical and len(word) > 3 for word in words[1:]) and not match[0][0].isdigit()


def chained(text: str, roads: Iterable[Finding]) -> Iterator[Finding]:
    """Yield what hangs on streets and boxes, before them and behind them.

    Parameters
    ----------
    text
        The text.
    roads
        Streets, boxes and the like in it.
    """
    done = -1
    for road in sorted(roads):
        if road.kind != "street" or road.rule in {"place.corner", "place.road"}:
            continue
        start = road.start
        for _ in range(4):
            begun = _before(text, start, road)
            if begun == start:
                break
            yield place(begun, start, "street", "place.chain-before", 0.7)
            start = begun
        if road.end > done:
            done = road.end
            tail = _TAIL.match(text, done) if text[done - 1].isdecimal() and text[done : done + 1] in _TAILS else None
            if tail and tail[0] not in {"/", " "}:
                done = tail.end()
                yield place(road.start, done, "street", "place.chain-tail", 0.7)
            for part in _behind(text, done):
                yield part
                done = part.end


def _before(text: str, start: int, road: Finding) -> int:
    """Return where a part before a street begins, the street's own place where there is none."""
    lead = text[max(0, start - 70) : start]
    if lead[-1:] not in {" ", "\n", ","}:
        return start
    offset = start - len(lead)
    unit = _BEFORE_UNIT.search(lead)
    if unit and any(mark.isdecimal() or mark == "/" for mark in unit[1]) and not _DATED.search(unit[1]):
        return offset + unit.start(1)
    house = _BEFORE_HOUSE.search(lead)
    if house is None or len(house[1]) < 4:
        return start
    words = re.findall(r"[^\W\d_]+", house[1])
    if any(fold(word) in lexicon().medical and not _HOUSE_WORD.match(word) for word in words) or len(words) > 5:
        return start
    if _HOUSE_WORD.search(house[1]) or (
        not text[road.start].isdecimal() and text[road.start : road.start + 1].isupper()
    ):
        return offset + house.start(1)
    return start


_DATED = re.compile(r"^\d{1,2}[/-]\d{1,2}[/-]\d{2,4}$|^\d{1,3}/\d{1,3}$|^(?:19|20)\d\d-")


def _behind(text: str, end: int) -> Iterator[Finding]:
    lines = 0
    for _ in range(8):
        gap = _SEPARATOR.match(text, end)
        tail = _UNIT.match(text, end) if gap is None and text[end : end + 1] in "-/" else None
        if gap is None or tail:
            return
        lines += "\n" in gap[0]
        if lines > 3:
            return
        at = gap.end()
        comma = "," in gap[0] or "\n" in gap[0]
        unit = _UNIT.match(text, at) or (_JUST_NUMBER.match(text, at) if "," in gap[0] else None)
        if unit and not _month_behind(text, unit.end()):
            yield place(at, unit.end(), "street", "place.chain-unit", 0.7)
            end = unit.end()
            continue
        code = _CODE.match(text, at)
        if code:
            town = _town(text, code.end() + 1, coded=True) if text[code.end() : code.end() + 1] in {" ", ","} else None
            if (not town and not _ends(text, code.end())) or (
                _YEAR.fullmatch(code[1]) and not (town and sure(fold(text[town[0] : town[1]])))
            ):
                return
            yield place(code.start(1), code.end(1), "zip", "place.chain-code", 0.75)
            end = code.end()
            if town:
                yield place(*town, "city", "place.chain-town", 0.7)
                end = town[1]
            continue
        quarter = _QUARTER.match(text, at) if comma else None
        if quarter:
            yield place(*quarter.span(1), "city", "place.chain-quarter", 0.7)
            end = quarter.end()
            continue
        town = _town(text, at, coded=False) if comma else None
        if town is None:
            return
        yield place(*town, "city", "place.chain-town", 0.65)
        end = town[1]


_YEAR = re.compile(r"(?:19|20)\d\d")


def _ends(text: str, at: int) -> bool:
    return text[at : at + 1] in {"", "\n", ",", ".", ";", ")"}


def _month_behind(text: str, at: int) -> bool:
    word = re.match(r"[ -]([^\W\d_]{3,9})", text[at : at + 11])
    return word is not None and fold(word[1]) in _MONTHS


def _town(text: str, at: int, *, coded: bool) -> tuple[int, int] | None:
    """Return where a town stands that begins at a place, if what it is called or what follows tells it."""
    match = _TOWN.match(text, at)
    if match is None or _LABEL.match(text, match.end()):
        return None
    parts = re.split(r"([ -])", match[1])
    while len(parts) > 1 and (fold(parts[-1].rstrip(".")) in _lands() or parts[-1] in _codes()):
        parts = parts[:-2]
    name = "".join(parts).rstrip(".")
    folded = fold(name)
    if not name or name in _codes() or folded in _lands() or folded in _MONTHS or folded.split(" ")[0] in _NOT:
        return None
    end = match.start() + len(name)
    if folded in towns() and (coded or sure(folded) or text[end : end + 1] in {",", ".", "\n", ""}):
        return match.start(), end
    if any(fold(part) in lexicon().medical for part in re.split(r"[ -]", name)):
        return None
    if coded:
        return match.start(), end
    rest = _SEPARATOR.match(text, end)
    if rest is None:
        return None
    code = _CODE.match(text, rest.end())
    if code and not _YEAR.fullmatch(code[1]):
        return match.start(), end
    following = _TOWN.match(text, rest.end()) if "," in rest[0] else None
    if following and (fold(following[1]) in towns() or fold(following[1]) in _lands()):
        return match.start(), end
    return None


_NOT = word_list("chain_not_town")


@cache
def _lands() -> frozenset[str]:
    listed = tables()
    return frozenset(
        [*(fold(name) for name in re.split(r"[|\n]", listed["states"])), *(name.replace("_", " ") for name in listed["countries"].split())]
    )  # fmt: skip


@cache
def _codes() -> frozenset[str]:
    return frozenset(tables()["state_codes"].split()) | {
        "NSW",
        "VIC",
        "QLD",
        "TAS",
        "ACT",
        "WA",
        "NT",
        "GO",
        "SP",
        "RJ",
        "MG",
        "RM",
        "MI",
    }
