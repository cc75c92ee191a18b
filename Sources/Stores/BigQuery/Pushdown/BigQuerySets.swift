import Contacts
import Fingerprint

/// Canonical texts of sets inside BigQuery: of rows of the child table, and of arrays.
struct BigQuerySets {
    let mapping: FieldMapping
    let entry: FieldSet.Entry

    /// A member's text; nil where it is never certain.
    private func member(_ sql: String, _ column: BigQueryType, _ type: FieldType) -> BigQueryText? {
        let text = BigQueryText(sql, column, type, mapping: mapping, precision: .microseconds, keepsEmpty: false)
        return text?.absentTexts.isEmpty == true ? text : nil
    }

    /// The derived table of one kind of identifiers: `contact`, the set's text `t`, whether it is uncertain `u`, what it is
    /// told apart by then `r`.
    func table(
        of kind: String,
        _ type: FieldType,
        _ child: BigQueryLayout.Child,
        _ snapshot: BigQuerySnapshot?
    ) -> String? {
        let value = "i.\(BigQuerySQL.name(child.value.name))"
        guard let member = member(value, child.value.type, type) else { return nil }
        let members = """
            SELECT i.\(BigQuerySQL.name(child.contact.name)) AS `contact`, \(member.text) AS t, \
            \(isUncertain(member)) AS u, \(raw(member)) AS r, \(BigQueryRows.isPrimary(child)) AS p, \(value) AS o
            FROM \(child.table.quoted) AS i\(snapshot.clause(child.table))
            WHERE i.\(BigQuerySQL.name(child.type.name)) = \(BigQuerySQL.text(kind))
            """
        return """
            SELECT m.`contact` AS `contact`, \(whole(order: "m.p DESC, m.o")) AS t, LOGICAL_OR(m.u) AS u, \
            STRING_AGG(m.r, ',' ORDER BY m.r) AS r
            FROM (\(distinct("`contact`", members))) AS m GROUP BY 1
            """
    }

    /// The text of a set that was joined under an alias.
    func joined(_ alias: String) -> BigQueryText {
        BigQueryText(columns: "\(alias).t", isUncertain: "IFNULL(\(alias).u, FALSE)", raw: "\(alias).r")
    }

    /// The text of an array's members; nil where they are never certain.
    func array(_ sql: String, _ column: BigQueryType, _ type: FieldType) -> BigQueryText? {
        guard case .array(let element) = column, let member = member("x", element, type) else { return nil }
        let members = distinct(
            nil,
            """
            SELECT \(member.text) AS t, \(isUncertain(member)) AS u, \(raw(member)) AS r, n AS o \
            FROM UNNEST(\(sql)) AS x WITH OFFSET AS n
            """
        )
        return BigQueryText(
            columns: "(SELECT \(whole(order: "m.o")) FROM (\(members)) AS m)",
            isUncertain: "(SELECT IFNULL(LOGICAL_OR(m.u), FALSE) FROM (\(members)) AS m)",
            raw: "(SELECT STRING_AGG(m.r, ',' ORDER BY m.r) FROM (\(members)) AS m)"
        )
    }

    private func isUncertain(_ member: BigQueryText) -> String { "IFNULL(\(member.isUncertain ?? "FALSE"), FALSE)" }

    private func raw(_ member: BigQueryText) -> String {
        guard let isUncertain = member.isUncertain, let raw = member.raw else { return "CAST(NULL AS STRING)" }
        return "IF(\(isUncertain), \(raw), NULL)"
    }

    /// Members, each text once, where all of them count.
    private func distinct(_ contact: String?, _ members: String) -> String {
        guard !entry.one else { return members }
        let columns = [contact, "t", "u", "r"].compactMap { $0.map { "m.\($0) AS \($0)" } }
        return "SELECT DISTINCT \(columns.joined(separator: ", ")) FROM (\(members)) AS m"
    }

    /// The set's text, from its members `m`: all of them in order, or the one that counts.
    private func whole(order: String) -> String {
        let netstring = BigQueryTexts.netstring("m.t")
        let text =
            entry.one
            ? "ARRAY_AGG(\(netstring) IGNORE NULLS ORDER BY \(order) LIMIT 1)[SAFE_OFFSET(0)]"
            : "STRING_AGG(\(netstring), '' ORDER BY m.t)"
        return entry.distinguishEmpty ? "IFNULL(\(text), '')" : text
    }
}
