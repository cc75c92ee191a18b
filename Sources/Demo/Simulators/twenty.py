#!/usr/bin/env python3
"""A Twenty CRM server for tests and demonstrations: the REST API of people and of metadata, over a SQLite file.

    python3 twenty.py --port 0 --database people.sqlite --key secret --rate 100/min

Prints `listening on 127.0.0.1:PORT` and ends on SIGTERM or when its standard input is closed. Needs Python 3.9, nothing else.
It does what Twenty does to what it is sent: normalises e-mails, phones and links, stores an empty text as NULL and reads NULL
back as an empty text, overwrites composites as a whole, keeps an address taken that a soft-deleted person holds.

`/simulator/…` is for tests, is not counted and needs no key: GET stats; POST settings (names of options with underscores);
POST after {"pages": n, "method", "path", "body"}: a request that is made right behind the n-th page that is served from then on.
"""
import argparse
import base64
import hashlib
import hmac
import json
import os
import re
import signal
import sqlite3
import sys
import threading
import time
import unicodedata
import urllib.parse
import urllib.request
import uuid
from bisect import bisect_left, bisect_right
from collections import deque
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", re.I)
RESERVED = {
    "event", "events", "field", "fields", "link", "links", "currency", "currencies", "fullNames", "address", "addresses",
    "type", "types", "object", "objects", "index", "relation", "relations", "plan", "plans", "user", "users", "role",
    "roles", "workspace", "workspaces", "job", "jobs", "aggregate",
}
# Country calling codes and the country that stands for each.
CALLING = {
    "1": "US", "7": "RU", "20": "EG", "27": "ZA", "30": "GR", "31": "NL", "32": "BE", "33": "FR", "34": "ES", "36": "HU",
    "39": "IT", "40": "RO", "41": "CH", "43": "AT", "44": "GB", "45": "DK", "46": "SE", "47": "NO", "48": "PL", "49": "DE",
    "51": "PE", "52": "MX", "53": "CU", "54": "AR", "55": "BR", "56": "CL", "57": "CO", "58": "VE", "60": "MY", "61": "AU",
    "62": "ID", "63": "PH", "64": "NZ", "65": "SG", "66": "TH", "81": "JP", "82": "KR", "84": "VN", "86": "CN", "90": "TR",
    "91": "IN", "92": "PK", "93": "AF", "94": "LK", "95": "MM", "98": "IR", "212": "MA", "213": "DZ", "216": "TN",
    "234": "NG", "254": "KE", "351": "PT", "352": "LU", "353": "IE", "354": "IS", "355": "AL", "357": "CY", "358": "FI",
    "359": "BG", "370": "LT", "371": "LV", "372": "EE", "380": "UA", "381": "RS", "385": "HR", "386": "SI", "420": "CZ",
    "421": "SK", "852": "HK", "880": "BD", "886": "TW", "961": "LB", "962": "JO", "965": "KW", "966": "SA", "971": "AE",
    "972": "IL", "977": "NP",
}
COUNTRIES = {country: code for code, country in CALLING.items()}
COUNTRIES["CA"] = "1"
SUBFIELDS = {
    "FULL_NAME": ["firstName", "lastName"],
    "EMAILS": ["primaryEmail", "additionalEmails"],
    "PHONES": ["primaryPhoneNumber", "primaryPhoneCountryCode", "primaryPhoneCallingCode", "additionalPhones"],
    "LINKS": ["primaryLinkUrl", "primaryLinkLabel", "secondaryLinks"],
    "ADDRESS": ["addressStreet1", "addressStreet2", "addressCity", "addressState", "addressCountry", "addressPostcode",
                "addressLat", "addressLng"],
    "CURRENCY": ["amountMicros", "currencyCode"],
    "ACTOR": ["source", "workspaceMemberId", "name", "context"],
}
LISTS = {"additionalEmails", "additionalPhones", "secondaryLinks"}
NUMBERS = {"addressLat", "addressLng", "amountMicros", "currencyCode", "workspaceMemberId"}
WRITABLE = {"TEXT", "NUMBER", "NUMERIC", "BOOLEAN", "DATE", "DATE_TIME", "SELECT", "MULTI_SELECT", "ARRAY", "RAW_JSON",
            "UUID", "RATING", "FULL_NAME", "EMAILS", "PHONES", "LINKS", "ADDRESS", "CURRENCY", "POSITION"}
STANDARD = [
    ("id", "UUID"), ("createdAt", "DATE_TIME"), ("updatedAt", "DATE_TIME"), ("deletedAt", "DATE_TIME"),
    ("name", "FULL_NAME"), ("emails", "EMAILS"), ("linkedinLink", "LINKS"), ("jobTitle", "TEXT"), ("phones", "PHONES"),
    ("avatarUrl", "TEXT"), ("position", "POSITION"), ("createdBy", "ACTOR"), ("updatedBy", "ACTOR"),
    ("company", "RELATION"), ("searchVector", "TS_VECTOR"), ("noteTargets", "RELATION"), ("taskTargets", "RELATION"),
]
SET_BY_SERVER = {"createdAt", "updatedAt", "deletedAt", "createdBy", "updatedBy", "searchVector"}


class Problem(Exception):
    """An answer that is an error."""

    NAMES = {400: "BadRequestException", 401: "UnauthorizedException", 403: "ForbiddenException",
             404: "NotFoundException", 429: "TooManyRequestsException", 500: "InternalServerErrorException"}

    def __init__(self, status, message, code=None, error=None):
        super().__init__(message)
        self.status, self.message, self.code, self.error = status, message, code, error or self.NAMES[status]


def duplicate(what):
    return Problem(400, "A duplicate entry was detected: unique constraint person.%s was violated" % what)


def moment():
    """The present in microseconds, as Postgres keeps it."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def instant(text):
    """A timestamp that a client wrote, in the server's own form; None where it is none."""
    text = text.strip()
    for form in ("%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M:%S.%f%z",
                 "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%b %d, %Y"):
        try:
            time_ = datetime.strptime(text.replace("Z", "+0000") if form.endswith("%z") else text, form)
        except ValueError:
            continue
        if time_.tzinfo is None:
            time_ = time_.replace(tzinfo=timezone.utc)
        return time_.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return None


def camel_case(name):
    """lodash's camelCase, for ASCII."""
    words = re.findall(r"[A-Z]{2,}(?=[A-Z][a-z]|\b|[0-9])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+", name)
    return "".join(word.lower() if index == 0 else word[:1].upper() + word[1:].lower() for index, word in enumerate(words))


# Values ------------------------------------------------------------------------------------------------------------------

def text_or_null(value, name):
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise Problem(400, 'Invalid string value for field "%s"' % name, "INVALID_ARGS_DATA")
    if "\u0000" in value:
        raise Problem(400, "invalid byte sequence for encoding \"UTF8\": 0x00", "INVALID_ARGS_DATA")
    return value


def email(text):
    text = text.lower()
    local, at, domain = text.rpartition("@")
    if at and domain:
        domain = domain.rstrip(".")
        # As UTS #46 has it, not Python's own codec, which makes `ss` of `ß`.
        labels = (unicodedata.normalize("NFC", label) for label in domain.split("."))
        text = local + "@" + ".".join(
            label if label.isascii() else "xn--" + label.encode("punycode").decode() for label in labels)
    return text


def phone(number, country, calling):
    """National number, country and calling code, as libphonenumber would part them."""
    invalid = Problem(400, "Provided phone number is invalid %s" % number, "INVALID_PHONE_NUMBER")
    calling = (calling or "").lstrip("+")
    if country and country not in COUNTRIES:
        raise Problem(400, "Invalid country code %s" % country, "INVALID_PHONE_COUNTRY_CODE")
    if calling and calling not in CALLING:
        raise Problem(400, "Invalid calling code %s" % calling, "INVALID_PHONE_CALLING_CODE")
    if country and calling and COUNTRIES[country] != calling:
        raise Problem(400, "Provided country code and calling code are conflicting", "CONFLICTING_PHONE_CODES")
    if re.search(r"[A-Za-z@]", number):
        raise invalid
    digits = re.sub(r"[^0-9]", "", number)
    if number.strip().startswith("+"):
        code = next((digits[:n] for n in (1, 2, 3) if digits[:n] in CALLING), None)
        if code is None:
            raise invalid
        if calling and calling != code or country and COUNTRIES[country] != code:
            raise Problem(400, "Provided phone number and calling code are conflicting", "CONFLICTING_PHONE_CODES")
        digits = digits[len(code):]
    else:
        code = calling or COUNTRIES.get(country or "", "")
        if not code:
            raise invalid
    wanted = (10, 10) if code == "1" else (4, 15 - len(code))
    if not wanted[0] <= len(digits) <= wanted[1]:
        raise invalid
    return digits, country or CALLING[code], "+" + code


def link(url):
    parts = urllib.parse.urlsplit(url if "://" in url else "https://" + url)
    if not parts.netloc or "." not in parts.netloc or " " in url:
        raise Problem(400, "The URL of the link is not valid", "INVALID_URL")
    text = urllib.parse.urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path, parts.query, parts.fragment))
    return text[:-1] if text.endswith("/") else text


def composite(kind, value, name, old):
    """What a composite becomes. E-mails, phones and links are overwritten as a whole."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise Problem(400, 'Invalid object value for field "%s"' % name, "INVALID_ARGS_DATA")
    for sub in value:
        if sub not in SUBFIELDS[kind]:
            raise Problem(400, 'Invalid subfield %s for field "%s"' % (sub, name), "INVALID_ARGS_DATA")
    if kind == "EMAILS":
        more = [email(text_or_null(item, name) or "") for item in value.get("additionalEmails") or []]
        first = text_or_null(value.get("primaryEmail"), name)
        return {"primaryEmail": email(first) if first else None, "additionalEmails": more or None}
    if kind == "PHONES":
        number = text_or_null(value.get("primaryPhoneNumber"), name)
        result = {sub: None for sub in SUBFIELDS[kind]}
        if number:
            parts = phone(number, value.get("primaryPhoneCountryCode"), value.get("primaryPhoneCallingCode"))
            result.update(zip(SUBFIELDS[kind], parts))
        more = []
        for item in value.get("additionalPhones") or []:
            parts = phone(item.get("number") or "", item.get("countryCode"), item.get("callingCode"))
            more.append(dict(zip(["number", "countryCode", "callingCode"], parts)))
        result["additionalPhones"] = more or None
        return result
    if kind == "LINKS":
        more = [{"url": link(item["url"]), "label": item.get("label") or ""}
                for item in value.get("secondaryLinks") or [] if item.get("url")]
        first, label = value.get("primaryLinkUrl"), value.get("primaryLinkLabel")
        if not first and more:
            promoted = more.pop(0)
            first, label = promoted["url"], promoted["label"]
        return {"primaryLinkUrl": link(first) if first else None, "primaryLinkLabel": label or None,
                "secondaryLinks": more or None}
    result = dict(old or {})
    for sub, item in value.items():
        result[sub] = item if sub in NUMBERS or kind == "ACTOR" else text_or_null(item, name)
    return result


def stored(field, value, old):
    """A value as it is stored: checked, normalised, empty ones as None."""
    kind, name = field["type"], field["name"]
    bad = Problem(400, 'Invalid value for field "%s" of type %s' % (name, kind), "INVALID_ARGS_DATA")
    if kind in SUBFIELDS:
        return composite(kind, value, name, old)
    if value is None:
        return None
    if kind == "TEXT":
        return text_or_null(value, name)
    if kind in ("NUMBER", "NUMERIC", "POSITION"):
        if kind == "NUMERIC" and isinstance(value, str):
            value = float(value)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise bad
        return value
    if kind == "BOOLEAN":
        if not isinstance(value, bool):
            raise bad
        return value
    if kind in ("DATE", "DATE_TIME"):
        time_ = instant(value) if isinstance(value, str) else None
        if time_ is None:
            raise bad
        return time_[:10] if kind == "DATE" else time_
    options = {option["value"] for option in field.get("options") or []}
    if kind in ("SELECT", "RATING"):
        if value not in options:
            raise bad
        return value
    if kind in ("MULTI_SELECT", "ARRAY"):
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise bad
        if kind == "MULTI_SELECT" and not set(value) <= options:
            raise bad
        return value or None
    if kind == "RAW_JSON":
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise bad
        return value if value != {} else None
    if kind == "UUID":
        if not isinstance(value, str) or not UUID.match(value):
            raise Problem(400, "'%s' is not a valid UUID" % value)
        return value.lower()
    raise Problem(400, 'Field "%s" cannot be written' % name, "INVALID_ARGS_DATA")


def shown(field, value):
    """A stored value as it is read: NULL texts and lists come back empty."""
    kind = field["type"]
    if kind in SUBFIELDS:
        if kind == "ACTOR":
            return value
        value = value or {}
        return {sub: value.get(sub) if value.get(sub) is not None
                else [] if sub in LISTS else None if sub in NUMBERS else "" for sub in SUBFIELDS[kind]}
    if value is None:
        return "" if kind == "TEXT" else [] if kind in ("MULTI_SELECT", "ARRAY") else None
    if kind == "DATE_TIME":
        return value[:23] + "Z"
    return value


# Queries -----------------------------------------------------------------------------------------------------------------

COMPARATORS = {"eq", "neq", "in", "containsAny", "is", "gt", "gte", "lt", "lte", "startsWith", "endsWith", "like", "ilike"}


def split_top(text):
    """The terms between the commas that stand in no bracket, parenthesis or quotation."""
    parts, depth, quoted, start = [], 0, False, 0
    for index, letter in enumerate(text):
        if letter == '"':
            quoted = not quoted
        elif not quoted and letter in "([":
            depth += 1
        elif not quoted and letter in ")]":
            depth -= 1
        elif letter == "," and depth == 0 and not quoted:
            parts.append(text[start:index])
            start = index + 1
    if depth != 0 or quoted:
        raise Problem(400, "Invalid filter: %s" % text)
    return parts + [text[start:]]


def unquoted(text):
    return text[1:-1] if len(text) > 1 and text[0] == '"' and text[-1] == '"' else text


class Filter:
    """A filter of the REST API as a test of stored records."""

    def __init__(self, text, fields, is_shallow=False):
        self.fields = fields
        self.is_shallow = is_shallow
        self.mentions_deleted = False
        self.ids = None
        self.test = (lambda record: True) if not text else self.all([self.term(part, True) for part in split_top(text)])

    @staticmethod
    def all(tests):
        return lambda record: all(test(record) for test in tests)

    def term(self, text, is_top=False):
        text = text.strip()
        match = re.match(r"^(and|or|not)\((.*)\)$", text, re.S)
        if match:
            tests = [self.term(part) for part in split_top(match.group(2))]
            if match.group(1) == "and":
                return self.all(tests)
            if match.group(1) == "or":
                return lambda record: any(test(record) for test in tests)
            return lambda record: not all(test(record) for test in tests)
        match = re.match(r"^([A-Za-z0-9_.]+)\[([A-Za-z]+)\]:(.*)$", text, re.S)
        if not match or match.group(2) not in COMPARATORS:
            raise Problem(400, "'filter' invalid for '%s'" % text)
        return self.base(match.group(1), match.group(2), match.group(3), is_top)

    def base(self, path, comparator, text, is_top):
        name, _, sub = path.partition(".")
        field = self.fields.get(name)
        if field is None or (field["type"] in SUBFIELDS) != bool(sub) or sub and sub not in SUBFIELDS[field["type"]]:
            raise Problem(400, "field '%s' does not exist in 'person' object" % path)
        if name == "deletedAt" and (is_top or not self.is_shallow):
            self.mentions_deleted = True
        kind = field["type"]

        def get(record):
            value = record.get(name)
            return (value or {}).get(sub) if sub else value

        def literal(item):
            item = unquoted(item.strip())
            if kind in ("NUMBER", "NUMERIC", "POSITION"):
                try:
                    return float(item)
                except ValueError:
                    raise Problem(400, "'filter' invalid number for '%s'" % path)
            if kind == "BOOLEAN":
                return item == "true"
            if kind == "DATE_TIME":
                return instant(item) or item
            if kind == "UUID":
                if not UUID.match(item):
                    raise Problem(400, "'%s' is not a valid UUID" % item)
                return item.lower()
            return item

        if comparator == "is":
            wanted = text.strip()
            if wanted not in ("NULL", "NOT_NULL"):
                raise Problem(400, "'filter' invalid for '%s'" % path)
            return lambda record: (get(record) is None) == (wanted == "NULL")
        if comparator in ("in", "containsAny"):
            if not (text.startswith("[") and text.endswith("]")):
                raise Problem(400, "'filter' invalid for '%s', expected an array" % path)
            values = {literal(item) for item in split_top(text[1:-1]) if item.strip()}
            if comparator == "containsAny":
                return lambda record: bool(values & set(get(record) or []))
            if name == "id" and is_top:
                self.ids = values
            return lambda record: get(record) in values
        value = literal(text)
        if name == "id" and comparator == "eq" and is_top:
            self.ids = {value}

        def compare(test):
            return lambda record: get(record) is not None and test(get(record), value)

        if comparator == "neq":
            return lambda record: get(record) != value
        if comparator in ("like", "ilike"):
            flags = re.S | (re.I if comparator == "ilike" else 0)
            pattern = re.compile("^" + ".*".join(re.escape(part) for part in str(value).split("%")) + "$", flags)
            return compare(lambda a, b: pattern.match(str(a)) is not None)
        return compare({
            "eq": lambda a, b: a == b, "gt": lambda a, b: a > b, "gte": lambda a, b: a >= b, "lt": lambda a, b: a < b,
            "lte": lambda a, b: a <= b, "startsWith": lambda a, b: str(a).startswith(b),
            "endsWith": lambda a, b: str(a).endswith(b),
        }[comparator])


class Order:
    """`order_by`, with the id behind it."""

    def __init__(self, text, fields):
        self.keys = []
        for part in split_top(text):
            match = re.match(r"^([A-Za-z0-9_.]+)(?:\[(Asc|Desc)Nulls(First|Last)\])?$", part.strip())
            if not match:
                raise Problem(400, "'order_by' invalid for '%s'" % part)
            name, _, sub = match.group(1).partition(".")
            field = fields.get(name)
            if field is None or (field["type"] in SUBFIELDS) != bool(sub):
                raise Problem(400, "'order_by' invalid field '%s'" % match.group(1))
            self.keys.append((name, sub, match.group(2) == "Desc", (match.group(3) or "First") == "First"))

    def values(self, record):
        return [(record.get(name) or {}).get(sub) if sub else record.get(name) for name, sub, _, _ in self.keys]

    def sort(self, records):
        records = sorted(records, key=lambda record: record["id"])
        for index in range(len(self.keys) - 1, -1, -1):
            _, _, descending, first = self.keys[index]

            def key(record, index=index, descending=descending, first=first):
                value = self.values(record)[index]
                # Python turns the whole key around for a descending order.
                rank = (value is None) == first
                return (rank if descending else not rank, "" if value is None else value)

            records = sorted(records, key=key, reverse=descending)
        return records


class Bucket:
    """Tokens of the whole workspace; refilled continuously, at most as many as the limit."""

    def __init__(self, text):
        count, _, unit = text.partition("/")
        self.limit, self.window = int(count), {"s": 1, "min": 60, "m": 60, "h": 3600}[unit]
        self.tokens, self.at = float(self.limit), time.monotonic()

    def take(self):
        """Seconds to wait; 0: the token was taken."""
        now = time.monotonic()
        self.tokens = min(self.limit, self.tokens + (now - self.at) * self.limit / self.window)
        self.at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0
        return (1 - self.tokens) * self.window / self.limit


# The server --------------------------------------------------------------------------------------------------------------

class Workspace:
    """People and their fields. All of it is used under one lock."""

    def __init__(self, options):
        self.options = options
        self.lock = threading.RLock()
        self.bucket = Bucket(options.rate) if options.rate else None
        self.database = sqlite3.connect(options.database, check_same_thread=False)
        self.database.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
            "CREATE TABLE IF NOT EXISTS people (id TEXT PRIMARY KEY, record TEXT NOT NULL);"
            "CREATE TABLE IF NOT EXISTS fields (id TEXT PRIMARY KEY, place INTEGER, field TEXT NOT NULL);"
            "CREATE TABLE IF NOT EXISTS webhooks (id TEXT PRIMARY KEY, webhook TEXT NOT NULL);")
        self.object_id = str(uuid.uuid5(uuid.NAMESPACE_URL, "twenty/person"))
        self.fields = {}
        for (text,) in self.database.execute("SELECT field FROM fields ORDER BY place"):
            field = json.loads(text)
            self.fields[field["name"]] = field
        if not self.fields:
            for name, kind in STANDARD:
                self.add_field(name, kind, custom=False, is_unique=name == "emails")
        self.people = {}
        for id_, text in self.database.execute("SELECT id, record FROM people"):
            self.people[id_] = json.loads(text)
        self.order = sorted(self.people)
        self.unique = {}
        for record in self.people.values():
            self.claim(record, {})
        self.webhooks = {id_: json.loads(text) for id_, text in self.database.execute("SELECT id, webhook FROM webhooks")}
        self.position = max([record.get("position") or 0 for record in self.people.values()] + [0])
        self.stats = {"requests": 0, "refused": 0, "pages": 0, "unfilteredPatches": 0, "hardDeletes": 0, "creates": 0,
                      "updates": 0, "emptyIds": 0}
        self.recent = deque()
        self.planned = []
        self.last_page = None
        self.sweep = 0
        self.earlier = {}

    # Fields

    def add_field(self, name, kind, custom=True, is_unique=False, **more):
        field = {"id": str(uuid.uuid4()), "objectMetadataId": self.object_id, "type": kind, "name": name,
                 "label": more.get("label") or name, "description": more.get("description"), "icon": more.get("icon"),
                 "isCustom": custom, "isActive": True, "isSystem": name in ("id", "searchVector", "position"),
                 "isNullable": True, "isUnique": bool(is_unique), "defaultValue": more.get("defaultValue"),
                 "options": more.get("options"), "settings": more.get("settings")}
        self.fields[name] = field
        self.save_field(field)
        return field

    def save_field(self, field):
        self.database.execute("INSERT OR REPLACE INTO fields VALUES (?, ?, ?)",
                              (field["id"], list(self.fields).index(field["name"]), json.dumps(field)))
        self.database.commit()

    def create_field(self, body):
        name, kind = body.get("name"), body.get("type")
        if not name or not isinstance(name, str):
            raise Problem(400, "name should not be empty", "INVALID_FIELD_INPUT")
        if body.get("objectMetadataId") != self.object_id:
            raise Problem(400, "Object does not exist", "OBJECT_METADATA_NOT_FOUND")
        if camel_case(name) != name:
            raise Problem(400, 'Name should be in camelCase: "%s"' % name, "INVALID_FIELD_INPUT")
        if name in RESERVED or name in set(self.options.reserved):
            raise Problem(400, 'The name "%s" is not available' % name, "RESERVED_KEYWORD")
        if name in self.fields:
            raise Problem(400, 'Name "%s" is not available as it is already used by another field' % name,
                          "NOT_AVAILABLE")
        if kind not in WRITABLE:
            raise Problem(400, "type must be one of the field types", "INVALID_FIELD_INPUT")
        if kind in ("SELECT", "MULTI_SELECT"):
            for option in body.get("options") or [{}]:
                if not re.match(r"^[A-Z][A-Z0-9_]*$", str(option.get("value", ""))):
                    raise Problem(400, "Value must be in UPPER_CASE and follow snake_case", "INVALID_FIELD_INPUT")
        return self.add_field(name, kind, is_unique=body.get("isUnique"),
                              **{key: body.get(key) for key in ("label", "description", "icon", "defaultValue", "options",
                                                                "settings")})

    def active(self):
        return {name: field for name, field in self.fields.items() if field["isActive"]}

    # Records

    def columns_of(self, record):
        """What must be unique: places and values; places that hold nothing collide with nothing."""
        yield "PK_id", record["id"]
        for name, field in self.fields.items():
            if not field["isUnique"]:
                continue
            value = record.get(name)
            if field["type"] == "EMAILS":
                value = (value or {}).get("primaryEmail")
            elif field["type"] == "PHONES":
                parts = [(value or {}).get(sub) for sub in SUBFIELDS["PHONES"][:3]]
                value = tuple(parts) if all(part is not None for part in parts) else None
            if value is not None:
                yield "IDX_UNIQUE_" + hashlib.md5(name.encode()).hexdigest()[:27], value

    def claim(self, record, old):
        """Takes the unique values of a record, or raises and takes none."""
        new = dict(self.columns_of(record))
        for place, value in new.items():
            if self.unique.get((place, value), record["id"]) != record["id"] or (not old and (place, value) in self.unique):
                raise duplicate(place)
        if old:
            for place, value in self.columns_of(old):
                self.unique.pop((place, value), None)
        for place, value in new.items():
            self.unique[(place, value)] = record["id"]

    def save(self, record):
        old = self.people.get(record["id"])
        self.claim(record, old or {})
        if old is None:
            place = bisect_left(self.order, record["id"])
            self.order.insert(place, record["id"])
            self.recent.append(self.stats["requests"])
        if self.options.replica_lag > 0:
            self.earlier[record["id"]] = (time.monotonic() + self.options.replica_lag, old)
        self.people[record["id"]] = record
        self.database.execute("INSERT OR REPLACE INTO people VALUES (?, ?)", (record["id"], json.dumps(record)))

    def seen(self, id_):
        """A record as a reader meets it, who may ask a replica."""
        if id_ in self.earlier:
            until, old = self.earlier[id_]
            if time.monotonic() < until:
                return old
            del self.earlier[id_]
        return self.people.get(id_)

    def given_id(self, id_):
        if not id_:
            self.stats["emptyIds"] += 1
        if not UUID.match(id_):
            raise Problem(400, "'%s' is not a valid UUID" % id_, "INVALID_ARGS_DATA")
        return id_.lower()

    def payload(self, body, old):
        if not isinstance(body, dict):
            raise Problem(400, "Body must be an object", "INVALID_ARGS_DATA")
        result = {}
        for name, value in body.items():
            field = self.active().get(name)
            if name.endswith("Id") and field is None and self.fields.get(name[:-2], {}).get("type") == "RELATION":
                result[name] = value
                continue
            if field is None:
                raise Problem(400, 'Object person doesn\'t have any "%s" field.' % name, "INVALID_ARGS_DATA")
            if name in self.options.read_only:
                raise Problem(400, "Entity performing the request does not have permission", "PERMISSION_DENIED")
            if name in SET_BY_SERVER and not (name in ("createdAt",) and self.options.accepts_created_at):
                continue
            result[name] = stored(field, value, old.get(name))
            if name in self.options.upper and isinstance(result[name], str):
                result[name] = result[name].upper()
        return result

    def create(self, body):
        values = self.payload(body, {})
        now = moment()
        record = {"id": values.pop("id", None) or str(uuid.uuid4()), "createdAt": now, "updatedAt": now, "deletedAt": None}
        record.update(values)
        if record.get("position") is None:
            self.position += 1
            record["position"] = self.position
        actor = {"source": "API", "workspaceMemberId": None, "name": "Key", "context": {}}
        record["createdBy"], record["updatedBy"] = actor, dict(actor)
        if record["id"] in self.people:
            raise duplicate("PK_id")
        self.save(record)
        self.stats["creates"] += 1
        self.announce("created", record, list(values))
        return record

    def update(self, record, body, more=None):
        changed = dict(record)
        values = self.payload(body, record)
        values.pop("id", None)
        changed.update(values)
        changed.update(more or {})
        changed["updatedAt"] = moment()
        self.save(changed)
        self.stats["updates"] += 1
        self.announce("updated", changed, list(values))
        return changed

    def mark(self, record, deleted):
        changed = dict(record, deletedAt=moment() if deleted else None)
        if self.options.delete_touches:
            changed["updatedAt"] = moment()
        self.save(changed)
        self.announce("deleted" if deleted else "restored", record if deleted else changed, ["deletedAt"])
        return changed

    def destroy(self, record):
        for place, value in self.columns_of(record):
            self.unique.pop((place, value), None)
        del self.people[record["id"]]
        self.order.remove(record["id"])
        self.database.execute("DELETE FROM people WHERE id = ?", (record["id"],))
        self.stats["hardDeletes"] += 1
        self.announce("destroyed", record, [])

    def upsert(self, body):
        values = self.payload(body, {})
        found = set()
        if values.get("id") in self.people:
            found.add(values["id"])
        else:
            for place, value in self.columns_of(dict(values, id=values.get("id"))):
                if (place, value) in self.unique and place != "PK_id":
                    found.add(self.unique[(place, value)])
        if len(found) > 1:
            raise Problem(400, "Multiple records found with the same unique field values for person",
                          "UPSERT_MULTIPLE_MATCHING_RECORDS_CONFLICT")
        if not found:
            return self.create(body)
        return self.update(self.people[found.pop()], {k: v for k, v in body.items() if k != "id"}, {"deletedAt": None})

    def record_json(self, record, names=None):
        hidden = set(self.options.hidden)
        result = {}
        for name, field in self.active().items():
            if name in hidden or (names is not None and name not in names and name != "id"):
                continue
            if field["type"] == "RELATION":
                if name == "company":
                    result["companyId"] = record.get("companyId")
            elif field["type"] != "TS_VECTOR":
                result[name] = shown(field, record.get(name))
        return result

    # Webhooks

    def announce(self, operation, record, names):
        for webhook in self.webhooks.values():
            wanted = {"person." + operation, "*." + operation, "person.*", "*.*"}
            if wanted & set(webhook.get("operations") or []):
                body = {"targetUrl": webhook["targetUrl"], "eventName": "person." + operation,
                        "objectMetadata": {"id": self.object_id, "nameSingular": "person"}, "workspaceId": "1",
                        "webhookId": webhook["id"], "eventDate": moment()[:23] + "Z",
                        "record": self.record_json(record), "updatedFields": names}
                threading.Thread(target=deliver, args=(webhook, body), daemon=True).start()


def deliver(webhook, body):
    """One attempt of five seconds, signed over the bytes that are sent; a failure is nobody's."""
    raw = json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    if webhook.get("secret"):
        stamp = str(int(time.time() * 1000))
        signature = hmac.new(webhook["secret"].encode(), stamp.encode() + b":" + raw, hashlib.sha256).hexdigest()
        headers.update({"X-Twenty-Webhook-Timestamp": stamp, "X-Twenty-Webhook-Signature": signature,
                        "X-Twenty-Webhook-Nonce": os.urandom(16).hex()})
    try:
        urllib.request.urlopen(urllib.request.Request(webhook["targetUrl"], raw, headers), timeout=5).read()
    except OSError:
        pass


class Api:
    """Answers one request: a status, headers and a JSON body."""

    def __init__(self, workspace, method, target, headers, body):
        self.workspace, self.options = workspace, workspace.options
        self.method, self.headers, self.raw = method, headers, body
        parts = urllib.parse.urlsplit(target)
        self.path = parts.path
        self.query = {}
        for name, value in urllib.parse.parse_qsl(parts.query, keep_blank_values=True):
            self.query.setdefault(name, value)
        self.answer_headers = []

    def answer(self):
        try:
            if self.path.startswith("/simulator/"):
                return self.simulator(self.path[len("/simulator/"):])
            if not self.path.startswith("/rest/"):
                raise Problem(404, "Cannot %s %s" % (self.method, self.path))
            self.authenticate()
            parts = [urllib.parse.unquote(part) for part in self.path[len("/rest/"):].split("/")]
            if parts[0] == "metadata":
                return self.metadata(parts[1:])
            self.throttle()
            return self.records(parts)
        except Problem as problem:
            if isinstance(problem, Limited):
                return 429, problem.full
            body = {"statusCode": problem.status, "error": problem.error, "messages": [problem.message]}
            if problem.code and not self.options.old_errors:
                body["code"] = problem.code
            return problem.status, body

    def body(self):
        try:
            return json.loads(self.raw or b"{}")
        except ValueError:
            raise Problem(400, "Unexpected token in JSON")

    def authenticate(self):
        value = self.headers.get("Authorization") or ""
        if not value.startswith("Bearer "):
            raise Problem(403, "Missing authentication token", error="FORBIDDEN_EXCEPTION")
        key = value[len("Bearer "):]
        if key == self.options.expired_key:
            raise Problem(401, "Token has expired.", error="UNAUTHENTICATED")
        if key == self.options.revoked_key:
            raise Problem(403, "This API Key is revoked", error="FORBIDDEN_EXCEPTION")
        if not hmac.compare_digest(key.encode(), self.options.key.encode()):
            raise Problem(401, "Token invalid.", error="UNAUTHENTICATED")

    def throttle(self):
        self.workspace.stats["requests"] += 1
        bucket = self.workspace.bucket
        wait = bucket.take() if bucket else 0
        if not wait:
            return
        self.workspace.stats["refused"] += 1
        if self.options.old_limit:
            raise Problem(429, "Limit reached (%d tokens per %d ms)" % (bucket.limit, bucket.window * 1000),
                          error="HttpException")
        seconds = max(1, int(wait + 0.999))
        self.answer_headers += [("Retry-After", str(seconds)), ("X-RateLimit-Limit", str(bucket.limit)),
                                ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", str(int(time.time()) + seconds))]
        raise Limited(bucket, seconds)

    # Records

    def records(self, parts):
        if self.options.no_write and self.method != "GET":
            raise Problem(403, "Entity performing the request does not have permission", "PERMISSION_DENIED")
        if parts[0] == "person":
            raise Problem(400, "object 'person' not found. Did you mean 'people'?")
        if parts[:2] == ["batch", "people"] and self.method == "POST" and len(parts) == 2:
            return self.create_many()
        if parts[0] != "people":
            raise Problem(400, "object '%s' not found" % parts[0])
        if len(parts) == 1 and self.method == "POST":
            record = self.workspace.upsert(self.body()) if self.is_upsert else self.workspace.create(self.body())
            self.workspace.database.commit()
            return 201, {"data": {"createPerson": self.shown(record)}}
        if len(parts) == 1:
            return self.many(restore=False)
        if parts[1] == "restore" and len(parts) == 2:
            return self.many(restore=True)
        return self.one(self.workspace.given_id(parts[1]), parts[2:])

    @property
    def is_upsert(self):
        return self.query.get("upsert") == "true"

    def shown(self, record):
        return self.workspace.record_json(record)

    def missing(self):
        status = 400 if self.options.old_errors else 404
        return Problem(status, "Record not found", "RECORD_NOT_FOUND")

    def one(self, id_, rest):
        workspace = self.workspace
        if self.method == "GET" and not rest:
            record = workspace.seen(id_)
            if record is None or record["deletedAt"]:
                raise self.missing()
            return 200, {"data": {"person": self.projected([record])[0]}}
        record = workspace.people.get(id_)
        if record is None:
            raise self.missing()
        if self.method == "PATCH" and rest == ["restore"]:
            name, result = "restorePerson", workspace.mark(record, False)
        elif self.method in ("PATCH", "PUT") and not rest:
            name, result = "updatePerson", workspace.update(record, self.body())
        elif self.method == "DELETE" and not rest:
            name, result = "deletePerson", record
            if self.query.get("soft_delete") == "true":
                result = workspace.mark(record, True)
            else:
                workspace.destroy(record)
                workspace.database.commit()
                return 200, {"data": {"deletePerson": {"id": id_}}}
        else:
            raise Problem(404, "Cannot %s %s" % (self.method, self.path))
        workspace.database.commit()
        return 200, {"data": {name: self.shown(result)}}

    def matching(self, text):
        workspace = self.workspace
        filter_ = Filter(text, dict(workspace.active(), companyId={"name": "companyId", "type": "UUID"}),
                         self.options.shallow_deleted)
        ids = workspace.order if filter_.ids is None else sorted(filter_.ids)
        records = (workspace.seen(id_) for id_ in ids)
        return [record for record in records if record is not None
                and (filter_.mentions_deleted or not record["deletedAt"]) and filter_.test(record)]

    def many(self, restore):
        if self.method == "GET" and not restore:
            return self.list()
        text = self.query.get("filter") or ""
        if self.method == "DELETE" and not text:
            raise Problem(400, "Filters are mandatory for bulk delete|destroy operations")
        if self.method == "PATCH" and not text:
            self.workspace.stats["unfilteredPatches"] += 1
        if restore and "deletedAt" not in text:
            text = ",".join(filter(None, [text, "deletedAt[is]:NOT_NULL"]))
        found = self.matching(text)
        workspace = self.workspace
        if self.method == "PATCH" and restore:
            name, result = "restorePeople", [self.shown(workspace.mark(record, False)) for record in found]
        elif self.method == "PATCH":
            name, result = "updatePeople", [self.shown(workspace.update(record, self.body())) for record in found]
        elif self.method == "DELETE":
            name, result = "deletePeople", [{"id": record["id"]} for record in found]
            for record in found:
                if self.query.get("soft_delete") == "true":
                    workspace.mark(record, True)
                else:
                    workspace.destroy(record)
        else:
            raise Problem(404, "Cannot %s %s" % (self.method, self.path))
        workspace.database.commit()
        return 200, {"data": {name: result}}

    def create_many(self):
        rows = self.body()
        if not isinstance(rows, list):
            raise Problem(400, "Body must be an array", "INVALID_ARGS_DATA")
        if len(rows) > self.options.max_page:
            raise Problem(400, "Maximum number of records to upsert is %d." % self.options.max_page)
        workspace, made = self.workspace, []
        before = dict(workspace.people), list(workspace.order), dict(workspace.unique)
        make = workspace.upsert if self.is_upsert else workspace.create
        try:
            for row in rows:
                made.append(make(row))
        except Problem:
            if not self.options.partial_batches:
                workspace.people, workspace.order, workspace.unique = before
                workspace.database.rollback()
            workspace.database.commit()
            raise
        workspace.database.commit()
        return 201, {"data": {"createPeople": [self.shown(record) for record in made]}}

    def limit(self):
        text = self.query.get("limit")
        if text is None:
            return min(60, self.options.max_page)
        if not re.match(r"^\d+$", text):
            raise Problem(400, "limit '%s' is invalid. Should be an integer" % text)
        return min(int(text), self.options.max_page)

    def projected(self, records):
        """Records with the fields that are asked for; 200 of them where none are, the server's own first."""
        readable = [name for name in self.workspace.active() if name not in self.options.hidden]
        if "fields" in self.query and not self.options.old_errors:
            names = [name.strip() for name in self.query["fields"].split(",") if name.strip()]
            for name in names:
                if name not in readable:
                    raise Problem(400, "Field '%s' does not exist or cannot be read" % name)
            return [self.workspace.record_json(record, set(names)) for record in records]
        if len(readable) > self.options.field_cap:
            self.answer_headers += [("X-Twenty-Fields-Capped", "true"),
                                    ("X-Twenty-Fields-Max", str(self.options.field_cap))]
            ordered = sorted(readable, key=lambda name: (self.workspace.fields[name]["isCustom"], name))
            names = set(ordered[:self.options.field_cap])
            return [self.workspace.record_json(record, names) for record in records]
        return [self.workspace.record_json(record) for record in records]

    def list(self):
        workspace = self.workspace
        if self.query.get("depth", "0") not in ("0", "1"):
            raise Problem(400, "'depth=%s' parameter invalid. Allowed values are 0, 1" % self.query["depth"])
        limit = self.limit()
        after, before = self.query.get("starting_after"), self.query.get("ending_before")
        if after and before:
            raise Problem(400, "Cannot provide both before and after")
        found = self.matching(self.query.get("filter") or "")
        order = Order(self.query["order_by"], workspace.active()) if self.query.get("order_by") else None
        if order:
            found = order.sort(found)
        total = len(found) - self.lagging(found)
        workspace.stats["pages"] += 1
        paged = self.query.get("starting_after") is not None
        repeat = self.options.repeat_cursor
        workspace.sweep = workspace.sweep + 1 if paged else 0
        if repeat and paged and workspace.sweep >= repeat and workspace.last_page:
            return 200, workspace.last_page
        cursor = after or before
        start, end = 0, len(found)
        if cursor:
            last = self.cursor(cursor)
            ids = [record["id"] for record in found]
            if order:
                place = ids.index(last["id"]) if last["id"] in ids else None
                if place is None:
                    raise Problem(400, "Invalid cursor: %s" % cursor)
                start, end = (place + 1, end) if after else (0, place)
            else:
                start, end = (bisect_right(ids, last["id"]), end) if after else (0, bisect_left(ids, last["id"]))
        rows = found[start:end]
        has_more = len(rows) > limit
        rows = rows[:limit] if not before else rows[max(0, len(rows) - limit):] if limit else []
        info = {"hasNextPage": has_more if not before else True, "hasPreviousPage": bool(after) if not before else has_more,
                "startCursor": self.cursor_of(rows[0], order) if rows else None,
                "endCursor": self.cursor_of(rows[-1], order) if rows else None}
        page = {"data": {"people": self.projected(rows)}, "totalCount": max(0, total), "pageInfo": info}
        workspace.last_page = page
        return 200, page

    def lagging(self, found):
        """How many of the newest records the count does not know yet."""
        recent = self.workspace.recent
        while recent and recent[0] <= self.workspace.stats["requests"] - self.options.count_lag - 1:
            recent.popleft()
        return len(recent) if self.options.count_lag and len(found) >= len(recent) else 0

    @staticmethod
    def cursor_of(record, order):
        values = {} if order is None else {key[0]: value for key, value in zip(order.keys, order.values(record))}
        values["id"] = record["id"]
        return base64.b64encode(json.dumps(values, separators=(",", ":")).encode()).decode()

    @staticmethod
    def cursor(text):
        try:
            value = json.loads(base64.b64decode(text, validate=True))
            return {"id": value["id"]}
        except (ValueError, KeyError, TypeError):
            raise Problem(400, "Invalid cursor: %s" % text)

    # Metadata

    def metadata(self, parts):
        if self.options.no_data_model:
            raise Problem(403, "Entity performing the request does not have permission", "PERMISSION_DENIED")
        workspace, shape = self.workspace, self.options.metadata
        kind, id_ = parts[0], parts[1] if len(parts) > 1 else None
        if kind == "webhooks" and self.method == "POST":
            webhook = dict(self.body(), id=str(uuid.uuid4()))
            workspace.webhooks[webhook["id"]] = webhook
            workspace.database.execute("INSERT INTO webhooks VALUES (?, ?)", (webhook["id"], json.dumps(webhook)))
            workspace.database.commit()
            return 201, {key: value for key, value in webhook.items() if key != "secret"}
        if kind == "objects" and self.method == "GET":
            objects = self.objects()
            if id_ is None:
                return 200, self.listed("objects", objects)
            found = next((item for item in objects if item["id"] == id_), None)
            if found is None:
                raise Problem(404, "Object not found")
            return 200, found if shape == "direct" else {"data": {"object": found}}
        if kind != "fields":
            raise Problem(404, "Cannot %s %s" % (self.method, self.path))
        if id_ is None and self.method == "GET":
            return 200, self.listed("fields", list(workspace.fields.values()))
        if id_ is None and self.method == "POST":
            return 201, self.single("createOneField", workspace.create_field(self.body()))
        field = next((item for item in workspace.fields.values() if item["id"] == id_), None)
        if field is None:
            raise Problem(400 if self.method in ("PATCH", "PUT") else 404, "Field not found")
        if self.method == "GET":
            return 200, self.single("field", field)
        if self.method in ("PATCH", "PUT"):
            allowed = ("label", "description", "icon", "isActive", "options", "isUnique", "settings")
            field.update({key: value for key, value in self.body().items() if key in allowed})
            workspace.save_field(field)
            return 200, self.single("updateOneField", field)
        if not field["isCustom"]:
            raise Problem(400, "Standard fields cannot be deleted")
        del workspace.fields[field["name"]]
        workspace.database.execute("DELETE FROM fields WHERE id = ?", (id_,))
        workspace.database.commit()
        return 200, self.single("deleteOneField", field)

    def objects(self):
        workspace = self.workspace
        person = {"id": workspace.object_id, "nameSingular": "person", "namePlural": "people", "isActive": True,
                  "isCustom": False, "isSystem": False}
        if self.options.metadata == "legacy":
            # Older lists of fields do not say whose they are; an object has its own.
            person["fields"] = [self.without_owner(field) for field in workspace.fields.values()]
        company = dict(person, id=str(uuid.uuid5(uuid.NAMESPACE_URL, "twenty/company")), nameSingular="company",
                       namePlural="companies", fields=[])
        return [company] if self.options.no_person else [company, person]

    @staticmethod
    def without_owner(field):
        return {key: value for key, value in field.items() if key != "objectMetadataId"}

    def single(self, name, field):
        return field if self.options.metadata == "direct" else {"data": {name: field}}

    def listed(self, name, items):
        after = self.query.get("starting_after")
        if after is not None:
            if not UUID.match(after):
                raise Problem(400, "Invalid cursor: %s" % after)
            ids = [item["id"] for item in items]
            items = items[ids.index(after) + 1:] if after in ids else []
        limit = int(self.query["limit"]) if self.query.get("limit", "").isdigit() else 60
        page = items[:min(limit, self.options.max_page)]
        info = {"hasNextPage": len(page) < len(items), "hasPreviousPage": after is not None,
                "startCursor": page[0]["id"] if page else None, "endCursor": page[-1]["id"] if page else None}
        if self.options.metadata == "legacy":
            if name == "fields":
                page = [self.without_owner(item) for item in page]
            return {"data": {name: page}, "pageInfo": info, "totalCount": len(items)}
        return {"data": page, "pageInfo": info, "totalCount": len(items)}

    # For tests

    def simulator(self, name):
        workspace = self.workspace
        if name == "stats":
            return 200, dict(workspace.stats, people=len(workspace.people),
                             deleted=sum(1 for record in workspace.people.values() if record["deletedAt"]))
        if name == "settings" and self.method == "POST":
            for key, value in self.body().items():
                if not hasattr(self.options, key):
                    raise Problem(400, "there is no setting %s" % key)
                setattr(self.options, key, value)
                if key == "rate":
                    workspace.bucket = Bucket(value) if value else None
            return 200, {}
        if name == "after" and self.method == "POST":
            body = self.body()
            workspace.planned.append([workspace.stats["pages"] + body["pages"], body])
            return 200, {}
        raise Problem(404, "there is no %s" % name)

    def carry_out_planned(self):
        workspace = self.workspace
        due = [body for page, body in workspace.planned if page <= workspace.stats["pages"]]
        workspace.planned = [item for item in workspace.planned if item[0] > workspace.stats["pages"]]
        for body in due:
            key = {"Authorization": "Bearer " + self.options.key}
            Api(workspace, body["method"], body["path"], key, json.dumps(body.get("body")).encode()).answer()


class Limited(Problem):
    """The newer answer to too many requests."""

    def __init__(self, bucket, seconds):
        super().__init__(429, "Rate limit exceeded for apiKey: %d requests per %ds." % (bucket.limit, bucket.window))
        self.full = {
            "statusCode": 429, "error": "RATE_LIMITED", "messages": [self.message], "limitKind": "speed",
            "exhaustedKind": "limit", "scope": {"spenderType": "apiKey", "spenderId": "key", "operationType": "API_REQUEST"},
            "limit": bucket.limit, "remaining": 0, "periodCount": bucket.window, "periodUnit": "second",
            "retryAfterSeconds": seconds}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server_version, sys_version = "TwentySimulator", ""

    def handle_any(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        workspace = self.server.workspace
        with workspace.lock:
            api = Api(workspace, self.command, self.path, self.headers, body)
            try:
                status, answer = api.answer()
            except Exception as error:  # An answer is owed whatever happens; Twenty gives 400 for what it does not know.
                status, answer = 400, {"statusCode": 400, "error": "BadRequestException", "messages": [repr(error)]}
                print("failed: %r" % error, file=sys.stderr, flush=True)
            if status == 200 and self.command == "GET" and self.path.startswith("/rest/people"):
                api.carry_out_planned()
        raw = json.dumps(answer, ensure_ascii=False).encode()
        self.send_response(status)
        for name, value in api.answer_headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)
        self.wfile.flush()

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_any

    def date_time_string(self, timestamp=None):
        shift = getattr(self.server.workspace.options, "clock_shift", 0)
        return super().date_time_string((time.time() if timestamp is None else timestamp) + shift)

    def log_message(self, *arguments):
        pass


def main():
    parser = argparse.ArgumentParser(description="A Twenty CRM server for tests.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--database", default=":memory:")
    parser.add_argument("--key", default="twenty-test-key", help="the API key that is taken")
    parser.add_argument("--expired-key", default="expired-key")
    parser.add_argument("--revoked-key", default="revoked-key")
    parser.add_argument("--rate", default="", help="tokens of the workspace, such as 100/min; none: no limit")
    parser.add_argument("--old-limit", action="store_true", help="the older answer to too many requests")
    parser.add_argument("--old-errors", action="store_true", help="400 for a missing record, no code, no `fields`")
    parser.add_argument("--metadata", choices=["legacy", "mixed", "direct"], default="mixed")
    parser.add_argument("--no-data-model", action="store_true", help="the key may not read metadata")
    parser.add_argument("--no-person", action="store_true", help="the key does not see the object person")
    parser.add_argument("--hidden", action="append", default=[], help="a field that records lack")
    parser.add_argument("--read-only", action="append", default=[], help="a field that may not be written")
    parser.add_argument("--no-write", action="store_true", help="the key may not write people")
    parser.add_argument("--reserved", action="append", default=[], help="a name that no field may have")
    parser.add_argument("--max-page", type=int, default=200)
    parser.add_argument("--field-cap", type=int, default=200)
    parser.add_argument("--repeat-cursor", type=int, default=0, help="the n-th further page is served again and again")
    parser.add_argument("--count-lag", type=int, default=0, help="requests until the count knows a person")
    parser.add_argument("--replica-lag", type=float, default=0, help="seconds until readers see a write")
    parser.add_argument("--partial-batches", action="store_true", help="a refused batch leaves the people before")
    parser.add_argument("--delete-touches", type=int, default=1, help="whether a soft delete moves updatedAt")
    parser.add_argument("--shallow-deleted", action="store_true",
                        help="deletedAt inside or() does not show deleted people")
    parser.add_argument("--upper", action="append", default=[], help="a text field that is kept in capitals")
    parser.add_argument("--accepts-created-at", action="store_true")
    parser.add_argument("--clock-shift", type=float, default=0, help="seconds that the Date header is ahead")
    options = parser.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Handler)
    server.daemon_threads = True
    server.workspace = Workspace(options)

    def stop(*_):
        os._exit(0)

    def watch():
        while sys.stdin.buffer.read(4096):
            pass
        stop()

    signal.signal(signal.SIGTERM, stop)
    threading.Thread(target=watch, daemon=True).start()
    print("listening on 127.0.0.1:%d" % server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
