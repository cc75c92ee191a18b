import Contacts
import Fingerprint
import Repair
import Testing

/// Whose value is written where, and what goes with it.
@Suite struct PlannerWinnerTests {
    private static let base = ["first_name": "Ada", "job_title": "Engineer", "notes": "n", "version": "3"]

    private func stores(_ names: [String] = ["crm", "app"]) async throws -> PlannerStores {
        let stores = try PlannerStores(names)
        try stores.addEverywhere(Self.base)
        try await stores.remember()
        return stores
    }

    @Test func `Nothing is planned for a contact on which all agree`() async throws {
        let planned = try await stores().plan()
        #expect(planned.operations.isEmpty)
        #expect(planned.manual.isEmpty)
    }

    @Test func `Nothing is planned for a contact that is nowhere`() async throws {
        let planned = try await stores().plan(["8"])
        #expect(planned.operations.isEmpty)
        #expect(planned.manual.isEmpty)
    }

    @Test func `A change in canonical goes to the others alone`() async throws {
        let stores = try await stores()
        try stores.set("warehouse", "job_title = 'Manager', version = 4, last_updated_by = 'ana'")
        let planned = try await stores.plan()
        #expect(
            planned.words == [
                "crm update job_title last_updated_by version", "app update job_title last_updated_by version",
            ]
        )
        #expect(planned.value("job_title", in: "crm") == .text("Manager"))
        #expect(planned.value("version", in: "crm") == .integer(4))
        #expect(planned.operations.allSatisfy { $0.after.isEmpty && $0.conflict == nil && $0.guard == .exact })
        #expect(planned.operations.allSatisfy { $0.because == ["finding of 7"] })
    }

    @Test func `A change elsewhere goes to canonical first, and from there to the rest`() async throws {
        let stores = try await stores()
        try stores.set("app", "job_title = 'Manager', version = 5")
        let planned = try await stores.plan()
        #expect(planned.words == ["warehouse update job_title version", "crm update job_title version"])
        #expect(planned.operation("crm")?.after == planned.operation("warehouse").map { [$0.id] })
        #expect(planned.operations.allSatisfy { $0.conflict == nil })
        #expect(planned.operation("warehouse")?.fields["job_title"]?.from == .text("Engineer"))
        #expect(planned.operation("warehouse")?.fields["version"]?.to == .integer(5))
    }

    @Test func `Of two changes the higher version wins, and what is lost is kept`() async throws {
        let stores = try await stores()
        try stores.set("app", "job_title = 'Manager', version = 5")
        try stores.set("crm", "job_title = 'Director', notes = 'm', version = 4")
        let planned = try await stores.plan()
        #expect(planned.words == ["warehouse update job_title version", "crm update job_title notes version"])
        #expect(planned.operation("warehouse")?.conflict == nil)
        #expect(
            planned.operation("crm")?.conflict
                == RepairPlan.Conflict(
                    winner: "app",
                    loser: "crm",
                    fields: ["job_title": .text("Director"), "notes": .text("m")]
                )
        )
    }

    @Test func `Canonical that changed and loses keeps its values as a conflict`() async throws {
        let stores = try await stores(["crm"])
        try stores.set("warehouse", "notes = 'w', version = 4")
        try stores.set("crm", "job_title = 'Director', version = 5")
        let planned = try await stores.plan()
        #expect(planned.words == ["warehouse update job_title notes version"])
        #expect(
            planned.operation("warehouse")?.conflict
                == RepairPlan.Conflict(
                    winner: "crm",
                    loser: "warehouse",
                    fields: ["job_title": .text("Engineer"), "notes": .text("w")]
                )
        )
    }

    @Test func `Changes of which neither is newer are left to a person`() async throws {
        let stores = try await stores()
        try stores.set("warehouse", "job_title = 'Manager'")
        try stores.set("crm", "job_title = 'Director'")
        let planned = try await stores.plan()
        #expect(planned.operations.isEmpty)
        #expect(planned.left == ["warehouse crm app: job_title"])
        #expect(planned.manual.first?.why == "it changed on several sides")
    }

    @Test func `A contact that waits for a person is inserted nowhere`() async throws {
        let stores = try await stores()
        try stores.remove("app")
        try stores.set("warehouse", "job_title = 'Manager'")
        try stores.set("crm", "job_title = 'Director'")
        let planned = try await stores.plan()
        #expect(planned.operations.isEmpty)
        #expect(planned.left == ["warehouse crm app: job_title"])
    }

    @Test func `A person's decision is carried out without a conflict`() async throws {
        let stores = try await stores()
        try stores.set("warehouse", "job_title = 'Manager', version = 9")
        try stores.set("crm", "job_title = 'Director'")
        let planned = try await stores.plan(options: { $0.decisions = ["7": "crm"] })
        #expect(planned.words == ["warehouse update job_title version", "app update job_title"])
        #expect(planned.operations.allSatisfy { $0.fields["job_title"]?.to == .text("Director") && $0.conflict == nil })
        let other = try await stores.plan(options: { $0.decisions = ["7": "warehouse"] })
        #expect(other.words == ["crm update job_title version", "app update job_title version"])
    }

    @Test func `A value that was taken from a store that lacks it by then is none`() async throws {
        let stores = try await stores()
        try stores.remove("crm")
        let planned = try await stores.plan(options: {
            $0.decisions = ["7": "crm"]
            $0.deletesOrphans = true
        })
        #expect(planned.operations.isEmpty)
        #expect(planned.left == ["crm:"])
    }

    @Test(arguments: [Winner.Policy.Tie.canonical, .manual])
    func `Without history and without a version the tie decides`(tie: Winner.Policy.Tie) async throws {
        let stores = try PlannerStores(["crm"])
        try stores.addEverywhere(["first_name": "Ada", "job_title": "Engineer"])
        try stores.set("crm", "job_title = 'Manager'")
        let planned = try await stores.plan(options: { $0.onTie = tie })
        #expect(planned.words == (tie == .canonical ? ["crm update job_title"] : []))
        #expect(planned.left == (tie == .canonical ? [] : ["warehouse crm: job_title"]))
    }

    @Test func `What the winner lacks comes from a store that moved with it`() async throws {
        let few = PlannerStores.columns.filter { !$0.hasPrefix("notes") }
        let stores = try PlannerStores(["crm", "app"], columns: ["crm": few])
        try stores.addEverywhere(["first_name": "Ada", "job_title": "Engineer", "version": "3"])
        try stores.set("warehouse", "notes = 'n'")
        try stores.set("app", "notes = 'n'")
        try await stores.remember()
        try stores.set("crm", "job_title = 'Manager', version = 4")
        try stores.set("app", "job_title = 'Manager', version = 4, notes = 'm'")
        let planned = try await stores.plan()
        #expect(planned.words == ["warehouse update job_title notes version"])
        #expect(planned.value("notes", in: "warehouse") == .text("m"))
    }

    @Test func `A contact that a store lacks is inserted with all that both hold`() async throws {
        let stores = try PlannerStores(
            ["crm"],
            columns: [
                "warehouse": PlannerStores.columns + ["sync_status TEXT", "created_at TEXT"],
                "crm": [
                    "contact_id INTEGER", "first_name TEXT", "version INTEGER", "created_at TEXT", "sync_status TEXT",
                ],
            ]
        )
        try stores.add(
            "warehouse",
            [
                "first_name": "Ada", "job_title": "Engineer", "version": 3, "created_at": "2020-01-02 03:04:05",
                "sync_status": "synced",
            ]
        )
        let planned = try await stores.plan()
        #expect(planned.words == ["crm insert contact_id created_at first_name sync_status version"])
        #expect(planned.value("contact_id", in: "crm") == .integer(7))
        #expect(planned.operation("crm")?.locator == nil)
        #expect(planned.operation("crm")?.expect == nil)
        #expect(planned.operation("crm")?.fields["first_name"] == RepairPlan.Change(from: .null, to: .text("Ada")))
    }

    @Test func `An erased contact is not inserted again`() async throws {
        let stores = try await stores()
        try stores.remove("crm")
        let planned = try await stores.plan(options: { $0.forgotten = { $0 == "7" } })
        #expect(planned.operations.isEmpty)
        #expect(planned.left == ["crm:"])
        #expect(planned.manual.first?.why == "it was erased on demand and is not inserted again")
    }

    @Test func `What an operation leaves is the state of the record that it makes`() async throws {
        let stores = try await stores()
        try stores.set("app", "job_title = 'Manager', version = 5")
        try stores.remove("crm")
        let planned = try await stores.plan()
        #expect(planned.words.count == 2)
        try stores.carryOut(planned.operations)
        for operation in planned.operations {
            let (layout, records) = try await stores.records(operation.store)
            let state = RecordState(layout: layout, scheme: .xxh3, phoneRegion: "US")
            #expect(records.map { state.digest(of: $0) } == [operation.leave])
        }
        #expect(try await stores.plan().operations.isEmpty)
    }

    @Test func `The order of the requests and the way a key is written change nothing`() async throws {
        let stores = try PlannerStores(["crm"])
        for contact in 1...40 {
            try stores.add("warehouse", ["contact_id": "\(contact)", "first_name": "A\(contact)"])
            if contact % 3 > 0 { try stores.add("crm", ["contact_id": "0\(contact)", "first_name": "B"]) }
        }
        let contacts = (1...40).map(String.init)
        let first = try await stores.plan(contacts)
        let second = try await stores.plan(contacts.reversed() + ["007"])
        #expect(first.operations.count == 40)
        #expect(first.operations.map(\.id) == second.operations.map(\.id))
        #expect(Set(first.operations.map(\.id)).count == 40)
        #expect(second.operations.first { $0.contact == "7" }?.because == ["finding of 007", "finding of 7"])
    }
}
