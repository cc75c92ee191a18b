import Contacts
import Repair
import Testing

@testable import Audit

/// Records without a contact_id from the plan to the undo.
@Suite struct AdoptionTests {
    @Test func `a link gives a record its key and nothing else, and can be taken back`() async throws {
        try await SmallAudit.with { audit in
            try audit.loseKey(3, in: "app")
            try audit.set("job_title", "Pilot", of: 4, in: "local")
            let before = try audit.rows()
            let plan = try await audit.plan().plan
            #expect(plan.words.contains("app link 3"))
            let link = try #require(plan.operations.first { $0.action == .link })
            #expect(link.fields == ["contact_id": RepairPlan.Change(from: .null, to: .text("3"))])
            #expect(link.locator?.row == .integer(3) && link.expect != nil && link.leave != nil)
            #expect(link.expect != link.leave)
            #expect(!plan.operations.contains { $0.action == .insert })
            #expect(plan.summary["app"]?.update == 1)

            let report = try await audit.apply(plan)
            #expect(report.count(.done) == plan.operations.count && report.changedSince == [])
            #expect(try await audit.run().findings.filter { $0.kind == .drift || $0.kind == .duplicate }.isEmpty)
            #expect(try await audit.apply(plan).count(.already) == plan.operations.count)
            #expect(try await audit.undo(report.run.id).count(.done) == plan.operations.count)
            #expect(try audit.rows() == before)
            #expect(try await audit.run().lines.contains("duplicate.unlinked app app:3"))
        }
    }

    @Test func `an orphan without a key is adopted: canonical first, then its own row, then the others`() async throws {
        try await SmallAudit.with { audit in
            let row = try audit.addUnlinked("Eve", emails: ["eve@example.org"], phones: ["+14155550000"], in: "app")
            let before = try audit.rows()
            let unasked = try await audit.plan()
            #expect(unasked.plan.operations == [])
            #expect(unasked.plan.manual.map(\.contact) == ["app:\(row)"])
            #expect(unasked.plan.manual.first?.why.contains("--adopt-orphans") == true)
            #expect(unasked.exit == 1)

            let outcome = try await audit.plan { $0.adoptsOrphans = true }
            let plan = outcome.plan
            let key = try #require(plan.operations.first?.contact)
            let number = try #require(Int64(key))
            #expect(number > 0 && String(number) == key)
            #expect(plan.words == ["warehouse insert \(key)", "app link \(key)", "local insert \(key)"])
            #expect(plan.operations[0].after == [])
            #expect(plan.operations.dropFirst().allSatisfy { $0.after == [plan.operations[0].id] })
            #expect(plan.manual == [] && outcome.exit == 0)
            let finding = try #require(outcome.audit?.report.findings.first { $0.rule == .driftOrphan })
            #expect(plan.operations.allSatisfy { $0.because == [finding.id] })

            let tried = try await audit.apply(plan, isDryRun: true)
            #expect(tried.count(.done) == 3)
            #expect(try audit.rows() == before)
            let report = try await audit.apply(plan)
            #expect(report.count(.done) == 3 && report.changedSince == [])
            #expect(report.run.exit == 0)
            let behind = try await audit.run()
            #expect(behind.verdict == .consistent && behind.findings == [])
            #expect(behind.stores.map(\.records) == [21, 21, 21])
            #expect(try await audit.apply(plan).count(.already) == 3)

            #expect(try await audit.undo(report.run.id).count(.done) == 3)
            #expect(try audit.rows() == before)
        }
    }

    @Test func `an apply that is interrupted behind the first store goes on, and can be taken back`() async throws {
        try await SmallAudit.with { audit in
            try audit.addUnlinked("Eve", emails: ["eve@example.org"], in: "app")
            let before = try audit.rows()
            let plan = try await audit.plan { $0.adoptsOrphans = true }.plan
            let interrupted = Task {
                try await audit.apply(plan) { if $0 == .written { withUnsafeCurrentTask { $0?.cancel() } } }
            }
            await #expect(throws: CancellationError.self) { try await interrupted.value }
            #expect(try zip(audit.rows(), before).map { $0.count - $1.count } == [1, 0, 0])
            let report = try await audit.apply(plan)
            #expect(report.isResumed)
            #expect(report.count(.done) == 3 && report.run.exit == 0)
            #expect(try await audit.run().findings == [])
            #expect(try await audit.undo(report.run.id).count(.done) == 3)
            #expect(try audit.rows() == before)
        }
    }

    @Test func `a whole store is linked, whatever says there that there is no key`() async throws {
        try await SmallAudit.with { audit in
            try audit.execute(
                "UPDATE contacts_master SET contact_id = CASE WHEN rowid % 2 THEN '' ELSE NULL END",
                in: "app"
            )
            let before = try audit.rows()
            let plan = try await audit.plan().plan
            #expect(plan.words.count == 20 && plan.words.allSatisfy { $0.hasPrefix("app link ") })
            let report = try await audit.apply(plan)
            #expect(report.count(.done) == 20)
            #expect(try await audit.run().findings == [])
            _ = try await audit.undo(report.run.id)
            #expect(try audit.rows() == before)
        }
    }

    /// The record was linked by another plan: nothing is inserted a second time.
    @Test(arguments: [false, true])
    func `of two plans that adopt a record one is carried out`(_ isDryRun: Bool) async throws {
        try await SmallAudit.with { audit in
            try audit.addUnlinked("Eve", emails: ["eve@example.org"], in: "app")
            let plans = [
                try await audit.plan { $0.adoptsOrphans = true }.plan,
                try await audit.plan { $0.adoptsOrphans = true }.plan,
            ]
            #expect(plans[0].operations[0].contact != plans[1].operations[0].contact)
            _ = try await audit.apply(plans[0])
            let once = try audit.rows()
            let second = try await audit.apply(plans[1], isDryRun: isDryRun)
            #expect(second.counts == ["warehouse": ["superseded": 1], "app": ["failed": 1], "local": ["failed": 1]])
            #expect(second.entries.first?.why == "the record that it is made from is no longer as the plan saw it")
            #expect(try audit.rows() == once)
        }
    }

    @Test(arguments: ["emails = '[]'", "first_name = 'Adam'", "deleted_at = '2024-01-01T00:00:00Z'", "version = 9"])
    func `a record that has changed since is left alone`(_ change: String) async throws {
        try await SmallAudit.with { audit in
            let row = try audit.addUnlinked("Eve", emails: ["eve@example.org"], in: "app")
            try audit.loseKey(3, in: "app")
            let plan = try await audit.plan { $0.adoptsOrphans = true }.plan
            #expect(plan.operations.count == 4)
            try audit.execute("UPDATE contacts_master SET \(change) WHERE rowid IN (3, \(row))", in: "app")
            let before = try audit.rows()
            let report = try await audit.apply(plan)
            #expect(
                report.counts == [
                    "warehouse": ["superseded": 1], "app": ["superseded": 1, "failed": 1], "local": ["failed": 1],
                ]
            )
            #expect(try audit.rows() == before)
        }
    }

    @Test func `a link is superseded where the store got the contact meanwhile`() async throws {
        try await SmallAudit.with { audit in
            try audit.loseKey(3, in: "app")
            let plan = try await audit.plan().plan
            try audit.execute("INSERT INTO contacts_master (contact_id, first_name) VALUES ('3', 'Person')", in: "app")
            let before = try audit.rows()
            let report = try await audit.apply(plan)
            #expect(report.entries.map(\.why) == ["the store got another record of the contact meanwhile"])
            #expect(try audit.rows() == before)
        }
    }

    @Test func `a record that may be several contacts is left to a person, and nothing is inserted beside it`()
        async throws
    {
        try await SmallAudit.with { audit in
            try audit.loseKey(8, in: "app")
            let other = try audit.addUnlinked(
                "Person 8",
                emails: ["person.8@example.org"],
                phones: ["+14155552008"],
                in: "app"
            )
            let plan = try await audit.plan { $0.adoptsOrphans = true }.plan
            #expect(plan.operations == [])
            #expect(Set(plan.manual.map(\.contact)) == ["8", "app:8", "app:\(other)"])
            #expect(plan.manual.first { $0.contact == "8" }?.why.contains("may be it") == true)
        }
    }

    @Test func `one person in two stores is adopted once, and linked once it is a contact`() async throws {
        try await SmallAudit.with { audit in
            try audit.addUnlinked("Eve", emails: ["eve@example.org"], in: "app")
            let twin = try audit.addUnlinked("Eve", emails: ["EVE@example.org"], in: "local")
            let first = try await audit.plan { $0.adoptsOrphans = true }.plan
            let key = try #require(first.operations.first?.contact)
            #expect(first.words == ["warehouse insert \(key)", "app link \(key)"])
            #expect(Set(first.manual.map(\.contact)) == ["app:21", "local:\(twin)"])
            _ = try await audit.apply(first)
            let second = try await audit.plan { $0.adoptsOrphans = true }.plan
            #expect(second.words == ["local link \(key)"])
            #expect(try await audit.apply(second).count(.done) == 1)
            let report = try await audit.run()
            #expect(report.findings == [])
            #expect(report.stores.map(\.records) == [21, 21, 21])
        }
    }

    @Test func `people of one store may share a phone`() async throws {
        try await SmallAudit.with { audit in
            try audit.addUnlinked("Eve", emails: ["eve@example.org"], phones: ["+14155550000"], in: "app")
            try audit.addUnlinked("Adam", emails: ["adam@example.org"], phones: ["+14155550000"], in: "app")
            let plan = try await audit.plan { $0.adoptsOrphans = true }.plan
            #expect(plan.operations.count == 6 && plan.manual == [])
            #expect(Set(plan.operations.map(\.contact)).count == 2)
            _ = try await audit.apply(plan)
            #expect(try await audit.run().lines(.drift) == [])
        }
    }

    @Test func `an equal record without a key is left to a person, with the contact that is missing`() async throws {
        try await SmallAudit.with { audit in
            for store in SmallAudit.names {
                try audit.set("emails", nil, of: 5, in: store)
                try audit.set("phones", nil, of: 5, in: store)
            }
            try audit.loseKey(5, in: "app")
            for adopts in [false, true] {
                let plan = try await audit.plan { $0.adoptsOrphans = adopts }.plan
                #expect(plan.operations == [])
                #expect(Set(plan.manual.map(\.contact)) == ["5", "app:5"])
            }
        }
    }

    /// Rows and their e-mails may be others by then.
    @Test func `from an earlier audit nothing is linked or adopted, and nothing inserted beside what may be it`()
        async throws
    {
        try await SmallAudit.with { audit in
            try audit.loseKey(3, in: "app")
            let row = try audit.addUnlinked("Eve", emails: ["eve@example.org"], in: "local")
            try audit.execute("DELETE FROM contacts_master WHERE contact_id = '9'", in: "local")
            let run = try await audit.run().run.id
            let plan = try await audit.plan(from: .run(run), adopts: true).plan
            #expect(plan.words == ["local insert 9"])
            #expect(Set(plan.manual.map(\.contact)) == ["3", "app:3", "local:\(row)"])
            #expect(plan.manual.allSatisfy { $0.why.contains("make the plan from an audit") })
        }
    }
}
