#!/usr/bin/env python3
"""Checks the simulator of Twenty, line by line of the checklist of what a stand-in must do, with Python's own HTTP client.

    python check_twenty.py [path of twenty.py]

Prints one line for each check and ends with 1 where one fails.
"""
import base64
import hashlib
import hmac
import http.server
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
SIMULATOR = os.path.join(HERE, "..", "..", "Sources", "Demo", "Simulators", "twenty.py")
KEY = "key of the check"


class Server:
    def __init__(self, *options):
        self.process = subprocess.Popen([sys.executable, PATH, "--port", "0", "--key", KEY, *options],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline().strip()
        assert line.startswith("listening on 127.0.0.1:"), line
        self.url = "http://" + line[len("listening on "):]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        assert self.process.wait(10) == 0

    def call(self, method, path, body=None, key=KEY, **query):
        """Status, headers and body of an answer."""
        url = self.url + "/rest/" + path + ("?" + urllib.parse.urlencode(query) if query else "")
        request = urllib.request.Request(url, None if body is None else json.dumps(body).encode(), method=method)
        if key is not None:
            request.add_header("Authorization", "Bearer " + key)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.headers, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, error.headers, json.load(error)

    def ok(self, method, path, body=None, status=None, **query):
        code, _, answer = self.call(method, path, body, **query)
        assert code == (status or {"POST": 201}.get(method, 200)), (code, answer)
        return answer

    def refused(self, status, words, method, path, body=None, **query):
        code, _, answer = self.call(method, path, body, **query)
        text = " ".join(answer["messages"])
        assert code == status and words in text and answer["statusCode"] == status, (code, answer)
        return answer

    def create(self, **person):
        return self.ok("POST", "people", person)["data"]["createPerson"]

    def get(self, id_):
        return self.ok("GET", "people/" + id_)["data"]["person"]

    def list(self, **query):
        answer = self.ok("GET", "people", **query)
        return answer["data"]["people"], answer["totalCount"], answer["pageInfo"]

    def settings(self, **values):
        request = urllib.request.Request(self.url + "/simulator/settings", json.dumps(values).encode(), method="POST")
        urllib.request.urlopen(request, timeout=20).read()


def fill(server, count):
    rows = [{"name": {"firstName": "Ada %d" % n}} for n in range(count)]
    for start in range(0, count, 200):
        made = server.ok("POST", "batch/people", rows[start:start + 200])["data"]["createPeople"]
        assert [row["name"] for row in made] == [dict(row["name"], lastName="") for row in rows[start:start + 200]]


def limits():
    """pages: 60 without a limit, 200 at most, nonsense refused"""
    with Server() as server:
        fill(server, 260)
        assert len(server.list()[0]) == 60
        assert len(server.list(limit=1000)[0]) == 200
        assert server.list(limit=0)[0] == [] and server.list(limit=0)[2]["endCursor"] is None
        server.refused(400, "limit 'x' is invalid", "GET", "people", limit="x")
        server.refused(400, "limit '-1' is invalid", "GET", "people", limit="-1")
        server.refused(400, "Maximum number of records to upsert is 200.", "POST", "batch/people", [{}] * 201)


def cursors():
    """cursors: in the order of ids, base64 of JSON, to the last person and back"""
    with Server() as server:
        fill(server, 150)
        seen, cursor = [], None
        while True:
            rows, total, info = server.list(limit=40, **({"starting_after": cursor} if cursor else {}))
            seen += [row["id"] for row in rows]
            assert total == 150 and info["hasPreviousPage"] == (cursor is not None)
            assert json.loads(base64.b64decode(info["endCursor"])) == {"id": rows[-1]["id"]}
            cursor = info["endCursor"]
            if not info["hasNextPage"]:
                break
        assert seen == sorted(set(seen)) and len(seen) == 150
        back = server.list(limit=40, ending_before=base64.b64encode(json.dumps({"id": seen[100]}).encode()).decode())[0]
        assert [row["id"] for row in back] == seen[60:100]
        server.refused(400, "Invalid cursor", "GET", "people", starting_after="nonsense")
        server.refused(400, "Cannot provide both", "GET", "people", starting_after=cursor, ending_before=cursor)


def filters():
    """filters: comparators, nesting, composites, the count of what matches; unknown ones refused"""
    with Server() as server:
        for number in range(5):
            server.create(name={"firstName": "A, %d" % number}, emails={"primaryEmail": "a%d@x.org" % number}, jobTitle="T%d" % number)
        ids = [row["id"] for row in server.list()[0]]
        first = server.list(filter='id[in]:["%s","%s"]' % (ids[0], ids[3]))
        assert [row["id"] for row in first[0]] == [ids[0], ids[3]] and first[1] == 2
        assert server.list(filter='emails.primaryEmail[eq]:"a2@x.org"')[1] == 1
        assert server.list(filter='name.firstName[in]:["A, 1","A, 2"]')[1] == 2
        assert server.list(filter='or(jobTitle[eq]:T1,and(jobTitle[gte]:T3,not(jobTitle[eq]:T4)))')[1] == 2
        assert server.list(filter='jobTitle[startsWith]:T,jobTitle[ilike]:%t4%')[1] == 1
        newest = server.list(order_by="updatedAt[DescNullsLast]", limit=1)[0][0]
        assert newest["jobTitle"] == "T4" and server.list(filter='updatedAt[gte]:"%s"' % newest["updatedAt"])[1] >= 1
        for bad in ("jobTitle[is]:x", "jobTitle[huh]:x", "jobTitle", "nonsense[eq]:1", "name[eq]:x", "id[in]:x"):
            server.refused(400, "", "GET", "people", filter=bad)
        server.refused(400, "", "GET", "people", order_by="name[AscNullsLast]")
        server.refused(400, "depth", "GET", "people", depth=2)


def empty_values():
    """nothing: an empty text is NULL, and NULL is read as empty; numbers and JSON stay null"""
    with Server() as server:
        for name, kind in (("tags", "ARRAY"), ("score", "NUMBER"), ("extra", "RAW_JSON"), ("isVip", "BOOLEAN")):
            field(server, name, kind)
        person = server.create(jobTitle="", tags=[], extra={}, name={"firstName": "", "lastName": "L"})
        assert person["jobTitle"] == "" and person["tags"] == [] and person["name"] == {"firstName": "", "lastName": "L"}
        assert person["extra"] is None and person["score"] is None and person["isVip"] is None
        assert person["emails"] == {"primaryEmail": "", "additionalEmails": []}
        assert server.list(filter="jobTitle[is]:NULL")[1] == 1
        for name, value in (("jobTitle", 5), ("score", "5"), ("isVip", "yes"), ("extra", "{"), ("nonsense", 1)):
            server.refused(400, "", "PATCH", "people/" + person["id"], {name: value})


def normalisation():
    """normal forms: e-mails, phones and links are not kept as they are sent"""
    with Server() as server:
        person = server.create(
            emails={"primaryEmail": "ADA@B\u00fccher.Example.", "additionalEmails": ["X@Y.ORG"]},
            phones={"primaryPhoneNumber": "+1 (415) 555-2671", "additionalPhones": [{"number": "0612345678", "countryCode": "FR"}]},
            linkedinLink={"primaryLinkUrl": "HTTPS://LinkedIn.com/In/", "secondaryLinks": [{"url": "x.org/", "label": "X"}]})
        assert person["emails"] == {"primaryEmail": "ada@xn--bcher-kva.example", "additionalEmails": ["x@y.org"]}
        phones = person["phones"]
        assert (phones["primaryPhoneNumber"], phones["primaryPhoneCountryCode"], phones["primaryPhoneCallingCode"]) == (
            "4155552671", "US", "+1")
        assert phones["additionalPhones"][0]["callingCode"] == "+33"
        assert person["linkedinLink"]["primaryLinkUrl"] == "https://linkedin.com/In"
        for phone in ({"primaryPhoneNumber": "5552671"}, {"primaryPhoneNumber": "+1415"}, {"primaryPhoneNumber": "no number"},
                      {"primaryPhoneNumber": "+14155552671", "primaryPhoneCountryCode": "FR"}):
            server.refused(400, "", "POST", "people", {"phones": phone})
        server.refused(400, "", "POST", "people", {"linkedinLink": {"primaryLinkUrl": "no link"}})


def composites():
    """composites: a part that is left out is lost"""
    with Server() as server:
        id_ = server.create(emails={"primaryEmail": "a@x.org", "additionalEmails": ["b@x.org"]},
                            phones={"primaryPhoneNumber": "+14155552671", "additionalPhones": [{"number": "+33612345678"}]})["id"]
        server.ok("PATCH", "people/" + id_, {"phones": {"primaryPhoneNumber": "+14155552672"}})
        assert server.get(id_)["phones"]["additionalPhones"] == []
        server.ok("PATCH", "people/" + id_, {"emails": {"additionalEmails": ["c@x.org"]}})
        assert server.get(id_)["emails"] == {"primaryEmail": "", "additionalEmails": ["c@x.org"]}
        server.ok("PATCH", "people/" + id_, {"linkedinLink": {"secondaryLinks": [{"url": "https://x.org", "label": "L"}]}})
        assert server.get(id_)["linkedinLink"]["primaryLinkUrl"] == "https://x.org"


def uniqueness():
    """uniqueness: an address stays taken by who is soft-deleted; a duplicate is 400"""
    with Server() as server:
        id_ = server.create(emails={"primaryEmail": "a@x.org"})["id"]
        words = "A duplicate entry was detected"
        server.refused(400, words, "POST", "people", {"emails": {"primaryEmail": "A@x.org"}})
        server.ok("DELETE", "people/" + id_, soft_delete="true")
        server.refused(400, words, "POST", "people", {"emails": {"primaryEmail": "a@x.org"}})
        server.refused(400, words, "POST", "people", {"id": id_})
        server.create(), server.create()
        server.refused(400, words, "POST", "batch/people", [{"jobTitle": "first"}, {"emails": {"primaryEmail": "a@x.org"}}])
        assert server.list(filter="jobTitle[eq]:first")[1] == 0
        server.settings(partial_batches=True)
        server.refused(400, words, "POST", "batch/people", [{"jobTitle": "first"}, {"emails": {"primaryEmail": "a@x.org"}}])
        assert server.list(filter="jobTitle[eq]:first")[1] == 1
        server.ok("DELETE", "people/" + id_)
        server.create(emails={"primaryEmail": "a@x.org"})


def deletion():
    """deletion: hard unless soft_delete=true; hidden unless a filter names deletedAt; restored; never without a filter"""
    with Server() as server:
        id_, other = server.create(jobTitle="a")["id"], server.create(jobTitle="b")["id"]
        assert server.ok("DELETE", "people/" + id_, soft_delete="true")["data"]["deletePerson"]["deletedAt"]
        server.refused(404, "Record not found", "GET", "people/" + id_)
        assert server.list()[1] == 1
        assert server.list(filter="deletedAt[is]:NOT_NULL")[1] == 1
        assert server.list(filter="or(deletedAt[is]:NULL,deletedAt[is]:NOT_NULL)")[1] == 2
        server.ok("PATCH", "people/" + id_, {"jobTitle": "c"})
        assert server.ok("PATCH", "people/%s/restore" % id_)["data"]["restorePerson"]["deletedAt"] is None
        assert server.get(id_)["jobTitle"] == "c"
        assert server.ok("DELETE", "people/" + id_)["data"]["deletePerson"] == {"id": id_}
        server.refused(404, "Record not found", "PATCH", "people/" + id_, {})
        server.refused(400, "Filters are mandatory", "DELETE", "people")
        assert len(server.ok("PATCH", "people", {"jobTitle": "all"}, filter="id[eq]:" + other)["data"]["updatePeople"]) == 1
        assert server.ok("DELETE", "people", filter="id[eq]:" + other, soft_delete="true")["data"]["deletePeople"] == [{"id": other}]
        assert len(server.ok("PATCH", "people/restore", filter="id[eq]:" + other)["data"]["restorePeople"]) == 1


def upserts():
    """upsert: matches by id or address, brings back who was deleted, leaves other fields"""
    with Server() as server:
        id_ = server.create(emails={"primaryEmail": "a@x.org"}, jobTitle="kept")["id"]
        server.ok("DELETE", "people/" + id_, soft_delete="true")
        made = server.ok("POST", "batch/people", [{"emails": {"primaryEmail": "a@x.org"}, "name": {"firstName": "N"}},
                                                  {"id": str(uuid.uuid4())}], upsert="true")["data"]["createPeople"]
        assert made[0]["id"] == id_ and server.get(id_)["jobTitle"] == "kept" and len(made) == 2
        field(server, "code", "TEXT", isUnique=True)
        server.create(emails={"primaryEmail": "b@x.org"}, code="B")
        server.refused(400, "Multiple records found", "POST", "batch/people",
                       [{"emails": {"primaryEmail": "a@x.org"}, "code": "B"}], upsert="true")


def ids():
    """ids: given ones are kept, version 7 and nonsense refused, unknown ones 404, older servers 400"""
    with Server() as server:
        id_ = str(uuid.uuid4())
        assert server.create(id=id_)["id"] == id_
        for bad in ("018f4e3a-1c2d-7abc-8def-0123456789ab", "nonsense"):
            server.refused(400, "is not a valid UUID", "GET", "people/" + bad)
            server.refused(400, "is not a valid UUID", "POST", "people", {"id": bad})
        server.refused(404, "Record not found", "GET", "people/" + str(uuid.uuid4()))
        server.refused(400, "Did you mean 'people'?", "GET", "person")
        server.settings(old_errors=True)
        assert "code" not in server.refused(400, "Record not found", "GET", "people/" + str(uuid.uuid4()))


def keys():
    """keys: none 403, wrong or expired 401, revoked 403"""
    with Server() as server:
        for key, status, words in ((None, 403, "Missing authentication token"), ("wrong", 401, "Token invalid."),
                                   ("expired-key", 401, "Token has expired."), ("revoked-key", 403, "This API Key is revoked")):
            code, _, answer = server.call("GET", "people", key=key)
            assert code == status and answer["messages"] == [words], (code, answer)
        server.settings(no_data_model=True)
        server.refused(403, "permission", "GET", "metadata/fields")


def rate():
    """rate: a bucket for all keys, both answers; metadata is not counted"""
    with Server("--rate", "5/min") as server:
        for _ in range(5):
            server.list()
        code, headers, answer = server.call("GET", "people")
        assert code == 429 and answer["error"] == "RATE_LIMITED" and int(headers["Retry-After"]) >= 1
        assert answer["limit"] == 5 and headers["X-RateLimit-Remaining"] == "0" and answer["retryAfterSeconds"] >= 1
        server.settings(old_limit=True)
        code, headers, answer = server.call("GET", "people")
        assert code == 429 and headers["Retry-After"] is None
        assert answer["messages"] == ["Limit reached (5 tokens per 60000 ms)"]
        server.ok("GET", "metadata/objects")


def unknown_parameters():
    """unknown parameters: ignored, so that `after` is page one for ever"""
    with Server() as server:
        fill(server, 130)
        cursor = server.list(limit=10)[2]["endCursor"]
        assert server.list(limit=10, after=cursor)[0] == server.list(limit=10)[0]


def capped_fields():
    """field cap: 200 of more fields, the server's own first, told by a header; `fields` names others"""
    with Server("--field-cap", "20") as server:
        for number in range(10):
            field(server, "custom%d" % number, "TEXT")
        server.create()
        code, headers, answer = server.call("GET", "people")
        row = answer["data"]["people"][0]
        assert headers["X-Twenty-Fields-Capped"] == "true" and headers["X-Twenty-Fields-Max"] == "20"
        assert "jobTitle" in row and "custom9" not in row
        code, headers, answer = server.call("GET", "people", fields="custom9,emails")
        assert set(answer["data"]["people"][0]) == {"id", "custom9", "emails"} and headers["X-Twenty-Fields-Capped"] is None
        server.refused(400, "", "GET", "people", fields="nonsense")


def field(server, name, kind, **more):
    objects = server.ok("GET", "metadata/objects")["data"]
    objects = objects if isinstance(objects, list) else objects["objects"]
    person = next(item for item in objects if item["nameSingular"] == "person")
    body = dict({"objectMetadataId": person["id"], "type": kind, "name": name, "label": name}, **more)
    answer = server.ok("POST", "metadata/fields", body)
    return answer["data"]["createOneField"] if "data" in answer else answer


def metadata():
    """metadata: lists and single fields in three shapes, pages by id, names and types checked"""
    for shape in ("legacy", "mixed", "direct"):
        with Server("--metadata", shape) as server:
            made = field(server, "loyaltyTier", "SELECT", options=[{"label": "Gold", "value": "GOLD", "position": 0, "color": "red"}])
            answer = server.ok("GET", "metadata/fields", limit=5)
            page = answer["data"]["fields"] if shape == "legacy" else answer["data"]
            assert len(page) == 5 and answer["pageInfo"]["endCursor"] == page[-1]["id"] and answer["pageInfo"]["hasNextPage"]
            assert ("objectMetadataId" in page[0]) == (shape != "legacy")
            rest = server.ok("GET", "metadata/fields", starting_after=page[-1]["id"], limit=200)
            rest = rest["data"]["fields"] if shape == "legacy" else rest["data"]
            assert page[-1]["id"] not in [item["id"] for item in rest] and rest[-1]["id"] == made["id"]
            single = server.ok("GET", "metadata/fields/" + made["id"])
            assert (single if shape == "direct" else single["data"]["field"])["name"] == "loyaltyTier"
            server.refused(400, "", "GET", "metadata/fields", starting_after="nonsense")
            for name in ("loyaltyTier", "snake_case", "fields", ""):
                person = made["objectMetadataId"]
                server.refused(400, "", "POST", "metadata/fields", {"objectMetadataId": person, "type": "TEXT", "name": name})
            server.create(loyaltyTier="GOLD")
            server.refused(400, "", "POST", "people", {"loyaltyTier": "SILVER"})
            unknown = str(uuid.uuid4())
            server.refused(400, "", "PATCH", "metadata/fields/" + unknown, {})
            server.refused(404, "", "DELETE", "metadata/fields/" + unknown)
            server.ok("DELETE", "metadata/fields/" + made["id"])
            assert "loyaltyTier" not in server.list()[0][0]


def hidden_fields():
    """hidden fields: listed by metadata, lacking in records"""
    with Server("--hidden", "jobTitle") as server:
        server.create()
        assert "jobTitle" not in server.list()[0][0]
        assert "jobTitle" in [item["name"] for item in server.ok("GET", "metadata/fields")["data"]]


def odd_servers():
    """odd servers, when told to be: a cursor that repeats, a count and readers that are behind"""
    with Server("--repeat-cursor", "2") as server:
        fill(server, 100)
        cursors_, cursor = [], None
        for _ in range(6):
            cursor = server.list(limit=10, **({"starting_after": cursor} if cursor else {}))[2]["endCursor"]
            cursors_.append(cursor)
        assert len(set(cursors_)) < 6
    with Server("--count-lag", "2") as server:
        fill(server, 3)
        assert [server.list()[1] for _ in range(4)][0] == 0 and server.list()[1] == 3
    with Server() as server:
        id_ = server.create(jobTitle="old")["id"]
        server.settings(replica_lag=30)
        server.ok("PATCH", "people/" + id_, {"jobTitle": "new"})
        assert server.get(id_)["jobTitle"] == "old"


def webhooks():
    """webhooks: signed over the bytes that are sent, one attempt each"""
    received = queue.Queue()

    class Hook(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            received.put((self.headers, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(500)
            self.end_headers()

        def log_message(self, *_):
            pass

    hook = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=hook.serve_forever, daemon=True).start()
    with Server() as server:
        server.ok("POST", "metadata/webhooks", {"targetUrl": "http://127.0.0.1:%d/" % hook.server_address[1],
                                                "operations": ["person.*"], "secret": "s3cret"})
        id_ = server.create(jobTitle="x")["id"]
        headers, raw = received.get(timeout=10)
        stamp = headers["X-Twenty-Webhook-Timestamp"]
        signature = hmac.new(b"s3cret", stamp.encode() + b":" + raw, hashlib.sha256).hexdigest()
        body = json.loads(raw)
        assert headers["X-Twenty-Webhook-Signature"] == signature and len(headers["X-Twenty-Webhook-Nonce"]) == 32
        assert body["eventName"] == "person.created" and body["record"]["id"] == id_ and "secret" not in body
        server.ok("PATCH", "people/" + id_, {"jobTitle": "y"})
        assert json.loads(received.get(timeout=10)[1])["updatedFields"] == ["jobTitle"]
        try:
            received.get(timeout=1)
            raise AssertionError("a failed delivery was repeated")
        except queue.Empty:
            pass
    hook.shutdown()


def persistence():
    """database: people and fields are there when the server is started again"""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "people.sqlite")
        with Server("--database", path) as server:
            field(server, "tier", "TEXT")
            id_ = server.create(tier="G", emails={"primaryEmail": "a@x.org"})["id"]
        with Server("--database", path) as server:
            assert server.get(id_)["tier"] == "G"
            server.refused(400, "A duplicate entry", "POST", "people", {"emails": {"primaryEmail": "a@x.org"}})


CHECKS = [limits, cursors, filters, empty_values, normalisation, composites, uniqueness, deletion, upserts, ids, keys, rate,
          unknown_parameters, capped_fields, metadata, hidden_fields, odd_servers, webhooks, persistence]
PATH = sys.argv[1] if len(sys.argv) > 1 else SIMULATOR


def main():
    failed = 0
    for check in CHECKS:
        try:
            check()
            print("ok      " + check.__doc__, flush=True)
        except Exception as error:  # Each check is told of, whatever went wrong with it.
            failed += 1
            print("FAILED  %s: %r" % (check.__doc__, error), flush=True)
    sys.exit(1 if failed else 0)


main()
