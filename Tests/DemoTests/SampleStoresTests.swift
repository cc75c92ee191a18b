import Contacts
import Foundation
import GRDB
import Stores
import Testing

@testable import Demo

@Suite struct SampleStoresTests {
    @Test func fourFilesHoldEveryContact() throws {
        let folder = try SampleFolder(contacts: 500, seed: 1)
        for name in SampleStores.names {
            let settings = try #require(folder.stores.settings(for: name))
            #expect(settings.path == "\(folder.stores.folder)/\(name).db")
            #expect(try folder.count(name, "SELECT count(*) FROM \(settings.tables.table)") == 500)
        }
        #expect(folder.stores.settings(for: "nowhere") == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.stores.folder).count == 4)
    }

    @Test(arguments: SampleStores.names)
    func theSameSeedGivesTheSameRows(store: String) throws {
        let first = try SampleFolder(contacts: 100, seed: 5).dump(store)
        #expect(try SampleFolder(contacts: 100, seed: 5).dump(store) == first)
        #expect(try SampleFolder(contacts: 100, seed: 6).dump(store) != first)
    }

    @Test func nothingIsOverwritten() throws {
        let folder = try SampleFolder(contacts: 10, seed: 1)
        let before = try folder.dump("crm")
        #expect(throws: SampleError.exists("\(folder.stores.folder)/warehouse.db")) {
            try SampleStores.write(to: folder.stores.folder, contacts: 20, seed: 2)
        }
        #expect(try folder.dump("crm") == before)
    }

    @Test func childRowsAreThoseOfTheContacts() throws {
        let folder = try SampleFolder(contacts: 300, seed: 2)
        let samples = (0..<300).map { SampleContacts(seed: 2)[$0] }
        for store in ["warehouse", "app"] {
            let of = "SELECT count(*) FROM contact_identifiers WHERE identifier_type ="
            #expect(try folder.count(store, "\(of) 'email'") == samples.map(\.emails.count).reduce(0, +))
            #expect(try folder.count(store, "\(of) 'phone'") == samples.map(\.phones.count).reduce(0, +))
        }
        for store in ["crm", "local"] {
            #expect(
                try folder.count(store, "SELECT count(*) FROM sqlite_master WHERE name = 'contact_identifiers'") == 0
            )
        }
    }

    @Test(arguments: SampleStores.shapes.map(\.name))
    func everyFieldHasAColumnOrAnOverride(store: String) throws {
        let folder = try SampleFolder(contacts: 1, seed: 1)
        let settings = try #require(folder.stores.settings(for: store))
        let columns = try DatabaseQueue(path: settings.path)
            .read { database in
                try Set(database.columns(in: settings.tables.table).map(\.name))
            }
        let children = store == "warehouse" || store == "app" ? ["emails", "phones"] : []
        for field in SampleContact.fields where !children.contains(field.name) {
            switch settings.tables.fields[field.name] {
            case .notHeld: #expect(!columns.contains(field.name))
            case .held(let held): #expect(columns.contains(held.column ?? field.name), "\(field.name)")
            case nil: #expect(columns.contains(field.name), "\(field.name)")
            }
        }
    }

    @Test func theConfigurationNamesEveryOverride() throws {
        let folder = try SampleFolder(contacts: 1, seed: 1)
        let lines = Set(folder.stores.configurationText.split(separator: "\n").map(String.init))
        for line in [
            "version: 1", "canonical: warehouse", "    path: crm.db", "    table: people",
            "      contact_id: contactId",
            "      apple_link_id: null", "      emails: {column: mail, separator: \",\"}",
            "      phones: {column: phone, separator: \";\", format: national}", "      is_me: {absentAs: false}",
            "      last_updated: {unit: ms, precision: ms}", "      version: {column: sync_metadata, path: version}",
            "    checksum: row_md5", "recheck: {delay: 0s}",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
    }

    @Test func aCanonicalKeyIsSpelledInSeveralWays() throws {
        let folder = try SampleFolder(contacts: 300, seed: 3)
        for pattern in ["00*", "+*", "*.0", "[1-9]*"] {
            #expect(try folder.count("crm", "SELECT count(*) FROM people WHERE contactId GLOB '\(pattern)'") > 10)
        }
        #expect(try folder.count("crm", "SELECT count(DISTINCT CAST(contactId AS INTEGER)) FROM people") == 300)
    }
}
