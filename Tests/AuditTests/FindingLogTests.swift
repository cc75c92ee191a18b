import Contacts
import Demo
import Foundation
import Ledger
import Testing

@testable import Audit

@Suite struct FindingLogTests {
    /// A log in a folder of its own, removed with this object.
    private final class Log {
        let log: FindingLog
        let folder = NSTemporaryDirectory() + "rollcall-log-" + UUID().uuidString

        init(_ findings: [Finding]) throws {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            log = try FindingLog(folder: folder)
            for finding in findings { try log.append(finding) }
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }
    }

    private func finding(
        _ contact: String?,
        _ stores: [String] = ["crm"],
        rule: RuleID = .driftField,
        severity: Severity = .error,
        state: FindingState = .confirmed,
        fields: [String] = ["phones"]
    ) -> Finding {
        Finding(
            id: "\(rule) \(contact ?? "-") \(stores)",
            rule: rule,
            kind: rule.kind ?? .store,
            severity: severity,
            contact: contact,
            stores: stores,
            fields: fields.map { name in
                FieldDifference(
                    name: name,
                    values: ["warehouse": "é\n<\u{1B}>", "crm": nil],
                    sameMask: false,
                    lengths: ["crm": 0]
                )
            },
            state: state,
            message: "message \(contact ?? "-")"
        )
    }

    @Test func `findings come back in the order of a report, as they were`() throws {
        let expected = [
            finding(nil, rule: .storeUnproved, fields: []), finding("9"), finding("10"), finding("-3", ["local"]),
            finding("2", ["local"]), finding("a", ["local"]), finding("10a", rule: .driftStale),
            finding("1", rule: .driftField, severity: .warning), finding("1", state: .busy),
            finding("1", rule: .driftStale, severity: .warning, state: .healed),
        ]
        .sorted { a, b in
            // By hand: confirmed errors by rule, store and contact, then warnings, then the rest.
            let order = ["9", "10", "-3", "2", "a", "10a", "-"]
            func place(_ finding: Finding) -> Int {
                if finding.state != .confirmed { return finding.severity == .error ? 101 : 102 }
                return finding.severity == .warning ? 100 : order.firstIndex(of: finding.contact ?? "-")!
            }
            return place(a) < place(b)
        }
        var random = SeededRandom(seed: 3)
        for _ in 0..<20 {
            let log = try Log(expected.shuffled(using: &random))
            #expect(try log.log.withFirst(100) { Array($0) } == expected)
            #expect(try log.log.withFirst(4) { Array($0) } == Array(expected.prefix(4)))
            #expect(try log.log.withFirst(0) { Array($0) } == [])
            #expect(try log.log.withFirst(100) { [Array($0), Array($0)] } == [expected, expected])
        }
    }

    @Test func `equal ones stay in the order in which they were found`() throws {
        var findings = (0..<100).map { _ in finding("1") }
        for index in findings.indices { findings[index].message = "\(index)" }
        let log = try Log(findings)
        #expect(try log.log.withFirst(100) { $0.map(\.message) } == (0..<100).map { "\($0)" })
    }

    @Test func `the parts are all lines`() throws {
        var findings = (0..<5000).map { finding("\($0)") }
        findings[7].message = String(repeating: "long ", count: 300_000)
        let log = try Log(findings)
        var data = Data()
        try log.log.forEachPart { data.append($0) }
        let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        #expect(lines.count == 5001 && lines.last?.isEmpty == true)
        #expect(try lines.dropLast().map { try JSONDecoder().decode(Finding.self, from: Data($0)) } == findings)
    }

    @Test func `a file that was damaged is an error, not an end, and quotes nothing`() throws {
        let log = try Log((0..<10).map { finding("\($0)") })
        let file = try #require(FileHandle(forWritingAtPath: log.folder + "/findings.ndjson"))
        try file.seek(toOffset: 700)
        try file.write(contentsOf: Data("secret".utf8))
        let damaged = #expect(throws: (any Error).self) { try log.log.withFirst(10) { $0.reduce(0) { n, _ in n + 1 } } }
        #expect("\(try #require(damaged))".contains("findings.ndjson"))
        #expect(!"\(try #require(damaged))".contains("secret"))
        try file.truncate(atOffset: 500)
        #expect(throws: (any Error).self) { try log.log.withFirst(10) { Array($0) } }
        #expect(throws: (any Error).self) { try log.log.forEachPart { _ in } }
    }

    @Test func `pairs of rule and store are counted for each store that a finding names`() throws {
        let log = try Log([
            finding("1"), finding("2", severity: .warning), finding("3", state: .unchecked),
            finding("4", state: .healed), finding("5", ["crm", "app"], rule: .duplicateIdentifier),
            finding(nil, [], rule: .waiverExpired, severity: .warning),
        ])
        let covered = [
            CoveredPair(rule: .driftField, store: "crm"), CoveredPair(rule: .driftField, store: "app"),
            CoveredPair(rule: .duplicateIdentifier, store: "app"), CoveredPair(rule: .waiverExpired, store: nil),
        ]
        #expect(
            log.log.counts.checked(covered) == [
                AuditReport.Checked(rule: .driftField, store: "crm", errors: 1, warnings: 1, unchecked: 1),
                AuditReport.Checked(rule: .driftField, store: "app"),
                AuditReport.Checked(rule: .duplicateIdentifier, store: "app", errors: 1),
                AuditReport.Checked(rule: .waiverExpired, store: nil, warnings: 1),
            ]
        )
        #expect(log.log.unchecked == 1)
    }

    @Test func `causes of two findings and more are told, most first`() throws {
        let log = try Log(
            (1...3).map { finding("\($0)") } + (1...5).map { finding("\($0)", ["app"]) }
                + (1...3).map { finding("\($0)", fields: ["emails", "phones"]) } + [finding("9", fields: ["notes"])]
                + (1...9).map { finding("\($0)", rule: .driftStale, state: .busy) }
                + (1...3).map { finding("\($0)", rule: .driftConflict) }
        )
        let causes = log.log.counts.largestCauses(10)
        #expect(causes.map(\.findings) == [5, 3, 3, 3])
        #expect(
            causes.map(\.cause) == [
                FindingCause(rule: .driftField, stores: ["app"], fields: ["phones"]),
                FindingCause(rule: .driftConflict, stores: ["crm"], fields: ["phones"]),
                FindingCause(rule: .driftField, stores: ["crm"], fields: ["emails", "phones"]),
                FindingCause(rule: .driftField, stores: ["crm"], fields: ["phones"]),
            ]
        )
        #expect(log.log.counts.largestCauses(1).map(\.findings) == [5])
        #expect(!log.log.counts.hasMoreCauses)
    }

    @Test func `causes beyond the limit are not counted, those within it go on`() {
        var counts = FindingCounts()
        for number in 0...FindingCounts.causeLimit { counts.add(finding("1", fields: ["f\(number)"])) }
        #expect(counts.hasMoreCauses)
        counts.add(finding("2", fields: ["f\(FindingCounts.causeLimit)"]))
        counts.add(finding("2", fields: ["f0"]))
        #expect(counts.largestCauses(10).map(\.cause.fields) == [["f0"]])
        #expect(counts.summary.findings == FindingCounts.causeLimit + 3)
    }
}
