import Contacts
import Fingerprint

/// The statements by which BigQuery digests records.
///
/// A record's canonical bytes are put together as one text: for each field `-` or a netstring. A value that is not certain is
/// written as `?`, the store's name and what it is, and no canonical bytes hold a field that begins so.
struct BigQueryDigests: Sendable {
    let store: String
    let rows: BigQueryRows
    /// By field of the set.
    private var texts: [BigQueryText] = []
    /// Derived tables of identifiers that are joined.
    private var joins: [String] = []

    private var layout: BigQueryLayout { rows.layout }

    /// Why there are no such statements for a field set.
    struct Obstacle: Error {
        let why: String
    }

    init(_ set: FieldSet, store: String, rows: BigQueryRows) throws(Obstacle) {
        self.store = store
        self.rows = rows
        for entry in set.entries { texts.append(try text(entry)) }
        guard key != nil else {
            throw Obstacle(why: "its key is \(layout.key.type.name), and only INT64 and STRING are certain")
        }
        guard deleted != nil else { throw Obstacle(why: "its deleted_at is no TIMESTAMP or DATETIME") }
    }

    // MARK: Fields

    private mutating func text(_ entry: FieldSet.Entry) throws(Obstacle) -> BigQueryText {
        guard let index = layout.layout.index(of: entry.name) else {
            throw Obstacle(why: "it does not hold \(entry.name)")
        }
        let mapping = layout.layout.fields[index]
        guard mapping.path.isEmpty else { throw Obstacle(why: "its \(entry.name) is inside a JSON column") }
        let type = mapping.field.type
        let sets = BigQuerySets(mapping: mapping, entry: entry)
        switch layout.sources[index] {
        case .child(let kind):
            guard let child = layout.child, let member = type.member,
                let table = sets.table(of: kind, member, child, rows.snapshot)
            else { throw Obstacle(why: "its \(entry.name) are \(layout.child?.value.type.name ?? "no values")") }
            let alias = "s\(joins.count)"
            joins.append("LEFT JOIN (\(table)) AS \(alias) ON \(BigQueryRows.join(child, layout.key, alias))")
            return sets.joined(alias)
        case .column(let place):
            let column = layout.columns[place]
            let sql = "c.\(BigQuerySQL.name(column.name))"
            let text =
                type.member.map { sets.array(sql, column.type, $0) }
                ?? BigQueryText(
                    sql,
                    column.type,
                    type,
                    mapping: mapping,
                    precision: entry.precision,
                    keepsEmpty: entry.distinguishEmpty
                )
            guard let text else {
                throw Obstacle(
                    why: "canonical text of its \(entry.name), which is \(column.type.name), is not certain there"
                )
            }
            return text
        }
    }

    /// The key's canonical text; NULL where it is absent.
    var key: String? {
        let name = "c.\(BigQuerySQL.name(layout.key.name))"
        switch layout.key.type {
        case .int64: return "CAST(\(name) AS STRING)"
        case .string: return BigQueryTexts.id(name)
        default: return nil
        }
    }

    /// Whether a record is soft-deleted.
    private var deleted: String? {
        guard let index = layout.layout.index(of: ContactSchema.Name.deletedAt) else { return "FALSE" }
        guard layout.layout.fields[index].path.isEmpty, case .column(let place) = layout.sources[index],
            [.timestamp, .datetime].contains(layout.columns[place].type)
        else { return nil }
        return "c.\(BigQuerySQL.name(layout.columns[place].name)) IS NOT NULL"
    }

    /// Microseconds since 1970 of a record's latest change; NULL where it carries no time.
    private var changed: String {
        let times = [ContactSchema.Name.lastUpdated, ContactSchema.Name.updatedAt]
            .compactMap { name -> String? in
                guard let index = layout.layout.index(of: name), layout.layout.fields[index].path.isEmpty,
                    layout.type(of: index) == .timestamp, let column = layout.layout.fields[index].column
                else { return nil }
                return "UNIX_MICROS(c.\(BigQuerySQL.name(column)))"
            }
        switch times.count {
        case 0: return "CAST(NULL AS INT64)"
        case 1: return times[0]
        default: return "IFNULL(GREATEST(\(times[0]), \(times[1])), IFNULL(\(times[0]), \(times[1])))"
        }
    }

    // MARK: Statements

    /// Up to 256 leaves to a row, whose prefixes begin with the byte `part`, in one text that is no longer than it must be, with
    /// the latest change of their records and how many of these have a text that is not certain. The text is in base 64; a leaf
    /// is the prefix's other byte, records and four lanes, big-endian, in as many hexadecimal digits as `z` and `w` say. Part
    /// `-1` stands for rows without a key, `-2` for deleted ones.
    ///
    /// - Parameter now: microseconds since 1970; later changes do not count.
    func leaves(until now: Int64) -> BigQueryStatement {
        func width(_ number: String) -> String {
            let digits = "LENGTH(FORMAT('%x', \(number)))"
            return "MAX(\(digits) + MOD(\(digits), 2)) OVER (PARTITION BY part)"
        }
        let numbers = [("n", "z"), ("a", "w"), ("b", "w"), ("c", "w"), ("d", "w")]
            .map { "SUBSTR(FORMAT('%016x', \($0)), 17 - \($1))" }
        return statement(
            """
            SELECT part, z, w, TO_BASE64(FROM_HEX(STRING_AGG(CONCAT(FORMAT('%02x', ABS(MOD(node, 256))), \
            \(numbers.joined(separator: ", "))), '' ORDER BY node))), MAX(IF(node >= 0, m, NULL)), SUM(IF(node >= 0, u, 0)) FROM (
            SELECT *, \(width("n")) AS z, \(width("GREATEST(a, b, c, d)")) AS w FROM (
            SELECT *, IF(node < 0, node, DIV(node, 256)) AS part FROM (
            SELECT CASE WHEN k IS NULL THEN -1 WHEN d THEN -2 ELSE \(Self.prefix(4)) END AS node, COUNT(*) AS n, \(Self.sums), \
            MAX(IF(m <= \(now), m, NULL)) AS m, SUM(IF(q, 1, 0)) AS u FROM digests GROUP BY 1\
            ) AS r) AS s) AS t GROUP BY 1, 2, 3
            """
        )
    }

    /// One row for each group of some leaves: its number, records and four lanes. Only the records of these leaves are
    /// digested.
    func groups(in leaves: [Int]) -> BigQueryStatement {
        statement(
            """
            SELECT \(Self.prefix(7)) AS node, COUNT(*) AS n, \(Self.sums) FROM digests \
            WHERE k IS NOT NULL AND NOT d GROUP BY 1
            """,
            where: "\(keyPrefix(4)) IN UNNEST(@leaves)",
            [Self.numbers("leaves", leaves.map(String.init))]
        )
    }

    /// The records of some groups, as `BigQueryRows` reads them.
    func records(in groups: [UInt32], withoutKey: Bool) -> BigQueryStatement {
        BigQueryStatement(
            sql: rows.sql(
                where: "\(keyPrefix(7)) IN UNNEST(@groups)" + (withoutKey ? " OR \(key ?? "NULL") IS NULL" : "")
            ),
            parameters: [Self.numbers("groups", groups.map { String($0) })]
        )
    }

    private static func numbers(_ name: String, _ numbers: [String]) -> BigQueryStatement.Parameter {
        .array(name, of: BigQueryStatement.type("INT64"), numbers.map { BigQueryStatement.value($0) })
    }

    /// The first hexadecimal digits of a digest as a number.
    private static func prefix(_ count: Int, of digest: String = "kh", from start: Int = 1) -> String {
        "CAST(CONCAT('0x', SUBSTR(\(digest), \(start), \(count))) AS INT64)"
    }

    /// The first hexadecimal digits of a key's digest as a number, in a statement over the contact table `c`.
    private func keyPrefix(_ count: Int) -> String { Self.prefix(count, of: "TO_HEX(SHA256(\(key ?? "NULL")))") }

    private static let sums = zip(["a", "b", "c", "d"], 0...)
        .map { "SUM(\(prefix(8, of: "h", from: 1 + $1 * 8))) AS \($0)" }.joined(separator: ", ")

    /// - Parameter select: over `digests`: key `k`, its digest `kh`, the record's `h`, whether it is deleted `d`, its latest
    ///   change `m`, whether a text of it is not certain `q`.
    private func statement(
        _ select: String,
        where condition: String? = nil,
        _ parameters: [BigQueryStatement.Parameter] = []
    ) -> BigQueryStatement {
        var columns = ["\(key ?? "NULL") AS k", "\(deleted ?? "FALSE") AS d", "\(changed) AS m"]
        for (index, text) in texts.enumerated() {
            columns.append("\(text.text) AS t\(index)")
            guard let raw = text.raw else { continue }
            let kept = text.isUncertain.map { "IF(\($0), IFNULL(\(raw), ''), NULL)" } ?? raw
            columns.append("\(kept) AS r\(index)")
        }
        let segments = texts.indices.map(segment).joined(separator: ", ")
        let sql = """
            WITH records AS (
            SELECT \(columns.joined(separator: ",\n"))
            FROM \(layout.contacts.quoted) AS c\(rows.snapshot.clause(layout.contacts))
            \(joins.joined(separator: "\n"))
            \(condition.map { "WHERE \($0)" } ?? "")
            ),
            digests AS (SELECT k, d, m, TO_HEX(SHA256(k)) AS kh, TO_HEX(SHA256(CONCAT(\(segments)))) AS h, \(isUncertain) AS q FROM records)
            \(select)
            """
        guard sql.contains("\(BigQueryJSONFunction.name)(") else {
            return BigQueryStatement(sql: sql, parameters: parameters)
        }
        // It reads the same columns without the function.
        return BigQueryStatement(
            sql: BigQueryJSONFunction.declaration + sql,
            parameters: parameters,
            priced: sql.replacing("\(BigQueryJSONFunction.name)(", with: "(")
        )
    }

    /// Whether a record has a text that is not certain.
    private var isUncertain: String {
        let marks = texts.indices.filter { texts[$0].raw != nil }.map { "IFNULL(\(isUncertain($0)), FALSE)" }
        return marks.isEmpty ? "FALSE" : "(\(marks.joined(separator: " OR ")))"
    }

    private func isUncertain(_ index: Int) -> String {
        texts[index].isUncertain == nil ? "t\(index) = '\(BigQueryText.uncertain)'" : "r\(index) IS NOT NULL"
    }

    /// A field's part of the canonical bytes.
    private func segment(_ index: Int) -> String {
        let text = texts[index]
        var certain = "IFNULL(\(BigQueryTexts.netstring("t\(index)")), '-')"
        if !text.absentTexts.isEmpty {
            let absent = text.absentTexts.map(BigQuerySQL.text).joined(separator: ", ")
            certain = "IF(t\(index) IN (\(absent)), '-', \(certain))"
        }
        guard text.raw != nil else { return certain }
        let mark = BigQuerySQL.text("\(BigQueryText.uncertain)\(store):")
        return "IF(\(isUncertain(index)), CONCAT(\(mark), \(BigQueryTexts.netstring("r\(index)"))), \(certain))"
    }
}
