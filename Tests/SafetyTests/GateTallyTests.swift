import Contacts
import Ledger
import Safety
import Testing

@Suite("The gate's limits")
struct GateTallyTests {
    /// Findings in few words: `drift.field crm+app` is one that names both; `!` is a warning, `?` is not confirmed.
    private func tally(
        _ findings: [String],
        byRule: [RuleID: Int] = [:],
        byStore: [String: [RuleID: Int]] = [:],
        baseline: Set<String> = []
    ) -> GateTally {
        var tally = GateTally(GateLimits(byRule: byRule, byStore: byStore), baseline: baseline)
        for (number, text) in findings.enumerated() {
            let words = text.split(separator: " ").map(String.init)
            let stores = words.dropFirst().first.map { $0.split(separator: "+").map(String.init) } ?? []
            let line = FindingLine(
                id: "f\(number)",
                rule: RuleID(words[0].filter { $0 != "!" && $0 != "?" }),
                contact: nil,
                stores: stores,
                state: words[0].hasPrefix("?") ? .busy : .confirmed
            )
            tally.add(line, words[0].hasPrefix("!") ? .warning : .error)
        }
        return tally
    }

    /// `rule store found/limit`.
    private func words(_ tally: GateTally) -> [String] {
        tally.exceeded.map { "\($0.rule) \($0.store ?? "-") \($0.findings)/\($0.limit)" }
    }

    @Test("without limits every confirmed error counts, and no warning")
    func none() {
        #expect(words(tally([])) == [])
        #expect(words(tally(["!duplicate.identifier a", "?drift.field a"])) == [])
        #expect(
            words(tally(["drift.field a", "drift.field b", "custom.x"])) == ["custom.x - 1/0", "drift.field - 2/0"]
        )
    }

    @Test("a rule's limit counts errors and warnings over all stores, each finding once")
    func byRule() {
        let findings = ["drift.field a", "drift.field b", "!duplicate.identifier a+b", "!duplicate.identifier b"]
        #expect(words(tally(findings, byRule: [.driftField: 2, .duplicateIdentifier: 2])) == [])
        #expect(
            words(tally(findings, byRule: [.driftField: 1, .duplicateIdentifier: 1])) == [
                "drift.field - 2/1", "duplicate.identifier - 2/1",
            ]
        )
    }

    @Test("a store's own limit counts what names the store, which counts for no other")
    func byStore() {
        let findings = ["drift.field crm", "drift.field crm", "drift.field app", "duplicate.identifier crm+app"]
        let own: [String: [RuleID: Int]] = ["crm": [.driftField: 2]]
        #expect(words(tally(findings, byStore: own)) == ["drift.field - 1/0", "duplicate.identifier - 1/0"])
        #expect(words(tally(findings, byRule: [.driftField: 1], byStore: own)) == ["duplicate.identifier - 1/0"])
        let both: [String: [RuleID: Int]] = [
            "crm": [.driftField: 1, .duplicateIdentifier: 0], "app": [.driftField: 0],
        ]
        #expect(
            words(tally(findings, byStore: both)) == [
                "drift.field app 1/0", "drift.field crm 2/1", "duplicate.identifier - 1/0",
                "duplicate.identifier crm 1/0",
            ]
        )
    }

    @Test("what was in the baseline does not count, and is counted apart")
    func baseline() {
        let tally = tally(["drift.field a", "drift.field a", "drift.missing a"], baseline: ["f0", "f2", "gone"])
        #expect(words(tally) == ["drift.field - 1/0"])
        #expect(tally.known == 2)
    }

    @Test("a store that was not read through is no finding that counts, whatever the baseline says")
    func unproved() {
        let tally = tally(["store.unproved a"], byRule: [.storeUnproved: 5], baseline: ["f0"])
        #expect(words(tally) == [] && tally.isUnproved && tally.known == 0)
        #expect(!self.tally(["drift.field a"]).isUnproved)
    }
}
