import Contacts

/// The safety checks as a suite of a case each.
struct JUnitCheckSuite {
    /// The suite's name and its cases' class.
    static let name = "safety checks"

    let report: SafetyReport

    var element: XMLElement {
        let cases = report.checks.map(Self.case)
        func count(_ matches: (JUnitCase.Result) -> Bool) -> String { String(cases.count { matches($0.result) }) }
        return XMLElement(
            name: "testsuite",
            attributes: [
                ("name", Self.name), ("tests", String(cases.count)),
                ("failures", count { if case .failed = $0 { true } else { false } }), ("errors", "0"),
                ("skipped", count { if case .skipped = $0 { true } else { false } }),
                ("time", JUnitTime.text(cases.reduce(0) { $0 + $1.seconds })),
                ("timestamp", UTCTime.text(report.run.startedAt)),
            ],
            children: [properties] + cases.map(\.element)
        )
    }

    /// The overall word, and what is vouched for.
    private var properties: XMLElement {
        let all =
            [("overall", report.overall.rawValue)] + report.pipelines.map { ($0.name.rawValue, $0.state.rawValue) }
        return XMLElement(
            name: "properties",
            children: all.map { XMLElement(name: "property", attributes: [("name", $0.0), ("value", $0.1)]) }
        )
    }

    /// A warning is a skipped case: what it is about is not there to be checked.
    private static func `case`(_ check: SafetyReport.Check) -> JUnitCase {
        var result = JUnitCase(store: name, name: check.name.rawValue, seconds: check.seconds)
        result.output = check.evidence.map { "\($0.source.rawValue): \($0.seen)" }
        let advice = check.advice.map { [$0] } ?? []
        switch check.status {
        case .pass: break
        case .warn: result.result = .skipped(([check.message] + advice).joined(separator: " "))
        case .fail: result.result = .failed(JUnitCase.Explanation(message: check.message, lines: advice))
        }
        return result
    }
}
