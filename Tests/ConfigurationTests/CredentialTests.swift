import Contacts
import Foundation
import Rules
import Testing

@testable import rollcall

/// Where credentials come from, where they may go, and what happens without them.
@Suite struct CredentialTests {
    /// A store of each kind that has a credential, by the key of it and the variable.
    static let stores: [(key: String, lines: String)] = [
        ("credentials", "kind: bigquery\nproject: p\ndataset: d\ncredentials: ${X}"),
        ("apiKey", "kind: twenty\nurl: https://a.test\napiKey: ${X}"),
        ("serviceKey", "kind: supabase\nurl: https://a.test\nserviceKey: ${X}"),
        ("dsn", "kind: postgres\ndsn: postgresql://u:${X}@h/d"),
    ]

    @Test(arguments: stores, [[:], ["X": ""]])
    func `an optional store without its credential is left out, with a warning`(
        store: (key: String, lines: String),
        environment: [String: String]
    ) throws {
        let folder = try TemporaryFolder()
        let configuration = try folder.load(StoreKindTests.text(store.lines), environment: environment)
        let why = "the environment variable X is " + (environment.isEmpty ? "not set" : "empty")
        let missing = try #require(configuration.stores.last?.missing)
        #expect(missing == MissingCredential(key: "stores.b.\(store.key)", why: why))
        let place = try #require(configuration.warnings.first)
        #expect(configuration.warnings.count == 1)
        #expect(place.keyPath == missing.key && place.message == "\(why); the store is left out")
        #expect(place.line == 7 + store.lines.split(separator: "\n").count)
        #expect(!configuration.canonicalText.contains("store \"b\""))
    }

    @Test(arguments: stores) func `a store that is not optional is not left out`(key: String, lines: String) throws {
        let message = try failure(StoreKindTests.text(lines + "\noptional: false"))
        #expect(message?.hasSuffix("stores.b.\(key): the environment variable X is not set") == true)
    }

    @Test(arguments: stores) func `canonical is never left out`(key: String, lines: String) throws {
        let entry = lines.split(separator: "\n").map { "    \($0)\n" }.joined()
        let message = try failure("version: 1\ncanonical: a\nstores:\n  a:\n\(entry)")
        #expect(message?.hasSuffix("stores.a.\(key): the environment variable X is not set") == true)
        #expect(message?.hasPrefix("rollcall.yaml:\(4 + lines.split(separator: "\n").count):") == true)
    }

    @Test func `other mistakes of a store that is left out are told all the same`() throws {
        let message = try failure(StoreKindTests.text("kind: twenty\nurl: https://a.test\nrate: fast\napiKey: ${X}"))
        #expect(message?.hasSuffix("stores.b.rate: must be a rate such as 90/min, 10/s or 1000/h") == true)
    }

    @Test func `the webhook secret of a store that is left out is not asked for`() throws {
        let text =
            StoreKindTests.text("kind: twenty\nurl: https://a.test\napiKey: ${X}")
            + "sync: {webhookSecret: {b: \"${Y}\", a: \"${Z}\"}}\n"
        let configuration = try TemporaryFolder().load(text, environment: ["Z": "z"])
        #expect(configuration.sync.webhookSecrets.mapValues { $0.reveal() } == ["a": "z"])
    }

    @Test func `a variable's value is not expanded again`() throws {
        let text = StoreKindTests.text("kind: twenty\nurl: https://a.test\napiKey: a${X}b")
        let configuration = try TemporaryFolder().load(text, environment: ["X": "${Y}", "Y": "y"])
        #expect(try configuration.stores.last?.twenty().apiKey.reveal() == "a${Y}b")
        #expect(configuration.warnings.isEmpty)
    }

    static let literals: [(store: String, key: String?)] = [
        ("kind: twenty\nurl: https://a.test\napiKey: abc", "stores.b.apiKey"),
        ("kind: supabase\nurl: https://a.test\nserviceKey: sb_secret_abc", "stores.b.serviceKey"),
        ("kind: postgres\ndsn: postgresql://u:p@h/d", "stores.b.dsn"),
        ("kind: postgres\ndsn: host=h password=p", "stores.b.dsn"),
        ("kind: postgres\ndsn: postgresql://u@h/d", nil),
        (
            "kind: bigquery\nproject: p\ndataset: d\ncredentials: '{\"type\": \"service_account\"}'",
            "stores.b.credentials"
        ),
        ("kind: bigquery\nproject: p\ndataset: d\ncredentials: key.json", nil),
        ("kind: bigquery\nproject: p\ndataset: d\ncredentials: metadata", nil),
    ]

    @Test(arguments: literals)
    func `a credential in the file is taken, with a warning`(store: String, key: String?) throws {
        let warnings = try TemporaryFolder().load(StoreKindTests.text(store)).warnings
        #expect(warnings.map(\.keyPath) == (key.map { [$0] } ?? []))
        let message = "the file holds the credential itself; put it into an environment variable and write ${NAME}"
        #expect(warnings.allSatisfy { $0.message == message })
    }

    @Test func `other credentials in the file are warned about, too`() throws {
        let text = minimal + "sync: {webhookSecret: {a: s}}\nalert: {url: \"https://h.test\"}\nhistoryKey: k\n"
        let warnings = try TemporaryFolder().load(text).warnings
        #expect(warnings.map(\.keyPath) == ["sync.webhookSecret.a", "alert.url", "historyKey"])
    }

    static let places: [(store: String, error: String?)] = [
        ("kind: twenty\napiKey: ${X}\nurl: http://crm.test", "by plain http, which anybody on the way can read"),
        ("kind: twenty\napiKey: ${X}\nurl: http://localhost:3000", nil),
        ("kind: supabase\nserviceKey: ${X}\nurl: http://10.0.0.1", "by plain http, which anybody on the way can read"),
        (
            "kind: bigquery\nproject: p\ndataset: d\ncredentials: ${X}\nendpoint: https://bigquery.googleapis.com.test",
            "to a host that is not Google's"
        ),
        (
            "kind: bigquery\nproject: p\ndataset: d\ncredentials: ${X}\nendpoint: https://evilgoogleapis.com",
            "to a host that is not Google's"
        ),
        (
            "kind: bigquery\nproject: p\ndataset: d\ncredentials: ${X}\nendpoint: http://bigquery.googleapis.com",
            "to a host that is not Google's"
        ),
        ("kind: bigquery\nproject: p\ndataset: d\ncredentials: ${X}\nendpoint: http://[::1]:9050", nil),
    ]

    @Test(arguments: places)
    func `a credential goes where it belongs, elsewhere only where that is trusted`(store: String, error: String?)
        throws
    {
        let folder = try TemporaryFolder()
        let environment = ["X": "sb_secret_x"]
        let message = try failure(StoreKindTests.text(store), environment: environment)
        let trusting = try folder.load(StoreKindTests.text(store + "\ntrustEndpoint: true"), environment: environment)
        guard let error else {
            #expect(message == nil && trusting.warnings.isEmpty)
            return
        }
        let advice = "correct the address, or say `trustEndpoint: true` to send it all the same"
        #expect(message?.hasSuffix(": the credential would go \(error); \(advice)") == true)
        #expect(trusting.stores.last?.missing == nil)
        #expect(trusting.warnings.map(\.message) == ["trustEndpoint: THE CREDENTIAL GOES \(error)"])
    }

    @Test(arguments: [
        "https://user:hunter2@a.test", "https://a.test?key=hunter2", "ftp://a.test", "a.test", "https://",
        "https://a b",
    ])
    func `an address that is none is refused, trusted or not`(address: String) throws {
        for trust in [true, false] {
            let text = StoreKindTests.text("kind: twenty\napiKey: ${X}\ntrustEndpoint: \(trust)\nurl: \"\(address)\"")
            let message = try failure(text, environment: ["X": "x"])
            #expect(message?.hasPrefix("rollcall.yaml:11:10: stores.b.url: ") == true)
            #expect(message?.contains("hunter2") == false)
        }
    }

    @Test(arguments: stores) func `the configuration's digest does not depend on a credential`(
        key: String,
        lines: String
    ) throws {
        let folder = try TemporaryFolder()
        let texts = try ["sb_secret_a", "sb_secret_b"]
            .map { value in
                try folder.load(StoreKindTests.text(lines), environment: ["X": value]).canonicalText
            }
        #expect(texts[0] == texts[1] && texts[0].contains("store \"b\""))
        #expect(!texts[0].contains("sb_secret"))
    }
}
