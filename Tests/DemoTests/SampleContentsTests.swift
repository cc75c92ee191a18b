import Demo
import GRDB
import Testing

/// What tables hold, as the demo compares it.
@Suite struct SampleContentsTests {
    @Test func everyTableOfEveryStoreIsThere() throws {
        let folder = try SampleFolder(contacts: 20, seed: 1)
        let contents = try folder.stores.contents()
        let stores = contents.keys.compactMap { $0.split(separator: ".").first.map(String.init) }
        #expect(Set(stores) == Set(SampleStores.names))
        #expect(contents["crm.people"]?.rows == 20)
        #expect(contents["warehouse.contact_identifiers"] != nil)
    }

    /// Types count, bytes behind a NUL do; the order of rows and their numbers do not.
    @Test(
        arguments: [
            ("UPDATE people SET firstName = 'x' WHERE rowid = 1", true),
            ("UPDATE people SET firstName = CAST(firstName AS BLOB) WHERE rowid = 1", true),
            ("UPDATE people SET firstName = firstName || CAST(x'0061' AS TEXT) WHERE rowid = 1", true),
            ("DELETE FROM people WHERE rowid = 1", true),
            ("UPDATE people SET rowid = rowid + 1000 WHERE rowid = 1", false),
            ("UPDATE people SET firstName = firstName", false),
        ]
    )
    func aChangeIsSeen(sql: String, isChange: Bool) throws {
        let folder = try SampleFolder(contacts: 20, seed: 1)
        var before = try folder.stores.contents()
        let queue = try DatabaseQueue(path: "\(folder.stores.folder)/crm.db")
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
        var after = try folder.stores.contents()
        let people = (before.removeValue(forKey: "crm.people"), after.removeValue(forKey: "crm.people"))
        #expect((people.0 != people.1) == isChange)
        #expect(after == before)
    }
}
