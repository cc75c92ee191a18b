import Contacts
import Fingerprint
import Repair
import Testing

/// Fields that do not simply follow the winner: policies, sets held once, values that a store cannot hold.
@Suite struct PlannerPolicyTests {
    private func stores(_ field: String, _ repair: FieldDefinition.RepairPolicy) throws -> PlannerStores {
        let stores = try PlannerStores(["crm", "app"])
        if var definition = stores.schema[field] {
            definition.repair = repair
            stores.schema = stores.schema.adding([definition])
        }
        return stores
    }

    private func texts(_ json: RawValue?) -> String? {
        switch json {
        case .text(let bytes), .json(let bytes): String(decoding: bytes, as: UTF8.self)
        default: nil
        }
    }

    @Test func `Canonical's value stays where the policy says so, and what is lost is kept`() async throws {
        let stores = try stores("notes", .canonical)
        try stores.addEverywhere(["first_name": "Ada", "job_title": "Engineer", "notes": "n", "version": 3])
        try await stores.remember()
        try stores.set("crm", "job_title = 'Manager', notes = 'm', version = 4, last_updated = '2024-01-02 03:04:05'")
        let planned = try await stores.plan()
        #expect(
            planned.words == [
                "warehouse update job_title last_updated version", "crm update notes version",
                "app update job_title last_updated version",
            ]
        )
        // Neither side had both values, so that the merged record is newer than each.
        #expect(planned.operations.allSatisfy { $0.fields["version"]?.to == .integer(5) })
        #expect(planned.value("notes", in: "crm") == .text("n"))
        #expect(
            planned.operation("crm")?.conflict
                == RepairPlan.Conflict(winner: "warehouse", loser: "crm", fields: ["notes": .text("m")])
        )
    }

    @Test func `A field that is repaired by hand is written nowhere`() async throws {
        let stores = try stores("notes", .manual)
        try stores.addEverywhere(["first_name": "Ada", "job_title": "Engineer", "notes": "n", "version": 3])
        try await stores.remember()
        try stores.set("crm", "job_title = 'Manager', notes = 'm', version = 4")
        let planned = try await stores.plan()
        #expect(planned.words == ["warehouse update job_title version", "app update job_title version"])
        #expect(planned.operations.allSatisfy { $0.fields["version"]?.to == .integer(4) })
        #expect(planned.left == ["warehouse crm: notes"])
    }

    @Test func `A person's decision takes the whole record, whatever the policies`() async throws {
        let stores = try stores("notes", .manual)
        try stores.addEverywhere(["first_name": "Ada", "notes": "n"])
        try stores.set("crm", "notes = 'm'")
        let planned = try await stores.plan(options: { $0.decisions = ["7": "crm"] })
        #expect(planned.words == ["warehouse update notes", "app update notes"])
        #expect(planned.manual.isEmpty)
    }

    @Test func `A union has the members of all sides, canonical's first and each once`() async throws {
        let stores = try stores("emails", .union)
        try stores.add("warehouse", ["first_name": "Ada", "emails": #"["b@x.org", "a@x.org"]"#, "version": 3])
        try stores.add("crm", ["first_name": "Ada", "emails": #"["c@x.org", "A@X.org"]"#, "version": 6])
        try stores.add("app", ["first_name": "Ada", "emails": #"["d@x.org"]"#, "version": 2])
        let planned = try await stores.plan()
        #expect(
            planned.words == [
                "warehouse update emails version", "crm update emails version", "app update emails version",
            ]
        )
        let expected = ["b@x.org", "a@x.org", "c@x.org", "d@x.org"]
        let written = texts(planned.value("emails", in: "warehouse")) ?? ""
        #expect(written.split(separator: "\"").filter { $0.contains("@") }.map(String.init) == expected)
        #expect(planned.operations.allSatisfy { $0.fields["version"]?.to == .integer(7) && $0.conflict == nil })
        try stores.carryOut(planned.operations)
        #expect(try await stores.plan().operations.isEmpty)
    }

    @Test func `A union that canonical has already goes to the others with canonical's version`() async throws {
        let stores = try stores("emails", .union)
        try stores.addEverywhere(["first_name": "Ada", "emails": #"["b@x.org", "a@x.org"]"#, "version": 3])
        try stores.set("crm", #"emails = '["a@x.org"]'"#)
        let planned = try await stores.plan()
        #expect(planned.words == ["crm update emails"])
    }

    private func storesThatHoldOne() throws -> PlannerStores {
        var one = FieldOverride.Held()
        one.holdsOne = true
        let stores = try PlannerStores(["crm", "app"], fields: ["crm": ["emails": .held(one)]])
        try stores.addEverywhere(["first_name": "Ada", "emails": #"["a@x.org", "b@x.org"]"#, "version": 3])
        try stores.set("crm", "emails = 'a@x.org'")
        return stores
    }

    @Test func `A store that holds one member replaces that one alone`() async throws {
        let stores = try storesThatHoldOne()
        try await stores.remember()
        try stores.set("crm", "emails = 'c@x.org', version = 4")
        let planned = try await stores.plan()
        #expect(planned.words == ["warehouse update emails version", "app update emails version"])
        #expect(planned.operations.allSatisfy { texts($0.fields["emails"]?.to)?.contains("b@x.org") ?? false })
        #expect(planned.operations.allSatisfy { !(texts($0.fields["emails"]?.to)?.contains("a@x.org") ?? true) })
        #expect(planned.operations.allSatisfy { $0.fields["version"]?.to == .integer(4) })
        try stores.carryOut(planned.operations)
        #expect(try await stores.plan().operations.isEmpty)
    }

    @Test func `A store that holds one member gets canonical's first`() async throws {
        let stores = try storesThatHoldOne()
        try await stores.remember()
        try stores.set("warehouse", #"emails = '["d@x.org", "b@x.org"]', version = 4"#)
        let planned = try await stores.plan()
        #expect(planned.words == ["crm update emails version", "app update emails version"])
        #expect(planned.value("emails", in: "crm") == .text("d@x.org"))
    }

    @Test func `What canonical cannot hold is left to a person, and stays everywhere`() async throws {
        let columns = PlannerStores.columns.map { $0 == "job_title TEXT" ? "job_title INTEGER" : $0 }
        let stores = try PlannerStores(["crm", "app"], columns: ["warehouse": columns])
        try stores.addEverywhere(["first_name": "Ada", "job_title": "Engineer", "notes": "n", "version": 3])
        try await stores.remember()
        try stores.set("crm", "job_title = '007', notes = 'm', version = 4")
        let planned = try await stores.plan()
        // Canonical is still behind, so that the next plan does not take its record for the newer one.
        #expect(planned.words == ["warehouse update notes", "app update notes"])
        #expect(planned.left == ["warehouse: job_title"])
        #expect(planned.manual.first?.why == "the value cannot be represented in warehouse")
        try stores.carryOut(planned.operations)
        let again = try await stores.plan()
        #expect(again.operations.isEmpty)
        #expect(again.left == ["warehouse: job_title"])
    }

    @Test func `What another store cannot hold is left out of its operation alone`() async throws {
        let columns = PlannerStores.columns.map { $0 == "job_title TEXT" ? "job_title INTEGER" : $0 }
        let stores = try PlannerStores(["crm", "app"], columns: ["app": columns])
        try stores.addEverywhere(["first_name": "Ada", "job_title": "Engineer", "notes": "n", "version": 3])
        try await stores.remember()
        try stores.set("warehouse", "job_title = '007', notes = 'm', version = 4")
        let planned = try await stores.plan()
        #expect(planned.words == ["crm update job_title notes version", "app update notes"])
        #expect(planned.left == ["app: job_title"])
        try stores.carryOut(planned.operations)
        let again = try await stores.plan()
        #expect(again.operations.isEmpty)
        #expect(again.left == ["app: job_title"])
    }

    @Test func `Sync metadata inside a JSON column is written as members`() async throws {
        let columns = ["contact_id TEXT", "first_name TEXT", "job_title TEXT", "sync_metadata TEXT"]
        let stores = try PlannerStores(["app"], columns: ["app": columns])
        try stores.add("warehouse", ["first_name": "Ada", "job_title": "Engineer", "version": 4])
        let json = #"{"version": 3, "kept": 1.50}"#
        try stores.add("app", ["first_name": "Ada", "job_title": "Clerk", "sync_metadata": json])
        let planned = try await stores.plan()
        #expect(planned.words == ["app update job_title version"])
        #expect(planned.operation("app")?.fields["version"]?.from == .json(Array("3".utf8)))
        try stores.execute(
            "app",
            #"UPDATE contacts_master SET job_title = 'Engineer', sync_metadata = '{"version": 4}'"#
        )
        let (layout, records) = try await stores.records("app")
        let state = RecordState(layout: layout, scheme: .xxh3, phoneRegion: "US")
        #expect(records.map { state.digest(of: $0) } == [planned.operation("app")?.leave])
    }

    @Test func `An orphan that canonical cannot hold whole is not adopted`() async throws {
        let columns = PlannerStores.columns.map { $0 == "job_title TEXT" ? "job_title INTEGER" : $0 }
        let stores = try PlannerStores(["crm"], columns: ["warehouse": columns])
        try stores.add("crm", ["first_name": "Ada", "job_title": "007"])
        let planned = try await stores.plan(options: { $0.adoptsOrphans = true })
        #expect(planned.operations.isEmpty)
        #expect(planned.left == ["warehouse: job_title"])
    }

    @Test func `Where a person must say who wins, fields that are canonical's wait as well`() async throws {
        let stores = try stores("notes", .canonical)
        try stores.addEverywhere(["first_name": "Ada", "job_title": "Engineer", "notes": "n", "version": 3])
        try await stores.remember()
        try stores.set("warehouse", "job_title = 'Manager'")
        try stores.set("crm", "job_title = 'Clerk', notes = 'm'")
        let planned = try await stores.plan()
        #expect(planned.operations.isEmpty)
        #expect(planned.left == ["warehouse crm app: job_title"])
    }

    @Test func `A checksum that was right is right behind the write, one that was wrong stays`() async throws {
        let columns = ["contact_id TEXT", "first_name TEXT", "job_title TEXT", "row_md5 TEXT"]
        let stores = try PlannerStores(["app"], columns: ["app": columns], checksums: ["app": "row_md5"])
        for contact in ["7", "8"] {
            try stores.add("warehouse", ["contact_id": contact, "first_name": "Ada", "job_title": "Manager"])
            try stores.add("app", ["contact_id": contact, "first_name": "Ada", "job_title": "Clerk"])
        }
        // MD5 of "1:7,3:Ada,5:Clerk," and of "1:7,3:Ada,7:Manager,".
        try stores.set("app", "row_md5 = 'fbbfa3a35fa92ea12ee709ef21114914'")
        try stores.set("app", "row_md5 = '00000000000000000000000000000000'", of: "8")
        let planned = try await stores.plan(["7", "8"])
        #expect(planned.words == ["app update job_title row checksum", "app update job_title"])
        #expect(
            planned.operations.first?.fields[ContactSchema.Name.checksum]?.to
                == .text("2639371d66e49824e650a60b80aa120b")
        )
    }

    @Test func `Members that are rows of a child table are written as a list`() async throws {
        let stores = try PlannerStores(["app"], columns: ["app": ["contact_id TEXT", "first_name TEXT"]])
        try stores.execute(
            "app",
            "CREATE TABLE contact_identifiers (contact_id TEXT, identifier_type TEXT, identifier_value TEXT, is_primary)"
        )
        func child(_ email: String, _ primary: Int) throws {
            try stores.execute("app", "INSERT INTO contact_identifiers VALUES ('7', 'email', '\(email)', \(primary))")
        }
        try stores.addEverywhere(["first_name": "Ada"])
        try child("A@x.org", 1)
        try stores.set("warehouse", #"emails = '["a@x.org", "b@x.org"]'"#)
        let planned = try await stores.plan()
        #expect(planned.words == ["app update emails"])
        #expect(
            planned.operation("app")?.fields["emails"]
                == RepairPlan.Change(
                    from: .list([.text("A@x.org")], primary: 0),
                    to: .list([.text("A@x.org"), .text("b@x.org")], primary: 0)
                )
        )
        try child("b@x.org", 0)
        let (layout, records) = try await stores.records("app")
        let state = RecordState(layout: layout, scheme: .xxh3, phoneRegion: "US")
        #expect(records.map { state.digest(of: $0) } == [planned.operation("app")?.leave])
    }
}
