import Audit
import Contacts
import Demo
import Fingerprint
import Testing

/// The promise of the product: nothing is found where nothing is wrong, and everything where something is.
@Suite(.serialized) struct SeededFaultsAuditTests {
    @Test(arguments: UInt64(1)...20)
    func `four stores of equal meaning are consistent, every seeded fault is found with its fields, and nothing else`(
        _ seed: UInt64
    ) async throws {
        let audit = try await SampleAudit(contacts: 2000, seed: seed)
        defer { audit.remove() }

        let clean = try await audit.run()
        #expect(clean.verdict == .consistent)
        #expect(clean.findings.isEmpty)
        #expect(clean.agreement.allSatisfy { $0.differ == 0 && $0.onlyA == 0 && $0.onlyB == 0 && $0.equal == 2000 })
        for pair in clean.agreement where pair.a == SampleStores.canonical {
            #expect(pair.sharedRootA == pair.sharedRootB)
        }

        let faults = try audit.stores.seedFaults(seed: seed)
        #expect(faults.count > 100)
        let report = try await audit.run()
        let check = TruthCheck(expected: faults, findings: report.findings.filter { $0.state == .confirmed })
        #expect(check.missed.isEmpty, "\(check.missed)")
        #expect(
            check.falseAlarms.isEmpty,
            "\(check.falseAlarms.map { "\($0.rule) \($0.stores) \($0.contact ?? "-")" })"
        )
        #expect(report.verdict == .drift)
        #expect(report.summary.new == faults.count)

        let again = try await audit.run()
        #expect(again.stores.map(\.root) == report.stores.map(\.root))
        #expect(again.summary.new == 0)
        #expect(again.summary.gone == 0)
        #expect(again.summary.unchanged == faults.count)
    }

    @Test func `without a re-check and with the other digest scheme the same is found`() async throws {
        let audit = try await SampleAudit(contacts: 600, seed: 99)
        defer { audit.remove() }
        var input = audit.input()
        input.scheme = .sha256
        input.recheck.isEnabled = false
        #expect(try await audit.run(input).findings.isEmpty)
        let faults = try audit.stores.seedFaults(seed: 99)
        let report = try await audit.run(input)
        let check = TruthCheck(expected: faults, findings: report.findings)
        #expect(check.isMet, "\(check.line)")
    }
}
