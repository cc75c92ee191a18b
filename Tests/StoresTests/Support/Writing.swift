import Contacts
import GRDB
import Stores
import Testing

/// All tables of a file: every row with its number, every value with its type.
struct Dump: Equatable {
    private(set) var rows: [String: [String]] = [:]

    init(_ path: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.unsafeRead { database in
            let tables = try Row.fetchAll(
                database,
                sql: "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
                    + " AND name NOT LIKE 'sqlite_%'"
            )
            for table in tables {
                let name: String = table["name"]
                let columns = try String.fetchAll(
                    database,
                    sql: "SELECT name FROM pragma_table_xinfo(?)",
                    arguments: [name]
                )
                let number = table["wr"] == 1 ? "''" : "_rowid_"
                let values = columns.map { "typeof(\"\($0)\") || quote(\"\($0)\") || hex(\"\($0)\")" }
                    .joined(separator: " || '|' || ")
                rows[name] = try String.fetchAll(
                    database,
                    sql: "SELECT \(number) || ': ' || \(values) FROM \"\(name)\" ORDER BY 1"
                )
            }
        }
        try queue.close()
    }

    /// The rows of a table in stored order, values parted by bars.
    static func lines(_ path: String, _ table: String) throws -> [String] {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        return try queue.unsafeRead { database in
            try Row.fetchAll(database, sql: "SELECT * FROM \(table)")
                .map { row in
                    row.databaseValues
                        .map { value in
                            switch value.storage {
                            case .null: "NULL"
                            case .int64(let number): "\(number)"
                            case .double(let number): "\(number)"
                            case .string(let text): text
                            case .blob(let bytes): "\(Array(bytes))"
                            }
                        }
                        .joined(separator: "|")
                }
        }
    }

    /// Rows that only one of the two has; a few of them.
    func differences(from other: Dump) -> [String] {
        var found: [String] = []
        for table in Set(rows.keys).union(other.rows.keys).sorted() {
            let own = rows[table] ?? []
            let others = other.rows[table] ?? []
            guard own != others else { continue }
            found += Set(own).symmetricDifference(others).sorted().prefix(6).map { "\(table) \($0)" }
            if own.count != others.count { found.append("\(table): \(own.count) rows, not \(others.count)") }
        }
        return found
    }
}

extension SQLiteStore {
    /// Runs `body` with a writer that is closed afterwards.
    func writing<Result>(
        notify: @escaping @Sendable (String) -> Void = { _ in },
        _ body: (any StoreWriter) async throws -> Result
    ) async throws -> Result {
        let writer = try await openForWriting(notify: notify)
        do {
            let result = try await body(writer)
            await writer.close()
            return result
        } catch {
            await writer.close()
            throw error
        }
    }
}

extension StoreWriter {
    /// Writes all of them; each must be written.
    func writeAll(_ changes: [RecordChange]) async throws -> [[RowStep]] {
        try await write(changes, decide: { _, _ in true }, journal: { _ in })
            .map { outcome in try #require(outcome.steps, "\(outcome)") }
    }
}

extension WriteOutcome {
    /// Nil where nothing was written.
    var steps: [RowStep]? { if case .written(let steps) = self { steps } else { nil } }
}
