import Contacts
import Fingerprint

/// Reads some contacts again: by row, and by key in its usual spellings or in every one.
struct BigQueryFetch {
    let session: BigQuerySession

    private var key: BigQueryColumn { session.bigQuery.key }
    /// Keys that are looked up by one statement.
    private static let chunk = 10_000

    func records(of requests: [RecordRequest]) async throws -> [[ContactRecord]] {
        guard !requests.isEmpty else { return [] }
        var wanted: Set<Spelling> = []
        var wantsNull = false
        for request in requests {
            wanted.formUnion(BigQueryKeys.spellings(of: request.key, in: key).map(Spelling.init))
            for row in request.rows {
                guard let value = BigQueryRowName.key(of: row) else { continue }
                if value == .null { wantsNull = true }
                if let text = BigQueryKeys.text(value, in: key) { wanted.insert(Spelling(text)) }
            }
        }
        let found = try await read(wanted.map(\.text).sorted(), orNull: wantsNull)
        var result = requests.map { answer($0, from: found) }
        let unread = requests.indices.filter { requests[$0].isThorough && result[$0].isEmpty }
        if key.type == .string, !unread.isEmpty {
            let others = try await readByCanonicalKey(Set(unread.map { requests[$0].key }).sorted())
            for index in unread { result[index] = answer(requests[index], from: others) }
        }
        return result
    }

    /// A text by its bytes: String's own equality takes NFC and NFD for one.
    private struct Spelling: Hashable {
        let text: String

        init(_ text: String) { self.text = text }

        static func == (a: Spelling, b: Spelling) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

        func hash(into hasher: inout Hasher) { for byte in text.utf8 { hasher.combine(byte) } }
    }

    /// What was read, by row and by key.
    private struct Found {
        var byRow: [RowID: ContactRecord] = [:]
        var byKey: [[UInt8]: [ContactRecord]] = [:]
    }

    private func answer(_ request: RecordRequest, from found: Found) -> [ContactRecord] {
        var seen: Set<RowID> = []
        let named = request.rows.compactMap { found.byRow[$0] }
        let keyed = found.byKey[Array(request.key.utf8)] ?? []
        return Array((named + keyed).filter { seen.insert($0.row).inserted }.prefix(RecordRequest.maximumRecords))
    }

    private func read(_ keys: [String], orNull: Bool) async throws -> Found {
        var found = Found()
        let name = "c.\(BigQuerySQL.name(key.name))"
        var start = 0
        repeat {
            let part = keys[start..<min(start + Self.chunk, keys.count)]
            let isNullToo = orNull && start == 0
            start += Self.chunk
            guard !part.isEmpty || isNullToo else { continue }
            let condition = "\(name) IN UNNEST(@keys)" + (isNullToo ? " OR \(name) IS NULL" : "")
            try await add(condition, BigQueryKeys.parameter(part, of: key), to: &found)
        } while start < keys.count
        return found
    }

    private func readByCanonicalKey(_ keys: [String]) async throws -> Found {
        var found = Found()
        let canonical = BigQueryTexts.id("c.\(BigQuerySQL.name(key.name))")
        for start in stride(from: 0, to: keys.count, by: Self.chunk) {
            let part = keys[start..<min(start + Self.chunk, keys.count)]
            try await add("\(canonical) IN UNNEST(@keys)", BigQueryKeys.parameter(part, of: key), to: &found)
        }
        return found
    }

    private func add(
        _ condition: String,
        _ keys: BigQueryStatement.Parameter,
        to found: inout Found
    ) async throws {
        let rows = session.rows
        let statement = BigQueryStatement(
            sql: rows.sql(where: condition, limit: RecordRequest.maximumRecords),
            parameters: [keys]
        )
        let result = try await session.client.run(statement, "fetch")
        try await session.checkVisible(result, "fetch")
        let canonicalKey = CanonicalKey()
        let index = session.layout.index(of: ContactSchema.Name.key) ?? 0
        try await result.forEachRow(in: 0..<result.totalRows, columns: rows.width, "fetch") { row in
            let record = rows.record(row).record
            found.byRow[record.row] = record
            if let key = record.values[index].withCell({ canonicalKey.text(of: $0) }) {
                found.byKey[key, default: []].append(record)
            }
        }
    }
}
