import Contacts
import GRDB

/// Writes a sample store that is a table.
struct SampleDatabase: SampleWriter {
    let shape: any SampleShape
    let database: Database
    /// Decides which of the spellings is taken.
    let seed: UInt64

    func create() throws {
        let columns = shape.columns.map { "\"\($0.name)\" \($0.declaration)" }.joined(separator: ", ")
        try database.execute(sql: "CREATE TABLE \(shape.table) (\(columns)); \(shape.otherTables)")
        if shape.hasChildTable { try database.execute(sql: shape.childTable) }
    }

    @discardableResult
    func insert(_ contact: SampleContact, key: DatabaseValue?) throws -> String {
        let places = databaseQuestionMarks(count: shape.columns.count)
        let statement = try database.cachedStatement(sql: "INSERT INTO \(shape.table) VALUES (\(places))")
        let key = key ?? shape.key(of: contact.id)
        var random = SeededRandom(seed: seed, SeededRandom.stream(shape.name), UInt64(contact.id))
        statement.setUncheckedArguments(StatementArguments([key] + values(of: contact, using: &random)))
        try statement.execute()
        let row = database.lastInsertedRowID
        try insertChildren(of: contact, key, using: &random)
        return String(row)
    }

    func rewrite(_ contact: SampleContact) throws {
        let assignments = shape.columns.dropFirst().map { "\"\($0.name)\" = \(place(of: $0, in: contact))" }
            .joined(separator: ", ")
        let key = shape.key(of: contact.id)
        var random = SeededRandom(seed: seed, SeededRandom.stream(shape.name), UInt64(contact.id), 1)
        let arguments = StatementArguments(values(of: contact, using: &random) + [key])
        try database.execute(
            sql: "UPDATE \(shape.table) SET \(assignments) WHERE \"\(shape.key.name)\" = ?",
            arguments: arguments
        )
        try removeChildren(of: key)
        try insertChildren(of: contact, key, using: &random)
    }

    func remove(_ id: Int64) throws {
        let key = shape.key(of: id)
        try database.execute(sql: "DELETE FROM \(shape.table) WHERE \"\(shape.key.name)\" = ?", arguments: [key])
        try removeChildren(of: key)
    }

    func rename(_ id: Int64, to newID: Int64) throws {
        let keys: StatementArguments = [shape.key(of: newID), shape.key(of: id)]
        let column = "\"\(shape.key.name)\""
        try database.execute(sql: "UPDATE \(shape.table) SET \(column) = ? WHERE \(column) = ?", arguments: keys)
        guard shape.hasChildTable else { return }
        try database.execute(
            sql: "UPDATE contact_identifiers SET contact_id = ? WHERE contact_id = ?",
            arguments: keys
        )
    }

    func removeKey(of id: Int64) throws -> String {
        let column = "\"\(shape.key.name)\""
        let row = try Int64.fetchOne(
            database,
            sql: "UPDATE \(shape.table) SET \(column) = NULL WHERE \(column) = ? RETURNING rowid",
            arguments: [shape.key(of: id)]
        )
        return String(row ?? 0)
    }

    /// Where a value is bound; raw bytes become a text.
    private func place(of column: SampleColumn, in contact: SampleContact) -> String {
        if case .raw? = contact[column.field] { "CAST(? AS TEXT)" } else { "?" }
    }

    private func values(of contact: SampleContact, using random: inout SeededRandom) -> [DatabaseValue] {
        shape.columns.dropFirst().map { shape.value(of: $0, in: contact, using: &random) }
    }

    private func removeChildren(of key: DatabaseValue) throws {
        guard shape.hasChildTable else { return }
        try database.execute(sql: "DELETE FROM contact_identifiers WHERE contact_id = ?", arguments: [key])
    }

    /// Adds the child rows, in any order, and sometimes one of a kind that is not compared.
    private func insertChildren(
        of contact: SampleContact,
        _ key: DatabaseValue,
        using random: inout SeededRandom
    ) throws {
        guard shape.hasChildTable else { return }
        var rows: [[DatabaseValue]] = []
        func add(_ type: String, _ value: String, _ normalized: String, primary: Bool) {
            rows.append([
                key, type.databaseValue, value.databaseValue, normalized.databaseValue, primary.databaseValue,
            ])
        }
        for (index, email) in contact.emails.enumerated() {
            let value = shape.identifier(.email(email), using: &random)
            add("email", value, Spelling.asciiDomain(email), primary: index == 0)
        }
        for (index, phone) in contact.phones.enumerated() {
            add("phone", shape.identifier(.phone(phone), using: &random), phone.e164, primary: index == 0)
        }
        for (type, field) in [("email", ContactSchema.Name.emails), ("phone", ContactSchema.Name.phones)] {
            guard case .rawMembers(let members)? = contact[field] else { continue }
            for (index, member) in members.enumerated() { add(type, member, member, primary: index == 0) }
        }
        if random.chance(20) {
            add("social_profile", "https://social.example/@\(contact.id)", "@\(contact.id)", primary: false)
        }
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO contact_identifiers
                    (contact_id, identifier_type, identifier_value, identifier_normalized, is_primary)
                VALUES (?, ?, ?, ?, ?)
                """
        )
        for row in random.shuffled(rows) {
            statement.setUncheckedArguments(StatementArguments(row))
            try statement.execute()
        }
    }
}
