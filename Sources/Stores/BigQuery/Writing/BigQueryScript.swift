import Contacts

/// One transaction that writes a batch: it finds out which changes still meet what they expect, writes these, compares the
/// number of rows that each statement wrote with what it should have, and tells which changes it wrote.
///
/// The rows that are expected are told by hashes of all that they hold. A row that somebody changed in between is not met; one
/// that somebody changes during the transaction makes it fail as a whole.
///
/// No MERGE: it speaks of one table, and a change is expected of both; it cannot tell rows of one key apart, nor leave a column
/// to its default in some of the rows that it inserts. `DELETE`, `UPDATE` and `INSERT` join the same array parameters.
struct BigQueryScript {
    let plan: BigQueryPlan
    let entries: [BigQueryEntry]

    /// What our own assertions say when they do not hold.
    static let assertion = "rollcall: another number of rows was written"
    private static let chosen = "rollcall_ok"

    /// The script; its result has one column, the numbers of the changes that were written.
    var statement: BigQueryStatement {
        var parameters: [BigQueryStatement.Parameter] = []
        var parts = [expectation(&parameters)]
        for (index, target) in targets.enumerated() {
            let deletes = entries.flatMap { entry in entry.writes[index].deletes.map { (entry.change, $0) } }
            let updates = entries.flatMap { entry in entry.writes[index].updates.map { (entry.change, $0) } }
            let inserts = entries.flatMap { entry in entry.writes[index].inserts.map { (entry.change, $0) } }
            // Rows that go first: a row that is updated may become what one that goes is.
            if !deletes.isEmpty { parts += delete(deletes, target, "d\(index)", &parameters) }
            if !updates.isEmpty { parts += update(updates, target, "u\(index)", &parameters) }
            // A column that is not named gets its default, so rows that name other ones of these are added apart.
            let groups = Dictionary(grouping: inserts) { _, values in
                target.table.columns.filter { $0.hasDefault && values[$0.name] != nil }.map(\.name)
            }
            for (number, group) in groups.sorted(by: { $0.key.joined() < $1.key.joined() }).enumerated() {
                parts += insert(group.value, target, "i\(index)\(number)", &parameters)
            }
        }
        let sql = """
            DECLARE \(Self.chosen) ARRAY<INT64>;
            BEGIN TRANSACTION;
            \(parts.joined(separator: ";\n"));
            COMMIT TRANSACTION;
            SELECT r AS `change` FROM UNNEST(\(Self.chosen)) AS r;
            """
        return BigQueryStatement(sql: sql, parameters: parameters)
    }

    /// How many statements read each table, the contact table first.
    var statements: [Int] {
        targets.indices.map { index in
            1 + (entries.contains { !$0.writes[index].deletes.isEmpty } ? 1 : 0)
                + (entries.contains { !$0.writes[index].updates.isEmpty } ? 1 : 0)
        }
    }

    private var targets: [BigQueryTarget] { [plan.contacts, plan.identifiers].compactMap { $0 } }

    // MARK: What is expected

    private func expectation(_ parameters: inout [BigQueryStatement.Parameter]) -> String {
        let text = BigQueryStatement.type("STRING")
        let type = BigQueryStatement.type([
            ("change", BigQueryStatement.type("INT64")), ("k", text), ("h0", text), ("h1", text),
        ])
        let values = entries.flatMap { entry in
            entry.expectations.map { expected in
                BigQueryStatement.value([
                    ("change", BigQueryStatement.value(String(entry.change))),
                    ("k", BigQueryStatement.value(expected.key)),
                    ("h0", BigQueryStatement.value(expected.contacts)),
                    ("h1", BigQueryStatement.value(expected.identifiers)),
                ])
            }
        }
        parameters.append(.array("expected", of: type, values))
        let keys = Set(entries.flatMap { $0.expectations.map(\.key) }).sorted()
        var joins = ""
        var conditions: [String] = []
        for (index, target) in targets.enumerated() {
            let parameter = BigQueryStatement.Parameter.array(
                "keys\(index)",
                of: BigQueryStatement.type(target.key.type.name),
                target.held(keys).map { BigQueryStatement.value($0) }
            )
            parameters.append(parameter)
            let hash = target.hash(of: "t")
            joins += """

                LEFT JOIN (SELECT \(target.keyText(of: "t")) AS k, STRING_AGG(\(hash), ',' ORDER BY \(hash)) AS h
                FROM \(target.table.quoted) AS t WHERE \(among(target, "keys\(index)")) GROUP BY 1) AS x\(index)
                ON x\(index).k = e.k
                """
            conditions.append("x\(index).h IS NOT DISTINCT FROM e.h\(index)")
        }
        return """
            SET \(Self.chosen) = ARRAY(
            SELECT e.change FROM (SELECT r.change AS change, r.k AS k, r.h0 AS h0, r.h1 AS h1 FROM UNNEST(@expected) AS r) AS e\(joins)
            GROUP BY e.change HAVING LOGICAL_AND(\(conditions.joined(separator: " AND "))))
            """
    }

    /// Rows `t` of the keys that the batch is about: so that a table that is clustered by its key is not read whole.
    private func among(_ target: BigQueryTarget, _ parameter: String) -> String {
        "t.\(BigQuerySQL.name(target.key.name)) IN UNNEST(@\(parameter))"
    }

    private func place(of target: BigQueryTarget) -> Int { target.table.name == plan.contacts.table.name ? 0 : 1 }

    // MARK: What is written

    private static let change = (name: "change", type: BigQueryStatement.type("INT64"))
    private static let hash = (name: "was", type: BigQueryStatement.type("STRING"))

    /// The elements of a parameter that are of changes to be written.
    private func chosen(_ name: String) -> String {
        "FROM UNNEST(@\(name)) AS r WHERE r.change IN UNNEST(\(Self.chosen))"
    }

    private func delete(
        _ rows: [(change: Int, row: (hash: String, count: Int))],
        _ target: BigQueryTarget,
        _ name: String,
        _ parameters: inout [BigQueryStatement.Parameter]
    ) -> [String] {
        let type = BigQueryStatement.type([Self.change, Self.hash, ("n", BigQueryStatement.type("INT64"))])
        parameters.append(
            .array(
                name,
                of: type,
                rows.map { change, row in
                    BigQueryStatement.value([
                        ("change", BigQueryStatement.value(String(change))), ("was", BigQueryStatement.value(row.hash)),
                        ("n", BigQueryStatement.value(String(row.count))),
                    ])
                }
            )
        )
        let sql = """
            DELETE FROM \(target.table.quoted) AS t WHERE \(among(target, "keys\(place(of: target))")) \
            AND \(target.hash(of: "t")) IN (SELECT r.was \(chosen(name)))
            """
        return [sql, check("IFNULL(SUM(r.n), 0)", name)]
    }

    /// Makes sure that the statement before wrote as many rows as it should have.
    private func check(_ count: String, _ name: String) -> String {
        "ASSERT @@row_count = (SELECT \(count) \(chosen(name))) AS '\(Self.assertion)'"
    }

    private func update(
        _ rows: [(change: Int, row: (hash: String, values: [String: RawValue]))],
        _ target: BigQueryTarget,
        _ name: String,
        _ parameters: inout [BigQueryStatement.Parameter]
    ) -> [String] {
        let columns = target.table.columns.filter { column in rows.contains { $0.row.values[column.name] != nil } }
        var members = [Self.change, Self.hash]
        var settings: [String] = []
        for (index, column) in columns.enumerated() {
            members += [("s\(index)", BigQueryStatement.type("BOOL")), ("v\(index)", column.type.parameterType)]
            let quoted = BigQuerySQL.name(column.name)
            settings.append("\(quoted) = IF(s.s\(index), \(column.type.sql("s.v\(index)")), t.\(quoted))")
        }
        let values = rows.map { change, row in
            var values = [
                ("change", BigQueryStatement.value(String(change))), ("was", BigQueryStatement.value(row.hash)),
            ]
            for (index, column) in columns.enumerated() {
                let value = row.values[column.name]
                values.append(("s\(index)", BigQueryStatement.value(value == nil ? "false" : "true")))
                values.append(("v\(index)", column.type.parameter(value ?? .null)))
            }
            return BigQueryStatement.value(values)
        }
        parameters.append(.array(name, of: BigQueryStatement.type(members), values))
        let sql = """
            UPDATE \(target.table.quoted) AS t SET \(settings.joined(separator: ", "))
            FROM (SELECT r.* \(chosen(name))) AS s
            WHERE \(among(target, "keys\(place(of: target))")) AND \(target.hash(of: "t")) = s.was
            """
        return [sql, check("COUNT(*)", name)]
    }

    private func insert(
        _ rows: [(change: Int, values: [String: RawValue])],
        _ target: BigQueryTarget,
        _ name: String,
        _ parameters: inout [BigQueryStatement.Parameter]
    ) -> [String] {
        let columns = target.table.columns.filter { column in rows.contains { $0.values[column.name] != nil } }
        let members = [Self.change] + columns.enumerated().map { ("v\($0)", $1.type.parameterType) }
        let values = rows.map { change, values in
            BigQueryStatement.value(
                [("change", BigQueryStatement.value(String(change)))]
                    + columns.enumerated().map { ("v\($0)", $1.type.parameter(values[$1.name] ?? .null)) }
            )
        }
        parameters.append(.array(name, of: BigQueryStatement.type(members), values))
        let sql = """
            INSERT INTO \(target.table.quoted) (\(columns.map { BigQuerySQL.name($0.name) }.joined(separator: ", ")))
            SELECT \(columns.enumerated().map { $1.type.sql("r.v\($0)") }.joined(separator: ", ")) \(chosen(name))
            """
        return [sql, check("COUNT(*)", name)]
    }
}
