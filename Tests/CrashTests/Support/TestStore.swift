import Foundation
import GRDB

/// A store's file, which is opened for each change and closed again: nothing of this process holds it meanwhile.
struct TestStore: Sendable {
    let name: String
    let path: String
    let shape: StoreShape

    /// Makes the file with these contacts.
    func create(_ people: [Person]) throws {
        try edit { editor in
            try editor.database.execute(sql: shape.tables)
            for person in people { try editor.insert(person) }
        }
    }

    /// Runs `body` in one transaction.
    @discardableResult
    func edit<Result>(_ body: (StoreEditor) throws -> Result) throws -> Result {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let result = try queue.write { try body(StoreEditor(database: $0, shape: shape)) }
        try queue.close()
        return result
    }

    /// Has every row that is written, in whatever table, leave a line in `write_log`.
    func logWrites() throws {
        try edit { editor in
            try editor.database.execute(sql: "CREATE TABLE write_log (what TEXT)")
            for table in ["contacts_master"] + (shape.hasChildren ? ["contact_identifiers"] : []) {
                for (verb, row) in [("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")] {
                    let value = table == "contacts_master" ? "" : " || ' ' || \(row).identifier_value"
                    try editor.database.execute(
                        sql: """
                            CREATE TRIGGER log_\(verb)_\(table) AFTER \(verb) ON \(table) BEGIN
                                INSERT INTO write_log VALUES ('\(verb) \(table) ' || \(row).contact_id\(value));
                            END;
                            """
                    )
                }
            }
        }
    }

    /// All rows of all tables: each a line of its values with their types, by the first column and in stored order.
    ///
    /// - Parameter numbered: whether each line begins with the row's number.
    func dump(numbered: Bool = false) throws -> String {
        try edit { editor in
            let names = try String.fetchAll(
                editor.database,
                sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
            )
            return
                try names.map { table in
                    let columns = try editor.database.columns(in: table).map { "quote(\"\($0.name)\")" }
                    let line = ((numbered ? ["rowid"] : []) + columns).joined(separator: " || '|' || ")
                    let order = "\(columns[0]), rowid"
                    let rows = try String.fetchOne(
                        editor.database,
                        sql: """
                            SELECT group_concat(line, char(10))
                            FROM (SELECT \(line) AS line FROM \(table) ORDER BY \(order))
                            """
                    )
                    return "\(table)\n\(rows ?? "")"
                }
                .joined(separator: "\n\n")
        }
    }
}
