import Contacts

/// The statement that reads records, and the reading of its rows: one for each row of the contact table, with the contact's
/// identifiers beside it, so that both are of one state.
struct BigQueryRows: Sendable {
    let layout: BigQueryLayout
    let snapshot: BigQuerySnapshot?

    /// Values of a row of the result: its number among those of its key, the columns, and the identifiers.
    var width: Int { 1 + layout.columns.count + (layout.child == nil ? 0 : 1) }

    /// - Parameters:
    ///   - condition: SQL over the contact table `c`; nil: every row.
    ///   - limit: how many rows of one key are read; nil: all.
    func sql(where condition: String? = nil, limit: Int? = nil) -> String {
        var columns = ["\(Self.number(layout.columns, partition: layout.key)) AS `rollcall_number`"]
        columns += layout.columns.map { "c.\(BigQuerySQL.name($0.name))" }
        var sql = "FROM \(layout.contacts.quoted) AS c\(snapshot.clause(layout.contacts))"
        if let child = layout.child {
            columns.append("i.`members` AS `rollcall_identifiers`")
            sql += "\nLEFT JOIN (\(identifiers(child))) AS i ON \(Self.join(child, layout.key))"
        }
        if let condition { sql += "\nWHERE \(condition)" }
        sql = "SELECT \(columns.joined(separator: ", "))\n\(sql)"
        return limit.map { "SELECT * FROM (\n\(sql)\n) AS r WHERE r.`rollcall_number` <= \($0)" } ?? sql
    }

    /// A row's number among those of its key, in order of what they hold.
    static func number(_ columns: [BigQueryColumn], partition key: BigQueryColumn) -> String {
        "ROW_NUMBER() OVER (PARTITION BY c.\(BigQuerySQL.name(key.name)) ORDER BY \(content(of: "c", columns)))"
    }

    /// A text of all that a row of a table holds in these columns.
    static func content(of alias: String, _ columns: [BigQueryColumn]) -> String {
        let members = columns.map { column in
            let name = BigQuerySQL.name(column.name)
            // Bytes are no text: what they would become is not left to the engine.
            return (column.type == .bytes ? "TO_BASE64(\(alias).\(name))" : "\(alias).\(name)") + " AS \(name)"
        }
        return "TO_JSON_STRING(STRUCT(\(members.joined(separator: ", "))))"
    }

    /// Every contact's e-mails and phones: the primary ones first, then in order of their values.
    private func identifiers(_ child: BigQueryLayout.Child) -> String {
        let type = "i.\(BigQuerySQL.name(child.type.name))"
        let value = "i.\(BigQuerySQL.name(child.value.name))"
        let primary = Self.isPrimary(child)
        return """
            SELECT i.\(BigQuerySQL.name(child.contact.name)) AS `contact`, ARRAY_AGG(STRUCT(\(type) AS `type`, \
            \(value) AS `value`, \(primary) AS `primary`) ORDER BY \(primary) DESC, \(value)) AS `members`
            FROM \(child.table.quoted) AS i\(snapshot.clause(child.table))
            WHERE \(type) IN ('email', 'phone') GROUP BY 1
            """
    }

    /// SQL that says whether a row `i` of the child table is a primary one.
    static func isPrimary(_ child: BigQueryLayout.Child) -> String {
        guard let column = child.primary else { return "FALSE" }
        let name = "i.\(BigQuerySQL.name(column.name))"
        switch column.type {
        case .bool: return "IFNULL(\(name), FALSE)"
        case .int64: return "IFNULL(\(name) = 1, FALSE)"
        default: return "IFNULL(LOWER(CAST(\(name) AS STRING)) IN ('1', '1.0', 't', 'true', 'y', 'yes'), FALSE)"
        }
    }

    /// SQL that finds the identifiers of a contact `c` in a derived table `i`.
    static func join(_ child: BigQueryLayout.Child, _ key: BigQueryColumn, _ alias: String = "i") -> String {
        let name = "c.\(BigQuerySQL.name(key.name))"
        // Columns of different types are compared by their texts.
        return child.contact.type == key.type
            ? "\(alias).`contact` = \(name)"
            : "CAST(\(alias).`contact` AS STRING) = CAST(\(name) AS STRING)"
    }

    /// A record, from a row of the result, and how many identifiers it has.
    func record(_ row: [JSONValue]) -> (record: ContactRecord, identifiers: Int) {
        let values = zip(layout.columns, row[1...]).map { $0.type.value($1) }
        let members = layout.child == nil ? [] : (row.last?.array ?? []).map { $0["v"]?["f"]?.array ?? [] }
        let keyIndex = layout.columns.firstIndex(of: layout.key) ?? 0
        let ordinal = row[0].wireInteger.map(Int.init) ?? 1
        let record = ContactRecord(
            row: BigQueryRowName.row([values[keyIndex]], ordinal: ordinal),
            values: layout.sources.map { source in
                switch source {
                case .column(let place): values[place]
                case .child(let type): list(type, members)
                }
            }
        )
        return (record, members.count)
    }

    private func list(_ type: String, _ members: [[JSONValue]]) -> RawValue {
        guard let child = layout.child else { return .null }
        let own = members.filter { $0.count == 3 && $0[0]["v"]?.string == type }
        guard !own.isEmpty else { return .null }
        return .list(
            own.map { child.value.type.value($0[1]["v"] ?? .null) },
            primary: own.firstIndex { $0[2]["v"]?.string == "true" }
        )
    }
}
