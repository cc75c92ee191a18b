import GRDB

extension WriteRefusal {
    /// What SQLite's error says of the change; nil where the store as a whole cannot be written.
    ///
    /// - Parameter table: the table of the statement that failed.
    init?(ofSQLite error: any Error, table: String) {
        if let refusal = error as? WriteRefusal {
            self = refusal
            return
        }
        guard let error = error as? DatabaseError else { return nil }
        switch error.resultCode {
        case .SQLITE_CONSTRAINT: why = Self.constraint(error, table)
        case .SQLITE_MISMATCH: why = "table \(table) takes only integers for its row number"
        case .SQLITE_TOOBIG: why = "a value for table \(table) is longer than SQLite takes"
        // A schema that cannot work: a foreign key without its table, a trigger that names no column.
        case .SQLITE_ERROR: why = "table \(table) cannot be written: \(error.message ?? "SQLite gives no reason")"
        default: return nil
        }
    }

    /// What a constraint says. SQLite's own words name tables, columns and constraints; those of a trigger are the
    /// application's, and are left out.
    private static func constraint(_ error: DatabaseError, _ table: String) -> String {
        let text = error.message ?? ""
        let named = text.contains(": ") ? String(text.split(separator: ": ", maxSplits: 1)[1]) : ""
        switch error.extendedResultCode {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID:
            return "another row has the same value, and \(named.isEmpty ? "a key of \(table)" : named) must be unique"
        case .SQLITE_CONSTRAINT_NOTNULL: return "\(named.isEmpty ? "a column of \(table)" : named) must not be NULL"
        case .SQLITE_CONSTRAINT_CHECK:
            return "a CHECK constraint of table \(table) does not hold\(named.isEmpty ? "" : ": \(named)")"
        case .SQLITE_CONSTRAINT_FOREIGNKEY: return Self.openForeignKey(table)
        case .SQLITE_CONSTRAINT_TRIGGER: return "a trigger of table \(table) refuses it"
        case .SQLITE_CONSTRAINT_DATATYPE: return "table \(table) is STRICT: \(text)"
        default: return "a constraint of table \(table) refuses it: \(text)"
        }
    }

    /// What a foreign key that would lead nowhere is told as.
    static func openForeignKey(_ table: String) -> String {
        "a foreign key would lead nowhere: a row of table \(table) refers to one that is not there, or is referred to"
    }
}
