#!/usr/bin/env python3
"""Checks the simulator of PostgREST with a client that is not ours: `postgrest` from PyPI (2.34.1).

    python check_postgrest.py [path of postgrest.py]

Prints one line for each check and ends with 1 where one fails.
"""
import os
import subprocess
import sys
import tempfile

from postgrest import APIError, CountMethod, ReturnMethod, SyncPostgrestClient

HERE = os.path.dirname(os.path.abspath(__file__))
SIMULATOR = os.path.join(HERE, "..", "..", "Sources", "Demo", "Simulators", "postgrest.py")
KEY = "sb_secret_check"


class Server:
    def __init__(self, path, *options):
        self.process = subprocess.Popen(
            [sys.executable, path, "--port", "0", "--key", KEY, *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline().strip()
        assert line.startswith("listening on 127.0.0.1:"), line
        self.url = "http://" + line.removeprefix("listening on ") + "/rest/v1"

    def client(self, key=KEY, **options):
        return SyncPostgrestClient(self.url, headers={"apikey": key, "User-Agent": "check"}, **options)

    def stop(self):
        self.process.stdin.close()
        assert self.process.wait(10) == 0


def contact(number):
    return {"contact_id": f"{number:05}", "first_name": f"Ada {number}", "notes": 'a,b (c) "d" \\ .e', "version": 2**60 + number,
            "is_me": number % 2 == 0, "birthday": "1985-12-10", "llm_context": {"n": number, "deep": [1.50, None]},
            "last_updated": "2024-05-06T07:08:09.123456+02:00", "source_systems": ["a", "b c"]}


def code(call):
    try:
        call()
    except APIError as error:
        return error.code
    return None


def table(client, name="contacts_master"):
    return client.from_(name)


def check_rows(client):
    for start in range(0, 1200, 400):
        table(client).insert([contact(number) for number in range(start, start + 400)], returning=ReturnMethod.minimal).execute()
    first = table(client).select("*").eq("contact_id", "00007").single().execute().data
    for name, value in contact(7).items():
        expected = "2024-05-06T05:08:09.123456+00:00" if name == "last_updated" else value
        assert first[name] == expected, (name, first[name])
    assert first["notes"] == contact(7)["notes"] and first["deleted_at"] is None


def check_limit(client):
    answer = table(client).select("contact_id", count=CountMethod.exact).execute()
    assert (answer.count, len(answer.data)) == (1200, 1000), (answer.count, len(answer.data))
    assert len(table(client).select("contact_id").limit(5000).execute().data) == 1000


def check_paging(client):
    by_range, by_key, last = [], [], ""
    for start in range(0, 1200, 500):
        by_range += table(client).select("contact_id").order("contact_id").range(start, start + 499).execute().data
    while True:
        page = table(client).select("contact_id").order("contact_id").gt("contact_id", last).limit(700).execute().data
        if not page:
            break
        by_key += page
        last = page[-1]["contact_id"]
    assert by_range == by_key and len(by_key) == 1200


def check_filters(client):
    def ids(build):
        return [row["contact_id"] for row in build(table(client).select("contact_id")).order("contact_id").execute().data]
    few = lambda query: query.lt("contact_id", "00010")
    assert ids(lambda query: few(query).gte("contact_id", "00008")) == ["00008", "00009"]
    assert ids(lambda query: few(query).in_("first_name", ["Ada 1", "Ada 3", "x,y", 'q"'])) == ["00001", "00003"]
    assert ids(lambda query: few(query).neq("first_name", "Ada 0")) == [f"{number:05}" for number in range(1, 10)]
    assert ids(lambda query: few(query).is_("is_me", True).not_.eq("first_name", "Ada 4")) == ["00000", "00002", "00006", "00008"]
    assert len(ids(lambda query: few(query).is_("deleted_at", "null"))) == 10
    assert ids(lambda query: few(query).or_('first_name.eq."Ada 1",and(version.gt.%d,is_me.is.false)' % (2**60 + 7))) == ["00001", "00009"]
    assert ids(lambda query: few(query).like("first_name", "%3")) == ["00003"]
    assert ids(lambda query: few(query).eq("notes", contact(0)["notes"]).eq("llm_context->>n", "5")) == ["00005"]
    assert ids(lambda query: few(query).eq("llm_context", '{"deep": [1.5, null], "n": "6"}')) == []
    assert ids(lambda query: few(query).eq("llm_context", '{"deep": [1.50, null], "n": 6}')) == ["00006"]
    assert ids(lambda query: few(query).eq("last_updated", "2024-05-06 05:08:09.123456+00").eq("version", 2**60 + 2)) == ["00002"]


def check_select(client):
    row = table(client).select("v:version::text,last_updated::text,llm_context->deep,llm_context::text").eq("contact_id", "00004").single().execute().data
    assert row == {"v": str(2**60 + 4), "last_updated": "2024-05-06 05:08:09.123456+00", "deep": [1.5, None],
                   "llm_context": '{"n": 4, "deep": [1.5, null]}'}, row


def check_writes(client):
    def update(*filters, limit=1):
        query = table(client).update({"first_name": "Eve", "version": 7})
        for name, value in filters:
            query = query.eq(name, value)
        if hasattr(query, "max_affected"):
            query = query.max_affected(limit)
        else:
            query.request.headers["prefer"] += f",handling=strict,max-affected={limit}"
        return query.execute().data
    assert update(("contact_id", "00009"), ("version", 1)) == []
    done = update(("contact_id", "00009"), ("version", 2**60 + 9))
    assert [(row["first_name"], row["version"]) for row in done] == [("Eve", 7)], done
    assert done[0]["updated_at"] > done[0]["created_at"]
    assert code(lambda: update(("birthday", "1985-12-10"))) == "PGRST124"
    assert table(client).select("contact_id", count=CountMethod.exact).eq("first_name", "Eve").execute().count == 1
    table(client).upsert({"contact_id": "00009", "first_name": "Kim"}, on_conflict="contact_id").execute()
    row = table(client).select("first_name,version").eq("contact_id", "00009").single().execute().data
    assert row == {"first_name": "Kim", "version": 7}, row
    child = table(client, "contact_identifiers").insert(
        {"contact_id": "00009", "identifier_type": "email", "identifier_value": "k@example.com"}).execute().data[0]
    assert child["id"] == 1 and child["is_primary"] is None or child["is_primary"] is False, child
    assert code(lambda: table(client).delete().eq("contact_id", "00009").execute()) == "23503"
    table(client, "contact_identifiers").delete().eq("id", 1).execute()
    assert len(table(client).delete().eq("contact_id", "00009").execute().data) == 1


def check_refusals(client):
    def insert(**values):
        return code(lambda: table(client).insert(values).execute())
    assert insert(contact_id="00001") == "23505"
    assert insert(first_name="x") == "23502"
    assert insert(contact_id="n", version="abc") == "22P02"
    assert insert(contact_id="n", version=2**63) == "22003"
    assert insert(contact_id="n", version=-1) == "23514"
    assert insert(contact_id="n", category_code="AB") == "22001"
    assert insert(contact_id="n", birthday="1985-02-30") == "22008"
    assert insert(contact_id="n", birthday="soon") == "22007"
    assert insert(contact_id="n", notes="a\0b") == "22P05"
    assert insert(contact_id="n", nick="x") == "PGRST204"
    assert code(lambda: table(client, "people").select("*").execute()) == "PGRST205"
    assert code(lambda: table(client).select("nick").execute()) == "42703"
    assert code(lambda: table(client).select("version.sum()").execute()) == "PGRST123"
    assert code(lambda: table(client).select("*").eq("contact_id", "nobody").single().execute()) == "PGRST116"


def check_rights(server):
    for bad in (server.client(key="wrong"),):
        try:
            table(bad).select("*").execute()
        except APIError as error:
            assert "Invalid API key" in error.message, error
        else:
            raise AssertionError("a wrong key is accepted")
    assert code(lambda: table(server.client(schema="secret")).select("*").execute()) == "PGRST106"


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else SIMULATOR
    with tempfile.TemporaryDirectory() as folder:
        server = Server(path, "--database", os.path.join(folder, "a.sqlite"), "--max-rows", "1000", "--collation", "en_US")
        try:
            client = server.client()
            for check in (check_rows, check_limit, check_paging, check_filters, check_select, check_writes, check_refusals):
                check(client)
                print("ok", check.__name__.removeprefix("check_"))
            check_rights(server)
            print("ok rights")
        finally:
            server.stop()
        server = Server(path, "--database", os.path.join(folder, "a.sqlite"), "--visible-rows", "6")
        try:
            answer = table(server.client()).select("contact_id", count=CountMethod.exact).execute()
            assert (answer.count, len(answer.data)) == (6, 6)
            planned = table(server.client()).select("contact_id", count=CountMethod.planned).limit(1).execute().count
            assert planned == 1199, planned
            print("ok row-level security")
        finally:
            server.stop()


if __name__ == "__main__":
    main()
