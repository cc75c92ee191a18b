import Contacts
import Foundation
import Ledger
import Testing

@Suite struct LedgerTests {
    private let state: TemporaryState

    init() throws { state = try TemporaryState() }

    @Test func whatIsRecordedIsReadBack() async throws {
        let ledger = try await Ledger.open(in: state.folder)
        let lines = [
            finding("b", stores: ["crm", "app"]),
            FindingLine(id: "a", rule: .driftSchema, contact: nil, stores: ["crm"], state: .healed),
        ]
        #expect(try ledger.record(audit("1", verdict: .consistent, exit: 0), findings: []) == 1)
        #expect(try ledger.record(audit("2"), findings: lines) == 2)

        let history = try ledger.history(limit: 10)
        #expect(history.map(\.id) == ["2", "1"])
        #expect(history.map(\.chain) == [2, 1])
        #expect(history.map(\.verdict) == [.drift, .consistent])
        #expect(history[0].startedAt == Date(timeIntervalSince1970: 1_700_000_000.123))
        #expect(history[0].finishedAt == Date(timeIntervalSince1970: 1_700_000_060.568))
        #expect(history[0].roots == ["warehouse": "sha256:01", "crm": "sha256:1000"])
        #expect(history[0].counts == ["findings": 2])
        #expect(try ledger.history(limit: 1).map(\.id) == ["2"])

        var found: [FindingLine] = []
        try ledger.findings(of: "2") { found.append($0) }
        #expect(found == lines)
        try ledger.findings(of: "none") { _ in Issue.record("a run that is not there has no findings") }
    }

    @Test func historyHasTheShapeOfTheContract() async throws {
        let ledger = try await Ledger.open(in: state.folder)
        _ = try ledger.record(audit("1", verdict: nil, exit: 130), findings: [])
        let data = try JSONEncoder().encode(ledger.history(limit: 1)[0])
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(
            object.keys.sorted()
                == ["chain", "counts", "exit", "finishedAt", "id", "roots", "startedAt", "verb", "verdict"]
        )
        #expect(object["verdict"] is NSNull)
    }

    @Test func aRunIsRecordedOnceOrNotAtAll() async throws {
        let ledger = try await Ledger.open(in: state.folder)
        _ = try ledger.record(audit("1"), findings: [finding("a")])
        let error = try #require(throws: LedgerError.self) { try ledger.record(audit("1"), findings: [finding("b")]) }
        #expect(error.code == .duplicate)
        var twice = audit("2")
        twice.stores.append(twice.stores[0])
        #expect(throws: LedgerError.self) { try ledger.record(twice, findings: [finding("b")]) }
        #expect(try ledger.history(limit: 9).map(\.id) == ["1"])
        #expect(try ledger.verify() == .whole(entries: 1))
    }

    @Test func theLastCompleteReadingIsRemembered() async throws {
        let ledger = try await Ledger.open(in: state.folder)
        let old = [StoreColumn(name: "id", type: "TEXT")]
        let new = old + [StoreColumn(name: "vip", type: "")]
        #expect(try ledger.lastRecords(of: "crm") == nil)
        #expect(try ledger.lastColumns(of: "crm") == nil)

        _ = try ledger.record(audit("1", records: 5, complete: false, columns: old), findings: [])
        #expect(try ledger.lastRecords(of: "crm") == nil)
        #expect(try ledger.lastColumns(of: "crm") == old)

        _ = try ledger.record(audit("2", records: 7, columns: new), findings: [])
        _ = try ledger.record(audit("3", records: nil, complete: false, columns: nil), findings: [])
        #expect(try ledger.lastRecords(of: "crm") == 7)
        #expect(try ledger.lastColumns(of: "crm") == new)
    }

    @Test func statusCountsWhatTheLastVerdictLeftOpen() async throws {
        let ledger = try await Ledger.open(in: state.folder)
        let empty = try ledger.status()
        #expect(empty.lastRun == nil && empty.lastVerdict == nil && empty.open == [:])

        let lines = [
            finding("a"), finding("b"), finding("c", rule: .driftMissing), finding("d", state: .healed),
        ]
        _ = try ledger.record(audit("1"), findings: lines)
        _ = try ledger.record(audit("2", verb: "gate", verdict: nil, exit: 130), findings: [finding("e")])
        let status = try ledger.status()
        #expect(status.lastRun?.id == "2")
        #expect(status.lastVerdict?.id == "1")
        #expect(status.open == ["drift.field": 2, "drift.missing": 1])
        #expect(try ledger.latestRun(verb: "audit")?.id == "1")
        #expect(try ledger.latestRun(verb: "undo") == nil)
        #expect(try ledger.run("2")?.exit == 130)
        #expect(try ledger.run("3") == nil)
    }

    @Test func instancesThatRecordAtOnceAllLandInTheChain() async throws {
        let folder = state.folder
        try await withThrowingTaskGroup { group in
            for writer in 0..<4 {
                group.addTask {
                    let ledger = try await Ledger.open(in: folder)
                    for run in 0..<10 {
                        _ = try ledger.record(audit("\(writer)-\(run)"), findings: [finding("a"), finding("b")])
                    }
                }
            }
            try await group.waitForAll()
        }
        let ledger = try await Ledger.open(in: folder)
        #expect(try ledger.verify() == .whole(entries: 40))
        #expect(Set(try ledger.history(limit: 100).map(\.id)).count == 40)
    }

    @Test func aNewerLedgerIsLeftAlone() async throws {
        _ = try await Ledger.open(in: state.folder)
        try state.tamper("INSERT INTO grdb_migrations VALUES ('9999')")
        let error = await #expect(throws: LedgerError.self) { try await Ledger.open(in: state.folder) }
        #expect(error?.code == .newer)
        #expect(error?.message.contains("newer version") == true)
    }

    @Test func aDamagedLedgerIsNamed() async throws {
        try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: state.folder.ledger))
        let error = await #expect(throws: LedgerError.self) { try await Ledger.open(in: state.folder) }
        #expect(error?.code == .damaged)
        #expect(error?.message.contains(state.folder.ledger) == true)
    }

    @Test func runIDsSortByStart() {
        var random = SystemRandomNumberGenerator()
        let start = Date(timeIntervalSince1970: 1_795_475_045)
        let id = RunID.make(at: start, random: &random)
        #expect(id.wholeMatch(of: /20261123T230405Z-[0-9a-f]{6}/) != nil, "\(id)")
        #expect(id < RunID.make(at: start + 1, random: &random))
    }
}
