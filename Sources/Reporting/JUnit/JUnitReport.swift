package import Contacts
package import Foundation

/// The report as JUnit XML, the dialect that Jenkins, GitLab and GitHub's actions read.
///
/// A store is a suite: it is read, proved and timed as a whole. It is also the class of its cases, since GitLab and Jenkins
/// show classes and not suites; a case is a rule. A case of its own holds what was not looked at and belongs to no rule.
/// What a run does not check is skipped, not left out, so that a case has one history.
package enum JUnitReport {
    /// Findings that a case shows.
    static let findingLimit = 20
    /// The class of what is about no store in particular.
    static let allStores = "all stores"

    /// The document, as UTF-8. The same report gives the same bytes; no text of the report becomes markup.
    ///
    /// A case fails where confirmed findings of severity error name its store; warnings are its output. An unproved store
    /// is an error of its `store.unproved`, which has the seconds that reading took: no rule is timed by itself.
    package static func render(_ report: AuditReport) -> Data {
        document(report.run, JUnitCases(report).suites.map { element($0, report) })
    }

    /// The gate: its safety checks as a suite before those of its audit.
    ///
    /// A check that fails is a failure, and one that warns is skipped; findings are as they are without a gate, and what
    /// its limits let pass is so in its verdict alone, which is the property `verdict` of the checks' suite.
    package static func render(_ gate: GateReport) -> Data {
        var checks = JUnitCheckSuite(report: gate.check).element
        let verdict = XMLElement(name: "property", attributes: [("name", "verdict"), ("value", gate.verdict)])
        checks.children[0].children.append(verdict)
        let audit = gate.audit.map { report in JUnitCases(report).suites.map { element($0, report) } } ?? []
        return document(gate.check.run, [checks] + audit)
    }

    private static func document(_ run: AuditReport.Run, _ suites: [XMLElement]) -> Data {
        func sum(_ name: String) -> String {
            let counts = suites.flatMap(\.attributes).filter { $0.name == name }.compactMap { Int($0.value) }
            return String(counts.reduce(0, +))
        }
        let root = XMLElement(
            name: "testsuites",
            attributes: [
                ("name", "rollcall \(run.verb) \(run.id)"), ("tests", sum("tests")), ("failures", sum("failures")),
                ("errors", sum("errors")),
                ("time", JUnitTime.text(run.finishedAt.timeIntervalSince(run.startedAt))),
            ],
            children: suites
        )
        return Data(root.document.utf8)
    }

    private static func element(_ suite: JUnitSuite, _ report: AuditReport) -> XMLElement {
        let store = report.stores.first { $0.name == suite.store }
        func count(_ matches: (JUnitCase.Result) -> Bool) -> String {
            String(suite.cases.count { matches($0.result) })
        }
        return XMLElement(
            name: "testsuite",
            attributes: [
                ("name", suite.name), ("tests", String(suite.cases.count)),
                ("failures", count { if case .failed = $0 { true } else { false } }),
                ("errors", count { if case .error = $0 { true } else { false } }),
                ("skipped", count { if case .skipped = $0 { true } else { false } }),
                ("time", JUnitTime.text(store?.seconds ?? 0)),
                ("timestamp", UTCTime.text(store?.snapshotAt ?? report.run.startedAt)),
            ],
            children: (store.map { [properties($0)] } ?? []) + suite.cases.map(\.element)
        )
    }

    /// What the store's findings rest on.
    private static func properties(_ store: AuditReport.StoreResult) -> XMLElement {
        let all = [
            ("kind", store.kind), ("canonical", store.canonical ? "yes" : "no"),
            ("records", store.records.map(String.init) ?? "not read"), ("root", store.root ?? "not read"),
            ("proof", store.proof),
        ]
        return XMLElement(
            name: "properties",
            children: all.map { XMLElement(name: "property", attributes: [("name", $0.0), ("value", $0.1)]) }
        )
    }
}
