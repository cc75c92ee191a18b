import Contacts

/// Reads single rows of a table inside a transaction, and says by which statements they are written.
final class PostgresRows {
    let table: PostgresTable
    private let link: PostgresLink
    /// Rows as they were read; nil: there is none of that name.
    private var known: [RowID: StoredRow?] = [:]

    init(_ table: PostgresTable, _ link: PostgresLink) {
        self.table = table
        self.link = link
    }

    // MARK: Reading

    /// Reads rows and holds them, so that nobody else writes them before the transaction ends.
    func hold(_ names: Set<RowID>) throws {
        for name in names { known[name] = .some(nil) }
        for condition in table.names.conditions(names) {
            for row in try select("WHERE \(condition.sql) \(order) FOR UPDATE OF c", condition.values)
            where names.contains(row.name) {
                known[row.name] = row
            }
        }
        guard table.names.kind == .place else { return }
        // A row without a key has another place since it was written: it is the only one of its key, or it is not found.
        let moved = names.filter { known[$0] == .some(nil) }
        guard let condition = table.names.keyCondition(moved.sorted()) else { return }
        let rows = try select("WHERE \(condition.sql) \(order) FOR UPDATE OF c", condition.values)
        let byKey = Dictionary(grouping: rows) { table.names.key($0.name) }
        for name in moved {
            if let own = byKey[table.names.key(name)], own.count == 1 { known[name] = own[0] }
        }
    }

    /// Rows are held in one order by everybody who does as we do.
    private var order: String { "ORDER BY \((1...table.names.count).map(String.init).joined(separator: ", "))" }

    /// A row as it stands, and is held; nil where it is not there.
    func read(_ name: RowID) throws -> StoredRow? {
        if known[name] == nil { try hold([name]) }
        return known[name] ?? nil
    }

    /// Rows whose columns have these values, held.
    func rows(where columns: [String], are values: [RawValue]) throws -> [StoredRow] {
        var conditions: [String] = []
        var parameters: [[UInt8]?] = []
        for (name, value) in zip(columns, values) {
            guard let place = table.places[name] else { return [] }
            let column = table.columns[place]
            conditions.append(
                "\(column.selected("c.")) IS NOT DISTINCT FROM $\(parameters.count + 1)::\(column.selectedType)"
            )
            parameters.append(try PostgresValue.parameter(value, column))
        }
        return try select("WHERE \(conditions.joined(separator: " AND ")) \(order) FOR UPDATE OF c", parameters)
    }

    /// Rows of a table of identifiers, held, by the number of the key to which they belong, in stored order.
    func rows(of child: PostgresLayout.Child, keys: [[UInt8]], beside contact: PostgresColumn) throws
        -> [Int: [StoredRow]]
    {
        guard !keys.isEmpty else { return [:] }
        let own = PostgresSelect.key(child.contact, "i.", beside: contact)
        let isText = own != "i." + SQLName.quoted(child.contact.name)
        let type = isText ? "pg_catalog.text" : PostgresKey(column: child.contact).comparedType
        let texts = keys.map { key in
            let text = String(decoding: key, as: UTF8.self)
            return isText || PostgresKey(column: child.contact).value(text) != nil ? key : nil
        }
        let result = try link.query(
            """
            SELECT k.place::pg_catalog.text, \(table.selected("i.")) FROM \(table.quoted) i
            JOIN pg_catalog.unnest($1::\(type)[]) WITH ORDINALITY AS k(v, place) ON \(own) = k.v
            ORDER BY \(child.order) FOR UPDATE OF i
            """,
            [PostgresArray.literal(texts)]
        )
        var found: [Int: [StoredRow]] = [:]
        for row in 0..<result.count {
            guard let place = result.text(row, 0).flatMap({ Int($0) }) else { continue }
            found[place - 1, default: []].append(table.row(result, row, from: 1))
        }
        return found
    }

    private func select(_ clause: String, _ values: [[UInt8]?]) throws -> [StoredRow] {
        let result = try link.query("SELECT \(table.selected("c.")) FROM \(table.quoted) c \(clause)", values)
        return (0..<result.count).map { table.row(result, $0) }
    }

    // MARK: Statements

    /// What writes a step. It returns the row as it then stands, and writes nothing where the row is not as the step has it.
    func statement(_ step: RowStep) throws(WriteRefusal) -> PostgresLink.Statement {
        switch (step.row, step.before, step.after) {
        case (_, nil, let after?): return try insertion(after)
        case (let row?, let before?, nil):
            var statement = try Builder(table).found(row, before)
            statement.addFollowers(table.followers.filter(\.followsDeletes), of: table)
            return statement.finished("DELETE FROM \(table.quoted) AS c", returning: table.names.selected("c."))
        case (let row?, let before?, let after?):
            var statement = Builder(table)
            var assignments: [String] = []
            for (column, value) in try columns(after) {
                assignments.append(
                    "\(SQLName.quoted(column.name)) = \(statement.parameter(try PostgresValue.parameter(value, column)))"
                )
            }
            statement = try statement.found(row, before)
            let written = Set(after.keys)
            statement.addFollowers(
                table.followers.filter { $0.followsUpdates && !written.isDisjoint(with: $0.targets) },
                of: table
            )
            return statement.finished(
                "UPDATE \(table.quoted) AS c SET \(assignments.joined(separator: ", "))",
                returning: [table.selected("c.")]
            )
        default: throw WriteRefusal("a step of table \(table.name) does nothing")
        }
    }

    private func insertion(_ after: [String: RawValue]) throws(WriteRefusal) -> PostgresLink.Statement {
        let columns = try columns(after)
        var values: [[UInt8]?] = []
        for (column, value) in columns { values.append(try PostgresValue.parameter(value, column)) }
        let overriding = columns.contains { $0.column.isAlwaysNumbered } ? " OVERRIDING SYSTEM VALUE" : ""
        let names = columns.map { SQLName.quoted($0.column.name) }.joined(separator: ", ")
        let marks = columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        let contents = columns.isEmpty ? " DEFAULT VALUES" : " (\(names))\(overriding) VALUES (\(marks))"
        return PostgresLink.Statement(
            sql: "INSERT INTO \(table.quoted) AS c\(contents) RETURNING \(table.selected("c."))",
            values: values
        )
    }

    /// The columns of an image that are written, in the table's order.
    private func columns(_ image: [String: RawValue]) throws(WriteRefusal) -> [(
        column: PostgresColumn, value: RawValue
    )] {
        if let strange = image.keys.first(where: { table.places[$0] == nil }) {
            throw WriteRefusal("table \(table.name) has no column \(strange) that could be written")
        }
        return table.columns.compactMap { column in image[column.name].map { (column, $0) } }
    }

    /// A statement in the making.
    private struct Builder {
        private let table: PostgresTable
        private var values: [[UInt8]?] = []
        private var conditions: [String] = []

        init(_ table: PostgresTable) { self.table = table }

        mutating func parameter(_ value: [UInt8]?) -> String {
            values.append(value)
            return "$\(values.count)"
        }

        /// With the conditions that find a row which is as it was.
        func found(_ row: RowID, _ before: [String: RawValue]) throws(WriteRefusal) -> Builder {
            guard let name = table.names.condition(of: row, from: values.count + 1) else {
                throw WriteRefusal("the row of table \(table.name) is not there")
            }
            var copy = self
            copy.values += name.values
            copy.conditions.append(name.sql)
            for column in table.columns {
                guard let value = before[column.name] else { continue }
                let own = copy.parameter(try PostgresValue.parameter(value, column))
                copy.conditions.append("\(column.selected("c.")) IS NOT DISTINCT FROM \(own)::\(column.selectedType)")
            }
            return copy
        }

        /// Rows that the server would change along with this one would be in no journal.
        mutating func addFollowers(_ followers: [PostgresTable.Follower], of table: PostgresTable) {
            for follower in followers {
                let joined = zip(follower.columns, follower.targets)
                    .map { "f.\(SQLName.quoted($0)) = c.\(SQLName.quoted($1))" }
                conditions.append(
                    "NOT EXISTS (SELECT FROM \(follower.table) f WHERE \(joined.joined(separator: " AND ")))"
                )
            }
        }

        func finished(_ verb: String, returning columns: [String]) -> PostgresLink.Statement {
            PostgresLink.Statement(
                sql:
                    "\(verb) WHERE \(conditions.joined(separator: " AND ")) RETURNING \(columns.joined(separator: ", "))",
                values: values
            )
        }
    }
}
