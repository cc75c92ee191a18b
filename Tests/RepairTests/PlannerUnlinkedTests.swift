import Contacts
import Fingerprint
import GRDB
import Repair
import TestSupport
import Testing

/// Records without a key: links to their contacts, and new contacts.
@Suite struct PlannerUnlinkedTests {
    private static let columns: [String: [String]] = ["crm": PlannerStores.columns + ["row_sum TEXT"]]

    /// Contact 7 in all stores but `crm`, where a record without a key has its e-mail.
    private func stores(_ columns: [String: [String]] = [:], checksums: [String: String] = [:]) throws -> PlannerStores
    {
        let stores = try PlannerStores(["crm", "app"], columns: columns, checksums: checksums)
        for name in ["warehouse", "app"] {
            try stores.add(name, ["first_name": "Ada", "emails": "[\"ada@x.org\"]", "version": 3])
        }
        try addUnlinked(to: stores, "crm", ["first_name": "Ada B.", "emails": "[\"ADA@x.org\"]"])
        return stores
    }

    private func addUnlinked(
        to stores: PlannerStores,
        _ store: String,
        _ values: [String: any DatabaseValueConvertible]
    ) throws {
        try stores.add(store, values.merging(["contact_id": "new"]) { own, _ in own })
        try stores.execute(store, "UPDATE contacts_master SET contact_id = NULL WHERE contact_id = 'new'")
    }

    private func record(_ row: Int64, _ emails: String...) -> UnlinkedRecord {
        let digests = emails.map { HashScheme.xxh3.digest(of: Array($0.utf8)) }
        return UnlinkedRecord(row: .integer(row), identifiers: Set(digests))
    }

    private func orphan(_ store: String, _ row: Int64, _ emails: String...) -> AdoptionRequest {
        let digests = emails.map { HashScheme.xxh3.digest(of: Array($0.utf8)) }
        return AdoptionRequest(
            name: "\(store):\(row)",
            store: store,
            record: UnlinkedRecord(row: .integer(row), identifiers: Set(digests)),
            because: ["finding of row \(row)"]
        )
    }

    // MARK: Links

    @Test func `a link writes the key where else the contact would be inserted`() async throws {
        let stores = try stores()
        #expect(try await stores.plan().words.contains { $0.hasPrefix("crm insert ") })
        let planned = try await stores.plan(claims: ["7": ["crm": .record(record(1, "ada@x.org"))]])
        #expect(planned.words == ["crm link contact_id"])
        let link = try #require(planned.operation("crm"))
        #expect(link.fields == ["contact_id": RepairPlan.Change(from: .null, to: .text("7"))])
        #expect(link.locator == RepairPlan.Locator(key: .null, row: .integer(1)))
        #expect(link.because == ["finding of 7"])
        try stores.carryOut(planned.operations)
        let records = try await stores.records("crm")
        let state = RecordState(layout: records.layout, scheme: .xxh3, phoneRegion: "US")
        #expect(state.digest(of: records.records[0]) == link.leave)
        // It is a contact as any other now: what differs is planned.
        #expect(try await stores.plan().words.contains { $0.contains(" update first_name") })
    }

    @Test func `what canonical gets comes before the link`() async throws {
        let stores = try stores()
        try await stores.remember()
        try stores.set("app", "first_name = 'Ada C.', version = 4")
        let planned = try await stores.plan(claims: ["7": ["crm": .record(record(1, "ada@x.org"))]])
        #expect(planned.words == ["warehouse update first_name version", "crm link contact_id"])
        #expect(planned.operation("crm")?.after == planned.operation("warehouse").map { [$0.id] })
    }

    @Test func `a column of numbers gets a number`() async throws {
        let columns = PlannerStores.columns.map { $0.replacing("contact_id TEXT", with: "contact_id INTEGER") }
        let stores = try stores(["crm": columns])
        let planned = try await stores.plan(claims: ["7": ["crm": .record(record(1, "ada@x.org"))]])
        #expect(planned.value("contact_id", in: "crm") == .integer(7))
    }

    @Test func `the row's checksum goes with the key where it was right`() async throws {
        let stores = try stores(Self.columns, checksums: ["crm": "row_sum"])
        let claims: [String: [String: PlanRequest.Claim]] = ["7": ["crm": .record(record(1, "ada@x.org"))]]
        #expect(try await stores.plan(claims: claims).words == ["crm link contact_id"])
        let (held, left) = try await checksums(stores, as: "7")
        try stores.execute("crm", "UPDATE contacts_master SET row_sum = ?", [held.databaseValue])
        let planned = try await stores.plan(claims: claims)
        #expect(planned.words == ["crm link contact_id row checksum"])
        #expect(planned.value(ContactSchema.Name.checksum, in: "crm") == .text(left))
    }

    /// The MD5 of the record in the first row of `crm`, and what it is with that key.
    private func checksums(_ stores: PlannerStores, as key: String) async throws -> (held: String, left: String) {
        let session = try await stores.session("crm")
        let layout = session.layout
        var record = try await session.fetch([RecordRequest(key: key, rows: [.integer(1)])])[0][0]
        await session.close()
        let canonicalizer = ContactCanonicalizer(
            layout: layout,
            sets: [FieldSet(of: layout)],
            scheme: .xxh3,
            phoneRegion: "US"
        )
        let unlinked = try #require(canonicalizer.unlinked(record))
        var values = record.values
        values[try #require(layout.index(of: ContactSchema.Name.key))] = .text(key)
        record = ContactRecord(row: record.row, values: values)
        let linked = try #require(canonicalizer.contact(record))
        func sum(_ contact: CanonicalContact) throws -> String {
            let like = RawValue.text(String(repeating: "0", count: 32))
            guard case .text(let sum) = try #require(RowChecksum.value(like: like, over: contact.texts[0])) else {
                return ""
            }
            return String(decoding: sum, as: UTF8.self)
        }
        return try (sum(unlinked), sum(linked))
    }

    @Test func `nothing is inserted where it is not sure, and nothing linked that has changed`() async throws {
        let stores = try stores()
        let unsure = try await stores.plan(claims: ["7": ["crm": .unsure]])
        #expect(unsure.operations == [] && unsure.left == ["crm:"])
        let changed = try await stores.plan(claims: ["7": ["crm": .record(record(1, "other@x.org"))]])
        #expect(changed.operations == [] && changed.left == ["crm:"])
        let gone = try await stores.plan(claims: ["7": ["crm": .record(record(9, "ada@x.org"))]])
        #expect(gone.operations == [] && gone.left == ["crm:"])
    }

    @Test func `where the contact has come, what records without a key say is of no account`() async throws {
        let stores = try stores()
        try stores.add("crm", ["first_name": "Ada", "emails": "[\"ada@x.org\"]", "version": 3])
        for claim in [PlanRequest.Claim.unsure, .record(record(1, "ada@x.org"))] {
            let planned = try await stores.plan(claims: ["7": ["crm": claim]])
            #expect(planned.operations == [] && planned.manual == [])
        }
    }

    @Test func `who was erased is not linked`() async throws {
        let stores = try stores()
        let planned = try await stores.plan(
            claims: ["7": ["crm": .record(record(1, "ada@x.org"))]],
            options: { $0.forgotten = { $0 == "7" } }
        )
        #expect(planned.operations == [] && planned.left == ["crm:"])
    }

    // MARK: New contacts

    private func adopt(_ stores: PlannerStores, _ orphans: AdoptionRequest..., seed: UInt64 = 1) async throws -> Planned
    {
        try await stores.plan([], orphans: orphans, seed: seed, options: { $0.adoptsOrphans = true })
    }

    @Test func `the same bits give the same plan, others another key and nothing else`() async throws {
        let stores = try PlannerStores(["crm", "app"])
        try addUnlinked(to: stores, "crm", ["first_name": "Eve", "emails": "[\"eve@x.org\"]", "version": 2])
        let first = try await adopt(stores, orphan("crm", 1, "eve@x.org"))
        let again = try await adopt(stores, orphan("crm", 1, "eve@x.org"))
        let other = try await adopt(stores, orphan("crm", 1, "eve@x.org"), seed: 2)
        #expect(first.operations == again.operations)
        #expect(first.words == other.words)
        #expect(first.operations[0].contact != other.operations[0].contact)
        #expect(
            first.words == [
                "warehouse insert contact_id emails first_name version", "crm link contact_id",
                "app insert contact_id emails first_name version",
            ]
        )
        for planned in [first, other] {
            let key = try #require(Int64(planned.operations[0].contact))
            #expect(key > 0)
            #expect(planned.operations.allSatisfy { $0.contact == "\(key)" && $0.because == ["finding of row 1"] })
            for store in ["warehouse", "crm", "app"] {
                #expect(planned.value("contact_id", in: store) == .text("\(key)"))
            }
        }
    }

    @Test func `a key that a store holds already is not given`() async throws {
        let stores = try PlannerStores(["crm", "app"])
        try addUnlinked(to: stores, "crm", ["first_name": "Eve"])
        let drawn = try await adopt(stores, orphan("crm", 1)).operations[0].contact
        for (store, spelling) in [("warehouse", "00\(drawn)"), ("app", "\(drawn).0")] {
            try stores.add(store, ["contact_id": spelling, "first_name": "Adam"])
            let next = try await adopt(stores, orphan("crm", 1)).operations[0].contact
            #expect(next != drawn)
            try stores.execute(store, "DELETE FROM contacts_master WHERE first_name = 'Adam'")
        }
        #expect(try await adopt(stores, orphan("crm", 1)).operations[0].contact == drawn)
    }

    @Test func `each of many gets a key of its own`() async throws {
        let stores = try PlannerStores(["crm"])
        try stores.execute(
            "crm",
            """
            INSERT INTO contacts_master (first_name)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200) SELECT 'Eve ' || i FROM n
            """
        )
        let orphans = (1...1_200).map { orphan("crm", $0) }
        let planned = try await stores.plan([], orphans: orphans, options: { $0.adoptsOrphans = true })
        #expect(planned.operations.count == 2_400)
        #expect(Set(planned.operations.map(\.contact)).count == 1_200)
        #expect(Set(planned.operations.filter { $0.store == "crm" }.compactMap(\.locator?.row)).count == 1_200)
    }

    @Test func `one that has changed, got a key or gone is not adopted`() async throws {
        let stores = try PlannerStores(["crm"])
        for name in ["Eve", "Adam"] { try addUnlinked(to: stores, "crm", ["first_name": name]) }
        try stores.execute("crm", "UPDATE contacts_master SET contact_id = '5' WHERE rowid = 2")
        let changed = try await adopt(stores, orphan("crm", 1, "eve@x.org"), orphan("crm", 2), orphan("crm", 3))
        #expect(changed.operations == [])
        #expect(changed.manual.map(\.contact) == ["crm:1"])
        #expect(changed.manual.first?.why.contains("changed while the plan was made") == true)
    }

    @Test func `what canonical cannot hold is adopted in no part`() async throws {
        let stores = try PlannerStores(
            ["crm"],
            columns: ["warehouse": PlannerStores.columns.map { $0.replacing("emails TEXT", with: "email TEXT") }]
        )
        try addUnlinked(to: stores, "crm", ["first_name": "Eve", "emails": "[\"a@x.org\",\"b@x.org\"]"])
        let planned = try await adopt(stores, orphan("crm", 1, "a@x.org", "b@x.org"))
        #expect(planned.operations == [])
        #expect(planned.manual.map(\.contact) == ["crm:1"])
    }
}
