import Contacts
import GRDB

/// What SQLite makes of a value that is written to a column (sqlite.org/datatype3.html, 3.1).
enum SQLiteAffinity: String, Sendable, Hashable, CaseIterable {
    case text, numeric, integer, real, blob

    /// - Parameter type: the declared type in upper case.
    init(type: String, isStrict: Bool) {
        if isStrict, type == "ANY" {
            self = .blob
        } else if type.contains("INT") {
            self = .integer
        } else if ["CHAR", "CLOB", "TEXT"].contains(where: type.contains) {
            self = .text
        } else if type.isEmpty || type.contains("BLOB") {
            self = .blob
        } else if ["REAL", "FLOA", "DOUB"].contains(where: type.contains) {
            self = .real
        } else {
            self = .numeric
        }
    }

    /// Whether SQLite keeps the value as it is.
    ///
    /// - Parameter isUTF8: whether the database is; others convert what texts are made of.
    func keeps(_ value: RawValue, isUTF8: Bool) -> Bool {
        switch value {
        case .null, .blob: true
        case .integer: self == .integer || self == .numeric || self == .blob
        case .real(let number): (self == .real || self == .blob) && number.isFinite
        case .text: isUTF8 && (self == .text || self == .blob)
        case .json, .list: false
        }
    }
}

/// Asks SQLite what a column would hold once a value is written to it: what the journal says must be what is found.
final class SQLiteConversion {
    private let database: Database
    private let isUTF8: Bool
    private var isMade = false

    init(_ database: Database) throws {
        self.database = database
        isUTF8 = try String.fetchOne(database, sql: "PRAGMA encoding") == "UTF-8"
    }

    /// The value as a column of that affinity keeps it. A STRICT table, or a constraint, may yet refuse it.
    func stored(_ value: RawValue, _ affinity: SQLiteAffinity) throws -> RawValue {
        if affinity.keeps(value, isUTF8: isUTF8) { return value }
        // A connection's temporary tables are its own; the store's file is not touched.
        if !isMade {
            let columns = SQLiteAffinity.allCases.map { "\"\($0.rawValue)\" \($0.rawValue)" }.joined(separator: ", ")
            try database.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS temp.rollcall_value (\(columns));
                    INSERT INTO temp.rollcall_value (text) SELECT NULL
                        WHERE NOT EXISTS (SELECT 1 FROM temp.rollcall_value);
                    """
            )
            isMade = true
        }
        let column = SQLName.quoted(affinity.rawValue)
        let write = try database.cachedStatement(sql: "UPDATE temp.rollcall_value SET \(column) = ?")
        try write.bind(value, at: 1)
        try write.run()
        let read = try database.cachedStatement(sql: "SELECT \(column) FROM temp.rollcall_value LIMIT 1")
        return try read.first(count: 1)?[0] ?? .null
    }
}
