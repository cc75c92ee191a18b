import Contacts
import Foundation
import GRDB
import Ledger

/// A state folder in a temporary folder, removed with this object.
final class TemporaryState: Sendable {
    let root: String
    let folder: StateFolder

    init() throws {
        root = FileManager.default.temporaryDirectory.path + "/rollcall-ledger-" + UUID().uuidString
        folder = try StateFolder(path: root + "/state")
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// Runs SQL on the ledger as a stranger with the sqlite3 command would: without its checks.
    func tamper(_ sql: String) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        try DatabaseQueue(path: folder.ledger, configuration: configuration).write { try $0.execute(sql: sql) }
    }
}

/// The permission bits of a file.
func mode(of path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
}

/// An audit of `warehouse` (canonical) and `crm`, as plain as can be.
func audit(
    _ id: String,
    verb: String = "audit",
    verdict: Verdict? = .drift,
    exit: Int32 = 1,
    records: Int? = 1000,
    complete: Bool = true,
    columns: [StoreColumn]? = [StoreColumn(name: "id", type: "TEXT")],
    coverage: [CoveredPair] = []
) -> RunEntry {
    RunEntry(
        id: id,
        verb: verb,
        startedAt: Date(timeIntervalSince1970: 1_700_000_000.1234),
        finishedAt: Date(timeIntervalSince1970: 1_700_000_060.5678),
        verdict: verdict,
        exit: exit,
        version: "1.0.0",
        configuration: "sha256:aa",
        counts: ["findings": 2],
        stores: [
            RunStore(
                name: "warehouse",
                kind: "sqlite",
                canonical: true,
                records: 1000,
                root: "sha256:01",
                complete: true,
                columns: [StoreColumn(name: "contact_id", type: "INTEGER")]
            ),
            RunStore(
                name: "crm",
                kind: "sqlite",
                canonical: false,
                records: records,
                root: records.map { "sha256:\($0)" },
                complete: complete,
                columns: columns
            ),
        ],
        coverage: coverage
    )
}

/// A confirmed finding in `crm`.
func finding(
    _ id: String,
    rule: RuleID = .driftField,
    stores: [String] = ["crm"],
    state: FindingState = .confirmed
) -> FindingLine {
    FindingLine(id: id, rule: rule, contact: "123", stores: stores, fields: ["emails"], state: state)
}
