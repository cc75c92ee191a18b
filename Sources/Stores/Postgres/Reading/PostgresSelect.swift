/// The SELECT of whole records: the row's name, the layout's columns, and where there is a child table the members of
/// each of its two types, and which of them are flagged as primary ones.
struct PostgresSelect {
    let layout: PostgresLayout
    let store: PostgresStore

    /// The types of identifiers, in the order in which the SELECT has them: a list of values each, and a text of `0` and `1`.
    static let identifierTypes = ["email", "phone"]

    /// The SELECT of rows that meet a condition on the table's alias `c`; nil: of all.
    func records(where condition: String?) -> String {
        let columns = names + layout.columns.map { $0.selected("c.") }
        let end = condition.map { " WHERE \($0)" } ?? ""
        guard let child = layout.child else {
            return "SELECT \(columns.joined(separator: ", ")) FROM \(table) c\(end)"
        }
        return """
            SELECT \((columns + members).joined(separator: ", ")) FROM \(table) c
            LEFT JOIN (\(groups(child, condition))) x ON x.k = \(Self.key(layout.key, "c.", beside: child.contact))\(end)
            """
    }

    /// The SELECT of the row's name and the key alone.
    var keys: String { "SELECT \((names + [layout.key.selected("c.")]).joined(separator: ", ")) FROM \(table) c" }

    var table: String { store.table(layout.catalog.table) }

    private var names: [String] { layout.names.selected("c.") }

    private var members: [String] { Self.identifierTypes.flatMap { ["x.\($0)", "x.\($0)_flags"] } }

    /// Members by contact. They come sorted, so that a group keeps their order: hashing is switched off.
    private func groups(_ child: PostgresLayout.Child, _ condition: String?) -> String {
        let key = Self.key(child.contact, "i.", beside: layout.key)
        let type = child.type.selected("i.")
        let flag =
            child.primary.map {
                "CASE WHEN pg_catalog.lower(\($0.selected("i."))) IN ('1', '1.0', 't', 'true', 'y', 'yes') THEN '1' ELSE '0' END"
            } ?? "'0'"
        let own = condition.map {
            " AND \(key) IN (SELECT \(Self.key(layout.key, "c.", beside: child.contact)) FROM \(table) c WHERE \($0))"
        }
        let aggregates = Self.identifierTypes.map { type in
            "pg_catalog.array_agg(s.v) FILTER (WHERE s.t = '\(type)') AS \(type),"
                + " pg_catalog.string_agg(s.f, '') FILTER (WHERE s.t = '\(type)') AS \(type)_flags"
        }
        return """
            SELECT s.k, \(aggregates.joined(separator: ", ")) FROM (
                SELECT \(key) AS k, \(type) AS t, i.\(SQLName.quoted(child.value.name))::pg_catalog.text AS v, \(flag) AS f
                FROM \(store.table(child.catalog.table)) i WHERE \(type) IN ('email', 'phone')\(own ?? "")
                ORDER BY k, \(child.order)) s
            GROUP BY s.k
            """
    }

    /// How many members belong to no contact.
    func strays(_ child: PostgresLayout.Child) -> String {
        let key = Self.key(child.contact, "i.", beside: layout.key)
        return """
            SELECT pg_catalog.count(*)::pg_catalog.text FROM \(store.table(child.catalog.table)) i
            WHERE \(child.type.selected("i.")) IN ('email', 'phone') AND NOT EXISTS (
                SELECT FROM \(table) c WHERE \(Self.key(layout.key, "c.", beside: child.contact)) = \(key))
            """
    }

    /// A key's column as SQL that may be compared with another: as it is where the types are of one family, so that indexes
    /// serve; else both as text.
    static func key(_ column: PostgresColumn, _ alias: String, beside other: PostgresColumn) -> String {
        let isComparable =
            column.baseType == other.baseType || column.kind == other.kind && column.kind != .other
        return isComparable ? alias + SQLName.quoted(column.name) : column.selected(alias)
    }
}
