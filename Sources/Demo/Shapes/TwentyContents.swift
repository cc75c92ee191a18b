import Contacts
import GRDB

/// What a table of people holds, contact by contact, but for what only the server sets.
enum TwentyContents {
    private static let setByServer: Set = ["updatedAt", "createdBy", "updatedBy", "position"]
    private static let composites: Set = ["name", "emails", "phones"]

    static func of(_ table: String, _ database: Database) throws -> TableContents {
        var rows = 0
        var contacts: [String: Int] = [:]
        let records = try String.fetchCursor(database, sql: "SELECT record FROM \(table.quotedDatabaseIdentifier)")
        while let text = try records.next() {
            let record = try JSONValue(parsing: text.utf8)
            contacts[canonical(record["contactId"]?.string ?? ""), default: 0] &+= digest(record)
            rows += 1
        }
        return TableContents(rows: rows, digest: contacts.hashValue, contacts: contacts)
    }

    /// Of the members that hold something.
    private static func digest(_ record: JSONValue) -> Int {
        let held = (record.members ?? [])
            .filter {
                !setByServer.contains($0.name) && !isNothing($0.value, isComposite: composites.contains($0.name))
            }
            .map { member in
                let isComposite = composites.contains(member.name)
                return (member.name, isComposite ? digest(member.value) : meaning(of: member.value))
            }
        return Dictionary(held) { first, _ in first }.hashValue
    }

    /// Composites have all their members, also where there is nothing in them.
    private static func isNothing(_ value: JSONValue, isComposite: Bool) -> Bool {
        value.isNull || isComposite && value.members.map { $0.allSatisfy(\.value.isNull) } == true
    }

    /// The same whatever the order of the members of objects, and however a number is written: all are doubles there.
    private static func meaning(of value: JSONValue) -> Int {
        if let members = value.members {
            return Dictionary(members.map { ($0.name, meaning(of: $0.value)) }) { first, _ in first }.hashValue
        }
        if let elements = value.array { return elements.map(meaning).hashValue }
        if case .number(let text) = value, let number = Double(text) { return number.hashValue }
        return value.hashValue
    }

    /// A key without what its spelling adds.
    private static func canonical(_ key: String) -> String {
        let digits = key.hasSuffix(".0") ? key.dropLast(2) : key[...]
        return String(digits.drop { $0 == "+" || $0 == "0" })
    }
}
