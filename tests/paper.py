"""Makes small PDF files byte by byte, so that each test says exactly what its page holds.

Every glyph is half an em wide; the text's characters get codes of their own and a ToUnicode map.
"""

import hashlib
from pathlib import Path

_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


class Sheet:
    """One page being drawn: A4 unless told otherwise; y is measured from the bottom, as PDF does."""

    def __init__(self, width: float = 595, height: float = 842, rotate: int = 0) -> None:
        self.width, self.height, self.rotate = width, height, rotate
        self.marks: list[tuple[str, str]] = []
        self.picture: tuple[bytes, int, int] | None = None
        self.annotation: tuple[str, tuple[int, int, int, int]] | None = None

    def text(self, x: float, y: float, text: str, size: float = 12, font: str = "Plain") -> "Sheet":
        """Write a line of text from (x, y)."""
        self.marks.append((f"BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm <%s> Tj ET", text))
        return self

    def draw(self, operators: str) -> "Sheet":
        """Add drawing operators as they are."""
        self.marks.append((operators, ""))
        return self

    def table(self, xs: list[float], ys: list[float]) -> "Sheet":
        """Draw every line of a grid as a stroke."""
        for y in ys:
            self.draw(f"{xs[0]} {y} m {xs[-1]} {y} l S")
        for x in xs:
            self.draw(f"{x} {ys[0]} m {x} {ys[-1]} l S")
        return self

    def annotate(self, kind: str, box: tuple[int, int, int, int]) -> "Sheet":
        """Put an annotation of that subtype (`Stamp`, `Widget /FT /Sig`) over a place; it shows the picture."""
        self.annotation = kind, box
        return self

    def jpeg(self, data: bytes, width: int, height: int) -> "Sheet":
        """Cover the page with a JPEG."""
        self.picture = (data, width, height)
        self.marks.insert(0, (f"q {self.width} 0 0 {self.height} 0 0 cm /Im Do Q", ""))
        return self


def write(
    path: Path,
    *sheets: Sheet,
    fonts: dict[str, str] | None = None,
    mapped: bool = True,
    user_password: bytes | None = None,
) -> Path:
    """Write a PDF. `fonts` maps the names used by `Sheet.text` to base fonts; `mapped` False leaves out what
    the codes mean; a `user_password` (empty: an owner's only) encrypts the file."""
    fonts = {"Plain": "Helvetica", "Bold": "Helvetica-Bold"} | (fonts or {})
    letters = sorted({letter for sheet in sheets for _, text in sheet.marks for letter in text})
    codes = {letter: 33 + number for number, letter in enumerate(letters)}
    objects: dict[int, bytes] = {}
    objects[3] = _stream(_to_unicode(codes).encode())
    widths = " ".join(["500"] * 223)
    meaning = "/ToUnicode 3 0 R" if mapped else ""
    for number, base in enumerate(fonts.values(), 4):
        objects[number] = (
            f"<< /Type /Font /Subtype /Type1 /BaseFont /{base} /FirstChar 33 /LastChar 255 /Widths [{widths}] "
            f"{meaning} >>".encode()
        )
    names = " ".join(f"/{name} {number} 0 R" for number, name in enumerate(fonts, 4))
    kids = []
    fields = ""
    for sheet in sheets:
        page = max(objects) + 1
        kids.append(f"{page} 0 R")
        content = "\n".join(
            mark % "".join(f"{codes[letter]:02x}" for letter in text) if text else mark
            for mark, text in sheet.marks
        )
        objects[page + 1] = _stream(content.encode())
        pictures = ""
        if sheet.picture:
            data, across, down = sheet.picture
            pictures = f"/XObject << /Im {page + 2} 0 R >>"
            objects[page + 2] = _stream(
                data,
                f"/Type /XObject /Subtype /Image /Width {across} /Height {down} /ColorSpace /DeviceGray "
                "/BitsPerComponent 8 /Filter /DCTDecode",
            )
        annotated = ""
        if sheet.annotation:
            kind, box = sheet.annotation
            annotated = f"/Annots [{page + 3} 0 R]"
            if kind.startswith("Widget"):
                fields = f"/AcroForm << /Fields [{page + 3} 0 R] >>"
            place = " ".join(map(str, box))
            objects[page + 3] = (
                f"<< /Type /Annot /Subtype /{kind} /F 4 /Rect [{place}] /AP << /N {page + 4} 0 R >> >>".encode()
            )
            entries = f"/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources << {pictures} >>"
            objects[page + 4] = _stream(b"/Im Do", entries)
        objects[page] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {sheet.width} {sheet.height}] /Rotate {sheet.rotate} "
            f"{annotated} /Resources << /Font << {names} >> {pictures} >> /Contents {page + 1} 0 R >>"
        ).encode()
    objects[1] = f"<< /Type /Catalog /Pages 2 0 R {fields} >>".encode()
    objects[2] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    trailer = ""
    if user_password is not None:
        trailer = _encrypt(objects, user_password)
    path.write_bytes(_assembled(objects, trailer))
    return path


def raw(path: Path, objects: dict[int, bytes]) -> Path:
    """Write a PDF of these objects as they are; 1 is the catalogue."""
    path.write_bytes(_assembled(objects, ""))
    return path


def stream(data: bytes, entries: str = "") -> bytes:
    """The object of a stream."""
    return _stream(data, entries)


def _assembled(objects: dict[int, bytes], trailer: str) -> bytes:
    out = b"%PDF-1.4\n"
    offsets = {}
    for number in sorted(objects):
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    start, size = len(out), max(objects) + 1
    table = "".join(
        f"{offsets[n]:010d} 00000 n \n" if n in offsets else "0000000000 65535 f \n" for n in range(size)
    )
    return (
        out
        + f"xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\n".encode()
        + (f"startxref\n{start}\n%%EOF\n".encode())
    )


def _stream(data: bytes, entries: str = "") -> bytes:
    return f"<< /Length {len(data)} {entries} >>\nstream\n".encode() + data + b"\nendstream"


def _to_unicode(codes: dict[str, int]) -> str:
    pairs = "\n".join(f"<{code:02x}> <{letter.encode('utf-16-be').hex()}>" for letter, code in codes.items())
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /M def /CMapType 2 def\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange\n{len(codes)} beginbfchar\n{pairs}\nendbfchar\n"
        "endcmap end end"
    )


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def _encrypt(objects: dict[int, bytes], user: bytes) -> str:
    """Encrypt all streams by the standard handler, revision 2 (40-bit RC4); the owner's password is `owner`."""
    identity = b"0123456789abcdef"
    owner = _rc4(hashlib.md5((b"owner" + _PADDING)[:32]).digest()[:5], (user + _PADDING)[:32])
    key = hashlib.md5(
        (user + _PADDING)[:32] + owner + (-4 & 0xFFFFFFFF).to_bytes(4, "little") + identity
    ).digest()[:5]
    for number, body in objects.items():
        if b"\nstream\n" in body:
            head, data = body.split(b"\nstream\n", 1)
            own = hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10]
            data = _rc4(own, data[: -len(b"\nendstream")])
            objects[number] = head + b"\nstream\n" + data + b"\nendstream"
    number = max(objects) + 1
    objects[number] = (
        f"<< /Filter /Standard /V 1 /R 2 /O <{owner.hex()}> /U <{_rc4(key, _PADDING).hex()}> /P -4 >>".encode()
    )
    return f"/Encrypt {number} 0 R /ID [<{identity.hex()}> <{identity.hex()}>]"
