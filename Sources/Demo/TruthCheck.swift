package import Contacts

/// How well an audit met the truth: expected faults against its confirmed findings.
///
/// A finding meets a fault of the same rule, contact, (first) store and set of fields. One with other fields is a
/// missed fault and a false alarm; one that is reported twice is a false alarm the second time.
package struct TruthCheck: Sendable, Hashable {
    /// Faults that a finding meets, in the order in which they were expected.
    package private(set) var found: [ExpectedFault] = []
    /// Faults that no finding meets, in that order.
    package private(set) var missed: [ExpectedFault] = []
    /// Confirmed findings that no fault explains, in the order of the report.
    package private(set) var falseAlarms: [Finding] = []

    /// Checks findings, of which only confirmed ones count.
    package init(expected: [ExpectedFault], findings: [Finding]) {
        var open: [Mark: Int] = [:]
        for finding in findings where finding.state == .confirmed { open[Mark(finding), default: 0] += 1 }
        for fault in expected {
            let mark = Mark(fault)
            if open[mark, default: 0] > 0 {
                open[mark, default: 0] -= 1
                found.append(fault)
            } else {
                missed.append(fault)
            }
        }
        for finding in findings.reversed() where finding.state == .confirmed && open[Mark(finding), default: 0] > 0 {
            open[Mark(finding), default: 0] -= 1
            falseAlarms.append(finding)
        }
        falseAlarms.reverse()
    }

    /// Whether every fault was found and nothing else.
    package var isMet: Bool { missed.isEmpty && falseAlarms.isEmpty }

    /// `N faults: N found, 0 missed, 0 false alarms`.
    package var line: String {
        "\(found.count + missed.count) faults: \(found.count) found, \(missed.count) missed, "
            + "\(falseAlarms.count) false alarms"
    }

    private struct Mark: Hashable {
        let rule: RuleID
        let contact: String?
        let store: String?
        let fields: Set<String>

        init(_ fault: ExpectedFault) {
            rule = fault.rule
            contact = fault.contact
            store = fault.store
            fields = Set(fault.fields)
        }

        init(_ finding: Finding) {
            rule = finding.rule
            contact = finding.contact
            store = finding.stores.first
            fields = Set(finding.fields.map(\.name))
        }
    }
}
