import Contacts
import Fingerprint

/// Reads some contacts again: by row, and by key in every spelling that a column usually has.
struct SupabaseFetch: Sendable {
    let reader: RecordReader
    let operation: String

    /// As `StoreSession.fetch`.
    func records(of requests: [RecordRequest]) async throws -> [[ContactRecord]] {
        let found = try await found(requests)
        return found.map(\.records)
    }

    /// A request's records, and the rows that they are made of.
    struct Found: Sendable {
        var records: [ContactRecord] = []
        var rows: [TableReader.Row] = []
    }

    /// As `records`, with the rows themselves.
    func found(_ requests: [RecordRequest]) async throws -> [Found] {
        var known: [RowID: TableReader.Row] = [:]
        for row in try await reader.contacts.rows(named: requests.flatMap(\.rows), operation: operation) {
            known[row.id] = row
        }
        var byKey = try await rows(ofKeys: Set(requests.map(\.key)))
        let lost = requests.filter { request in
            request.isThorough && byKey[request.key] == nil && !request.rows.contains { known[$0] != nil }
        }
        if !lost.isEmpty {
            for (key, rows) in try await readThrough(for: Set(lost.map(\.key))) { byKey[key] = rows }
        }
        let chosen = requests.map { request -> [TableReader.Row] in
            var seen: Set<RowID> = []
            let own = request.rows.compactMap { known[$0] } + (byKey[request.key] ?? [])
            return Array(own.filter { seen.insert($0.id).inserted }.prefix(RecordRequest.maximumRecords))
        }
        var unique: [RowID: TableReader.Row] = [:]
        for row in chosen.joined() { unique[row.id] = row }
        let rows = Array(unique.values)
        let records = try await reader.records(rows, operation: operation).records
        let byRow = Dictionary(records.map { ($0.row, $0) }) { first, _ in first }
        return chosen.map { rows in Found(records: rows.compactMap { byRow[$0.id] }, rows: rows) }
    }

    // MARK: Keys

    /// Values to look a canonical key up by; none where the column can hold none of them.
    private static func spellings(of key: String, in column: PostgRESTColumn) -> [String] {
        // What the service does not describe may be a column of numbers, which takes digits alone.
        let isText = column.kind == .text || column.kind == .unknown && !KeySpellings.isNumber(key)
        return (isText ? KeySpellings.texts(of: key) : [key]).filter(column.admits)
    }

    /// Rows by the canonical key that they have, of these keys.
    private func rows(ofKeys keys: Set<String>) async throws -> [String: [TableReader.Row]] {
        let column = reader.layout.key
        var result: [String: [TableReader.Row]] = [:]
        let wanted = keys.sorted()
            .map { key in
                (key: key, spellings: Self.spellings(of: key, in: column).map(FilterText.member))
            }
            .filter { !$0.spellings.isEmpty }
        for portion in FilterText.portions(
            wanted.map { $0.spellings.joined(separator: ",") },
            room: reader.contacts.room
        ) {
            for (key, rows) in try await rows(of: Array(wanted[portion])) { result[key] = rows }
        }
        return result
    }

    private func rows(of wanted: [(key: String, spellings: [String])]) async throws -> [String: [TableReader.Row]] {
        let name = FilterText.name(reader.layout.key.name)
        let condition = (name: name, value: "in.(\(wanted.flatMap(\.spellings).joined(separator: ",")))")
        // One more than any of them may have, so that a full answer is of one key alone or is asked for in halves.
        let limit = RecordRequest.maximumRecords + wanted.count
        let rows = try await reader.contacts.rows([condition], limit: limit, operation: operation)
        if rows.count == limit, wanted.count > 1 {
            let half = wanted.count / 2
            let first = try await self.rows(of: Array(wanted[..<half]))
            return first.merging(try await self.rows(of: Array(wanted[half...]))) { first, _ in first }
        }
        let keys = Set(wanted.map(\.key))
        let canonical = CanonicalKey()
        var result: [String: [TableReader.Row]] = [:]
        for row in rows {
            guard let key = Self.key(reader.key(row), canonical), keys.contains(key) else { continue }
            result[key, default: []].append(row)
        }
        return result
    }

    /// Rows of these keys in whatever spelling, by reading all keys.
    private func readThrough(for keys: Set<String>) async throws -> [String: [TableReader.Row]] {
        let names = reader.layout.rowNames.columns
        let columns = names.contains(reader.layout.key) ? names : names + [reader.layout.key]
        let narrow = TableReader(
            client: reader.contacts.client,
            table: reader.layout.contacts,
            rowNames: reader.layout.rowNames,
            columns: columns,
            pageSize: reader.contacts.pageSize
        )
        let keyPlace = narrow.place(reader.layout.key.name) ?? 0
        let canonical = CanonicalKey()
        var found: [RowID: String] = [:]
        var counts: [String: Int] = [:]
        var cursor = TableReader.Cursor.start
        while true {
            try Task.checkCancellation()
            let (rows, next) = try await narrow.page(cursor, operation: operation)
            if rows.isEmpty { break }
            for row in rows {
                guard let key = Self.key(row.values[keyPlace], canonical), keys.contains(key),
                    counts[key, default: 0] < RecordRequest.maximumRecords
                else { continue }
                found[row.id] = key
                counts[key, default: 0] += 1
            }
            guard next != cursor else { throw reader.contacts.client.shape(operation) }
            cursor = next
        }
        var result: [String: [TableReader.Row]] = [:]
        for row in try await reader.contacts.rows(named: Array(found.keys), operation: operation) {
            if let key = found[row.id] { result[key, default: []].append(row) }
        }
        return result
    }

    /// The canonical text of a key; nil where it is none.
    private static func key(_ value: RawValue, _ canonical: CanonicalKey) -> String? {
        value.withCell { canonical.text(of: $0) }.map { String(decoding: $0, as: UTF8.self) }
    }
}
