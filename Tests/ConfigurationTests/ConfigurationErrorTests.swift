import Foundation
import Rules
import Testing

@testable import rollcall

/// Every refusal of a `rollcall.yaml`, with its exact words and place.
@Suite struct ConfigurationErrorTests {
    static let whole: [(yaml: String, error: String)] = [
        ("", "1:1: the file sets nothing; `rollcall init` in an empty folder makes one to start from"),
        ("# only this\n", "1:1: the file sets nothing; `rollcall init` in an empty folder makes one to start from"),
        ("- version\n", "1:1: must be a map"),
        ("canonical: a\n", "1:1: the key \"version\" is missing"),
        ("version: 2\nelse: x\n", "1:10: version: must be 1, the only version that this Rollcall reads"),
        ("version: '1'\n", "1:10: version: must be a whole number of at least 0"),
        ("version: 1\ncanonical: a\n", "1:1: the key \"stores\" is missing"),
        ("version: 1\nstores: {a: {kind: sqlite, path: a}}\n", "1:1: the key \"canonical\" is missing"),
        ("version: 1\ncanonical: a\nstores: []\n", "3:9: stores: must be a map"),
        ("version: 1\ncanonical: a\nstores:\n", "3:1: stores: must be a map"),
        ("version: 1\ncanonical: a\nstores: {}\n", "3:9: stores: there must be at least one store"),
        (
            "version: 1\ncanonical: warehose\nstores: {warehouse: {kind: sqlite, path: a}}\n",
            "2:12: canonical: no store has this name; did you mean \"warehouse\"?"
        ),
        (
            "version: 1\ncanonical: x\nstores: {warehouse: {kind: sqlite, path: a}}\n",
            "2:12: canonical: no store has this name"
        ),
        (
            "version: 1\n\tcanonical: a\n",
            "2:1: is not valid YAML: while scanning a plain scalar, found a tab character that violates indentation"
        ),
        ("version: 1\ncanonical: a: b\n", "2:13: is not valid YAML: mapping values are not allowed in this context"),
        ("version: *x\n", "1:10: is not valid YAML: found undefined alias"),
        ("version: 1\nstate: a\u{1}b\n", "2:9: is not valid YAML: control characters are not allowed"),
        ("version: 1\nstores: {}\nversion: 1\n", "1:1: the key \"version\" is set more than once"),
        ("version: 1\n\"stores\": {}\nstores: {}\n", "2:1: the key \"stores\" is set more than once"),
        ("version: 1\n1: a\n\"1\": b\n", "3:1: the key \"1\" is set more than once"),
        ("version: 1\n[a]: b\n", "2:1: a key must be a text"),
        (
            "version: 1\n---\nversion: 1\n",
            "2:1: is not valid YAML: expected a single document in the stream, but "
                + "found another document"
        ),
    ]

    @Test(arguments: whole) func theWholeFile(yaml: String, error: String) throws {
        let message = try failure(yaml)
        #expect(message == "rollcall.yaml:" + error)
    }

    static let stores: [(line: String, error: String)] = [
        ("tabel: x", "7:5: stores.a.tabel: unknown key; did you mean \"table\"?"),
        ("frequency: x", "7:5: stores.a.frequency: unknown key"),
        ("path: b.db", "6:5: the key \"path\" is set more than once"),
        ("table: [x]", "7:12: stores.a.table: must be a text"),
        ("table: ''", "7:12: stores.a.table: must not be empty"),
        ("table:", "7:5: stores.a.table: must be a text"),
        ("identifiers: {}", "7:18: stores.a.identifiers: must be a text"),
        ("snapshot: coppy", "7:15: stores.a.snapshot: must be \"transaction\" or \"copy\""),
        ("allowEmpty: yes", "7:17: stores.a.allowEmpty: must be true or false"),
        ("allowEmpty: \"true\"", "7:17: stores.a.allowEmpty: must be true or false"),
        ("optional: true", "7:15: stores.a.optional: canonical cannot be optional"),
        (
            "timeout: 60",
            "7:14: stores.a.timeout: must be a duration such as 500ms, 2s, 10m, 1h or 7d, at most 36500d"
        ),
        (
            "maxLock: ${X}",
            "7:14: stores.a.maxLock: ${NAME} is expanded in credential keys only; write the value itself"
        ),
        (
            "checksum: a${X}",
            "7:15: stores.a.checksum: ${NAME} is expanded in credential keys only; write the value itself"
        ),
        ("fields: []", "7:13: stores.a.fields: must be a map"),
        ("fields: {fulname: x}", "7:14: stores.a.fields.fulname: unknown field; did you mean \"full_name\"?"),
        ("fields: {contact_id: null}", "7:26: stores.a.fields.contact_id: every store must hold the key"),
        (
            "fields: {contact_id: {distinguishEmpty: true}}",
            "7:27: stores.a.fields.contact_id.distinguishEmpty: a key is never empty"
        ),
        ("fields: {notes: [x]}", "7:21: stores.a.fields.notes: must be the name of a column, null or a map"),
        ("fields: {notes: {colum: x}}", "7:22: stores.a.fields.notes.colum: unknown key; did you mean \"column\"?"),
        (
            "fields: {notes: {separator: x}}",
            "7:22: stores.a.fields.notes.separator: is for sets only; this field is of type text"
        ),
        (
            "fields: {notes: {holds: one}}",
            "7:22: stores.a.fields.notes.holds: is for sets only; this field is of type text"
        ),
        ("fields: {emails: {holds: 1}}", "7:30: stores.a.fields.emails.holds: must be \"one\""),
        (
            "fields: {birthday: {unit: s}}",
            "7:25: stores.a.fields.birthday.unit: is for timestamps only; this field is of type date"
        ),
        (
            "fields: {version: {precision: s}}",
            "7:24: stores.a.fields.version.precision: is for timestamps only; this field is of type int"
        ),
        (
            "fields: {updated_at: {unit: m}}",
            "7:33: stores.a.fields.updated_at.unit: must be \"us\", \"ms\" or \"s\""
        ),
        (
            "fields: {notes: {absentAs: false}}",
            "7:22: stores.a.fields.notes.absentAs: is for bools only; this field is of type text"
        ),
        (
            "fields: {emails: {format: e164}}",
            "7:23: stores.a.fields.emails.format: is for phones only; this field is of type set of email"
        ),
        ("fields: {phones: {format: x}}", "7:31: stores.a.fields.phones.format: must be \"e164\" or \"national\""),
        ("fields: {notes: {path: a..b}}", "7:28: stores.a.fields.notes.path: must be names parted by single dots"),
    ]

    @Test(arguments: stores) func aStore(line: String, error: String) throws {
        let message = try failure(minimal + "    \(line)\n")
        #expect(message == "rollcall.yaml:" + error)
    }

    static let heads: [(store: String, error: String)] = [
        ("a: {path: x}", "4:3: stores.a: the key \"kind\" is missing"),
        ("a: {kind: sqlite}", "4:3: stores.a: the key \"path\" is missing"),
        ("a: {kind: sqlite, path: \"a\\0b\"}", "4:27: stores.a.path: must be a path"),
        ("a: {kind: sqllite, path: x}", "4:13: stores.a.kind: unknown kind; did you mean \"sqlite\"?"),
        (
            "a: {kind: oracle, path: x}",
            "4:13: stores.a.kind: unknown kind; it must be \"bigquery\", \"twenty\", \"supabase\", \"postgres\" or "
                + "\"sqlite\""
        ),
        (
            "a b: {kind: sqlite, path: x}",
            "4:3: stores.a b: the name of a store must be 1 to 64 letters, digits, _ or -"
        ),
        ("a: sqlite", "4:6: stores.a: must be a map"),
    ]

    @Test(arguments: heads) func theHeadOfAStore(store: String, error: String) throws {
        let name = store.prefix { $0 != ":" }
        let text = "version: 1\ncanonical: \(name)\nstores:\n  \(store)\n"
        let message = try failure(text)
        #expect(message == "rollcall.yaml:" + error)
    }

    static let sections: [(line: String, error: String)] = [
        ("stroes: {}", "7:1: stroes: unknown key; did you mean \"stores\"?"),
        (
            "fields: {organisation: {repair: manual}}",
            "7:10: fields.organisation: the schema has no such field; did you mean \"organization\"?"
        ),
        ("fields: {vip: {}}", "7:10: fields.vip: the schema has no such field; an extra field needs a type"),
        (
            "fields: {v.ip: {type: bool}}",
            "7:10: fields.v.ip: the name of a field must be 1 to 64 letters, digits, _ or -"
        ),
        (
            "fields: {vip: {type: boolean}}",
            "7:22: fields.vip.type: must be one of text, id, bool, int, real, date, timestamp, email, phone, json, or "
                + "\"set of\" and one of these"
        ),
        (
            "fields: {notes: {type: text}}",
            "7:24: fields.notes.type: a field of the schema has its type already; only extra fields are given one"
        ),
        (
            "fields: {is_me: {policy: [trim]}}",
            "7:26: fields.is_me.policy: is for text fields only; this field is of type bool"
        ),
        ("fields: {notes: {policy: trim}}", "7:26: fields.notes.policy: must be a list"),
        ("fields: {notes: {policy: [trim, lower]}}", "7:33: fields.notes.policy[1]: must be \"trim\" or \"fold\""),
        (
            "fields: {notes: {repair: union}}",
            "7:26: fields.notes.repair: \"union\" is for sets only; this field is of type text"
        ),
        (
            "fields: {notes: {repair: best}}",
            "7:26: fields.notes.repair: must be \"winner\", \"canonical\", \"union\" or \"manual\""
        ),
        ("phoneRegion: us", "7:14: phoneRegion: must be the two upper-case letters of a region, such as US"),
        ("recheck: 2s", "7:10: recheck: must be a map"),
        ("recheck:", "7:1: recheck: must be a map"),
        ("recheck: {dealy: 2s}", "7:11: recheck.dealy: unknown key; did you mean \"delay\"?"),
        ("recheck: {max: -1}", "7:16: recheck.max: must be a whole number of at least 0"),
        ("recheck: {max: \"1\"}", "7:16: recheck.max: must be a whole number of at least 0"),
        ("repair: {onTie: first}", "7:17: repair.onTie: must be \"canonical\" or \"manual\""),
        ("limits: {memory: 0}", "7:18: limits.memory: must be a size such as 1000 (bytes), 64KiB, 512MiB or 10GiB"),
        ("limits: {memory: 1MiB}", "7:18: limits.memory: it must be at least 64MiB"),
        ("limits: {memory: 5MB}", "7:18: limits.memory: must be a size such as 1000 (bytes), 64KiB, 512MiB or 10GiB"),
        ("limits: {maxChange: 5}", "7:21: limits.maxChange: must be a percentage such as 5%, from 0% to 100%"),
        ("limits: {maxChange: 101%}", "7:21: limits.maxChange: must be a percentage such as 5%, from 0% to 100%"),
        (
            "gate: {maxFindings: {drift.filed: 0}}",
            "7:22: gate.maxFindings.drift.filed: unknown rule; did you mean \"drift.field\"?"
        ),
        (
            "gate: {maxFindings: {drift.field: no}}",
            "7:35: gate.maxFindings.drift.field: must be a whole number of at least 0"
        ),
        ("gate: {maxFindings: {aa: {}}}", "7:22: gate.maxFindings.aa: unknown store; did you mean \"a\"?"),
        (
            "gate: {maxFindings: {a: {drift.filed: 0}}}",
            "7:26: gate.maxFindings.a.drift.filed: unknown rule; did you mean \"drift.field\"?"
        ),
        (
            "gate: {maxFindings: {store.unproved: 0}}",
            "7:22: gate.maxFindings.store.unproved: has no limit: a store that was not read through makes the gate inconclusive"
        ),
        ("sync: {interval: 0s}", "7:18: sync.interval: must be longer than 0s"),
        ("sync: {listen: 8787}", "7:16: sync.listen: must be a host and a port, such as 127.0.0.1:8787 or [::1]:8787"),
        (
            "sync: {listen: \"h:99999\"}",
            "7:16: sync.listen: must be a host and a port, such as 127.0.0.1:8787 or [::1]:8787"
        ),
        ("sync: {webhookSecret: {b: x}}", "7:24: sync.webhookSecret.b: unknown store; did you mean \"a\"?"),
        ("alert: {}", "7:1: alert: the key \"url\" is missing"),
        ("alert: {url: \"ftp://hunter2\"}", "7:14: alert.url: must be an http or https address"),
        ("alert: {url: \"${SECRET}\"}", "7:14: alert.url: must be an http or https address"),
        ("historyKey: [hunter2]", "7:13: historyKey: must be a text"),
        ("historyKey: ${MISSING}", "7:13: historyKey: the environment variable MISSING is not set"),
        ("historyKey: x${EMPTY}", "7:13: historyKey: the environment variable EMPTY is empty"),
        ("historyKey: ${hunter2", "7:13: historyKey: \"${\" must begin the name of an environment variable: ${NAME}"),
        ("historyKey: ${}", "7:13: historyKey: \"${\" must begin the name of an environment variable: ${NAME}"),
        (
            "retention: 999999999d",
            "7:12: retention: must be a duration such as 500ms, 2s, 10m, 1h or 7d, at most 36500d"
        ),
        ("reports: ${HOME}", "7:10: reports: ${NAME} is expanded in credential keys only; write the value itself"),
    ]

    @Test(arguments: sections) func theOtherSections(line: String, error: String) throws {
        let message = try failure(minimal + line + "\n", environment: ["SECRET": "hunter2", "EMPTY": ""])
        #expect(message == "rollcall.yaml:" + error)
        #expect(message?.contains("hunter2") == false)
    }

    @Test func nestingHasALimit() throws {
        let message = try failure("version: " + String(repeating: "[", count: 100_000))
        #expect(message?.hasPrefix("rollcall.yaml:1:11: is not valid YAML: while parsing, Maximum nesting") == true)
    }

    @Test func aFileThatIsNotThere() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try ConfigurationLoader.load(path: "/nowhere/rollcall.yaml", environment: [:])
        }
        #expect(error?.description == "/nowhere/rollcall.yaml: there is no such file; `rollcall init` makes one")
    }

    @Test func aFileThatIsNotUTF8() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Data("version: 1\ncanonical: ä".utf8) + [0xFF], to: "rollcall.yaml")
        let error = #expect(throws: ConfigurationError.self) {
            try ConfigurationLoader.load(path: path, environment: [:])
        }
        #expect(error?.description == "\(path):2:13: is not UTF-8")
    }

    @Test func aFolderAndAFileThatIsTooLong() throws {
        let folder = try TemporaryFolder()
        let ofFolder = #expect(throws: ConfigurationError.self) {
            try ConfigurationLoader.load(path: folder.path, environment: [:])
        }
        #expect(ofFolder?.description == "\(folder.path): is a folder, not a file")
        let path = try folder.write(String(repeating: "#", count: YAMLDocument.maximumBytes + 1))
        let tooLong = #expect(throws: ConfigurationError.self) {
            try ConfigurationLoader.load(path: path, environment: [:])
        }
        #expect(tooLong?.message == "is longer than 1048576 bytes")
    }
}
