import Contacts
import Ledger
import Testing

private func pair(_ store: String?, _ rule: RuleID = .driftField) -> CoveredPair {
    CoveredPair(rule: rule, store: store)
}

/// A run of the past and what it covered.
private struct Past: Sendable {
    var covered: [CoveredPair]
    var findings: [FindingLine]
    var verdict: Verdict? = .drift
}

private struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let past: [Past]
    let covered: [CoveredPair]
    let current: [FindingLine]
    let changes: FindingChanges

    var testDescription: String { name }
}

private let cases = [
    Case(
        name: "without a past all is new",
        past: [],
        covered: [pair("crm")],
        current: [finding("a"), finding("b")],
        changes: FindingChanges(new: 2)
    ),
    Case(
        name: "new, gone and unchanged",
        past: [Past(covered: [pair("crm")], findings: [finding("a"), finding("b"), finding("c")])],
        covered: [pair("crm")],
        current: [finding("c"), finding("d")],
        changes: FindingChanges(new: 1, gone: 2, unchanged: 1)
    ),
    Case(
        name: "only the last run that covered the pair counts",
        past: [
            Past(covered: [pair("crm")], findings: [finding("a")]),
            Past(covered: [pair("crm")], findings: [finding("b")]),
            Past(covered: [pair("app")], findings: []),
        ],
        covered: [pair("crm")],
        current: [],
        changes: FindingChanges(gone: 1)
    ),
    Case(
        name: "each store has its own last run",
        past: [
            Past(
                covered: [pair("crm"), pair("app")],
                findings: [finding("a"), finding("b", stores: ["app"])]
            ),
            Past(covered: [pair("app")], findings: [finding("c", stores: ["app"])]),
        ],
        covered: [pair("crm"), pair("app")],
        current: [finding("a"), finding("c", stores: ["app"])],
        changes: FindingChanges(unchanged: 2)
    ),
    Case(
        name: "what is not covered now is not gone",
        past: [
            Past(
                covered: [pair("crm"), pair("app"), pair("crm", .driftMissing)],
                findings: [finding("a", stores: ["app"]), finding("b", rule: .driftMissing)]
            )
        ],
        covered: [pair("crm")],
        current: [],
        changes: FindingChanges()
    ),
    Case(
        name: "an interrupted run covers nothing",
        past: [
            Past(covered: [pair("crm")], findings: [finding("a")]),
            Past(covered: [pair("crm")], findings: [], verdict: nil),
        ],
        covered: [pair("crm")],
        current: [finding("a")],
        changes: FindingChanges(unchanged: 1)
    ),
    Case(
        name: "only confirmed findings of then count",
        past: [Past(covered: [pair("crm")], findings: [finding("a", state: .healed), finding("b", state: .busy)])],
        covered: [pair("crm")],
        current: [finding("b")],
        changes: FindingChanges(new: 1)
    ),
    Case(
        name: "healed and gone have gone; busy, unchecked and waived have not",
        past: [Past(covered: [pair("crm")], findings: ["a", "b", "c", "d", "e"].map { finding($0) })],
        covered: [pair("crm")],
        current: [
            finding("a", state: .healed), finding("b", state: .gone), finding("c", state: .busy),
            finding("d", state: .unchecked), finding("e", state: .waived),
        ],
        changes: FindingChanges(gone: 2)
    ),
    Case(
        name: "a finding with several stores counts once",
        past: [
            Past(
                covered: [pair("crm"), pair("app")],
                findings: [finding("a", stores: ["app", "crm"]), finding("b", stores: ["app", "crm"])]
            )
        ],
        covered: [pair("crm"), pair("app")],
        current: [finding("a", stores: ["app", "crm"]), finding("a", stores: ["app", "crm"])],
        changes: FindingChanges(gone: 1, unchanged: 1)
    ),
    Case(
        name: "a finding with several stores is gone only if all were covered",
        past: [Past(covered: [pair("crm"), pair("app")], findings: [finding("a", stores: ["app", "crm"])])],
        covered: [pair("crm")],
        current: [],
        changes: FindingChanges()
    ),
    Case(
        name: "findings without a store are covered by a pair without one",
        past: [Past(covered: [pair(nil)], findings: [finding("a", stores: []), finding("b", stores: [])])],
        covered: [pair(nil)],
        current: [finding("a", stores: [])],
        changes: FindingChanges(gone: 1, unchanged: 1)
    ),
    Case(
        name: "a pair named twice counts once",
        past: [Past(covered: [pair("crm"), pair("crm")], findings: [finding("a")])],
        covered: [pair("crm"), pair("crm")],
        current: [],
        changes: FindingChanges(gone: 1)
    ),
]

@Suite struct ChangesTests {
    @Test(arguments: cases) fileprivate func changes(_ given: Case) async throws {
        let state = try TemporaryState()
        let ledger = try await Ledger.open(in: state.folder)
        for (number, past) in given.past.enumerated() {
            let entry = audit("\(number)", verdict: past.verdict, coverage: past.covered)
            _ = try ledger.record(entry, findings: past.findings)
        }
        #expect(try ledger.changes(against: given.current, covered: given.covered) == given.changes)
        #expect(try ledger.changes(against: given.current, covered: given.covered) == given.changes, "asked again")
        #expect(try ledger.verify() == .whole(entries: given.past.count))
    }

    @Test func newFindingsAreCountedByCause() async throws {
        let state = try TemporaryState()
        let ledger = try await Ledger.open(in: state.folder)
        let covered = [pair("crm"), pair("app"), pair("crm", .driftMissing)]
        let past = ["a", "b"].map { finding($0) } + [finding("m", rule: .driftMissing)]
        _ = try ledger.record(audit("1", coverage: covered), findings: past)

        var other = finding("f")
        other.fields = ["phones"]
        let current = [
            finding("a"), finding("c"), finding("d"), finding("d"), finding("h", state: .healed),
            finding("u", state: .unchecked), finding("m", rule: .driftMissing), finding("e", stores: ["app"]), other,
        ]
        let causes = [finding("a").cause, finding("m", rule: .driftMissing).cause, finding("e", stores: ["app"]).cause]
        let changes = try ledger.changes(against: current, covered: covered, causes: causes)
        #expect(changes.new == 4)
        #expect(changes.newByCause == [causes[0]: 2, causes[2]: 1])
        #expect(try ledger.changes(against: current, covered: covered).newByCause == [:])
    }
}
