import Contacts
import Foundation

extension SampleStores {
    /// Writes `rules/demo.yaml` into the stores' folder: a rule of the user's own, a waiver that excuses one of the
    /// faults for good, and one that expired at the end of 2024 and excuses nothing any more.
    ///
    /// Call it after the faults were seeded: on clean stores the expired waiver is a finding too. A configuration that is
    /// read afterwards finds the folder without naming it.
    ///
    /// Where no fault is a `drift.field` or a `drift.missing`, the waiver of that one is left out.
    ///
    /// - Parameters:
    ///   - faults: What `seedFaults` returned.
    ///   - seed: That of the faults.
    /// - Returns: the findings that an audit by these rules must make, in the order of `faults`: without the excused one,
    ///   with those of the rule and the expired waiver.
    /// - Throws: an error of the file system; an existing file is replaced.
    package func writeRules(for faults: [ExpectedFault], seed: UInt64) throws -> [ExpectedFault] {
        let excused = faults.first { $0.rule == .driftField }
        let expired = faults.first { $0.rule == .driftMissing }
        let waivers = [
            excused.map { Self.waiver(of: $0, "The sales team keeps its own spelling there.", until: "2999-12-31") },
            expired.map { Self.waiver(of: $0, "It comes back with the move of the archive.", until: "2024-12-31") },
        ]
        .compactMap(\.self)
        let text =
            "# What else an audit of the sample asks, and what it excuses.\n\n" + OwnRule.text
            + (waivers.isEmpty ? "" : "\nwaivers:\n" + waivers.joined())
        try FileManager.default.createDirectory(atPath: "\(folder)/rules", withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/rules/demo.yaml"), options: .atomic)
        var expected = faults.filter { $0 != excused } + self.faults(seed: seed).flatMap(\.expectedByOwnRule)
        if let expired { expected.append(ExpectedFault(contact: nil, store: expired.store, rule: .waiverExpired)) }
        return Self.sorted(expected)
    }

    private static func waiver(of fault: ExpectedFault, _ reason: String, until day: String) -> String {
        """
          - rule: \(fault.rule)
            contact: "\(fault.contact ?? "")"
            store: \(fault.store ?? "")
            owner: data-team@example.com
            reason: \(reason)
            expires: \(day)

        """
    }
}
