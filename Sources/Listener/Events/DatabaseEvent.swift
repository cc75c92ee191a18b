import Contacts

/// What is read of a database webhook of Supabase: `type`, `table`, `schema`, and the names in `record` and `old_record`. It
/// tells no time.
enum DatabaseEvent {
    /// The column of the child table that holds the contact's key.
    private static let childKey = "contact_id"

    /// The hint of a message; nil where it is about another table.
    ///
    /// - Throws: `MalformedEvent` where it is no event.
    static func hint(
        _ body: JSONValue,
        store: String,
        tables: EventHook.DatabaseTables
    ) throws(MalformedEvent) -> EventHint? {
        guard let operation = body["type"]?.string.flatMap(operation), let schema = body["schema"]?.string,
            let table = body["table"]?.string
        else { throw MalformedEvent() }
        let records = [body["record"], body["old_record"]].compactMap { $0 }.filter { !$0.isNull }
        guard let record = records.first, records.allSatisfy({ $0.members != nil }) else { throw MalformedEvent() }
        let isContact = table == tables.contacts
        guard schema == tables.schema, isContact || table == tables.identifiers else { return nil }
        var contacts: [String] = []
        for name in records.compactMap({ $0.name(isContact ? tables.keyColumn : childKey) })
        where !contacts.contains(name) { contacts.append(name) }
        return EventHint(
            store: store,
            row: isContact ? tables.rowColumn.flatMap { row(record[$0]) } : nil,
            contacts: contacts,
            // A row of the child table is a part of the contact.
            operation: isContact ? operation : .update,
            time: nil
        )
    }

    private static func operation(_ word: String) -> EventHint.Operation? {
        switch word {
        case "INSERT": .insert
        case "UPDATE": .update
        case "DELETE": .delete
        default: nil
        }
    }

    /// A row as stores name it whose primary key is one column.
    private static func row(_ value: JSONValue?) -> RowID? {
        if let number = value?.int { return .integer(number) }
        guard let text = value?.string, !text.isEmpty, text.utf8.count <= 512 else { return nil }
        return .text(text)
    }
}
