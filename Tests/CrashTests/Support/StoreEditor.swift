import Foundation
import GRDB

/// Changes a store as its own users do.
struct StoreEditor {
    let database: Database
    let shape: StoreShape

    func insert(_ person: Person) throws {
        var values: [(String, DatabaseValue)] = [
            ("contact_id", shape.key(person.id)), ("first_name", "Person \(person.id)".databaseValue),
            ("last_name", "No. \(person.id)".databaseValue), ("job_title", person.title?.databaseValue ?? .null),
            ("notes", person.notes?.databaseValue ?? .null), ("birthday", person.birthday?.databaseValue ?? .null),
            ("is_me", shape.bool(person.isMe)),
        ]
        if shape.hasInsights { values.append(("ai_insights", person.insights?.databaseValue ?? .null)) }
        if shape == .packed { values.append(("sync_metadata", "{\"source\": \"test\"}".databaseValue)) }
        let columns = values.map(\.0).joined(separator: ", ")
        let places = databaseQuestionMarks(count: values.count)
        try database.execute(
            sql: "INSERT INTO contacts_master (\(columns)) VALUES (\(places))",
            arguments: StatementArguments(values.map(\.1))
        )
        try setVersion(person.version, of: person.id)
        try setIdentifiers("email", person.emails, of: person.id)
        try setIdentifiers("phone", person.phones, of: person.id)
        if shape.hasChildren, person.id.isMultiple(of: 3) {
            try insertIdentifier("social_profile", "https://social.example/\(person.id)", of: person.id, primary: false)
        }
    }

    func set(_ column: String, _ value: DatabaseValue, of id: Int) throws {
        try database.execute(
            sql: "UPDATE contacts_master SET \(column) = ? WHERE contact_id = ?",
            arguments: [value, shape.key(id)]
        )
    }

    /// Sets the version, and the time of change that goes with it.
    func setVersion(_ version: Int, of id: Int) throws {
        let time = "2024-01-\(version < 10 ? "0" : "")\(version)T00:00:00Z"
        guard shape == .packed else {
            try set("version", version.databaseValue, of: id)
            return try set("last_updated", time.databaseValue, of: id)
        }
        try database.execute(
            sql: """
                UPDATE contacts_master
                SET sync_metadata = json_set(sync_metadata, '$.version', ?, '$.last_updated', ?) WHERE contact_id = ?
                """,
            arguments: [version, time, shape.key(id)]
        )
    }

    /// Gives a contact these e-mails or phones in the place of those it has.
    func setIdentifiers(_ type: String, _ values: [String], of id: Int) throws {
        guard shape.hasChildren else {
            let list = try String(decoding: JSONEncoder().encode(values), as: UTF8.self)
            return try set("\(type)s", list.databaseValue, of: id)
        }
        try database.execute(
            sql: "DELETE FROM contact_identifiers WHERE contact_id = ? AND identifier_type = ?",
            arguments: [shape.key(id), type]
        )
        for (index, value) in values.enumerated() { try insertIdentifier(type, value, of: id, primary: index == 0) }
    }

    private func insertIdentifier(_ type: String, _ value: String, of id: Int, primary: Bool) throws {
        try database.execute(
            sql: "INSERT INTO contact_identifiers VALUES (?, ?, ?, ?, ?)",
            arguments: [shape.key(id), type, value, value.lowercased(), primary]
        )
    }

    /// Removes a contact with its identifiers.
    func remove(_ id: Int) throws {
        try database.execute(sql: "DELETE FROM contacts_master WHERE contact_id = ?", arguments: [shape.key(id)])
        guard shape.hasChildren else { return }
        try database.execute(sql: "DELETE FROM contact_identifiers WHERE contact_id = ?", arguments: [shape.key(id)])
    }

    /// Marks a contact deleted, in a store that has such a mark.
    func mark(_ id: Int) throws {
        let time = "2024-02-01T00:00:00Z".databaseValue
        guard shape == .packed else { return try set("deleted_at", time, of: id) }
        try database.execute(
            sql: """
                UPDATE contacts_master SET sync_metadata = json_set(sync_metadata, '$.deleted_at', ?)
                WHERE contact_id = ?
                """,
            arguments: [time, shape.key(id)]
        )
    }

    /// Gives a contact a second row which is as its first, in a store whose keys may repeat.
    func repeatRow(_ id: Int) throws {
        try database.execute(
            sql: "INSERT INTO contacts_master SELECT * FROM contacts_master WHERE contact_id = ?",
            arguments: [shape.key(id)]
        )
    }

    /// The different rows of a contact with its identifiers, as text.
    func rows(of id: Int) throws -> [String] {
        let tables = ["contacts_master"] + (shape.hasChildren ? ["contact_identifiers"] : [])
        return try tables.flatMap { table in
            let columns = try database.columns(in: table).map { "quote(\"\($0.name)\")" }.joined(separator: " || ")
            return try String.fetchAll(
                database,
                sql: "SELECT DISTINCT \(columns) FROM \(table) WHERE contact_id = ? ORDER BY 1",
                arguments: [shape.key(id)]
            )
        }
    }

    /// Whether the store has a row of the contact that is not marked deleted.
    func hasLive(_ id: Int) throws -> Bool {
        let mark =
            switch shape {
            case .plain, .texts: "deleted_at"
            case .bare: "NULL"
            case .packed: "sync_metadata ->> 'deleted_at'"
            }
        return try Bool.fetchOne(
            database,
            sql: "SELECT EXISTS (SELECT 1 FROM contacts_master WHERE contact_id = ? AND \(mark) IS NULL)",
            arguments: [shape.key(id)]
        ) ?? false
    }
}
