import Contacts
import Fingerprint
import GRDB
import Repair
import Testing

/// Deletions, orphans, several rows of one contact and changes of key.
@Suite struct PlannerDeletionTests {
    private func stores(_ names: [String] = ["crm", "app"]) async throws -> PlannerStores {
        let stores = try PlannerStores(names)
        try stores.addEverywhere(["first_name": "Ada", "version": 3, "last_updated": "2024-01-02 03:04:05"])
        try await stores.remember()
        return stores
    }

    // MARK: Deletions

    @Test func `A deletion in canonical is left to a person unless it was asked for`() async throws {
        let stores = try await stores()
        try stores.set("warehouse", "deleted_at = '2024-05-06 07:08:09', version = 4")
        let planned = try await stores.plan()
        #expect(planned.operations.isEmpty)
        #expect(planned.left == ["crm app:"])
        #expect(planned.manual.first?.why.contains("add --delete-orphans") == true)
    }

    @Test func `A deletion in canonical is marked elsewhere with its own time`() async throws {
        let stores = try await stores()
        try stores.set("warehouse", "deleted_at = '2024-05-06 07:08:09', version = 4")
        let planned = try await stores.plan(options: { $0.deletesOrphans = true })
        #expect(planned.words == ["crm delete deleted_at version", "app delete deleted_at version"])
        try stores.carryOut(planned.operations)
        let marked = try stores.rows("crm").map { $0["deleted_at"]?.description ?? "" }
        #expect(marked.count == 1 && marked[0].contains("2024-05-06T07:08:09"))
        #expect(try await stores.plan(options: { $0.deletesOrphans = true }).operations.isEmpty)
    }

    @Test func `A soft delete elsewhere goes to canonical first`() async throws {
        let stores = try await stores()
        try stores.set("crm", "deleted_at = '2024-05-06 07:08:09', version = 4")
        let planned = try await stores.plan(options: { $0.deletesOrphans = true })
        #expect(planned.words == ["warehouse delete deleted_at version", "app delete deleted_at version"])
        #expect(planned.operation("app")?.after == planned.operation("warehouse").map { [$0.id] })
        #expect(planned.operation("app")?.leave != nil)
    }

    @Test func `A contact that canonical lost is deleted with the time of its last change`() async throws {
        let stores = try await stores(["crm"])
        try stores.remove("warehouse")
        let planned = try await stores.plan(options: { $0.deletesOrphans = true })
        #expect(planned.words == ["crm delete deleted_at"])
        #expect(planned.value("deleted_at", in: "crm") != .null)
        try stores.carryOut(planned.operations)
        #expect(try await stores.plan(options: { $0.deletesOrphans = true }).operations.isEmpty)
    }

    @Test func `A store without a mark for deletions loses the row`() async throws {
        let stores = try PlannerStores(["crm"], columns: ["crm": ["contact_id TEXT", "first_name TEXT"]])
        try stores.add("crm", ["first_name": "Ada"])
        let planned = try await stores.plan(options: { $0.deletesOrphans = true })
        #expect(planned.words == ["crm delete"])
        #expect(planned.operation("crm")?.leave == nil)
        #expect(planned.operation("crm")?.expect?.hasPrefix("xxh3-128:") == true)
        #expect(planned.operation("crm")?.locator == RepairPlan.Locator(key: .text("7"), row: .integer(1)))
    }

    @Test func `A deletion that meets a change is left to a person`() async throws {
        let stores = try await stores()
        try stores.set("warehouse", "deleted_at = '2024-05-06 07:08:09'")
        try stores.set("crm", "first_name = 'Eve', version = 9")
        let planned = try await stores.plan(options: { $0.deletesOrphans = true })
        #expect(planned.operations.isEmpty)
        #expect(planned.left == ["crm app:"])
    }

    @Test func `A soft delete that meets a change in canonical is left to a person`() async throws {
        let stores = try await stores()
        try stores.set("crm", "deleted_at = '2024-05-06 07:08:09', version = 9")
        try stores.set("warehouse", "first_name = 'Eve'")
        let planned = try await stores.plan(options: { $0.deletesOrphans = true })
        #expect(planned.operations.isEmpty)
        #expect(planned.left == ["warehouse crm app:"])
    }

    @Test func `A person may bring a deleted contact back to life`() async throws {
        let stores = try await stores(["crm"])
        try stores.set("warehouse", "deleted_at = '2024-05-06 07:08:09'")
        try stores.set("crm", "first_name = 'Eve', version = 9")
        let planned = try await stores.plan(options: { $0.decisions = ["7": "crm"] })
        #expect(planned.words == ["warehouse update deleted_at first_name version"])
        #expect(planned.value("deleted_at", in: "warehouse") == .null)
        try stores.carryOut(planned.operations)
        #expect(try await stores.plan().operations.isEmpty)
    }

    // MARK: Orphans

    @Test func `An orphan is left to a person unless something was asked for`() async throws {
        let stores = try PlannerStores(["crm", "app"])
        try stores.add("crm", ["first_name": "Ada"])
        let planned = try await stores.plan()
        #expect(planned.operations.isEmpty)
        #expect(planned.left == ["crm:"])
    }

    @Test func `An adopted orphan goes into canonical, and from there to the others`() async throws {
        let stores = try PlannerStores(["crm", "app"])
        try stores.add("crm", ["contact_id": "007", "first_name": "Ada", "version": 3])
        let planned = try await stores.plan(options: { $0.adoptsOrphans = true })
        #expect(
            planned.words == [
                "warehouse insert contact_id first_name version", "app insert contact_id first_name version",
            ]
        )
        #expect(planned.operation("app")?.after == planned.operation("warehouse").map { [$0.id] })
        try stores.carryOut(planned.operations)
        #expect(try await stores.plan().operations.isEmpty)
    }

    @Test func `An erased orphan is not adopted`() async throws {
        let stores = try PlannerStores(["crm"])
        try stores.add("crm", ["first_name": "Ada"])
        let planned = try await stores.plan(options: {
            $0.adoptsOrphans = true
            $0.forgotten = { _ in true }
        })
        #expect(planned.operations.isEmpty)
        #expect(planned.left == ["warehouse:"])
    }

    @Test func `Orphans with different values are left to a person`() async throws {
        let stores = try PlannerStores(["crm", "app"])
        try stores.add("crm", ["first_name": "Ada"])
        try stores.add("app", ["first_name": "Eve"])
        let planned = try await stores.plan(options: {
            $0.adoptsOrphans = true
            $0.deletesOrphans = true
        })
        #expect(planned.operations.isEmpty)
        #expect(planned.left == ["crm app:"])
    }

    // MARK: Several rows

    @Test func `Equal rows become one where that was asked for, before the one that stays is written`() async throws {
        let stores = try await stores(["crm"])
        try stores.add("crm", ["contact_id": "07", "first_name": "Ada", "version": 3])
        try stores.set("warehouse", "first_name = 'Eve', version = 4")
        let left = try await stores.plan()
        #expect(left.words == ["crm update first_name version"])
        #expect(left.left == ["crm:"])
        let planned = try await stores.plan(options: { $0.mergesDuplicates = true })
        #expect(planned.words == ["crm merge", "crm update first_name version"])
        #expect(planned.operations.last?.after == planned.operations.first.map { [$0.id] })
        #expect(planned.operations.first?.expect == planned.operations.first?.leave)
        #expect(planned.operations.first?.locator?.others == [.integer(2)])
        try stores.carryOut(planned.operations)
        #expect(try stores.rows("crm").count == 1)
        #expect(try await stores.plan().operations.isEmpty)
    }

    @Test func `Rows that differ are left to a person`() async throws {
        let stores = try await stores(["crm"])
        try stores.add("crm", ["first_name": "Eve", "version": 3])
        let planned = try await stores.plan(options: { $0.mergesDuplicates = true })
        #expect(planned.operations.isEmpty)
        #expect(planned.left == ["crm:"])
    }

    @Test func `What several rows hold is not deleted`() async throws {
        let stores = try PlannerStores(["crm"])
        try stores.add("crm", ["first_name": "Ada"])
        try stores.add("crm", ["first_name": "Eve"])
        let planned = try await stores.plan(options: { $0.deletesOrphans = true })
        #expect(planned.operations.isEmpty)
        #expect(
            planned.manual.map(\.why) == [
                "several rows hold it, and they are not equal", "deletion: several rows hold it",
            ]
        )
    }

    // MARK: Changes of key

    @Test func `A contact whose key was changed in a store is left to a person on both sides`() async throws {
        let stores = try await stores()
        try stores.set("crm", "contact_id = '99'")
        let planned = try await stores.plan(
            ["99", "7"],
            options: {
                $0.adoptsOrphans = true
                $0.deletesOrphans = true
            }
        )
        #expect(planned.operations.isEmpty)
        #expect(planned.manual.map(\.contact) == ["7", "99"])
        #expect(planned.left == ["crm:", "crm:"])
        // Alone it is an orphan as any other.
        let alone = try await stores.plan(["99"], options: { $0.adoptsOrphans = true })
        #expect(alone.words.first?.hasPrefix("warehouse insert") == true)
    }

    @Test func `Where two contacts are equal but for the key none is taken for the one that was lost`() async throws {
        let stores = try await stores(["crm"])
        try stores.add("crm", ["contact_id": "98", "first_name": "Ada", "version": 3])
        try stores.set("crm", "contact_id = '99'")
        let planned = try await stores.plan(["7", "98", "99"])
        #expect(planned.words == ["crm insert contact_id first_name last_updated version"])
        #expect(planned.manual.map(\.contact) == ["98", "99"])
    }
}
