#!/usr/bin/env python3
"""A naive reference of canonical form v1 (docs/canonical-form.md).

It is written from the document, to be read and to be compared with; it is not fast.

    pip install phonenumbers==8.12.57 idna==3.20        (Python 3.11 or later)

    canonical.py < questions.ndjson                     answer one question per line
    canonical.py --check ../Vectors/canonical-v1.json   compare the published vectors with this reference

A question is {"type": "email", "value": {"text": "Ada@Example.org"}, "options": {}}. Its answer is
{"canonical": "ada@example.org", "hex": "616461..."}: both null when the value is absent, only "canonical" null
when the canonical bytes are not UTF-8.

A value is one of
    {"null": true}
    {"integer": "123"}
    {"real": "0x1.8p+1"}                      hexadecimal or decimal floating point
    {"text": "..."}
    {"bytes": "<hex>"}                        a text given by its bytes, which may be invalid UTF-8
    {"blob": "<hex>"}
    {"list": [value, ...], "primary": 0}      an array or child rows in stored order; "primary" may be missing

Options: region, separator, unit (s, ms, us), precision (s, ms, us), absentAs, distinguishEmpty, one, policy (trim, fold), path.

Where this reference is narrower than the product: it checks non-ASCII domain labels by IDNA 2008, while libidn2 follows
UTS #46 and lets some symbols through (an emoji domain); its Unicode tables are those of the Python that runs it.
"""

import datetime
import hashlib
import json
import re
import struct
import sys
import unicodedata
from fractions import Fraction

ASCII_SPACE = " \t\n\v\f\r"
WHITE_SPACE = ASCII_SPACE + "\x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
MAXIMUM_LEVELS = 512
MAXIMUM_INTEGER_DIGITS = 400

sys.setrecursionlimit(20_000)
sys.set_int_max_str_digits(0)


class Invalid(Exception):
    """The value cannot be read as its type."""


class StructureInScalar(Exception):
    """An array or object stands where one value is expected; args[0] is its JSON text."""


# Numbers


def es_number(number: float) -> str:
    """ECMAScript's Number::toString, which RFC 8785 prescribes. `repr` gives the same shortest digits."""
    if number == 0:
        return "0"
    sign, digits, exponent = re.fullmatch(r"(-?)([\d.]+)(?:e([+-]\d+))?", repr(number)).groups()
    whole, _, fraction = digits.partition(".")
    point = len(whole) + int(exponent or 0)  # where the decimal point stands in `digits`
    digits = whole + fraction
    point -= len(digits) - len(digits.lstrip("0"))
    digits = digits.strip("0")
    count = len(digits)
    if count <= point <= 21:
        text = digits + "0" * (point - count)
    elif 0 < point <= 21:
        text = digits[:point] + "." + digits[point:]
    elif -6 < point <= 0:
        text = "0." + "0" * -point + digits
    else:
        text = digits[0] + ("." + digits[1:] if count > 1 else "") + f"e{point - 1:+d}"
    return sign + text


def sql_real(number: float) -> str:
    if number != number:
        return "NaN"
    if number in (float("inf"), float("-inf")):
        return "Infinity" if number > 0 else "-Infinity"
    return str(int(number)) if number.is_integer() else es_number(number)


def json_number(text: str) -> str:
    """An integer exactly, up to 400 digits; anything else as RFC 8785 writes it."""
    sign, whole, fraction, exponent = re.fullmatch(r"(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?", text).groups()
    fraction = fraction or ""
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return "0"
    significant = digits.rstrip("0")
    zeros = int(exponent or 0) - len(fraction) + len(digits) - len(significant)
    if zeros >= 0:
        if len(significant) + zeros > MAXIMUM_INTEGER_DIGITS:
            raise Invalid("an integer of more than 400 digits")
        return sign + significant + "0" * zeros
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise Invalid("beyond the range of a double")
    return es_number(number)


# JSON


class Number(str):
    """A JSON number as it was written."""


def parse_json(raw: bytes):
    def no_constant(name):
        raise Invalid(f"{name} is not JSON")

    def unique_members(pairs):
        if len(dict(pairs)) != len(pairs):
            raise Invalid("a repeated key")
        return dict(pairs)

    try:
        value = json.loads(raw.decode("utf-8"), parse_int=Number, parse_float=Number, parse_constant=no_constant, object_pairs_hook=unique_members)
        write_json(value)  # depth, numbers and surrogates are judged for the whole document, wherever a path may lead
    except (ValueError, RecursionError) as error:
        raise Invalid(str(error)) from error
    return value


def write_json(value, level: int = 1) -> str:
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Number):
        return json_number(value)
    if isinstance(value, str):
        return json_string(value)
    if level > MAXIMUM_LEVELS:
        raise Invalid("more than 512 levels")
    if isinstance(value, list):
        return "[" + ",".join(write_json(element, level + 1) for element in value) + "]"
    names = sorted(value, key=lambda name: name.encode("utf-8"))
    return "{" + ",".join(json_string(name) + ":" + write_json(value[name], level + 1) for name in names) + "}"


def json_string(text: str) -> str:
    text.encode("utf-8")  # raises ValueError on a lone surrogate
    escapes = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
    return '"' + "".join(escapes.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in text) + '"'


# One value: from the store to a text. Between the two stand None, bytes, a Document, or Rows.


class Document:
    """A parsed JSON value: where a path led to, or a member of a JSON array."""

    def __init__(self, value):
        self.value = value


class Rows:
    """The members of an array column or of a child table, in stored order."""

    def __init__(self, values):
        self.members = [read_value(value) for value in values]
        self.document = Document([row_as_json(value, member) for value, member in zip(values, self.members)])


def row_as_json(value, member):
    if member is None:
        return None
    if isinstance(member, Rows):
        return member.document.value
    text = member.decode("utf-8", "replace")
    is_number = ("integer" in value or "real" in value) and text[-1].isdigit()  # NaN and Infinity are no JSON
    return Number(text) if is_number else text


def read_value(value: dict):
    if "null" in value:
        return None
    if "integer" in value:
        return str(int(value["integer"])).encode()
    if "real" in value:
        return sql_real(read_real(value["real"])).encode()
    if "text" in value:
        return value["text"].encode("utf-8")
    if "bytes" in value:
        return bytes.fromhex(value["bytes"])
    if "blob" in value:
        return bytes.fromhex(value["blob"])
    return Rows(value["list"])


def read_real(text: str) -> float:
    return float.fromhex(text) if "0x" in text.lower() else float(text)


def follow_path(read, path: str):
    """The value that a dot path leads to; None where nothing is there."""
    if not read or isinstance(read, Rows):
        return None
    value = parse_json(read)
    for name in path.split("."):
        if not isinstance(value, dict) or name not in value:
            return None
        value = value[name]
    return None if value is None else Document(value)


def scalar_bytes(read):
    """The text of one value, as bytes; None for NULL."""
    if isinstance(read, Rows):
        read = read.document
    if not isinstance(read, Document):
        return read
    value = read.value
    if isinstance(value, (list, dict)):
        raise StructureInScalar(write_json(value).encode())
    if isinstance(value, str) and not isinstance(value, Number):
        return value.encode("utf-8")
    return write_json(value).encode()


# Types: each takes a text that is not empty and gives its canonical text, or raises Invalid. An empty answer means absent.


def text_type(text, options):
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    if "trim" in options.get("policy", []):
        text = text.strip(WHITE_SPACE)
    if "fold" in options.get("policy", []):
        text = unicodedata.normalize("NFC", text.casefold())
    return text


def integer_digits(text, most=None):
    """The digits of an integer, or None when it is not written as one."""
    match = re.fullmatch(r"([+-]?)([0-9]+)(?:\.0+)?", text)
    if not match or (most and len(match[2]) > most):
        return None
    digits = match[2].lstrip("0") or "0"
    return "-" + digits if match[1] == "-" and digits != "0" else digits


def id_type(text, options):
    digits = integer_digits(text, most=38)
    if digits:
        return digits
    if re.fullmatch(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", text):
        return text.lower()
    return text_type(text, {})


def bool_type(text, options):
    if re.fullmatch(r"t|true|y|yes|1|1\.0+", text, re.IGNORECASE | re.ASCII):
        return "t"
    if re.fullmatch(r"f|false|n|no|0|0\.0+", text, re.IGNORECASE | re.ASCII):
        return "f"
    raise Invalid


def int_type(text, options):
    digits = integer_digits(text)
    if not digits:
        raise Invalid
    return digits


REAL = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"


def real_type(text, options):
    if not re.fullmatch(REAL, text) or float(text) in (float("inf"), float("-inf")):
        raise Invalid
    return es_number(float(text))


def date_type(text, options):
    match = re.fullmatch(r"--([0-9]{2})-([0-9]{2})", text)
    if match:
        calendar_date(2000, int(match[1]), int(match[2]))  # a leap year: --02-29 is a birthday
        return text
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    if match:
        calendar_date(*map(int, match.groups()))
        return text
    day, rest = divmod(microseconds(text, options), DAY)
    if rest:
        raise Invalid
    try:
        return (EPOCH + datetime.timedelta(days=day)).isoformat()
    except OverflowError as error:
        raise Invalid from error


EPOCH = datetime.date(1970, 1, 1)
DAY = 86_400_000_000  # microseconds


def calendar_date(year, month, day):
    try:
        return datetime.date(year, month, day)
    except ValueError as error:
        raise Invalid from error


def microseconds(text, options):
    if re.fullmatch(REAL, text) and "unit" in options:
        return epoch_microseconds(text, options["unit"])
    return written_microseconds(text)


def epoch_microseconds(text, unit):
    if abs(float(text)) > 1e30:
        raise Invalid
    total = int(Fraction(text) * {"s": 1_000_000, "ms": 1_000, "us": 1}[unit] // 1)
    if not microseconds_of_day(datetime.date.min) <= total < microseconds_of_day(datetime.date.max) + DAY:
        raise Invalid
    return total


def written_microseconds(text):
    pattern = (
        r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
        r"(?:Z| UTC|([+-])([0-9]{2})(?::?([0-9]{2}))?)?"
    )
    match = re.fullmatch(pattern, text)
    if not match:
        raise Invalid
    day = microseconds_of_day(calendar_date(int(match[1]), int(match[2]), int(match[3])))
    hour, minute, second = int(match[4]), int(match[5]), int(match[6])
    ahead_hours, ahead_minutes = int(match[9] or 0), int(match[10] or 0)
    if hour > 23 or minute > 59 or second > 59 or ahead_hours > 23 or ahead_minutes > 59:
        raise Invalid
    ahead = (ahead_hours * 60 + ahead_minutes) * (-1 if match[8] == "-" else 1)
    fraction = (match[7] or "")[:6].ljust(6, "0")
    return day + (hour * 3_600 + (minute - ahead) * 60 + second) * 1_000_000 + int(fraction)


def microseconds_of_day(date):
    return (date - EPOCH).days * DAY


def timestamp_type(text, options):
    step = {"s": 1_000_000, "ms": 1_000, "us": 1}[options.get("precision", "us")]
    return str(microseconds(text, options) // step * step)


def email_type(text, options):
    text = unicodedata.normalize("NFC", text).strip(WHITE_SPACE).lower()
    if not text:
        return ""
    if text.count("@") != 1 or any(c in WHITE_SPACE or unicodedata.category(c) == "Cc" for c in text):
        raise Invalid
    local, domain = text.split("@")
    if not local or not domain:
        raise Invalid
    return local + "@" + ascii_domain(domain)


def ascii_domain(domain):
    import idna

    try:
        labels = idna.uts46_remap(domain, std3_rules=False, transitional=False).removesuffix(".").split(".")
        labels = [label if plain_label(label) else idna.alabel(label).decode("ascii") for label in labels]
    except (idna.IDNAError, UnicodeError) as error:
        raise Invalid from error
    if len(labels) < 2 or any(not 1 <= len(label) <= 63 for label in labels) or len(".".join(labels)) > 253:
        raise Invalid
    if any(label[0] == "-" or label[-1] == "-" or (label[2:4] == "--" and label[:2] != "xn") for label in labels):
        raise Invalid
    return ".".join(labels)


def plain_label(label):
    return label.isascii() and not label.startswith("xn--")


def phone_type(text, options):
    import phonenumbers

    try:
        number = phonenumbers.parse(text, options.get("region", "US"))
    except phonenumbers.NumberParseException as error:
        raise Invalid from error
    if not phonenumbers.is_possible_number(number):
        raise Invalid
    extension = f";ext={number.extension}" if number.extension else ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) + extension


TYPES = {
    "text": text_type, "id": id_type, "bool": bool_type, "int": int_type, "real": real_type,
    "date": date_type, "timestamp": timestamp_type, "email": email_type, "phone": phone_type,
}


# Canonical text of one value


def canonical(type: str, value: dict, options: dict | None = None) -> bytes | None:
    """The canonical bytes of a value, None when it is absent."""
    options = options or {}
    read = read_value(value)
    if "path" in options:
        try:
            read = follow_path(read, options["path"])
        except Invalid:
            return b"!" + read
    if type.startswith("set of "):
        answer = canonical_set(type.removeprefix("set of "), read, options, value.get("primary"))
    elif type == "json":
        answer = canonical_json(read)
    else:
        answer = canonical_scalar(type, read, options)
    if answer == b"" and not options.get("distinguishEmpty"):
        answer = None
    if type == "json" and answer in (b"[]", b"{}", b'""') and not options.get("distinguishEmpty"):
        answer = None
    if answer is None and type == "bool" and "absentAs" in options:
        answer = b"t" if options["absentAs"] else b"f"
    return answer


def canonical_scalar(type, read, options):
    try:
        raw = scalar_bytes(read)
    except StructureInScalar as structure:
        return b"!" + structure.args[0]
    if raw is None:
        return None
    try:
        text = raw.decode("utf-8")
        if type != "text":
            text = text.strip(ASCII_SPACE)
        return TYPES[type](text, options).encode("utf-8") if text else b""
    except (Invalid, UnicodeDecodeError):
        return b"!" + raw


def canonical_json(read):
    """JSON null is a null, not an empty value: it stays absent whatever `distinguishEmpty` says."""
    if read is None or read == b"":
        return read
    if isinstance(read, Rows):
        read = read.document
    try:
        value = read.value if isinstance(read, Document) else parse_json(read)
        return None if value is None else write_json(value).encode("utf-8")
    except Invalid:
        return b"!" + read


def canonical_set(type, read, options, primary):
    if read is None:
        return None
    if isinstance(read, Rows):
        members = read.members
    elif isinstance(read, Document):
        members = read.value if isinstance(read.value, list) else [] if read.value == {} else [read.value]
        members = [None if member is None else Document(member) for member in members]
        if options.get("separator") and not isinstance(read.value, (list, dict)):
            members = scalar_bytes(read).split(options["separator"].encode("utf-8"))
    else:
        text = read.strip(ASCII_SPACE.encode())
        if text.startswith(b"["):
            try:
                members = [None if member is None else Document(member) for member in parse_json(text)]
            except Invalid:
                return b"!" + read
        elif text == b"null":
            return None
        elif text == b"{}":
            members = []
        elif options.get("separator"):
            members = read.split(options["separator"].encode("utf-8"))
        else:
            members = [read]
    members = [canonical_json(member) if type == "json" else canonical_scalar(type, member, options) for member in members]
    if type == "json":
        members = [None if member in (b"[]", b"{}", b'""') else member for member in members]
    if options.get("one"):
        if primary is not None and members[primary]:
            members = [members[primary]]
        members = [member for member in members if member][:1]
    return b"".join(netstring(member) for member in sorted({member for member in members if member}))


# Contacts, digests, the tree


def netstring(text: bytes) -> bytes:
    return b"%d:%s," % (len(text), text)


def contact_bytes(fields: list, values: dict) -> bytes:
    """`fields` in schema order: {"name", "type", "options"?}; a field without a value is absent."""
    texts = (canonical(field["type"], values.get(field["name"], {"null": True}), field.get("options")) for field in fields)
    return b"".join(b"-" if text is None else netstring(text) for text in texts)


def digests(scheme: str, key: bytes, contact: bytes) -> tuple[bytes, bytes]:
    """The key digest (8 bytes) and the record digest (16 bytes)."""
    if scheme == "sha256-128":
        return hashlib.sha256(key).digest()[:8], hashlib.sha256(contact).digest()[:16]
    import xxhash

    return xxhash.xxh3_64_digest(key), xxhash.xxh3_128_digest(contact)


def tree_top(pairs: list) -> bytes:
    """The top hash over (key digest, record digest) pairs."""

    def leaf(prefix):
        records = [record for key, record in pairs if key[:2] == struct.pack(">H", prefix)]
        if not records:
            return None
        lanes = [sum(lane) % 2**64 for lane in zip(*(struct.unpack(">4I", record) for record in records))]
        return hashlib.sha256(b"\x00" + struct.pack(">HQ4Q", prefix, len(records), *lanes)).digest()

    filled = {int.from_bytes(key[:2], "big") for key, _ in pairs}
    hashes = [leaf(prefix) if prefix in filled else None for prefix in range(65_536)]
    for level in (3, 2, 1, 0):
        empty = hashlib.sha256(bytes([2, level + 1])).digest()
        groups = [hashes[i:i + 16] for i in range(0, len(hashes), 16)]
        hashes = [hashlib.sha256(b"\x01" + b"".join(h or empty for h in group)).digest() if any(group) else None for group in groups]
    return hashes[0] or hashlib.sha256(b"\x02\x00").digest()


def tree_root(scheme: str, region: str, fields: str, pairs: list) -> bytes:
    head = f"canonical/1|{scheme}|{region}|{fields}".encode()
    return hashlib.sha256(b"\x03" + struct.pack(">I", len(head)) + head + tree_top(pairs)).digest()


# The command


def as_published(answer: bytes | None) -> dict:
    if answer is None:
        return {"canonical": None}
    try:
        return {"canonical": answer.decode("utf-8")}
    except UnicodeDecodeError:
        return {"canonicalHex": answer.hex()}


def check(path: str) -> int:
    with open(path, encoding="utf-8") as file:
        published = json.load(file)
    wrong = 0

    def compare(name, expected, actual):
        nonlocal wrong
        if expected != actual:
            wrong += 1
            print(f"{name}: published {expected!r}, reference {actual!r}")

    for vector in published["vectors"]:
        answer = as_published(canonical(vector["type"], vector["value"], vector.get("options")))
        compare(vector["name"], {key: vector[key] for key in ("canonical", "canonicalHex") if key in vector}, answer)
    for contact in published["contacts"]:
        answer = contact_bytes(contact["fields"], contact["values"])
        compare(contact["name"], {key: contact[key] for key in ("canonical", "canonicalHex") if key in contact}, as_published(answer))
        key = canonical("id", contact["values"]["contact_id"]) if "contact_id" in contact["values"] else None
        for scheme, expected in contact.get("digests", {}).items():
            key_digest, record_digest = digests(scheme, key, answer)
            compare(f'{contact["name"]}, {scheme}', expected, {"key": key_digest.hex(), "record": record_digest.hex()})
    for tree in published.get("trees", []):
        pairs = [digests(tree["scheme"], record["key"].encode(), record["canonical"].encode()) for record in tree["records"]]
        compare(tree["name"], tree["top"], tree_top(pairs).hex())
        compare(tree["name"], tree["root"], tree_root(tree["scheme"], tree["phoneRegion"], tree["fields"], pairs).hex())
    print(f'{len(published["vectors"])} vectors, {len(published["contacts"])} contacts, {len(published.get("trees", []))} trees, {wrong} differences')
    return 1 if wrong else 0


def answer_questions() -> int:
    for line in sys.stdin.buffer:
        if line.strip():
            question = json.loads(line)
            answer = canonical(question["type"], question["value"], question.get("options"))
            published = as_published(answer)
            print(json.dumps({"canonical": published.get("canonical"), "hex": None if answer is None else answer.hex()}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(check(sys.argv[2]) if sys.argv[1:2] == ["--check"] else answer_questions())
