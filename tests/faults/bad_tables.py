"""Tables that are bad in the ways of the world: CSV, archives and workbooks, made when they are asked for."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from typing import TYPE_CHECKING, Final

from tests.faults.bad_texts import FINE, MAIL, TRAP
from tests.intake.tables.making import book

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

MEBIBYTE: Final = 2**20
SHEET: Final = "xl/worksheets/sheet1.xml"
_TYPES: Final = "[Content_Types].xml"
_EXTERNAL: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink"


def _csv(*lines: str) -> bytes:
    return "\r\n".join(lines).encode()


def _book(**content: list[dict[str, object]]) -> bytes:
    made = io.BytesIO()
    book(content).save(made)
    return made.getvalue()


def _cities(*names: object) -> bytes:
    """A workbook with a sheet of cities."""
    return _book(cities=[{"name": name, "country": "NL"} for name in names])


def _changed(content: bytes, parts: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """A package with some parts made anew from what they were; parts that were not there are made from nothing."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        for name in names:
            new.writestr(name, parts.get(name, bytes)(old.read(name)))
        for name in set(parts) - set(names):
            new.writestr(name, parts[name](b""))
    return made.getvalue()


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _numbers(*values: str) -> bytes:
    lines = (f"cz-prague,floor area,{each},m²,2024" for each in values)
    return _csv("about,indicator,value,unit,reference year", *lines)


def _years(*years: str) -> bytes:
    return _csv("about,value,reference year", *(f"cz-prague,1,{each}" for each in years))


def _zip(entries: Iterable[tuple[str, bytes]]) -> bytes:
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        # That a name comes twice is meant.
        warnings.simplefilter("ignore")
        for name, content in entries:
            archive.writestr(name, content)
    return made.getvalue()


def _replaced(old: bytes, new: bytes) -> bytes:
    """A workbook of one city where something of the sheet is replaced."""

    def replace(content: bytes) -> bytes:
        assert old in content, content
        return content.replace(old, new)

    return _changed(_cities("Example"), {SHEET: replace})


def _typed(text: str) -> bytes:
    """A workbook where the name of the city is this XML."""
    return _replaced(b"<t>Example</t>", f"<t>{text}</t>".encode())


def _bomb() -> bytes:
    """A workbook whose sheet unpacks to more than is read."""
    return _changed(_cities("Example"), {SHEET: lambda _: bytes(40 * MEBIBYTE)})


def _lying_bomb() -> bytes:
    """The same, where the directory says that it is small."""
    content = bytearray(_bomb())
    size = struct.pack("<I", 40 * MEBIBYTE)
    small = struct.pack("<I", 4000)
    assert size in content
    return bytes(content.replace(size, small))


def _xml_bomb() -> bytes:
    entities = '<!ENTITY e0 "ha">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    document_type = f"<!DOCTYPE worksheet [{entities}]>".encode()
    return _changed(_cities("Example"), {SHEET: lambda old: document_type + old.replace(b"Example", b"&e11;")})


def _with_flag() -> bytes:
    """An archive whose directory says that it is encrypted."""
    content = bytearray(_zip([("cities.csv", b"name,country\nA,NL\n")]))
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    content[content.find(b"PK\x03\x04") + 6] |= 1
    return bytes(content)


def _archive() -> bytes:
    return _zip([("cities.csv", b"name,country\nA,NL\n" * 50)])


def _nested(levels: int) -> bytes:
    content = _zip([("cities.csv", b"name,country\nA,NL\n")])
    for level in range(levels):
        content = _zip([(f"level-{level}.zip", content)])
    return content


def _linked() -> bytes:
    link = zipfile.ZipInfo("cities.csv")
    link.external_attr = 0o120777 << 16
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    return made.getvalue()


def _external() -> bytes:
    """A workbook with a link to another one on the web."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relation = f'<Relationship Id="rX" Type="{_EXTERNAL}" Target="externalLinks/externalLink1.xml"/></Rel'
    path = f'<Relationship Id="rId1" Type="{_EXTERNAL}Path" Target="{TRAP.decode()}" TargetMode="External"/>'
    used = f'</sheets><externalReferences><externalReference xmlns:r="{office}" r:id="rX"/></externalReferences>'
    link = f'<externalLink xmlns="{main}"><externalBook xmlns:r="{office}" r:id="rId1"/></externalLink>'
    return _changed(
        _cities("Example"),
        {
            "xl/_rels/workbook.xml.rels": lambda old: old.replace(b"</Rel", relation.encode()),
            "xl/workbook.xml": lambda old: old.replace(b"</sheets>", used.encode()),
            "xl/externalLinks/externalLink1.xml": lambda _: link.encode(),
            "xl/externalLinks/_rels/externalLink1.xml.rels": lambda _: (
                f'<Relationships xmlns="{package}">{path}</Relationships>'.encode()
            ),
        },
    )


BAD: Final[dict[str, object]] = {"name": "Bad", "country": "NL"}
HOSTILE: Final = ("=1+1", "+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://127.0.0.1:1/","x")')

# Name of the file → its content.
TABLES: Final[Mapping[str, Callable[[], bytes]]] = {
    "empty.csv": lambda: b"",
    "only-headers/cities.csv": lambda: b"name,country\n",
    "unknown/cities.csv": lambda: b"name,country\nA,Nowhere\n",
    "utf-16/cities.csv": lambda: "name,country\nA,Nowhere\n".encode("utf-16"),
    "latin/cities.csv": lambda: "name,country\nBäd,NL\n".encode("latin-1"),
    "half-pair/cities.csv": lambda: b"name,country\nB\xed\xa0\x80d,NL\n",
    "nul/cities.csv": lambda: b"name,country\nB\0d,NL\n",
    "mail/cities.csv": lambda: _csv("name,country,other names", f"Bad,NL,Write to {MAIL}"),
    "formulas/cities.csv": lambda: _csv("name,country", *(f"{_quoted(each)},NL" for each in HOSTILE)),
    "quotation/cities.csv": lambda: b'name,country\n"Bad,NL\n' + b"a,NL\n" * 2000,
    "long/cities.csv": lambda: _csv("name,country", f"{'long ' * 200_000},NL"),
    "wide/cities.csv": lambda: b"name,country" + b"," * 2_000_000 + b"\nA,NL\n",
    "wide-row/cities.csv": lambda: b"name,country\nA,NL" + b",x" * 1_000_000 + b"\n",
    "large/numbers.csv": lambda: _numbers(
        "1e999999999", "1e-999999999", "9" * 50_000, "NaN", "Infinity", "\u0661\u0662"
    ),
    "years/numbers.csv": lambda: _years("9" * 5000, "0000", "-2024", "\uff12\uff10\uff12\uff14"),
    "many/cities.csv": lambda: _csv("name,country", *(f"City {number},Nowhere" for number in range(10_000))),
    "same/cities.csv": lambda: b"id,name,country\n" + b"nl-same,Same,NL\n" * 1500,
    "formulas.xlsx": lambda: _cities(*HOSTILE),
    "mail.xlsx": lambda: _book(cities=[{"name": "Bad", "country": "NL", "other names": f"Write to {MAIL}"}]),
    "mail-about.xlsx": lambda: _book(
        about=[{"title": f"Of {MAIL}", "submitting organisation": f"Ada <{MAIL}>"}], cities=[BAD]
    ),
    "nul.xlsx": lambda: _typed("B_x0000_d"),
    "half-pair.xlsx": lambda: _typed("B_xD800_d"),
    "control.xlsx": lambda: _typed("B_x001B_[31m_x202E_d"),
    "far-cell.xlsx": lambda: _replaced(b'<c r="B2"', b'<c r="XFD1048576"'),
    "far-row.xlsx": lambda: _replaced(b'<row r="2"', b'<row r="1048576"'),
    "beyond.xlsx": lambda: _replaced(b'<c r="B2"', b'<c r="ZZZZ99999999"'),
    "large-dimension.xlsx": lambda: _replaced(b'<dimension ref="A1:K2"', b'<dimension ref="A1:XFD1048576"'),
    "many-merged.xlsx": lambda: _replaced(
        b"</sheetData>",
        b"</sheetData><mergeCells>" + b'<mergeCell ref="A1:XFD1048576"/>' * 1000 + b"</mergeCells>",
    ),
    "bomb.xlsx": _bomb,
    "lying-bomb.xlsx": _lying_bomb,
    "xml-bomb.xlsx": _xml_bomb,
    "external.xlsx": _external,
    "deep.xlsx": lambda: _replaced(b"<sheetData>", b"<a>" * 50_000 + b"<sheetData>"),
    "not-xml.xlsx": lambda: _replaced(b"<sheetData>", b"<sheetData"),
    "no-sheet.xlsx": lambda: _changed(_cities("A"), {"xl/workbook.xml": lambda _: b""}),
    "cut.xlsx": lambda: _cities("Example")[:-200],
    "noise.xlsx": lambda: b"PK\x03\x04" + bytes(range(256)) * 20,
    "bomb.zip": lambda: _zip([("cities.csv", bytes(40 * MEBIBYTE))]),
    "many-parts.zip": lambda: _zip((f"{number}.csv", b"a\n") for number in range(2001)),
    "empty.zip": lambda: _zip([]),
    "encrypted.zip": _with_flag,
    "twice.zip": lambda: _zip([("cities.csv", b"name,country\nA,NL\n"), ("cities.csv", b"name,country\nB,NL\n")]),
    "escaping.zip": lambda: _zip(
        [(name, b"name,country\nA,NL\n") for name in ("../../cities.csv", "/etc/cron.d/cities.csv", "..\\cities.csv")]
    ),
    "named.zip": lambda: _zip(
        (name, b"a,b\n1,2\n") for name in ("\x1b[31m\u202e<b>=1+1.csv", "a\nb.csv", "x" * 5000 + ".csv")
    ),
    "nested.zip": lambda: _nested(20),
    "turtle.zip": lambda: _zip([("fine.ttl", FINE.encode())]),
    "linked.zip": _linked,
    "damaged.zip": lambda: _archive()[:-1],
    "damaged-part.zip": lambda: bytes(
        byte ^ (0xFF if number == 45 else 0) for number, byte in enumerate(_archive())
    ),
}  # fmt: skip
