import Contacts
import Foundation
import GRDB

/// Writes the file of the simulator of Twenty, which must not run meanwhile.
struct TwentyDatabase: SampleWriter {
    let shape: any SampleShape
    let database: Database
    /// Decides which of the spellings is taken.
    let seed: UInt64
    /// The seed of the stores, which people's ids follow from.
    let sample: UInt64

    func create() throws {
        try database.execute(
            sql: """
                CREATE TABLE people (id TEXT PRIMARY KEY, record TEXT NOT NULL);
                CREATE TABLE fields (id TEXT PRIMARY KEY, place INTEGER, field TEXT NOT NULL);
                CREATE TABLE webhooks (id TEXT PRIMARY KEY, webhook TEXT NOT NULL);
                """
        )
        var random = SeededRandom(seed: sample, SeededRandom.stream("fields"))
        for (place, field) in TwentyFields.all(of: shape.columns).enumerated() {
            let id = Self.identifier(using: &random)
            try database.execute(
                sql: "INSERT INTO fields VALUES (?, ?, json_insert(?, '$.id', ?))",
                arguments: [id, place, SampleJSONWriter.text(of: field, .minified, using: &random), id]
            )
        }
    }

    @discardableResult
    func insert(_ contact: SampleContact, key: DatabaseValue?) throws -> String {
        var number: UInt64 = 0
        while try exists(person(contact.id, number)) { number += 1 }
        let id = person(contact.id, number)
        var random = SeededRandom(seed: seed, SeededRandom.stream(shape.name), UInt64(contact.id))
        let record = record(contact, id, key ?? shape.key(of: contact.id), using: &random)
        let statement = try database.cachedStatement(sql: "INSERT INTO people VALUES (?, ?)")
        statement.setUncheckedArguments([id, record])
        try statement.execute()
        return id
    }

    func rewrite(_ contact: SampleContact) throws {
        var random = SeededRandom(seed: seed, SeededRandom.stream(shape.name), UInt64(contact.id), 1)
        let id = person(contact.id)
        let record = record(contact, id, shape.key(of: contact.id), using: &random)
        try database.execute(sql: "UPDATE people SET record = ? WHERE id = ?", arguments: [record, id])
    }

    func remove(_ id: Int64) throws {
        try database.execute(sql: "DELETE FROM people WHERE id = ?", arguments: [person(id)])
    }

    func rename(_ id: Int64, to newID: Int64) throws {
        try setKey(of: id, to: shape.key(of: newID))
    }

    func removeKey(of id: Int64) throws -> String {
        try setKey(of: id, to: .null)
        return person(id)
    }

    private func setKey(of id: Int64, to key: DatabaseValue) throws {
        try database.execute(
            sql: "UPDATE people SET record = json_set(record, '$.contactId', ?) WHERE id = ?",
            arguments: [key, person(id)]
        )
    }

    /// A person as a JSON object.
    private func record(
        _ contact: SampleContact,
        _ id: String,
        _ key: DatabaseValue,
        using random: inout SeededRandom
    ) -> String {
        let key = String.fromDatabaseValue(key)
        var members = [
            ("id", "\"\(id)\""), (shape.key.name, key.map { "\"\($0)\"" } ?? "null"), ("position", "\(contact.id)"),
            ("createdBy", #"{"source":"API","workspaceMemberId":null,"name":"Key","context":{}}"#),
        ]
        for column in shape.columns.dropFirst() {
            let value = shape.value(of: column, in: contact, using: &random)
            members.append((column.name, String.fromDatabaseValue(value) ?? "null"))
        }
        return "{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
    }

    private func exists(_ id: String) throws -> Bool {
        try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT * FROM people WHERE id = ?)", arguments: [id]) ?? false
    }

    /// The id of the person that was first made of a contact, or of a later one.
    private func person(_ id: Int64, _ number: UInt64 = 0) -> String {
        var random = SeededRandom(seed: sample, SeededRandom.stream(shape.table), UInt64(id), number)
        return Self.identifier(using: &random)
    }

    /// A UUID of version 4.
    private static func identifier(using random: inout SeededRandom) -> String {
        let high = random.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = random.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        let digits = [high, low]
            .map { number in
                let text = String(number, radix: 16)
                return String(repeating: "0", count: 16 - text.count) + text
            }
            .joined()
        var groups: [Substring] = []
        var rest = digits[...]
        for length in [8, 4, 4, 4, 12] {
            groups.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return groups.joined(separator: "-")
    }
}
