import Audit
import Contacts
import Fingerprint
import Foundation
import GRDB
import Ledger
import Stores
import TestServers
import Testing

@testable import Rules

extension BigQueryTests {
    /// An audit by digests that BigQuery computes finds what a full one finds, and transfers little of what that does.
    @Suite(.serialized, .timeLimit(.minutes(30))) struct PushdownAuditTests {
        /// Each contact is some 1,500 bytes of an answer, and each leaf some 55. Below 65,536 contacts nearly every one has a leaf
        /// of its own, so that the share of a small store is larger than that of a large one.
        private static let contacts =
            ProcessInfo.processInfo.environment["ROLLCALL_PUSHDOWN_CONTACTS"].flatMap { Int($0) } ?? 10_000
        private static var largestShare: Double { contacts < 100_000 ? 0.05 : 0.02 }

        @Test func `findings are those of a full audit, for a fraction of the bytes`() async throws {
            let folder = NSTemporaryDirectory() + "rollcall-pushdown-" + UUID().uuidString
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try AuditedPeople.write(Self.contacts, to: "\(folder)/local.db")
            let dataset = try await BigQueryDataset()
            try await AuditedPeople.write(Self.contacts, to: dataset)

            let full = try await audit(dataset, folder, isPushed: false)
            let pushed = try await audit(dataset, folder, isPushed: true)
            #expect(lines(pushed.report) == lines(full.report))
            #expect(full.report.findings.count == AuditedPeople.differences)
            #expect(pushed.report.agreement == full.report.agreement)
            #expect(pushed.report.stores.map(\.records) == full.report.stores.map(\.records))
            #expect(pushed.report.stores.map(\.root) == full.report.stores.map(\.root))
            #expect(pushed.report.stores[0].proof.contains("digested by BigQuery in one query"))
            #expect(full.report.stores[0].proof.contains("read, all that one query returned"))
            let share = Double(pushed.bytes) / Double(full.bytes)
            print(
                "\(Self.contacts) contacts: \(pushed.bytes) bytes by digests, \(full.bytes) in full, \(share * 100) %"
            )
            #expect(share < Self.largestShare)
        }

        private func lines(_ report: AuditReport) -> [String] {
            report.findings
                .map { finding in
                    "\(finding.rule) \(finding.contact ?? "-") \(finding.stores) \(finding.fields.map(\.name)) \(finding.state) "
                        + "\(finding.message) \(finding.repair.map { "\($0)" } ?? "-")"
                }
                .sorted()
        }

        /// An audit of drift, and the bytes of all answers that it got.
        private func audit(
            _ dataset: BigQueryDataset,
            _ folder: String,
            isPushed: Bool
        ) async throws -> (report: AuditReport, bytes: Int) {
            let interceptor = try await dataset.intercepted([])
            let warehouse = try dataset.store(endpoint: interceptor.endpoint) { $0.pageSize = 5_000 }
            let local = SQLiteStore(
                name: "local",
                settings: SQLiteStoreSettings(path: "\(folder)/local.db"),
                schema: .standard,
                scratch: "\(folder)/scratch"
            )
            var input = AuditInput(
                verb: "audit",
                version: "test",
                canonical: AuditInput.Store(reader: warehouse, allowEmpty: false, pushdown: isPushed),
                stores: [AuditInput.Store(reader: local, allowEmpty: false)],
                schema: .standard,
                rules: .standard,
                configuration: TextDigest.sha256("test")
            )
            input.scheme = .sha256
            input.kinds = [.drift]
            input.recheck.delay = .zero
            // The tables have not all of the schema's columns.
            input.rules.settings[.driftSchema]?.enabled = false
            let state = try StateFolder(path: "\(folder)/\(isPushed ? "pushed" : "full")")
            let ledger = try await Ledger.open(in: state)
            let report = try await AuditRun(input: input, state: state, ledger: ledger) { _ in }.run().report
            return (report, interceptor.answeredBytes)
        }
    }
}
