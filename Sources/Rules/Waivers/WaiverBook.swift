package import Contacts
package import Foundation

/// The waivers of a run: which of them hold, and what each of those excused so far.
package struct WaiverBook: Sendable {
    /// Those whose last day is over, in the order in which they are written. They excuse nothing.
    package let expired: [Waiver]
    /// Those that hold, in the order in which they are written.
    private let waivers: [Waiver]
    /// How many findings each of them covered.
    private var matches: [Int]
    /// Positions of waivers by rule; and by contact, of those that name contacts.
    private var byRule: [RuleID: (any: [Int], byContact: [String: [Int]])] = [:]

    /// - Parameter date: by which it is told what has expired: the start of the run.
    package init(_ waivers: [Waiver], on date: Date) {
        expired = waivers.filter { $0.isExpired(on: date) }
        self.waivers = waivers.filter { !$0.isExpired(on: date) }
        matches = Array(repeating: 0, count: self.waivers.count)
        for (position, waiver) in self.waivers.enumerated() {
            if waiver.contacts.isEmpty { byRule[waiver.rule, default: ([], [:])].any.append(position) }
            for contact in waiver.contacts {
                byRule[waiver.rule, default: ([], [:])].byContact[contact, default: []].append(position)
            }
        }
    }

    /// Those that hold and covered no finding so far, in the order in which they are written.
    package var unmatched: [Waiver] { zip(waivers, matches).filter { $0.1 == 0 }.map(\.0) }

    /// The finding as it is to be reported: `waived` and without a repair where it was confirmed and a waiver covers it.
    ///
    /// Every waiver that covers it counts, and so does a finding of another state: a waiver is not idle because its contact
    /// moved while the stores were read.
    package mutating func waived(_ finding: Finding) -> Finding {
        guard let candidates = byRule[finding.rule] else { return finding }
        let positions = candidates.any + (finding.contact.flatMap { candidates.byContact[$0] } ?? [])
        let covering = positions.filter { waivers[$0].covers(finding) }
        for position in covering { matches[position] += 1 }
        guard !covering.isEmpty, finding.state == .confirmed else { return finding }
        var finding = finding
        finding.state = .waived
        finding.repair = nil
        return finding
    }
}
