import Contacts

/// A table that is written, and how its rows are named.
struct BigQueryTarget: Sendable {
    let table: BigQueryTable
    /// The column that says which contact a row belongs to.
    let key: BigQueryColumn
    /// Places of the columns whose values name a row; the key's is the first.
    let names: [Int]
    /// Columns by whose content rows of one name are numbered, as reading sessions number them.
    let numbered: [BigQueryColumn]

    /// The contact table.
    init(contacts layout: BigQueryLayout) {
        table = layout.contacts
        key = layout.key
        names = [table.places[layout.key.name] ?? 0]
        numbered = layout.columns
    }

    /// The child table.
    init(child: BigQueryLayout.Child) {
        table = child.table
        key = child.contact
        names = [child.contact, child.type, child.value].map { child.table.places[$0.name] ?? 0 }
        numbered = child.table.columns
    }

    /// The hash of all that a row `alias` holds, in SQL: what a change was decided on is still there exactly where it is equal.
    func hash(of alias: String) -> String {
        "TO_HEX(SHA256(\(BigQueryRows.content(of: alias, table.columns))))"
    }

    /// SQL of the key as a text.
    func keyText(of alias: String) -> String { "CAST(\(alias).\(BigQuerySQL.name(key.name)) AS STRING)" }

    /// Whole rows of some keys, in order of their numbers: hash, then all columns.
    ///
    /// - Parameter keys: as texts; those that the column's type cannot hold have no rows.
    func rows(of keys: [String]) -> BigQueryStatement {
        let columns = table.columns.map { "c.\(BigQuerySQL.name($0.name))" }
        let sql = """
            SELECT \(hash(of: "c")) AS `rollcall_hash`, \(columns.joined(separator: ", "))
            FROM \(table.quoted) AS c WHERE c.\(BigQuerySQL.name(key.name)) IN UNNEST(@keys)
            ORDER BY c.\(BigQuerySQL.name(key.name)), \(BigQueryRows.number(numbered, partition: key))
            """
        return BigQueryStatement(sql: sql, parameters: [BigQueryKeys.parameter(held(keys), of: key)])
    }

    /// The texts that are keys of the column's type, spelled as it spells them.
    func held(_ keys: [String]) -> [String] {
        key.type == .int64 ? keys.filter { text in Int64(text).map { String($0) == text } ?? false } : keys
    }

    /// A row from its columns' values.
    func image(_ values: [RawValue]) -> [String: RawValue] {
        Dictionary(zip(table.columns.map(\.name), values)) { first, _ in first }
    }

    /// Whether a row holds these values; a column that is not there holds none.
    func holds(_ image: [String: RawValue], in values: [RawValue], _ texts: BigQueryCanonicalForm) -> Bool {
        image.allSatisfy { column, value in
            table.places[column].map { table.columns[$0].type.isSame(values[$0], value, texts) } ?? false
        }
    }

    /// The values that name a row with this image; nil where one is missing.
    func nameValues(_ image: [String: RawValue]) -> [RawValue]? {
        let values = names.compactMap { image[table.columns[$0].name] }
        return values.count == names.count ? values : nil
    }
}

/// Rows of the tables that a batch is about, as they were read.
struct BigQueryState: Sendable {
    /// One row.
    struct Row: Sendable {
        let row: RowID
        /// The name without its number.
        let base: String
        let values: [RawValue]
        let hash: String
    }

    /// By the key's text, in order of their numbers.
    var contacts: [String: [Row]] = [:]
    /// Likewise.
    var identifiers: [String: [Row]] = [:]

    /// A name without its number.
    static func base(of row: RowID) -> String { parts(of: row).base }

    /// The number of a name.
    static func ordinal(of row: RowID) -> Int { parts(of: row).ordinal }

    private static func parts(of row: RowID) -> (base: String, ordinal: Int) {
        let name = row.description
        guard let mark = name.lastIndex(of: "#"), let ordinal = Int(name[name.index(after: mark)...]) else {
            return (name, 1)
        }
        return (String(name[..<mark]), ordinal)
    }
}
