import Contacts
import Fingerprint
import Foundation
import Ledger
import Safety
import TestSupport
import Testing

@Suite("The check of what Rollcall says")
struct IntegrityCheckTests {
    private func check(
        _ bench: SafetyBench,
        _ scheme: HashScheme = .xxh3,
        key: [UInt8]? = nil,
        audit: IntegrityCheck.FullAudit? = nil,
        files: [any ContactStore] = [],
        root: @escaping @Sendable (any ContactStore, HashScheme, String) async throws -> String = {
            try await ScratchFingerprint.root($0, scheme: $1, folder: $2)
        }
    ) async throws -> SafetyReport.Check {
        let stores = files.map { SafetyInput.Store.present($0, .local) }
        return try await SafetyBench.outcome(
            IntegrityCheck(
                ledger: bench.ledger,
                historyKey: key,
                fullAudit: audit,
                files: files.isEmpty ? nil : ConnectionCheck(name: .dataIntegrity, stores: stores),
                scratch: bench.scratch(scheme),
                now: { SafetyBench.now },
                root: root
            )
        )
    }

    private func record(_ bench: SafetyBench, _ id: String, at: Date = SafetyBench.now, key: [UInt8]? = nil) throws {
        let entry = RunEntry(
            id: id,
            verb: "audit",
            startedAt: at,
            finishedAt: at,
            verdict: .consistent,
            exit: 0,
            version: "1",
            configuration: "sha256:",
            stores: [
                RunStore(
                    name: "a",
                    kind: "sqlite",
                    canonical: true,
                    records: 1,
                    root: nil,
                    complete: true,
                    columns: nil
                )
            ],
            coverage: [CoveredPair(rule: .duplicateKey, store: "a")]
        )
        _ = try bench.ledger.record(entry, findings: [FindingLine](), historyKey: key)
    }

    @Test("a whole history and right fingerprints pass, live and by a self-test", arguments: HashScheme.allCases)
    func sound(scheme: HashScheme) async throws {
        let bench = try await SafetyBench()
        try record(bench, "one")
        let check = try await check(bench, scheme)
        #expect(check.status == .pass, "\(check)")
        #expect(check.evidence.map(\.source) == [.live, .selfTest, .selfTest])
    }

    @Test(
        "a history that was changed behind Rollcall's back fails",
        arguments: [
            "UPDATE runs SET exit = 1 WHERE position = 1", "DELETE FROM chain WHERE position = 2",
            "UPDATE chain SET entry = replace(entry, 'audit', 'tidua') WHERE position = 1",
        ]
    )
    func tampered(sql: String) async throws {
        let bench = try await SafetyBench()
        for id in ["one", "two", "three"] { try record(bench, id) }
        try bench.execute(sql, in: "ledger")
        let check = try await check(bench)
        #expect(check.status == .fail && check.message.hasPrefix("The history is not as it was recorded"), "\(check)")
    }

    @Test("a history that was made with a key fails without it")
    func keyed() async throws {
        let bench = try await SafetyBench()
        try record(bench, "one", key: Array("key".utf8))
        #expect(try await check(bench, key: Array("key".utf8)).status == .pass)
        #expect(try await check(bench).status == .fail)
    }

    @Test("a fingerprint that is another, or does not see a changed byte, fails")
    func fingerprints() async throws {
        let bench = try await SafetyBench()
        let other = try await check(bench) { _, _, _ in "sha256:00" }
        #expect(other.status == .fail && other.message.contains("not the one in the specification"))
        let known = try await ScratchFingerprint.root(
            try known(bench),
            scheme: .xxh3,
            folder: bench.folder.url.path
        )
        let blind = try await check(bench) { _, _, _ in known }
        #expect(blind.status == .fail && blind.message == "A changed byte does not change the fingerprint.")
    }

    /// The contacts of the specification's vector.
    private func known(_ bench: SafetyBench) throws -> any ContactStore {
        try bench.execute(
            """
            CREATE TABLE contacts_master (contact_id TEXT, first_name TEXT, last_name TEXT, is_me INTEGER);
            INSERT INTO contacts_master VALUES ('42', 'Alan', 'Turing', 1), ('7', 'Ada', '', 0), ('8', 'Grace', 'Hopper', 0)
            """,
            in: "known.db"
        )
        return bench.store("known.db")
    }

    @Test("a local database that cannot be read fails, whatever else is right")
    func files() async throws {
        let bench = try await SafetyBench()
        try bench.fill("local.db", contacts: 2)
        #expect(try await check(bench, files: [bench.store("local.db")]).status == .pass)
        let check = try await check(bench, files: [bench.store("local.db"), bench.store("absent.db")])
        #expect(check.status == .fail && check.message.hasPrefix("absent.db: "), "\(check)")
    }

    @Test(
        "a last full audit that is too old, of fewer stores or of fewer rules is a warning",
        arguments: [
            (["a"], [RuleID.duplicateKey], 3_600.0, SafetyReport.Status.pass), (["a"], [.duplicateKey], 7_300, .warn),
            (["a", "b"], [.duplicateKey], 60, .warn), (["a"], [.duplicateKey, .driftSchema], 60, .warn),
        ]
    )
    func auditAge(stores: [String], rules: [RuleID], age: Double, expected: SafetyReport.Status) async throws {
        let bench = try await SafetyBench()
        try record(bench, "one", at: SafetyBench.now.addingTimeInterval(-age))
        let audit = IntegrityCheck.FullAudit(within: .seconds(7_200), stores: stores, rules: rules)
        let check = try await check(bench, audit: audit)
        #expect(check.status == expected, "\(check)")
    }
}
