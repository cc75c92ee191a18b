import Contacts
import Foundation

/// Reads the contact table through while others may write it.
///
/// Pages follow the order of the primary key, so that a row which is there all the time is met whatever else changes. The
/// service's counts tell whether that was all; where they do not fit, what changed since is read too, and at last the names
/// of all rows.
struct SupabaseScan {
    /// What was seen when the scan ended.
    struct Result: Sendable {
        /// Physical rows that were passed on.
        var rows = 0
        /// Rows of the child table that they took.
        var childRows = 0
        /// Rows that were passed on and are gone since.
        var gone = 0
        /// What the service counted at last.
        var count = 0
        /// Rounds in which what had changed was read again.
        var rounds = 0
        /// The longest page.
        var longestPage = 0
        /// Whether the counts fit.
        var isWhole = false
    }

    private let client: PostgRESTClient
    private let reader: RecordReader
    private let names: TableReader
    /// What changed before was read by the first pass.
    private let since: Date
    private var marks = RowMarks()
    private var result = Result()

    private static let rounds = 3
    /// How often a page is asked for that brings no row which was not read before.
    private static let attempts = 3
    /// The server that answers and the one that sets times are not the same.
    private static let margin: TimeInterval = 60

    init(client: PostgRESTClient, layout: SupabaseLayout, pageSize: Int, openedAt: Date) {
        self.client = client
        reader = RecordReader(layout: layout, columns: layout.needed, client: client, pageSize: pageSize)
        names = TableReader(
            client: client,
            table: layout.contacts,
            rowNames: layout.rowNames,
            columns: layout.rowNames.columns,
            pageSize: pageSize
        )
        since = openedAt - Self.margin
    }

    /// Passes every row to the sink, each once.
    mutating func run(into sink: any RecordSink) async throws -> Result {
        let before = try await count()
        try await pass([], into: sink)
        result.count = try await count()
        result.isWhole = before == result.count && marks.count == result.count
        while !result.isWhole, result.rounds < Self.rounds {
            result.rounds += 1
            if let changed = changedSince, result.rounds < Self.rounds {
                try await pass([changed], into: sink)
                result.count = try await count()
                result.isWhole = marks.count == result.count
            } else {
                try await sweep(into: sink)
            }
        }
        return result
    }

    private func count() async throws -> Int { try await client.count(reader.contacts.table.name, reader.layout.key) }

    /// The condition that a row was written since the session was opened; nil where the table does not say.
    private var changedSince: (name: String, value: String)? {
        let layout = reader.layout
        guard let index = layout.layout.index(of: ContactSchema.Name.updatedAt),
            case .column(let place) = layout.sources[index], layout.layout.fields[index].path.isEmpty,
            let column = layout.contacts.column(layout.columns[place]), column.kind == .timestamp
        else { return nil }
        let text = since.formatted(.iso8601)
        return Filter(column: column.name, comparison: "gte", value: text).parameter
    }

    /// Reads the rows that meet the conditions, to an empty page.
    private mutating func pass(_ conditions: [(name: String, value: String)], into sink: any RecordSink) async throws {
        var cursor = TableReader.Cursor.start
        var failures = 0
        while true {
            try Task.checkCancellation()
            let (rows, next) = try await reader.contacts.page(cursor, conditions, operation: "scan")
            if rows.isEmpty { return }
            result.longestPage = max(result.longestPage, rows.count)
            let isNew = try await passOn(rows, into: sink)
            // Among all rows, those behind the last one were never read: the answer is to another question.
            if !isNew, conditions.isEmpty {
                failures += 1
                guard failures < Self.attempts else { throw client.shape("scan") }
                continue
            }
            failures = 0
            cursor = next
        }
    }

    /// Passes rows on that were not seen; false where there is none.
    private mutating func passOn(_ rows: [TableReader.Row], into sink: any RecordSink) async throws -> Bool {
        let unseen = rows.filter { !marks.contains($0.id) }
        guard !unseen.isEmpty else { return false }
        let (records, childRows) = try await reader.records(unseen, operation: "scan")
        for record in records where marks.insert(record.row) {
            try RawValue.withCells(record.values) { try sink.receive(BorrowedRecord(row: record.row, cells: $0)) }
            result.rows += 1
        }
        result.childRows += childRows
        return true
    }

    /// Reads the names of all rows, and those rows that were not seen.
    private mutating func sweep(into sink: any RecordSink) async throws {
        var present = RowMarks()
        var cursor = TableReader.Cursor.start
        while true {
            try Task.checkCancellation()
            let (rows, next) = try await names.page(cursor, operation: "scan")
            if rows.isEmpty { break }
            var unseen: [RowID] = []
            for row in rows where present.insert(row.id) && !marks.contains(row.id) { unseen.append(row.id) }
            let found = try await reader.contacts.rows(named: unseen, operation: "scan")
            _ = try await passOn(found, into: sink)
            guard next != cursor else { throw client.shape("scan") }
            cursor = next
        }
        result.count = try await count()
        result.gone = max(0, marks.count - present.count)
        result.isWhole = present.count == result.count && marks.count - result.gone == result.count
    }
}
