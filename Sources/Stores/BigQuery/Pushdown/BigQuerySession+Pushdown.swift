package import Contacts
package import Fingerprint
import Foundation

extension BigQuerySession: DigestPushdown {
    /// As `DigestPushdown` has it.
    /// As `DigestPushdown` has it: text, id, int, bool, date, timestamp, e-mail, phone and JSON are certain in columns of their
    /// own types and mostly in texts, sets of them as rows or arrays.
    package func obstacle(to set: FieldSet) -> String? {
        do {
            _ = try digests(set)
            return nil
        } catch {
            return error.why
        }
    }

    private func digests(_ set: FieldSet) throws(BigQueryDigests.Obstacle) -> BigQueryDigests {
        guard rows.snapshot != nil, [bigQuery.contacts, bigQuery.child?.table].allSatisfy({ $0?.isTable != false })
        else {
            throw BigQueryDigests.Obstacle(why: "it has no state that several statements could read")
        }
        return try BigQueryDigests(set, store: store.name, rows: rows)
    }

    private func usable(_ set: FieldSet) throws -> BigQueryDigests {
        do { return try digests(set) } catch {
            throw store.error(.input, "scan", "its engine cannot digest its records, since \(error.why).")
        }
    }

    /// As `DigestPushdown` has it: one query.
    /// As `DigestPushdown` has it; all leaves come in at most 258 rows.
    package func leafSums(of set: FieldSet) async throws -> PushedLeaves {
        try await reporting("scan") {
            let now = rows.snapshot?.microseconds ?? .max
            let result = try await client.run(try usable(set).leaves(until: now), "scan")
            var sums: [Int: LeafSum] = [:]
            var others: [Int: Int] = [:]
            var newest = Int64.min
            var uncertain = 0
            try await result.forEachRow(in: 0..<result.totalRows, columns: 6, "scan") { row in
                guard let part = row[0].wireInteger.map(Int.init), (-2..<256).contains(part),
                    let leaves = LeafSum.leaves(row[3].string, row[1].wireInteger, row[2].wireInteger)
                else { throw store.violation("scan", "a leaf's sum is none") }
                for (byte, sum) in leaves {
                    let known =
                        part < 0
                        ? others.updateValue(Int(clamping: sum.count), forKey: part) != nil
                        : sums.updateValue(sum, forKey: part * 256 + byte) != nil
                    if known { throw store.violation("scan", "a leaf has two sums") }
                }
                if let change = row[4].wireInteger { newest = max(newest, change) }
                uncertain += row[5].wireInteger.map(Int.init) ?? 0
            }
            try await checkVisible(result, "scan")
            let deleted = others[-2] ?? 0
            let withoutKey = others[-1] ?? 0
            let count = Int(clamping: sums.values.reduce(0) { $0 &+ $1.count }) + deleted + withoutKey
            return PushedLeaves(
                sums: sums,
                deleted: deleted,
                withoutKey: withoutKey,
                uncertain: uncertain,
                newestChange: newest,
                bytesProcessed: try await result.statistics("scan").bytesProcessed,
                proof: ReadProof(
                    rows: count,
                    statement: "\(count) rows of \(bigQuery.contacts.name) digested by BigQuery in one query, \(state)"
                )
            )
        }
    }

    /// As `DigestPushdown` has it: one query.
    /// As `DigestPushdown` has it.
    package func groupSums(of set: FieldSet, in leaves: [Int]) async throws -> [UInt32: LeafSum] {
        guard !leaves.isEmpty else { return [:] }
        return try await reporting("scan") {
            let result = try await client.run(try usable(set).groups(in: leaves), "scan")
            var sums: [UInt32: LeafSum] = [:]
            try await result.forEachRow(in: 0..<result.totalRows, columns: 6, "scan") { row in
                guard let group = row[0].wireInteger.flatMap({ UInt32(exactly: $0) }),
                    let sum = LeafSum(row.dropFirst().compactMap(\.string)),
                    sums.updateValue(sum, forKey: group) == nil
                else { throw store.violation("scan", "a group's sum is none") }
            }
            try await checkVisible(result, "scan")
            return sums
        }
    }

    /// Groups that are named in one statement; a request may hold ten megabytes.
    private static let groupLimit = 100_000

    /// As `DigestPushdown` has it: one query.
    /// As `DigestPushdown` has it; more than 100,000 groups take several statements.
    package func scan(groups: [UInt32], withoutKey: Bool, into sink: any RecordSink) async throws -> Int {
        try await reporting("scan") {
            let digests = try usable(FieldSet(of: keyLayout))
            var count = 0
            var start = 0
            repeat {
                let part = Array(groups[start..<min(start + Self.groupLimit, groups.count)])
                let isFirst = start == 0
                start += Self.groupLimit
                guard !part.isEmpty || (withoutKey && isFirst) else { continue }
                let statement = digests.records(in: part, withoutKey: withoutKey && isFirst)
                let result = try await client.run(statement, "scan")
                count += try await pass(result, 0..<result.totalRows, to: sink).rows
                try await checkVisible(result, "scan")
            } while start < groups.count
            return count
        }
    }

    /// The layout's key alone: records are found by it, whatever else is compared.
    private var keyLayout: StoreLayout {
        StoreLayout(fields: layout.fields.filter { $0.field.name == ContactSchema.Name.key }, columns: [])
    }
}

extension LeafSum {
    /// The sum of five numbers' texts; nil where they are none.
    fileprivate init?(_ texts: some Collection<some StringProtocol>) {
        let numbers = texts.compactMap { UInt64($0) }
        guard numbers.count == 5, texts.count == 5 else { return nil }
        self.init()
        count = numbers[0]
        lanes = (numbers[1], numbers[2], numbers[3], numbers[4])
    }

    /// The leaves of a part, as `BigQueryDigests.leaves` writes them, by their prefixes' second byte; nil where they are none.
    fileprivate static func leaves(_ text: String?, _ countDigits: Int64?, _ laneDigits: Int64?) -> [(
        byte: Int, sum: LeafSum
    )]? {
        guard let text, let countDigits, let laneDigits, (2...16).contains(countDigits), (2...16).contains(laneDigits),
            let bytes = Data(base64Encoded: text).map(Array.init)
        else { return nil }
        let (count, lane) = (Int(countDigits) / 2, Int(laneDigits) / 2)
        let size = 1 + count + 4 * lane
        guard bytes.count % size == 0 else { return nil }
        return stride(from: 0, to: bytes.count, by: size)
            .map { start in
                func number(_ offset: Int, _ length: Int) -> UInt64 {
                    bytes[(start + offset)..<(start + offset + length)].reduce(0) { $0 << 8 | UInt64($1) }
                }
                var sum = LeafSum()
                sum.count = number(1, count)
                let lanes = (0..<4).map { number(1 + count + $0 * lane, lane) }
                sum.lanes = (lanes[0], lanes[1], lanes[2], lanes[3])
                return (Int(bytes[start]), sum)
            }
    }
}
