import Audit
import Contacts
import Demo
import Fingerprint
import Rules
import Testing

/// The promise of the product: nothing is found where nothing is wrong, and everything where something is.
@Suite(.serialized) struct SeededFaultsAuditTests {
    /// The rule that no fault of the sample fires, since nothing else is found in such a store; its own tests do.
    private static let unseeded: Set<RuleID> = [.storeUnproved]

    /// Seeds the faults and writes the rules that come with them.
    ///
    /// - Returns: what must be found, by an audit of this input.
    private func seedFaults(_ audit: SampleAudit, seed: UInt64) throws -> (faults: [ExpectedFault], input: AuditInput) {
        let faults = try audit.stores.writeRules(for: audit.stores.seedFaults(seed: seed), seed: seed)
        var input = audit.input()
        input.rules = try RuleBook.load(folder: audit.folder + "/rules", named: true)
        return (faults, input)
    }

    private func expectMet(_ check: TruthCheck) {
        #expect(
            check.missed.isEmpty,
            "missed: \(check.missed.map { "\($0.rule) \($0.store ?? "-") \($0.contact ?? "-") \($0.fields)" })"
        )
        #expect(
            check.falseAlarms.isEmpty,
            "false: \(check.falseAlarms.map { "\($0.rule) \($0.stores) \($0.contact ?? "-") \($0.fields.map(\.name))" })"
        )
    }

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

        let (faults, input) = try seedFaults(audit, seed: seed)
        #expect(faults.count > 250)
        let report = try await audit.run(input)
        expectMet(TruthCheck(expected: faults, findings: report.findings))
        #expect(report.findings.filter { $0.state == .waived }.count == 1)
        #expect(report.verdict == .drift)
        #expect(report.summary.findings == faults.count)
        #expect(report.summary.new == faults.count)

        let again = try await audit.run(input)
        #expect(again.stores.map(\.root) == report.stores.map(\.root))
        #expect(again.summary.new == 0)
        // The added column is history to this run.
        let lasting = faults.filter { $0.rule != .driftSchema }
        expectMet(TruthCheck(expected: lasting, findings: again.findings))
        #expect(again.summary.gone == 1)
        #expect(again.summary.unchanged == faults.count - 1)
    }

    @Test func `without a re-check, with the other digest scheme and without rules of one's own the same is found`()
        async throws
    {
        let audit = try await SampleAudit(contacts: 600, seed: 99)
        defer { audit.remove() }
        var input = audit.input()
        input.scheme = .sha256
        input.recheck.isEnabled = false
        #expect(try await audit.run(input).findings.isEmpty)
        let faults = try audit.stores.seedFaults(seed: 99)
        let report = try await audit.run(input)
        expectMet(TruthCheck(expected: faults, findings: report.findings))
    }

    @Test func `the demo seeds every rule that exists`() async throws {
        let audit = try await SampleAudit(contacts: 600, seed: 7)
        defer { audit.remove() }
        let seeded = try Set(seedFaults(audit, seed: 7).faults.map(\.rule))
        let existing = Set(RuleCatalog.all.map(\.id))
        #expect(existing.subtracting(seeded).subtracting(Self.unseeded) == [])
        // What is excepted is there and is not seeded after all.
        #expect(Self.unseeded.isSubset(of: existing))
        #expect(Self.unseeded.isDisjoint(with: seeded))
        #expect(seeded.subtracting(existing).map(\.kind) == [.custom])
    }
}
