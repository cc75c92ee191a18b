import Contacts
import Ledger
import Testing

/// Something done to a ledger of five entries behind Rollcall's back, and the entry it shows in first.
private struct Tampering: Sendable, CustomTestStringConvertible {
    let sql: String
    let position: Int
    let why: String

    init(_ sql: String, at position: Int, _ why: String) {
        self.sql = sql
        self.position = position
        self.why = why
    }

    var testDescription: String { sql }
}

private let tamperings = [
    Tampering("UPDATE runs SET verdict = 'consistent' WHERE position = 3", at: 3, "run"),
    Tampering("UPDATE runs SET verdict = 'fine' WHERE position = 3", at: 3, "decoded"),
    Tampering("UPDATE runs SET verdict = NULL WHERE position = 3", at: 3, "run"),
    Tampering("UPDATE runs SET exit = 0 WHERE position = 2", at: 2, "run"),
    Tampering("UPDATE runs SET exit = 99999999999 WHERE position = 2", at: 2, "decoded"),
    Tampering("UPDATE runs SET id = 'other' WHERE position = 2", at: 2, "run"),
    Tampering("UPDATE runs SET started_at = started_at + 1 WHERE position = 5", at: 5, "run"),
    Tampering("UPDATE runs SET counts = '{}' WHERE position = 1", at: 1, "run"),
    Tampering("UPDATE runs SET counts = 'none' WHERE position = 1", at: 1, "decoded"),
    Tampering("DELETE FROM runs WHERE position = 4", at: 4, "lost its run"),
    Tampering("INSERT INTO runs SELECT 6, 'added', verb, 0, 0, NULL, 0, '', '', '{}' FROM runs LIMIT 1", at: 6, "miss"),
    Tampering("UPDATE run_stores SET root = 'sha256:ff' WHERE run = 3 AND store = 'crm'", at: 3, "stores"),
    Tampering("UPDATE run_stores SET records = NULL WHERE run = 3", at: 3, "stores"),
    Tampering("UPDATE run_stores SET columns = '[]' WHERE run = 4", at: 4, "stores"),
    Tampering("DELETE FROM run_stores WHERE run = 2 AND store = 'crm'", at: 2, "stores"),
    Tampering("DELETE FROM run_coverage WHERE run = 2", at: 2, "coverage"),
    Tampering("INSERT INTO run_coverage VALUES ('drift.missing', 'crm', 4)", at: 4, "coverage"),
    Tampering("UPDATE findings SET state = 'healed' WHERE run = 3 AND ordinal = 2", at: 3, "findings"),
    Tampering("UPDATE findings SET contact = NULL WHERE run = 3 AND ordinal = 1", at: 3, "findings"),
    Tampering("UPDATE findings SET stores = '[]' WHERE run = 1", at: 1, "findings"),
    Tampering("UPDATE findings SET ordinal = 9 WHERE run = 3 AND ordinal = 1", at: 3, "findings"),
    Tampering("DELETE FROM findings WHERE run = 5 AND ordinal = 2", at: 5, "findings"),
    Tampering("INSERT INTO findings VALUES (4, 3, 'c', 'drift.field', '1', '[]', '[]', 'healed')", at: 4, "findings"),
    Tampering("UPDATE chain SET entry = replace(entry, 'drift', 'consistent') WHERE position = 3", at: 3, "hash"),
    Tampering("UPDATE chain SET entry = '{}' WHERE position = 3", at: 3, "hash"),
    Tampering("UPDATE chain SET hash = previous WHERE position = 4", at: 4, "hash"),
    Tampering("UPDATE chain SET previous = hash WHERE position = 4", at: 4, "follow"),
    Tampering("DELETE FROM chain WHERE position = 1", at: 1, "missing"),
    Tampering("DELETE FROM chain WHERE position = 3", at: 3, "missing"),
    Tampering("DELETE FROM chain WHERE position = 5", at: 5, "missing"),
    Tampering(removal(of: 5), at: 5, "missing"),
    Tampering(removal(of: 3) + renumbering(4, to: 3) + renumbering(5, to: 4), at: 3, "follow"),
    Tampering(renumbering(2, to: 9) + renumbering(3, to: 2) + renumbering(9, to: 3), at: 2, "follow"),
]

private let tables = [
    ("chain", "position"), ("runs", "position"), ("run_stores", "run"), ("run_coverage", "run"), ("findings", "run"),
]

private func removal(of position: Int) -> String {
    tables.map { "DELETE FROM \($0.0) WHERE \($0.1) = \(position);" }.joined()
}

private func renumbering(_ old: Int, to new: Int) -> String {
    tables.map { "UPDATE \($0.0) SET \($0.1) = \(new) WHERE \($0.1) = \(old);" }.joined()
}

private let key: [UInt8] = Array("a history key".utf8)

@Suite struct ChainTests {
    private let state: TemporaryState
    private let ledger: Ledger

    init() async throws {
        state = try TemporaryState()
        ledger = try await Ledger.open(in: state.folder)
    }

    private func record(_ runs: ClosedRange<Int>, key: [UInt8]?) throws {
        for run in runs {
            let entry = audit("\(run)", coverage: [CoveredPair(rule: .driftField, store: "crm")])
            _ = try ledger.record(entry, findings: [finding("a\(run)"), finding("b")], historyKey: key)
        }
    }

    @Test(arguments: tamperings, [nil, key])
    private func theFirstBrokenEntryIsNamed(_ given: Tampering, _ key: [UInt8]?) throws {
        try record(1...5, key: key)
        #expect(try ledger.verify(historyKey: key) == .whole(entries: 5))
        try state.tamper(given.sql)
        guard case .broken(let position, let why) = try ledger.verify(historyKey: key) else {
            Issue.record("taken for whole")
            return
        }
        #expect(position == given.position)
        #expect(why.hasPrefix("Entry \(given.position) "))
        #expect(why.contains(given.why), "\(why)")
    }

    @Test func anEmptyChainIsWhole() throws {
        #expect(try ledger.verify() == .whole(entries: 0))
        #expect(try ledger.verify(historyKey: key) == .whole(entries: 0))
    }

    @Test func aHoleAtTheEndStaysVisible() throws {
        try record(1...2, key: nil)
        try state.tamper(removal(of: 2))
        #expect(try ledger.record(audit("3"), findings: []) == 3)
        guard case .broken(position: 2, _) = try ledger.verify() else {
            Issue.record("the removed entry is not missed")
            return
        }
    }

    @Test func anotherKeyIsNamed() throws {
        try record(1...2, key: key)
        guard case .broken(position: 1, let why) = try ledger.verify(historyKey: [1]) else {
            Issue.record("taken for whole")
            return
        }
        #expect(why.contains("the history key is not the one"))
    }

    @Test func aChainWithAKeyNeedsIt() throws {
        try record(1...2, key: key)
        let error = try #require(throws: LedgerError.self) { try ledger.verify() }
        #expect(error.code == .historyKey)
    }

    @Test func aChainWithoutAKeyProvesNothingToOneWhoHasIt() throws {
        try record(1...2, key: nil)
        guard case .broken(position: 1, let why) = try ledger.verify(historyKey: key) else {
            Issue.record("taken for whole")
            return
        }
        #expect(why.contains("without the history key"))
    }

    @Test func theFirstEntryWithTheKeyVouchesForThoseBefore() throws {
        try record(1...2, key: nil)
        try record(3...4, key: key)
        #expect(try ledger.verify(historyKey: key) == .whole(entries: 4))
        try record(5...5, key: nil)
        guard case .broken(position: 5, let why) = try ledger.verify(historyKey: key) else {
            Issue.record("taken for whole")
            return
        }
        #expect(why.contains("forged"))
    }
}
