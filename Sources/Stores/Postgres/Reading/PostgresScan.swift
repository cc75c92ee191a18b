import Contacts

/// Reads tables through by COPY, on one connection.
struct PostgresScan {
    let layout: PostgresLayout
    let store: PostgresStore
    let link: PostgresLink

    /// Passes every row that meets a condition to the sink.
    ///
    /// - Returns: the rows that were read; as many as the server says it sent.
    func run(where condition: String?, into sink: any RecordSink) throws -> Int {
        let reader = PostgresRowReader(layout: layout)
        let select = PostgresSelect(layout: layout, store: store)
        return try copy(select.records(where: condition), columns: reader.valueCount, reader) {
            if let record = reader.record() {
                try sink.receive(record)
            } else {
                try sink.receiveUnreadable(reader.row, reason: "an array of the row is in another format")
            }
        }
    }

    /// Passes the row's name and the key of every row.
    func forEachKey(_ body: (RowID, RawCell) throws -> Void) throws {
        let reader = PostgresRowReader(layout: layout)
        let select = PostgresSelect(layout: layout, store: store)
        _ = try copy(select.keys, columns: reader.nameCount + 1, reader) { try body(reader.row, reader.key) }
    }

    private func copy(
        _ sql: String,
        columns: Int,
        _ reader: PostgresRowReader,
        _ body: () throws -> Void
    ) throws -> Int {
        // A long table is read for as long as rows come; where they do not, we hang up.
        try link.execute("SET LOCAL statement_timeout = 0")
        var format = PostgresCopyReader(columns: columns)
        let count = try link.copy("COPY (\(sql)) TO STDOUT (FORMAT binary)") { try format.take($0, reader, body) }
        try format.checkEnd(count)
        return count
    }
}
