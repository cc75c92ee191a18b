import Contacts
import Fingerprint

/// Reads some contacts again: by row, and by key in every spelling that means the same key.
struct PostgresFetch {
    let layout: PostgresLayout
    let store: PostgresStore
    let link: PostgresLink

    /// - Throws: `PostgresFailure`, or `CancellationError`.
    func records(of requests: [RecordRequest]) throws -> [[ContactRecord]] {
        let rows = try records(named: Set(requests.flatMap(\.rows)))
        var result = requests.map { request in
            var seen: Set<RowID> = []
            let own = request.rows.compactMap { rows[$0] }.filter { seen.insert($0.row).inserted }
            return Array(own.prefix(RecordRequest.maximumRecords))
        }
        try addByKey(requests, &result)
        if PostgresKey(column: layout.key).hasOtherSpellings {
            let unread = requests.indices.filter { requests[$0].isThorough && result[$0].isEmpty }
            if !unread.isEmpty { try addByReadingThrough(unread.map { ($0, requests[$0].key) }, &result) }
        }
        return result
    }

    // MARK: By row

    /// The rows of these names that are there. A row without a key that has moved in its file is found by its key, where
    /// no other row has it; its record then has another name.
    func records(named names: Set<RowID>) throws -> [RowID: ContactRecord] {
        guard !names.isEmpty else { return [:] }
        var found: [RowID: ContactRecord] = [:]
        for condition in layout.names.conditions(names) {
            try forEachRecord(where: condition.sql, condition.values) { record in
                if names.contains(record.row) { found[record.row] = record }
            }
        }
        guard layout.names.kind == .place else { return found }
        try addMoved(names.filter { found[$0] == nil }, &found)
        return found
    }

    private func addMoved(_ names: Set<RowID>, _ found: inout [RowID: ContactRecord]) throws {
        guard let condition = layout.names.keyCondition(names.sorted()) else { return }
        var rows: [[String?]: [ContactRecord]] = [:]
        try forEachRecord(where: condition.sql, condition.values) { record in
            // Two are as bad as many.
            if let key = layout.names.key(record.row), rows[key, default: []].count < 2 {
                rows[key, default: []].append(record)
            }
        }
        for name in names {
            if let key = layout.names.key(name), let own = rows[key], own.count == 1 { found[name] = own[0] }
        }
    }

    // MARK: By key

    private func addByKey(_ requests: [RecordRequest], _ result: inout [[ContactRecord]]) throws {
        let key = PostgresKey(column: layout.key)
        var wanted: [[UInt8]: [Int]] = [:]
        for (index, request) in requests.enumerated() { wanted[Array(request.key.utf8), default: []].append(index) }
        // Told apart by bytes: differently composed letters are other texts to the server.
        let spellings = Set(requests.flatMap { key.spellings(of: $0.key) }.map { Array($0.utf8) })
        guard !spellings.isEmpty, let keyIndex = layout.layout.index(of: ContactSchema.Name.key) else { return }
        var known = result.map { Set($0.map(\.row)) }
        let canonical = CanonicalKey()
        try forEachRecord(where: key.condition("c."), [PostgresArray.literal(Array(spellings))]) { record in
            guard let text = record.values[keyIndex].withCell({ canonical.text(of: $0) }) else { return }
            for index in wanted[text] ?? []
            where result[index].count < RecordRequest.maximumRecords && known[index].insert(record.row).inserted {
                result[index].append(record)
            }
        }
    }

    /// One pass over the keys of the table for all requests, given by their numbers and keys; then the rows that were found.
    private func addByReadingThrough(
        _ requests: [(index: Int, key: String)],
        _ result: inout [[ContactRecord]]
    ) throws {
        var wanted: [[UInt8]: [Int]] = [:]
        for request in requests { wanted[Array(request.key.utf8), default: []].append(request.index) }
        var rows: [Int: [RowID]] = [:]
        let canonical = CanonicalKey()
        try PostgresScan(layout: layout, store: store, link: link)
            .forEachKey { row, key in
                guard let text = canonical.text(of: key), let indices = wanted[text] else { return }
                for index in indices where rows[index, default: []].count < RecordRequest.maximumRecords {
                    rows[index, default: []].append(row)
                }
            }
        let records = try records(named: Set(rows.values.joined()))
        for (index, names) in rows { result[index] += names.compactMap { records[$0] } }
    }

    // MARK: Reading

    /// Passes the records that meet a condition, as they come.
    private func forEachRecord(
        where condition: String,
        _ values: [[UInt8]?],
        _ body: (ContactRecord) throws -> Void
    ) throws {
        let reader = PostgresRowReader(layout: layout)
        let sql = PostgresSelect(layout: layout, store: store).records(where: condition)
        try link.forEachRow(of: sql, values) { row in
            reader.takeRow(row, 0)
            guard let record = reader.record() else {
                throw PostgresFailure(state: PostgresLink.protocolViolation, primary: "an array is in another format")
            }
            try body(ContactRecord(row: record.row, values: record.cells.map { RawValue(copying: $0) }))
        }
    }
}
