import Contacts
import GRDB
import Testing

@testable import Demo

/// Damaged values as the stores hold them.
@Suite struct RawValueTests {
    private func row(_ folder: SampleFolder, _ store: String, _ expression: String, _ id: Int64) throws -> String? {
        let shape = try #require(SampleStores.shapes.first { $0.name == store })
        let queue = try DatabaseQueue(path: "\(folder.stores.folder)/\(store).db")
        return try queue.read { database in
            try String.fetchOne(
                database,
                sql: "SELECT \(expression) FROM \(shape.table) WHERE \"\(shape.key.name)\" = ?",
                arguments: [shape.key(of: id)]
            )
        }
    }

    /// A column or an expression that holds the field.
    private func column(_ field: String, in store: String) -> String {
        switch SampleStores.shapes.first(where: { $0.name == store })?.overrides[field] {
        case .held(let held) where !held.path.isEmpty: "json_extract(\(held.column ?? field), '$.\(field)')"
        case .held(let held): held.column ?? field
        default: field
        }
    }

    @Test(arguments: SampleStores.names)
    func rawBytesAreTheStoresText(store: String) throws {
        let folder = try SampleFolder(contacts: 5, seed: 1)
        var contact = SampleContacts(seed: 1)[2]
        let values: [String: [UInt8]] = [
            "first_name": [0x5A, 0x6F, 0xE9], "notes": Array("a\nb\u{1}".utf8), "birthday": Array("31.02.1980".utf8),
            "is_business": Array("maybe".utf8), "is_me": Array("maybe".utf8), "llm_context": Array("{\"a\":".utf8),
            "version": Array("soon".utf8), "last_updated": Array("soon".utf8), "created_at": Array("soon".utf8),
        ]
        for (field, bytes) in values { contact[field] = .raw(bytes) }
        let shape = try #require(SampleStores.shapes.first { $0.name == store })
        try folder.stores.transaction(in: shape, seed: 1) { try $0.rewrite(contact) }
        for (field, bytes) in values {
            let column = column(field, in: store)
            #expect(try row(folder, store, "typeof(\(column))", contact.id) == "text", "\(field)")
            let expected = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined().uppercased()
            #expect(try row(folder, store, "hex(\(column))", contact.id) == expected, "\(field)")
        }
    }

    @Test(arguments: SampleStores.names)
    func rawMembersAreSpelledTheSameEverywhere(store: String) throws {
        let folder = try SampleFolder(contacts: 5, seed: 1)
        var contact = SampleContacts(seed: 1)[2]
        contact["emails"] = .rawMembers(["ada@example.org", "no@@where"])
        contact["phones"] = .rawMembers(["+14155552671", "+1 23"])
        let shape = try #require(SampleStores.shapes.first { $0.name == store })
        try folder.stores.transaction(in: shape, seed: 1) { try $0.rewrite(contact) }
        switch store {
        case "warehouse", "app":
            let members =
                "(SELECT group_concat(identifier_type || '=' || identifier_value, ' & ') FROM (SELECT * FROM "
                + "contact_identifiers AS i WHERE i.contact_id = contacts_master.contact_id AND identifier_type <> "
                + "'social_profile' ORDER BY identifier_value))"
            #expect(
                try row(folder, store, members, contact.id)
                    == "phone=+1 23 & phone=+14155552671 & email=ada@example.org & email=no@@where"
            )
        case "crm":
            for (column, first, second) in [
                ("emails", "ada@example.org", "no@@where"), ("phones", "+14155552671", "+1 23"),
            ] {
                #expect(try row(folder, store, "json_extract(\(column), '$[0]')", contact.id) == first)
                #expect(try row(folder, store, "json_extract(\(column), '$[1]')", contact.id) == second)
            }
        default:
            #expect(try row(folder, store, "mail", contact.id) == "ada@example.org,no@@where")
            #expect(try row(folder, store, "phone", contact.id) == "+14155552671;+1 23")
        }
    }

    /// Damaged values are no damage to the file; the reference is one.
    @Test(arguments: SampleStores.names)
    func aReferenceToNothingIsAllThatTheDatabaseItselfFinds(store: String) throws {
        let folder = try SampleFolder(contacts: 400, seed: 1)
        func check(_ pragma: String) throws -> [String] {
            let queue = try DatabaseQueue(path: "\(folder.stores.folder)/\(store).db")
            return try queue.read { try String.fetchAll($0, sql: "PRAGMA \(pragma)") }
        }
        #expect(try check("foreign_key_check").isEmpty)
        #expect(try check("integrity_check") == ["ok"])
        _ = try folder.stores.seedFaults(seed: 1)
        #expect(try check("foreign_key_check") == (store == "local" ? ["contact_groups"] : []))
        #expect(try check("integrity_check") == ["ok"])
    }
}
