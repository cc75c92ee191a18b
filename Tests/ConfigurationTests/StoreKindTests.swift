import Contacts
import Foundation
import Stores
import Testing

@testable import rollcall

/// Every key of every kind of store.
@Suite struct StoreKindTests {
    static let environment = [
        "KEY": "/keys/google.json", "TWENTY": "t-key", "SECRET": "sb_secret_abc",
        "DSN": "postgresql://u:p@db:6432/contacts",
    ]

    /// A configuration of a SQLite canonical and one store of these lines.
    static func text(_ store: String) -> String {
        minimal + "  b:\n" + store.split(separator: "\n").map { "    \($0)\n" }.joined()
    }

    private func load(_ store: String) throws -> (Configuration, StoreConfiguration) {
        let configuration = try TemporaryFolder().load(Self.text(store), environment: Self.environment)
        return (configuration, try #require(configuration.stores.last))
    }

    @Test func `BigQuery by what it must have`() throws {
        let (configuration, store) = try load("kind: bigquery\nproject: p-1\ndataset: identity\ncredentials: ${KEY}")
        let bigquery = try store.bigquery()
        #expect("\(bigquery.endpoint)" == "https://bigquery.googleapis.com")
        #expect(bigquery.credential?.reveal() == "/keys/google.json" && !bigquery.isTrusted)
        #expect(bigquery.settings.project == "p-1" && bigquery.settings.dataset == "identity")
        #expect(bigquery.settings.location == nil && bigquery.settings.maximumBytesBilled == 10 << 30)
        #expect(bigquery.settings.tables == TableSettings() && bigquery.settings.timeout == .seconds(600))
        #expect(store.optional && !store.pushdown && configuration.scheme == "xxh3-128")
        #expect(configuration.warnings.isEmpty)
    }

    @Test func `BigQuery by every key`() throws {
        let (configuration, store) = try load(
            """
            kind: bigquery
            project: example.com:p
            location: EU
            dataset: identity
            table: people
            identifiers: null
            checksum: sum
            fields: {full_name: display_name}
            credentials: metadata
            endpoint: https://bigquery.europe-west1.rep.googleapis.com
            maximumBytesBilled: 1GiB
            pushdown: true
            timeout: 5m
            allowEmpty: true
            optional: false
            """
        )
        let bigquery = try store.bigquery()
        #expect("\(bigquery.endpoint)" == "https://bigquery.europe-west1.rep.googleapis.com")
        #expect(bigquery.credential?.reveal() == "metadata")
        var tables = TableSettings()
        tables.table = "people"
        tables.identifiers = .none
        tables.checksum = "sum"
        tables.fields = ["full_name": .held(.init(column: "display_name"))]
        #expect(bigquery.settings.tables == tables && bigquery.settings.location == "EU")
        #expect(bigquery.settings.maximumBytesBilled == 1 << 30 && bigquery.settings.timeout == .seconds(300))
        #expect(store.pushdown && store.allowEmpty && !store.optional && configuration.scheme == "sha256-128")
        #expect(configuration.warnings.isEmpty, "neither a word nor a path is a credential")
    }

    @Test func `an emulator of BigQuery on this machine needs no credential`() throws {
        let (_, store) = try load("kind: bigquery\nproject: p\ndataset: d\nendpoint: http://127.0.0.1:9050")
        #expect(try store.bigquery().credential == nil)
        #expect("\(try store.bigquery().endpoint)" == "http://127.0.0.1:9050")
    }

    @Test func `the path of a key file is relative to the configuration's folder`() throws {
        let folder = try TemporaryFolder()
        let text = Self.text("kind: bigquery\nproject: p\ndataset: d\ncredentials: keys/g.json")
        let credential = try folder.load(text).stores.last?.bigquery().credential?.reveal()
        #expect(credential == URL(fileURLWithPath: folder.path).standardizedFileURL.path + "/keys/g.json")
    }

    @Test func `Twenty by what it must have, and by every key`() throws {
        let (_, least) = try load("kind: twenty\nurl: https://api.twenty.com\napiKey: ${TWENTY}")
        let twenty = try least.twenty()
        #expect("\(twenty.endpoint) \(twenty.rate)" == "https://api.twenty.com 90/min")
        #expect(twenty.apiKey.reveal() == "t-key" && twenty.settings == TwentyStoreSettings())
        let (_, store) = try load(
            """
            kind: twenty
            url: http://localhost:3000/base/
            apiKey: ${TWENTY}
            rate: 10/s
            fields: {emails: {holds: one}, apple_link_id: null}
            timeout: 5s
            allowEmpty: true
            """
        )
        let full = try store.twenty()
        #expect("\(full.endpoint) \(full.rate)" == "http://localhost:3000/base 10/s")
        var emails = FieldOverride.Held()
        emails.holdsOne = true
        #expect(full.settings.fields == ["emails": .held(emails), "apple_link_id": .notHeld])
        #expect(full.settings.timeout == .seconds(5) && store.allowEmpty)
    }

    @Test func `Supabase by what it must have, and by every key`() throws {
        let (_, least) = try load("kind: supabase\nurl: https://ref.supabase.co\nserviceKey: ${SECRET}")
        let supabase = try least.supabase()
        #expect("\(supabase.endpoint)" == "https://ref.supabase.co" && supabase.settings.schema == "public")
        #expect(supabase.settings.tables == TableSettings() && supabase.settings.timeout == .seconds(60))
        #expect(supabase.key.headers.map(\.value).map { $0.reveal() } == ["sb_secret_abc"])
        let (_, store) = try load(
            """
            kind: supabase
            url: https://ref.supabase.co
            schema: crm
            serviceKey: ${SECRET}
            table: people
            identifiers: ids
            fields: {notes: null}
            timeout: 5s
            """
        )
        let settings = try store.supabase().settings
        #expect(settings.schema == "crm" && settings.tables.table == "people" && settings.timeout == .seconds(5))
        #expect(settings.tables.identifiers == .table("ids") && settings.tables.fields == ["notes": .notHeld])
    }

    @Test(arguments: [("ref.supabase.co", true), ("a.test", false), ("supabase.co.test", false)])
    func `a key is known to show every row in projects of Supabase only`(host: String, shows: Bool) throws {
        let (_, store) = try load("kind: supabase\nurl: https://\(host)\nserviceKey: ${SECRET}")
        #expect(try store.supabase().settings.seesAllRows == shows)
    }

    @Test func `Postgres by what it must have, and by every key`() throws {
        let (_, least) = try load("kind: postgres\ndsn: ${DSN}")
        let postgres = try least.postgres()
        #expect(postgres.settings.dsn.reveal() == Self.environment["DSN"] && postgres.settings.schema == "public")
        #expect(postgres.place.host == "db" && postgres.place.port == "6432" && postgres.place.database == "contacts")
        #expect(postgres.settings.tables == TableSettings() && postgres.settings.timeout == .seconds(60))
        let (_, store) = try load("kind: postgres\ndsn: ${DSN}\nschema: crm\ntable: people\ntimeout: 5s")
        let settings = try store.postgres().settings
        #expect(settings.schema == "crm" && settings.tables.table == "people" && settings.timeout == .seconds(5))
    }

    /// A store, a piece of it and what it is changed to; whether what the store is changes with it.
    static let changes: [(store: String, old: String, new: String, changes: Bool)] = [
        ("kind: twenty\nurl: https://a.test\napiKey: ${TWENTY}", "a.test", "b.test", true),
        ("kind: twenty\nurl: https://a.test\napiKey: ${TWENTY}", "a.test", "A.test:443/", false),
        ("kind: twenty\nurl: https://a.test\napiKey: ${TWENTY}\nfields: {notes: n}", "notes: n", "notes: m", true),
        ("kind: twenty\nurl: https://a.test\napiKey: ${TWENTY}\nrate: 1/s", "1/s", "2/s", false),
        ("kind: supabase\nurl: https://a.test\nserviceKey: ${SECRET}", "a.test", "b.test", true),
        ("kind: supabase\nurl: https://a.test\nserviceKey: ${SECRET}\nschema: a", "schema: a", "schema: b", true),
        ("kind: supabase\nurl: https://a.test\nserviceKey: ${SECRET}\ntable: a", "table: a", "table: b", true),
        ("kind: postgres\ndsn: host=a dbname=c", "host=a", "host=b", true),
        ("kind: postgres\ndsn: host=a dbname=c", "dbname=c", "dbname=d", true),
        ("kind: postgres\ndsn: host=a dbname=c", "host=a dbname=c", "postgresql://u:p@a/c?sslmode=require", false),
        ("kind: postgres\ndsn: host=a dbname=c\nschema: a", "schema: a", "schema: b", true),
        ("kind: bigquery\nproject: p\ndataset: d\ncredentials: metadata", "project: p", "project: q", true),
        ("kind: bigquery\nproject: p\ndataset: d\ncredentials: metadata", "dataset: d", "dataset: e", true),
        ("kind: bigquery\nproject: p\ndataset: d\ncredentials: metadata", "metadata", "key.json", false),
        (
            "kind: bigquery\nproject: p\ndataset: d\ncredentials: metadata\nendpoint: http://127.0.0.1:1", ":1", ":2",
            true
        ),
    ]

    @Test(arguments: changes) func `the digest covers kind, place and mapping`(
        store: String,
        old: String,
        new: String,
        changes: Bool
    ) throws {
        let folder = try TemporaryFolder()
        let texts = try [store, store.replacing(old, with: new)]
            .map { try folder.load(Self.text($0), environment: Self.environment).canonicalText }
        #expect(store.contains(old) && (texts[0] != texts[1]) == changes)
    }

    static let mistakes: [(store: String, error: String)] = [
        (
            "kind: twenty\npath: b.db",
            "9:5: stores.b.path: stores of kind \"twenty\" have no such key; it is for \"sqlite\""
        ),
        (
            "kind: sqlite\npushdown: true",
            "9:5: stores.b.pushdown: stores of kind \"sqlite\" have no such key; it is for \"bigquery\""
        ),
        (
            "kind: bigquery\nschema: x",
            "9:5: stores.b.schema: stores of kind \"bigquery\" have no such key; it is for \"supabase\" or \"postgres\""
        ),
        ("kind: twenty\napikey: x", "9:5: stores.b.apikey: unknown key; did you mean \"apiKey\"?"),
        ("kind: twenty\nurl: https://a.test", "7:3: stores.b: the key \"apiKey\" is missing"),
        ("kind: twenty\napiKey: ${TWENTY}", "7:3: stores.b: the key \"url\" is missing"),
        (
            "kind: twenty\nurl: ${TWENTY}\napiKey: x",
            "9:10: stores.b.url: ${NAME} is expanded in credential keys only; write the value itself"
        ),
        (
            "kind: twenty\nurl: https://a.test\napiKey: x\nrate: 90",
            "11:11: stores.b.rate: must be a rate such as 90/min, 10/s or 1000/h"
        ),
        ("kind: twenty\nurl: https://a.test\ntimeout: 0s", "10:14: stores.b.timeout: must be longer than 0s"),
        (
            "kind: twenty\nurl: https://a.test\napiKey: \"hunter2 \"",
            "10:13: stores.b.apiKey: holds a character that no key has, such as a space or a line break; copy the key again"
        ),
        ("kind: supabase\nurl: https://a.test", "7:3: stores.b: the key \"serviceKey\" is missing"),
        ("kind: postgres", "7:3: stores.b: the key \"dsn\" is missing"),
        (
            "kind: postgres\ndsn: hunter2",
            "9:10: stores.b.dsn: must be postgresql://HOST/DATABASE, or pairs such as host=HOST dbname=DATABASE"
        ),
        ("kind: bigquery\ndataset: d", "7:3: stores.b: the key \"project\" is missing"),
        ("kind: bigquery\nproject: p", "7:3: stores.b: the key \"dataset\" is missing"),
        ("kind: bigquery\nproject: p\ndataset: d", "7:3: stores.b: the key \"credentials\" is missing"),
        (
            "kind: bigquery\nproject: p\ndataset: \"d`\"",
            "10:14: stores.b.dataset: must be a name of letters, digits and _ (of a project, also - . and :)"
        ),
        (
            "kind: bigquery\nproject: p\ndataset: d\nmaximumBytesBilled: much",
            "11:25: stores.b.maximumBytesBilled: must be a size such as 1000 (bytes), 64KiB, 512MiB or 10GiB"
        ),
        (
            "kind: bigquery\nproject: p\ndataset: d\ncredentials: ${hunter2",
            "11:18: stores.b.credentials: \"${\" must begin the name of an environment variable: ${NAME}"
        ),
    ]

    @Test(arguments: mistakes) func `a mistake is told with its place`(store: String, error: String) throws {
        let message = try failure(Self.text(store), environment: Self.environment)
        #expect(message == "rollcall.yaml:" + error)
        #expect(message?.contains("hunter2 ") == false)
    }
}
