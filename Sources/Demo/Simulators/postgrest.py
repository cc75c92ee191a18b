#!/usr/bin/env python3
"""A PostgREST as Supabase runs it, over SQLite: the interface of a table, with its silent limits and its errors.

    python3 postgrest.py --port 0 --database contacts.sqlite [--key KEY] [--max-rows 1000] [--visible-rows N]

The first line of stdout is `listening on 127.0.0.1:PORT`. It ends on SIGTERM, and when stdin is closed. Tables are those
of the database, with column types as Postgres calls them (bigint, text, character varying(20), boolean, date,
timestamptz, jsonb, text[], uuid); where there are none, or with --ddl, they are made. SQLite keeps a timestamptz as
microseconds since 1970, a jsonb as the bytes of its text in Postgres's order of keys, an array as a JSON array.

What it does not have: embedding, functions (/rpc), full text search, roles other than the one key's.
"""
import argparse
import datetime
import decimal
import gzip
import http.server
import json
import os
import re
import signal
import socketserver
import sqlite3
import sys
import threading
import time
import urllib.parse
import uuid

VERSION = "13.0.7"
NOW = "(CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER))"
DDL = f"""
CREATE TABLE contacts_master (
    contact_id text NOT NULL PRIMARY KEY,
    apple_unique_id text, apple_identity_unique_id text, apple_link_id text,
    canonical_name text, name_normalized text, first_name text, last_name text, middle_name text, nickname text,
    name_suffix text, title text, full_name text,
    organization text, job_title text, department text,
    category_code character varying(1), subcategory_code text, relationship_category text,
    notes text, birthday date, is_business boolean, is_me boolean,
    llm_context jsonb, communication_stats jsonb, social_network jsonb, ai_insights jsonb, recommendations jsonb,
    version bigint CHECK (version >= 0), last_updated timestamptz, last_updated_by text, sync_status text,
    source_systems text[], deleted_at timestamptz,
    created_at timestamptz DEFAULT {NOW}, updated_at timestamptz DEFAULT {NOW}
);
CREATE TABLE contact_identifiers (
    id bigint NOT NULL PRIMARY KEY,
    contact_id text NOT NULL REFERENCES contacts_master (contact_id),
    identifier_type text NOT NULL,
    identifier_value text NOT NULL,
    identifier_normalized text,
    is_primary boolean DEFAULT 0
);
CREATE INDEX contact_identifiers_contact ON contact_identifiers (contact_id);
CREATE TRIGGER contacts_master_touch AFTER UPDATE ON contacts_master WHEN new.updated_at IS old.updated_at
BEGIN
    UPDATE contacts_master SET updated_at = max({NOW}, coalesce(old.updated_at, 0) + 1) WHERE rowid = new.rowid;
END;
"""


class Failure(Exception):
    """An answer that is an error, with the body PostgREST gives it."""

    def __init__(self, status, code, message, details=None, hint=None):
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "details": details, "hint": hint, "message": message}


def database_failure(code, message, details=None, hint=None):
    """An error of Postgres's own, under the status that PostgREST maps its code to."""
    status = {"23503": 409, "23505": 409, "42501": 403, "42P01": 404, "42883": 404, "25006": 405, "P0001": 400}.get(code)
    if status is None:
        status = {"08": 503, "53": 503, "40": 500, "57": 500}.get(code[:2], 400)
    return Failure(status, code, message, details, hint)


def parse_failure(what):
    return Failure(400, "PGRST100", f"failed to parse {what}", f"unexpected input in {what}")


# Types: how a value comes in, how it is kept, how it goes out.

NAMES = {
    "timestamptz": "timestamp with time zone", "timestamp": "timestamp without time zone", "varchar": "character varying",
    "int8": "bigint", "int4": "integer", "int": "integer", "int2": "smallint", "bool": "boolean",
    "float8": "double precision",
}
RANGES = {"smallint": 15, "integer": 31, "bigint": 63}
SAYS = {"bigint": "integer", "integer": "integer", "smallint": "integer", "boolean": "boolean", "numeric": "number",
        "double precision": "number", "json": None, "jsonb": None}


def invalid(kind):
    return database_failure("22P02", f"invalid input syntax for type {kind}")


def zone_named(name):
    match = re.fullmatch(r"([+-])(\d\d):?(\d\d)?", name)
    if match:
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        return datetime.timezone(datetime.timedelta(minutes=-minutes if match[1] == "-" else minutes))
    if name.upper() in ("UTC", "GMT", "Z"):
        return datetime.timezone.utc
    try:
        import zoneinfo
        return zoneinfo.ZoneInfo(name)
    except (ImportError, KeyError, ValueError, OSError):
        return None


EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
STAMP = re.compile(r"\s*(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?\s*")


def instant(text, zone, kind):
    match = STAMP.fullmatch(text)
    if not match:
        raise database_failure("22007", f"invalid input syntax for type {kind}")
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    fraction = round(float("0." + (match[7] or "0")) * 1_000_000)
    own = zone_named(match[8]) if match[8] else zone
    try:
        moment = datetime.datetime(year, month, day, hour, minute, second, tzinfo=own)
        return (moment - EPOCH) // datetime.timedelta(microseconds=1) + fraction
    except (ValueError, OverflowError):
        raise database_failure("22008", "date/time field value out of range")


def numeral(number):
    """A number as Postgres's numeric prints it."""
    return format(number, "f") if isinstance(number, decimal.Decimal) else str(number)


def json_text(value, is_binary):
    """JSON as Postgres prints it: a jsonb with its keys by length and bytes."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: (len(name.encode()), name.encode())) if is_binary else list(value)
        inner = ", ".join(f"{json_text(name, is_binary)}: {json_text(value[name], is_binary)}" for name in names)
        return "{" + inner + "}"
    if isinstance(value, list):
        return "[" + ", ".join(json_text(item, is_binary) for item in value) + "]"
    if isinstance(value, str):
        if "\0" in value:
            raise database_failure("22P05", "unsupported Unicode escape sequence")
        return json.dumps(value, ensure_ascii=False)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return numeral(value)


def no_constant(_):
    raise ValueError("no JSON")


def read_json(text):
    value = json.loads(text, parse_float=decimal.Decimal, parse_constant=no_constant)
    json.dumps(value, ensure_ascii=False, default=str).encode()
    return value


class Column:
    def __init__(self, name, declared, is_required, default):
        self.name = name
        declared = " ".join(declared.lower().split())
        self.length = None
        match = re.fullmatch(r"(.*?) ?\((\d+)\)", declared)
        if match:
            declared, self.length = match[1], int(match[2])
        self.is_array = declared.endswith("[]")
        kind = declared[:-2].strip() if self.is_array else declared
        self.kind = NAMES.get(kind, kind)
        self.is_required = is_required
        self.default = default

    @property
    def format(self):
        return self.kind + "[]" if self.is_array else self.kind

    def stored(self, value, zone):
        """What SQLite keeps of a value of a body (JSON) or of a filter (text)."""
        if value is None:
            return None
        kind = self.kind
        if self.is_array:
            if isinstance(value, str):
                value = array_members(value)
            if not isinstance(value, list):
                raise database_failure("22P02", "malformed array literal")
            return json_text([None if item is None else Column("", kind, False, None).text(item) for item in value], False)
        if kind in ("json", "jsonb"):
            try:
                parsed = read_json(value) if isinstance(value, RawText) else value
                return json_text(parsed, kind == "jsonb").encode()
            except (ValueError, UnicodeEncodeError):
                raise invalid(kind)
        text = self.text(value)
        if kind in RANGES:
            if not re.fullmatch(r"\s*[+-]?\d+\s*", text):
                raise invalid(kind)
            number = int(text)
            if not -(1 << RANGES[kind]) <= number < 1 << RANGES[kind]:
                raise database_failure("22003", f"value is out of range for type {kind}")
            return number
        if kind == "boolean":
            word = text.strip().lower()
            if word in ("t", "tr", "tru", "true", "y", "ye", "yes", "on", "1"):
                return 1
            if word in ("f", "fa", "fal", "fals", "false", "n", "no", "of", "off", "0"):
                return 0
            raise invalid(kind)
        if kind == "date":
            moment = EPOCH + datetime.timedelta(microseconds=instant(text.split("+")[0], datetime.timezone.utc, kind))
            return moment.strftime("%Y-%m-%d").rjust(10, "0")
        if kind.startswith("timestamp"):
            return instant(text, zone if kind.endswith("with time zone") else datetime.timezone.utc, kind)
        if kind == "uuid":
            try:
                return str(uuid.UUID(text))
            except ValueError:
                raise invalid(kind)
        if kind in ("numeric", "double precision"):
            try:
                number = decimal.Decimal(text.strip())
            except decimal.InvalidOperation:
                raise invalid(kind)
            return float(number) if kind != "numeric" or number != int(number) else int(number)
        if "\0" in text:
            raise database_failure("22P05", "unsupported Unicode escape sequence")
        if self.length is not None and len(text.rstrip(" ")) > self.length:
            raise database_failure("22001", f"value too long for type {kind}({self.length})")
        return text

    @staticmethod
    def text(value):
        """A JSON value as the text that Postgres's input function of a type gets."""
        if isinstance(value, str):
            return str(value)
        return json_text(value, False)

    def json(self, value, zone):
        """A kept value as JSON text."""
        if value is None:
            return "null"
        if self.is_array:
            return value
        if self.kind in ("json", "jsonb"):
            return value.decode()
        if self.kind == "boolean":
            return "true" if value else "false"
        if self.kind in RANGES or self.kind in ("numeric", "double precision"):
            return repr(value)
        if self.kind.startswith("timestamp"):
            return json.dumps(self.moment(value, zone, "T", True))
        return json.dumps(value, ensure_ascii=False)

    def cast(self, value, zone):
        """A kept value as `::text` gives it."""
        if value is None:
            return None
        if self.is_array:
            return "{" + ",".join(array_member(item) for item in json.loads(value)) + "}"
        if self.kind.startswith("timestamp"):
            return self.moment(value, zone, " ", False)
        text = self.json(value, zone)
        return text if self.kind in SAYS else json.loads(text)

    def moment(self, value, zone, separator, is_long):
        has_zone = self.kind.endswith("with time zone")
        moment = (EPOCH + datetime.timedelta(microseconds=value)).astimezone(zone if has_zone else datetime.timezone.utc)
        text = moment.strftime(f"%m-%d{separator}%H:%M:%S")
        text = f"{moment.year:04}-{text}"
        if moment.microsecond:
            text += f".{moment.microsecond:06}".rstrip("0")
        if not has_zone:
            return text
        offset = moment.strftime("%z")
        return text + offset[:3] + (f":{offset[3:5]}" if is_long or offset[3:5] != "00" else "")


class RawText(str):
    """Text of a filter, which is read as the column's type reads text."""


def array_member(item):
    if item is None:
        return "NULL"
    if item and item.upper() != "NULL" and not re.search(r'[{}",\\\s]', item):
        return item
    return '"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"'


def array_members(text):
    if not re.fullmatch(r"\{.*\}", text, re.S):
        raise database_failure("22P02", "malformed array literal")
    found = re.findall(r'"((?:[^"\\]|\\.)*)"|([^,]+)', text[1:-1])
    return [re.sub(r"\\(.)", r"\1", quoted) if not bare else None if bare == "NULL" else bare for quoted, bare in found]


def at_path(value, path):
    """The member of a kept jsonb at a path, as the bytes of its text; None where there is none."""
    if value is None:
        return None
    found = read_json(value)
    for name in json.loads(path):
        if isinstance(found, dict) and name in found:
            found = found[name]
        elif isinstance(found, list) and re.fullmatch(r"-?\d+", name) and -len(found) <= int(name) < len(found):
            found = found[int(name)]
        else:
            return None
    return json_text(found, True).encode()


def text_at_path(value, path):
    found = at_path(value, path)
    if found is None or found == b"null":
        return None
    found = read_json(found)
    return found if isinstance(found, str) else json_text(found, True)


def json_mark(value):
    """Bytes that two kept jsonb have in common where Postgres calls them equal: 1.50 is 1.5."""
    if value is None:
        return None
    parse = lambda text: str(decimal.Decimal(text).normalize())
    marked = json.loads(value, parse_float=lambda text: {"": parse(text)}, parse_int=lambda text: {"": parse(text)})
    return json.dumps(marked, sort_keys=True).encode()


def english(left, right):
    """An order of texts that is not that of their bytes: letter case counts last, as in en_US."""
    a, b = (left.casefold(), left), (right.casefold(), right)
    return (a > b) - (a < b)


# The query string.

OPERATORS = {"eq": "=", "neq": "<>", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def name_sql(name):
    return '"' + name.replace('"', '""') + '"'


def split(text, separator=","):
    """Parts of a text between separators that are in no quotes and no parentheses."""
    parts, part, depth, index = [], "", 0, 0
    while index < len(text):
        character = text[index]
        if character == '"':
            end = index + 1
            while end < len(text) and text[end] != '"':
                end += 2 if text[end] == "\\" else 1
            part += text[index:end + 1]
            index = end + 1
            continue
        depth += {"(": 1, ")": -1, "{": 1, "}": -1}.get(character, 0)
        if character == separator and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += character
        index += 1
    return parts + [part]


def unquoted(text):
    if len(text) >= 2 and text[0] == '"' and text[-1] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.S)
    return text


class Field:
    """A column, or a path inside one of its JSON."""

    def __init__(self, table, text):
        parts = re.split(r"(->>|->)", text)
        self.column = table.column(unquoted(parts[0]))
        self.path = [unquoted(part) for part in parts[2::2]]
        self.is_text = len(parts) > 1 and parts[-2] == "->>"
        self.name = self.path[-1] if self.path else self.column.name
        if self.path:
            kind = "text" if self.is_text else "jsonb"
            self.type = Column(self.name, kind, False, None)
            call = "text_at_path" if self.is_text else "at_path"
            path = json.dumps(self.path).replace("'", "''")
            self.sql = f"{call}({name_sql(self.column.name)}, '{path}')"
        else:
            self.type = self.column
            self.sql = name_sql(self.column.name)

    def order_sql(self, simulator):
        is_text = self.type.kind in ("text", "character varying", "uuid") and not self.type.is_array
        return self.sql + (" COLLATE english" if is_text and simulator.options.collation == "en_US" else "")


class Query:
    """What a request asks of a table, as SQL."""

    RESERVED = {"select", "order", "limit", "offset", "columns", "on_conflict"}

    def __init__(self, simulator, table, pairs, zone):
        self.simulator, self.table, self.zone = simulator, table, zone
        self.values, self.conditions, self.order = [], [], ""
        self.limit, self.offset, self.columns, self.on_conflict = None, 0, None, None
        self.fields = [(Field(table, name_sql(column.name)), None, column.name) for column in table.columns]
        self.has_filter = False
        for name, value in pairs:
            if name == "select":
                self.fields = self.selected(value)
            elif name == "order":
                self.order = ", ".join(self.ordered(item) for item in split(value))
            elif name in ("limit", "offset"):
                if not re.fullmatch(r"-?\d+", value):
                    raise parse_failure(f"{name} parameter")
                if name == "limit":
                    self.limit = int(value)
                else:
                    self.offset = int(value)
            elif name == "columns":
                self.columns = [unquoted(item) for item in split(value)]
            elif name == "on_conflict":
                self.on_conflict = [unquoted(item) for item in split(value)]
            else:
                self.has_filter = True
                logic = re.fullmatch(r"(not\.)?(and|or)", name)
                if logic:
                    self.conditions.append(self.logic(name.replace(".", " ").split(), value))
                else:
                    self.conditions.append(self.condition(name, value, False))
        for field, _, _ in self.fields:
            simulator.check_right(table, field.column)

    def selected(self, text):
        result = []
        for item in split(text or "*"):
            item = item.strip()
            if item == "*":
                result += [(Field(self.table, name_sql(column.name)), None, column.name) for column in self.table.columns]
                continue
            if re.search(r"(^|\.)(count|sum|avg|min|max)\(\)", item):
                raise Failure(400, "PGRST123", "Use of aggregate functions is not allowed")
            if "(" in item and '"' not in item:
                raise Failure(400, "PGRST200", "Could not find a relationship between the tables in the schema cache")
            alias = re.match(r'(\w+):(?!:)', item)
            rest = item[alias.end():] if alias else item
            rest, _, cast = rest.partition("::")
            if cast not in ("", "text"):
                raise database_failure("42704", "type does not exist")
            field = Field(self.table, rest)
            result.append((field, cast or None, alias[1] if alias else field.name))
        return result

    def ordered(self, text):
        parts = text.split(".")
        modifiers = []
        while len(parts) > 1 and parts[-1] in ("asc", "desc", "nullsfirst", "nullslast"):
            modifiers.insert(0, parts.pop())
        field = Field(self.table, ".".join(parts))
        self.simulator.check_right(self.table, field.column)
        direction = "DESC" if "desc" in modifiers else "ASC"
        nulls = "FIRST" if "nullsfirst" in modifiers or (direction == "DESC" and "nullslast" not in modifiers) else "LAST"
        return f"{field.order_sql(self.simulator)} {direction} NULLS {nulls}"

    def logic(self, words, text):
        """`and`, `or`, with `not` before or without."""
        text = text.strip()
        if not (text.startswith("(") and text.endswith(")")):
            raise parse_failure("logic tree")
        parts = []
        for item in split(text[1:-1]):
            nested = re.match(r"(not\.)?(and|or)(?=\()", item)
            if nested:
                parts.append(self.logic(nested[0].replace(".", " ").split(), item[nested.end():]))
                continue
            place = self.operator_place(item)
            parts.append(self.condition(item[:place], item[place + 1:], True))
        joined = f" {words[-1].upper()} ".join(parts)
        return f"NOT ({joined})" if words[0] == "not" else f"({joined})"

    @staticmethod
    def operator_place(item):
        """Where the dot between a field and its operator is."""
        index, is_quoted = 0, False
        while index < len(item):
            if item[index] == '"':
                is_quoted = not is_quoted
            elif item[index] == "." and not is_quoted:
                return index
            index += 1
        raise parse_failure("logic tree")

    def condition(self, name, text, is_in_tree):
        field = Field(self.table, name)
        self.simulator.check_right(self.table, field.column)
        negation = text.startswith("not.")
        operator, dot, value = (text[4:] if negation else text).partition(".")
        if not dot:
            raise parse_failure("filter")
        sql = self.comparison(field, operator, value, is_in_tree)
        return f"NOT ({sql})" if negation else f"({sql})"

    def comparison(self, field, operator, value, is_in_tree):
        collation = " COLLATE english" if "COLLATE" in field.order_sql(self.simulator) else ""
        if operator == "is":
            words = {"null": "IS NULL", "not_null": "IS NOT NULL", "true": "IS 1", "false": "IS 0", "unknown": "IS NULL"}
            if value.lower() not in words:
                raise parse_failure("filter (is)")
            return f"{field.sql} {words[value.lower()]}"
        if operator == "in":
            if not (value.startswith("(") and value.endswith(")")):
                raise parse_failure("filter (in)")
            items = [unquoted(item) for item in split(value[1:-1])] if value != "()" else []
            marks = ", ".join(self.bound(field, item) for item in items)
            return f"{field.sql} IN ({marks})"
        if is_in_tree:
            value = unquoted(value)
        if operator in OPERATORS:
            if field.type.kind == "json":
                raise database_failure("42883", "operator does not exist: json = unknown")
            if field.type.kind == "jsonb":
                return f"json_mark({field.sql}) {OPERATORS[operator]} json_mark({self.bound(field, value)})"
            return f"{field.sql}{collation} {OPERATORS[operator]} {self.bound(field, value)}"
        if operator == "isdistinct":
            return f"{field.sql} IS NOT {self.bound(field, value)}"
        if operator in ("like", "ilike", "match", "imatch"):
            self.values.append(value.replace("*", "%") if "like" in operator else value)
            return f"{operator}_text({field.sql}, ?)"
        raise parse_failure(f"filter ({operator})")

    def bound(self, field, text):
        self.values.append(field.type.stored(RawText(text), self.zone))
        return "?"

    def where(self):
        conditions = self.conditions + self.simulator.policy(self.table)
        return " WHERE " + " AND ".join(conditions) if conditions else ""

    def row_text(self, row):
        """A row of SQLite, whose columns are the table's, as the JSON text of what is selected."""
        places = self.table.places
        parts = []
        for field, cast, name in self.fields:
            value = row[places[field.column.name]]
            if field.path:
                path = json.dumps(field.path)
                value = text_at_path(value, path) if field.is_text else at_path(value, path)
            text = json.dumps(field.type.cast(value, self.zone), ensure_ascii=False) if cast else field.type.json(value, self.zone)
            parts.append(json.dumps(name, ensure_ascii=False) + ":" + text)
        return "{" + ",".join(parts) + "}"


class Table:
    def __init__(self, database, name):
        self.name = name
        self.columns, self.key = [], []
        for _, column, kind, is_required, default, key in database.execute(f"PRAGMA table_info({name_sql(name)})"):
            self.columns.append(Column(column, kind, bool(is_required), default))
            if key:
                self.key.append((key, column))
        self.key = [column for _, column in sorted(self.key)]
        self.places = {column.name: place for place, column in enumerate(self.columns)}

    def column(self, name):
        if name not in self.places:
            raise database_failure("42703", f"column {self.name}.{name} does not exist")
        return self.columns[self.places[name]]

    def selected(self):
        return ", ".join(name_sql(column.name) for column in self.columns)


class Preferences:
    """The Prefer header: which are applied, and which are none."""

    KNOWN = {
        "handling": {"strict", "lenient"}, "return": {"minimal", "headers-only", "representation"},
        "resolution": {"merge-duplicates", "ignore-duplicates"}, "missing": {"default", "null"},
        "count": {"exact", "planned", "estimated"}, "tx": {"commit", "rollback"},
    }

    def __init__(self, header, default_zone):
        self.given, wrong = {}, []
        self.zone = default_zone
        for item in (part.strip() for part in header.split(",") if part.strip()):
            name, _, value = item.partition("=")
            is_known = value in self.KNOWN.get(name, ()) or name == "max-affected" and value.isdigit()
            if name == "timezone" and zone_named(value):
                is_known, self.zone = True, zone_named(value)
            if is_known:
                self.given.setdefault(name, value)
            else:
                wrong.append(item)
        if self["handling"] == "strict" and wrong:
            raise Failure(400, "PGRST122", "Invalid preferences given with handling=strict",
                          "Invalid preferences: " + ", ".join(wrong))

    def __getitem__(self, name):
        return self.given.get(name)

    def applied(self, names):
        """The header of the answer; a limit is applied only under strict handling, an end of the transaction never."""
        return ", ".join(f"{name}={self.given[name]}" for name in names
                         if name in self.given and (name != "max-affected" or self["handling"] == "strict"))


class Simulator:
    def __init__(self, options):
        self.options = options
        self.lock = threading.RLock()
        self.zone = zone_named(options.timezone)
        self.database = sqlite3.connect(options.database, check_same_thread=False, isolation_level=None, timeout=30)
        for name, count, call in (("at_path", 2, at_path), ("text_at_path", 2, text_at_path), ("json_mark", 1, json_mark)):
            self.database.create_function(name, count, call, deterministic=True)
        for name, flags, is_pattern in (("like", 0, True), ("ilike", re.I, True), ("match", 0, False), ("imatch", re.I, False)):
            self.database.create_function(f"{name}_text", 2, self.matcher(flags, is_pattern), deterministic=True)
        self.database.create_collation("english", english)
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.execute("PRAGMA foreign_keys = ON")
        if options.ddl:
            with open(options.ddl, encoding="utf-8") as file:
                self.database.executescript(file.read())
        elif not self.names():
            self.database.executescript(DDL)
        self.tables = {name: Table(self.database, name) for name in self.names()}

    @staticmethod
    def matcher(flags, is_pattern):
        def matches(value, pattern):
            if value is None:
                return None
            if not is_pattern:
                return re.search(pattern, value, flags) is not None
            expression = "".join(".*" if c == "%" else "." if c == "_" else re.escape(c) for c in pattern)
            return re.fullmatch(expression, value, flags | re.S) is not None
        return matches

    def names(self):
        rows = self.database.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'")
        return [name for name, in rows]

    def table(self, name):
        if name not in self.tables:
            raise Failure(404, "PGRST205", f"Could not find the table '{self.options.schema}.{name}' in the schema cache")
        return self.tables[name]

    def check_right(self, table, column):
        if f"{table.name}.{column.name}" in self.options.deny:
            raise database_failure("42501", f"permission denied for table {table.name}")

    def policy(self, table):
        """The condition under which the role sees a row of the table."""
        if self.options.visible_rows is None:
            return []
        shown = f"SELECT {{}} FROM contacts_master ORDER BY rowid LIMIT {self.options.visible_rows}"
        if table.name == "contacts_master":
            return [f"rowid IN ({shown.format('rowid')})"]
        return [f"contact_id IN ({shown.format('contact_id')})"] if "contact_id" in table.places else []

    def planned(self, query):
        """What the planner expects: of a whole table its statistics, which know of no policy."""
        where = " WHERE " + " AND ".join(query.conditions) if query.conditions else ""
        return self.count(query, where)

    def count(self, query, where):
        return self.database.execute(f"SELECT count(*) FROM {name_sql(query.table.name)}{where}", query.values).fetchone()[0]

    # Reading.

    def read(self, query, preferences, window, is_head):
        """Rows as JSON texts (of a HEAD empty ones), the first one's number, and how many there are where it was asked."""
        where = query.where()
        limits = [limit for limit in (query.limit, window[1], self.options.max_rows) if limit is not None]
        limit, offset = min(limits, default=None), query.offset + window[0]
        if query.limit is not None and query.limit < 0 or offset < 0:
            raise Failure(416, "PGRST103", "Requested range not satisfiable", "Limit should be greater than or equal to zero.")
        total = None
        if preferences["count"] == "exact":
            total = self.count(query, where)
        elif preferences["count"] == "planned":
            total = self.planned(query)
        elif preferences["count"] == "estimated":
            total = self.count(query, where)
            if self.options.max_rows is not None and total > self.options.max_rows:
                total = max(total, self.planned(query))
        if total is not None and offset > total:
            raise Failure(416, "PGRST103", "Requested range not satisfiable",
                          f"An offset of {offset} was requested, but there are only {total} rows.")
        if is_head:
            count = self.count(query, where) if total is None or preferences["count"] != "exact" else total
            return [""] * max(0, min(count - offset, count if limit is None else limit)), offset, total
        order = f" ORDER BY {query.order}" if query.order else ""
        sql = f"SELECT {query.table.selected()} FROM {name_sql(query.table.name)}{where}{order} LIMIT ? OFFSET ?"
        rows = self.database.execute(sql, query.values + [-1 if limit is None else limit, offset]).fetchall()
        return [query.row_text(row) for row in rows], offset, total

    # Writing.

    def transaction(self, body):
        with self.lock:
            self.database.execute("BEGIN IMMEDIATE")
            try:
                result = body()
                self.database.execute("COMMIT")
                return result
            except sqlite3.IntegrityError as error:
                self.database.execute("ROLLBACK")
                raise self.constraint(error)
            except BaseException:
                if self.database.in_transaction:
                    self.database.execute("ROLLBACK")
                raise

    @staticmethod
    def constraint(error):
        text = str(error)
        if "UNIQUE" in text or "PRIMARY KEY" in text:
            return database_failure("23505", "duplicate key value violates unique constraint", "Key already exists.")
        if "FOREIGN KEY" in text:
            return database_failure("23503", "insert, update or delete violates foreign key constraint")
        if "NOT NULL" in text:
            name = text.rpartition(".")[2]
            return database_failure("23502", f'null value in column "{name}" violates not-null constraint')
        if "CHECK" in text:
            return database_failure("23514", "new row violates check constraint")
        return database_failure("P0001", text)

    def rows_at(self, query, numbers):
        rows = []
        for number in numbers:
            sql = f"SELECT {query.table.selected()} FROM {name_sql(query.table.name)} WHERE rowid = ?"
            rows += self.database.execute(sql, [number]).fetchall()
        return [query.row_text(row) for row in rows]

    def stored(self, table, column_name, value, zone):
        if column_name not in table.places:
            raise Failure(400, "PGRST204", f"Could not find the '{column_name}' column of '{table.name}' in the schema cache")
        column = table.column(column_name)
        self.check_right(table, column)
        return column.stored(value, zone)

    def insert(self, query, body, preferences):
        table = query.table
        items = body if isinstance(body, list) else [body]
        if not all(isinstance(item, dict) for item in items):
            raise Failure(400, "PGRST102", "Empty or invalid json")
        names = query.columns or (list(items[0]) if items else [])
        if query.columns is None and any(set(item) != set(names) for item in items):
            raise Failure(400, "PGRST102", "All object keys must match")
        target = query.on_conflict or table.key

        def run():
            numbers, known = [], set()
            for item in items:
                row = {name: self.stored(table, name, item.get(name), query.zone) for name in names
                       if name in item or preferences["missing"] != "default"}
                if len(table.key) == 1 and table.key[0] not in row and table.column(table.key[0]).kind == "bigint":
                    name = name_sql(table.key[0])
                    row[table.key[0]] = self.database.execute(
                        f"SELECT coalesce(max({name}), 0) + 1 FROM {name_sql(table.name)}").fetchone()[0]
                columns = ", ".join(map(name_sql, row))
                sql = f"INSERT INTO {name_sql(table.name)} "
                sql += f"({columns}) VALUES ({', '.join('?' * len(row))})" if row else "DEFAULT VALUES"
                if preferences["resolution"]:
                    targets = ", ".join(map(name_sql, target))
                    others = [name for name in row if name not in target]
                    keep = preferences["resolution"] == "ignore-duplicates" or not others
                    mark = tuple(row.get(name) for name in target)
                    if mark in known and not keep:
                        raise database_failure("21000", "ON CONFLICT DO UPDATE command cannot affect row a second time")
                    known.add(mark)
                    action = "NOTHING" if keep else "UPDATE SET " + ", ".join(
                        f"{name_sql(name)} = excluded.{name_sql(name)}" for name in others)
                    sql += f" ON CONFLICT ({targets}) DO {action}"
                try:
                    numbers += [number for number, in self.database.execute(sql + " RETURNING rowid", list(row.values())).fetchall()]
                except sqlite3.OperationalError as error:
                    if "ON CONFLICT" in str(error):
                        raise database_failure("42P10", "there is no unique or exclusion constraint matching the ON CONFLICT specification")
                    raise
            return numbers, self.rows_at(query, numbers)

        return self.transaction(run)

    def matching(self, query):
        sql = f"SELECT rowid FROM {name_sql(query.table.name)}{query.where()}"
        return [number for number, in self.database.execute(sql, query.values)]

    @staticmethod
    def check_affected(numbers, preferences):
        limit = preferences["max-affected"]
        if preferences["handling"] == "strict" and limit is not None and len(numbers) > int(limit):
            raise Failure(400, "PGRST124", "Query result exceeds max-affected preference constraint",
                          f"The query affects {len(numbers)} rows")

    def update(self, query, body, preferences):
        if not isinstance(body, dict):
            raise Failure(400, "PGRST102", "Empty or invalid json")

        def run():
            names = [name for name in body if query.columns is None or name in query.columns]
            values = [self.stored(query.table, name, body[name], query.zone) for name in names]
            numbers = self.matching(query) if names else []
            assignments = ", ".join(f"{name_sql(name)} = ?" for name in names)
            for number in numbers:
                self.database.execute(f"UPDATE {name_sql(query.table.name)} SET {assignments} WHERE rowid = ?", values + [number])
            self.check_affected(numbers, preferences)
            return numbers, self.rows_at(query, numbers)

        return self.transaction(run)

    def delete(self, query, preferences):
        def run():
            numbers = self.matching(query)
            rows = self.rows_at(query, numbers)
            for number in numbers:
                self.database.execute(f"DELETE FROM {name_sql(query.table.name)} WHERE rowid = ?", [number])
            self.check_affected(numbers, preferences)
            return numbers, rows

        return self.transaction(run)

    # The description of what there is.

    def description(self):
        definitions, paths = {}, {"/": {"get": {"tags": ["Introspection"]}}}
        for table in self.tables.values():
            properties = {}
            for column in table.columns:
                own = {"format": column.format}
                kind = "array" if column.is_array else SAYS.get(column.kind, "string")
                if kind:
                    own["type"] = kind
                if column.is_array:
                    own["items"] = {"type": SAYS.get(column.kind, "string")}
                if column.length:
                    own["maxLength"] = column.length
                if column.default is not None:
                    own["default"] = column.default
                if column.name in table.key:
                    own["description"] = "Note:\nThis is a Primary Key.<pk/>"
                properties[column.name] = own
            definitions[table.name] = {"type": "object", "properties": properties,
                                       "required": [column.name for column in table.columns if column.is_required]}
            verbs = ["get"] if self.options.read_only else ["get", "post", "patch", "delete"]
            paths["/" + table.name] = {verb: {"tags": [table.name]} for verb in verbs}
        return json.dumps({
            "swagger": "2.0", "info": {"title": "PostgREST API", "description": "", "version": VERSION},
            "host": "0.0.0.0:3000", "basePath": "/", "schemes": ["http"],
            "consumes": ["application/json"], "produces": ["application/json"],
            "paths": paths, "definitions": definitions,
        }, ensure_ascii=False)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    simulator = None

    def date_time_string(self, timestamp=None):
        return super().date_time_string((timestamp or time.time()) + self.simulator.options.clock_shift)

    def log_message(self, *_):
        pass

    def version_string(self):
        return f"postgrest/{VERSION}"

    def do_GET(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.content = self.rfile.read(length) if length else b""
        try:
            self.answer()
        except Failure as failure:
            self.send(failure.status, {"Content-Type": "application/json; charset=utf-8"}, json.dumps(failure.body))

    do_HEAD = do_POST = do_PATCH = do_DELETE = do_PUT = do_GET

    def send(self, status, headers, text):
        body = text.encode()
        if len(body) > 1_000 and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 1)
            headers["Content-Encoding"] = "gzip"
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers_with(body if self.command != "HEAD" and status != 204 else b"")

    def end_headers_with(self, body):
        """Head and body in one packet."""
        self._headers_buffer += [b"\r\n", body]
        self.flush_headers()

    def check_key(self):
        key = self.simulator.options.key
        if not key:
            return
        bearer = re.fullmatch(r"Bearer (.*)", self.headers.get("Authorization", ""))
        given = self.headers.get("apikey")
        if given is None:
            raise Failure(401, None, "No API key found in request", None, "No `apikey` request header or url param was found.")
        is_browser = key.startswith("sb_secret_") and self.headers.get("User-Agent", "").startswith("Mozilla")
        if given != key or bearer and bearer[1] != key or is_browser:
            raise Failure(401, None, "Invalid API key", None, "Double check your Supabase `anon` or `service_role` API key.")

    def answer(self):
        simulator = self.simulator
        if len(self.path) > simulator.options.max_url:
            return self.send(414, {"Content-Type": "text/html"}, "<html><body><h1>414 URI Too Long</h1></body></html>")
        self.check_key()
        path, _, search = self.path.partition("?")
        if not path.startswith(simulator.options.prefix):
            raise Failure(404, None, "no Route matched with those values")
        path = urllib.parse.unquote(path[len(simulator.options.prefix):]).strip("/")
        is_read = self.command in ("GET", "HEAD")
        profile = self.headers.get("Accept-Profile" if is_read else "Content-Profile")
        if profile is not None and profile != simulator.options.schema:
            raise Failure(406, "PGRST106", f"Invalid schema: {profile}", None,
                          f"Only the following schemas are exposed: {simulator.options.schema}")
        if not path:
            if simulator.options.no_openapi:
                raise Failure(404, "PGRST126", "Root endpoint metadata is disabled")
            return self.send(200, {"Content-Type": "application/openapi+json; charset=utf-8"}, simulator.description())
        table = simulator.table(path)
        preferences = Preferences(", ".join(self.headers.get_all("Prefer") or []), simulator.zone)
        pairs = [(name, value) for name, value in urllib.parse.parse_qsl(search, keep_blank_values=True)]
        query = Query(simulator, table, pairs, preferences.zone)
        if is_read:
            return self.answer_read(query, preferences)
        if simulator.options.read_only:
            raise database_failure("42501", f"permission denied for table {table.name}")
        if self.command == "DELETE":
            return self.answer_write(query, preferences, simulator.delete(query, preferences))
        try:
            body = read_json(self.content)
        except (ValueError, UnicodeError):
            raise Failure(400, "PGRST102", "Empty or invalid json")
        if self.command == "PATCH":
            return self.answer_write(query, preferences, simulator.update(query, body, preferences))
        if self.command == "POST":
            return self.answer_write(query, preferences, simulator.insert(query, body, preferences))
        raise Failure(405, "PGRST117", "Unsupported HTTP method: " + self.command)

    def window(self):
        match = re.fullmatch(r"(?:items=)?(\d+)-(\d*)", self.headers.get("Range", ""))
        if not match:
            return 0, None
        first, last = int(match[1]), int(match[2]) if match[2] else None
        if last is not None and last < first:
            raise Failure(416, "PGRST103", "Requested range not satisfiable",
                          "The lower boundary must be lower than or equal to the upper boundary in the Range header.")
        return first, None if last is None else last - first + 1

    def answer_read(self, query, preferences):
        with self.simulator.lock:
            rows, first, total = self.simulator.read(query, preferences, self.window(), self.command == "HEAD")
        total_text = "*" if total is None else str(total)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Content-Range": (f"{first}-{first + len(rows) - 1}" if rows else "*") + "/" + total_text,
        }
        self.add_applied(headers, preferences, ["count", "handling", "timezone", "max-affected"])
        self.send_rows(206 if total is not None and len(rows) < total else 200, headers, rows)

    def answer_write(self, query, preferences, result):
        numbers, rows = result
        total = str(len(numbers)) if preferences["count"] else "*"
        headers = {"Content-Range": (f"0-{len(numbers) - 1}" if numbers and self.command != "POST" else "*") + "/" + total}
        names = ["resolution", "missing", "return", "count", "handling", "timezone", "max-affected"]
        if self.command != "POST":
            names = [name for name in names if name not in ("resolution", "missing")]
        self.add_applied(headers, preferences, names)
        if preferences["return"] == "representation":
            headers["Content-Type"] = "application/json; charset=utf-8"
            self.send_rows(201 if self.command == "POST" else 200, headers, rows)
        else:
            self.send(201 if self.command == "POST" else 204, headers, "")

    def send_rows(self, status, headers, rows):
        if "application/vnd.pgrst.object" in self.headers.get("Accept", ""):
            if len(rows) != 1:
                raise Failure(406, "PGRST116", "Cannot coerce the result to a single JSON object",
                              f"The result contains {len(rows)} rows")
            return self.send(status, headers, rows[0])
        self.send(status, headers, "[" + ",\n ".join(rows) + "]")

    @staticmethod
    def add_applied(headers, preferences, names):
        applied = preferences.applied(names)
        if applied:
            headers["Preference-Applied"] = applied


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """A client that has gone is no error of ours; anything else is told."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, BrokenPipeError)):
            super().handle_error(request, client_address)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--database", required=True, help="the SQLite file; made where there is none")
    parser.add_argument("--ddl", help="a file of SQL that makes the tables")
    parser.add_argument("--key", help="the one key that is accepted")
    parser.add_argument("--schema", default="public", help="the one schema that is exposed")
    parser.add_argument("--prefix", default="/rest/v1")
    parser.add_argument("--max-rows", type=int, help="rows of an answer at most; nobody is told")
    parser.add_argument("--visible-rows", type=int, help="contacts that the key's role sees: row-level security")
    parser.add_argument("--deny", action="append", default=[], metavar="TABLE.COLUMN", help="a column without a right")
    parser.add_argument("--read-only", action="store_true", help="no right to write")
    parser.add_argument("--no-openapi", action="store_true", help="no description of the tables")
    parser.add_argument("--timezone", default="UTC", help="the server's own time zone")
    parser.add_argument("--collation", choices=["C", "en_US"], default="C", help="the order of texts")
    parser.add_argument("--clock-shift", type=float, default=0, help="seconds that the Date header is ahead")
    parser.add_argument("--max-url", type=int, default=8_000, help="characters of a path and its query")
    options = parser.parse_args()
    Handler.simulator = Simulator(options)
    server = Server(("127.0.0.1", options.port), Handler)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
    print(f"listening on 127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
