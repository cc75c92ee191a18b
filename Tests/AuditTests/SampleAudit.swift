import Audit
import Contacts
import Demo
import Fingerprint
import Foundation
import Ledger
import Rules
import Stores

/// Audits of sample stores in a temporary folder, as the command line makes them.
struct SampleAudit {
    let folder: String
    let stores: SampleStores
    private let state: StateFolder
    private let ledger: Ledger

    init(contacts: Int, seed: UInt64) async throws {
        folder = NSTemporaryDirectory() + "rollcall-audit-" + UUID().uuidString
        stores = try SampleStores.write(to: folder, contacts: contacts, seed: seed)
        state = try StateFolder(path: folder + "/.rollcall")
        ledger = try await Ledger.open(in: state)
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    func input(_ names: [String] = SampleStores.names) -> AuditInput {
        func store(_ name: String) -> AuditInput.Store {
            let settings = stores.settings(for: name)!
            return AuditInput.Store(
                reader: SQLiteStore(name: name, settings: settings, schema: .standard, scratch: folder + "/scratch"),
                allowEmpty: false
            )
        }
        var input = AuditInput(
            verb: "audit",
            version: "test",
            canonical: store(names[0]),
            stores: names.dropFirst().map(store),
            schema: .standard,
            rules: .standard,
            configuration: TextDigest.sha256("test")
        )
        input.recheck.delay = .zero
        return input
    }

    func run(_ input: AuditInput) async throws -> AuditReport {
        try await AuditRun(input: input, state: state, ledger: ledger) { _ in }.run().report
    }

    func run() async throws -> AuditReport { try await run(input()) }

    func history() throws -> [HistoryEntry] { try ledger.history(limit: 100) }
}
