import Contacts
import Foundation
import Testing

@testable import Listener

@Suite("What is read of a message")
struct EventTests {
    private let tables = EventHook.DatabaseTables(
        schema: "public",
        contacts: "contacts_master",
        identifiers: "contact_identifiers",
        keyColumn: "contact_id",
        rowColumn: "id"
    )

    private func twenty(_ body: JSONValue) throws -> EventHint? {
        try TwentyEvent.hint(body, store: "crm", keyField: "contactId")
    }

    private func database(_ body: JSONValue) throws -> EventHint? {
        try DatabaseEvent.hint(body, store: "app", tables: tables)
    }

    @Test(
        "Twenty says what was done to whom, and when",
        arguments: [
            ("person.created", EventHint.Operation.insert), ("person.updated", .update), ("person.deleted", .delete),
            ("person.destroyed", .delete), ("person.restored", .update), ("person.renamed", .update),
        ]
    )
    func twenty(event: String, operation: EventHint.Operation) throws {
        let hint = try twenty(Message.twenty(event))
        let time = Date(timeIntervalSince1970: 1_767_323_045.678)
        #expect(hint?.time.map { abs($0.timeIntervalSince(time)) < 0.000_5 } == true)
        #expect(hint?.store == "crm" && hint?.operation == operation)
        #expect(hint?.row == .text(Message.person) && hint?.contacts == ["4711"])
    }

    @Test("a person's id is written as the store names its rows; the contact's key as it is")
    func names() throws {
        let hint = try twenty(Message.twenty(id: Message.person.uppercased(), contact: 4711))
        #expect(hint?.row == .text(Message.person) && hint?.contacts == ["4711"])
        #expect(try twenty(Message.twenty(contact: "007"))?.contacts == ["007"])
        for none in [nil, "", JSONValue.null, [], true, .string(String(repeating: "9", count: 513))] {
            #expect(try twenty(Message.twenty(contact: none))?.contacts == [])
        }
    }

    @Test("what is about something else than persons is no hint", arguments: ["company.updated", "people.created"])
    func others(event: String) throws {
        #expect(try twenty(Message.twenty(event)) == nil)
        #expect(try twenty(["eventName": .string(event)]) == nil)
    }

    @Test(
        "what Twenty does not send is malformed",
        arguments: [
            nil, [], "person.updated", [:], ["eventName": 1], ["eventName": "person"], ["eventName": "person.a.b"],
            ["eventName": "person.updated"], ["eventName": "person.updated", "record": nil],
            ["eventName": "person.updated", "record": ["id": 1]],
            ["eventName": "person.updated", "record": ["id": "4711"]],
            ["eventName": "person.updated", "record": ["id": "../people"]],
        ] as [JSONValue]
    )
    func malformed(body: JSONValue) { #expect(throws: MalformedEvent.self) { try twenty(body) } }

    @Test("a time that is none is left out")
    func times() throws {
        let record: JSONValue = ["id": .string(Message.person)]
        for time in [nil, "yesterday", 1, "2026-13-02T03:04:05.678Z"] as [JSONValue] {
            #expect(try twenty(["eventName": "person.created", "record": record, "eventDate": time])?.time == nil)
        }
    }

    @Test(
        "a database says what was done to whom, and no time",
        arguments: [("INSERT", EventHint.Operation.insert), ("UPDATE", .update), ("DELETE", .delete)]
    )
    func database(type: String, operation: EventHint.Operation) throws {
        let record: JSONValue = ["id": 17, "contact_id": "4711"]
        let hint = try database(
            Message.database(
                type,
                record: operation == .delete ? nil : record,
                old: operation == .insert ? nil : record
            )
        )
        let expected = EventHint(
            store: "app",
            row: .integer(17),
            contacts: ["4711"],
            operation: operation,
            time: nil
        )
        #expect(hint == expected)
    }

    @Test("a row that goes from one contact to another is about both")
    func moves() throws {
        let hint = try database(Message.database(record: ["contact_id": "2"], old: ["contact_id": "1"]))
        #expect(hint?.contacts == ["2", "1"] && hint?.row == nil)
    }

    @Test("a row of the child table is an update of its contact, whatever was done to it")
    func children() throws {
        for type in ["INSERT", "UPDATE", "DELETE"] {
            let hint = try database(
                Message.database(type, table: "contact_identifiers", record: ["id": 3, "contact_id": 4711], old: nil)
            )
            let expected = EventHint(store: "app", row: nil, contacts: ["4711"], operation: .update, time: nil)
            #expect(hint == expected)
        }
    }

    @Test("a record without a key is found by its row")
    func unlinked() throws {
        let hint = try database(Message.database("INSERT", record: ["id": "a-b", "contact_id": nil], old: nil))
        #expect(hint?.row == .text("a-b") && hint?.contacts == [])
    }

    @Test("other tables and schemas are no hint")
    func otherTables() throws {
        #expect(try database(Message.database(table: "orders")) == nil)
        #expect(try database(Message.database(schema: "private")) == nil)
    }

    @Test(
        "what a database does not send is malformed",
        arguments: [
            nil, [], [:], ["type": "TRUNCATE", "table": "contacts_master", "schema": "public", "record": [:]],
            ["type": "INSERT", "table": "contacts_master", "schema": "public"],
            ["type": "INSERT", "table": "contacts_master", "schema": "public", "record": nil, "old_record": nil],
            ["type": "INSERT", "table": "contacts_master", "schema": "public", "record": "4711"],
            ["type": "INSERT", "table": "contacts_master", "record": [:]],
            ["type": "INSERT", "schema": "public", "record": [:]],
        ] as [JSONValue]
    )
    func malformedRows(body: JSONValue) { #expect(throws: MalformedEvent.self) { try database(body) } }

    @Test("a hint prints nobody")
    func prints() throws {
        let hint = try #require(try twenty(Message.twenty()))
        var dumped = ""
        dump(hint, to: &dumped)
        #expect("\(hint)" == "update in crm")
        #expect(!dumped.contains("4711") && !dumped.contains(Message.person))
    }
}
