import Contacts
import Foundation

/// What is read of a webhook of Twenty. `record` holds the whole record, of which only the names are taken.
enum TwentyEvent {
    /// The hint of a message; nil where it is about something else than a person.
    ///
    /// - Throws: `MalformedEvent` where it is no event, or one about a person without an id.
    static func hint(_ body: JSONValue, store: String, keyField: String) throws(MalformedEvent) -> EventHint? {
        guard let parts = body["eventName"]?.string?.split(separator: ".", omittingEmptySubsequences: false),
            parts.count == 2
        else { throw MalformedEvent() }
        guard parts[0] == "person" else { return nil }
        guard let record = body["record"], let id = record["id"]?.string.flatMap(UUID.init(uuidString:)) else {
            throw MalformedEvent()
        }
        return EventHint(
            store: store,
            row: .text(id.uuidString.lowercased()),
            contacts: record.name(keyField).map { [$0] } ?? [],
            operation: operation(parts[1]),
            time: body["eventDate"]?.string.flatMap(time)
        )
    }

    /// `deleted` marks a person, `destroyed` removes one.
    private static func operation(_ word: Substring) -> EventHint.Operation {
        switch word {
        case "created": .insert
        case "deleted", "destroyed": .delete
        default: .update
        }
    }

    private static func time(_ text: String) -> Date? {
        try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
