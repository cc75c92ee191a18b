import Contacts
import GRDB

extension Ledger {
    /// The run at a position as its tables have it, or nil where there is no such run.
    static func entry(at position: Int64, _ db: Database) throws -> RunEntry? {
        let row = try Row.fetchOne(db, sql: "SELECT * FROM runs WHERE position = ?", arguments: [position])
        guard let row else { return nil }
        let verdict = try row.decode(String?.self, forColumn: "verdict")
        return RunEntry(
            id: try row.decode(forColumn: "id"),
            verb: try row.decode(forColumn: "verb"),
            startedAt: .init(milliseconds: try row.decode(forColumn: "started_at")),
            finishedAt: .init(milliseconds: try row.decode(forColumn: "finished_at")),
            verdict: try verdict.map { try word($0) },
            exit: try row.decode(forColumn: "exit"),
            version: try row.decode(forColumn: "version"),
            configuration: try row.decode(forColumn: "configuration"),
            counts: try LedgerJSON.value(from: try row.decode(forColumn: "counts")),
            stores: try stores(at: position, db),
            coverage: try coverage(at: position, db)
        )
    }

    /// Passes the rows of a run's findings to the body, in order.
    static func forEachFinding(of position: Int64, _ db: Database, _ body: (FindingRow) throws -> Void) throws {
        let rows = try Row.fetchCursor(
            db,
            sql: "SELECT id, rule, contact, stores, fields, state FROM findings WHERE run = ? ORDER BY ordinal",
            arguments: [position]
        )
        while let row = try rows.next() {
            try body(
                FindingRow(
                    id: try row.decode(atIndex: 0),
                    rule: try row.decode(atIndex: 1),
                    contact: try row.decode(atIndex: 2),
                    stores: try row.decode(atIndex: 3),
                    fields: try row.decode(atIndex: 4),
                    state: try row.decode(atIndex: 5)
                )
            )
        }
    }

    private static func stores(at position: Int64, _ db: Database) throws -> [RunStore] {
        try Row.fetchAll(db, sql: "SELECT * FROM run_stores WHERE run = ? ORDER BY ordinal", arguments: [position])
            .map { row in
                let columns = try row.decode(String?.self, forColumn: "columns")
                return RunStore(
                    name: try row.decode(forColumn: "store"),
                    kind: try row.decode(forColumn: "kind"),
                    canonical: try row.decode(forColumn: "canonical"),
                    records: try row.decode(forColumn: "records"),
                    root: try row.decode(forColumn: "root"),
                    complete: try row.decode(forColumn: "complete"),
                    columns: try columns.map { try LedgerJSON.value(from: $0) }
                )
            }
    }

    private static func coverage(at position: Int64, _ db: Database) throws -> [CoveredPair] {
        try Row.fetchAll(db, sql: "SELECT rule, store FROM run_coverage WHERE run = ?", arguments: [position])
            .map { row in
                let store = try row.decode(String.self, atIndex: 1)
                return CoveredPair(rule: RuleID(try row.decode(atIndex: 0)), store: store.isEmpty ? nil : store)
            }
            .sorted()
    }

    /// A word of a fixed list.
    static func word<Word: RawRepresentable<String>>(_ text: String) throws -> Word {
        guard let word = Word(rawValue: text) else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: [], debugDescription: "an unknown word in a column of fixed words")
            )
        }
        return word
    }
}

/// A finding as its table has it.
struct FindingRow {
    var id: String
    var rule: String
    var contact: String?
    var stores: String
    var fields: String
    var state: String

    func line(_ lists: inout NameListCoder) throws -> FindingLine {
        FindingLine(
            id: id,
            rule: RuleID(rule),
            contact: contact,
            stores: try lists.names(stores),
            fields: try lists.names(fields),
            state: try Ledger.word(state)
        )
    }
}
