import Foundation
import Testing

/// `plan`: what it writes, what it takes up, and how it ends.
@Suite(.timeLimit(.minutes(20))) struct PlanCommandTests {
    @Test func aDifferenceIsPlannedAndNothingWritten() async throws {
        let workspace = try await Workspace.drifted(Workspace.rename(2, "Edited"))
        let before = try (workspace.bytes("a.db"), workspace.bytes("b.db"))
        let result = try await workspace.run("plan", "-o", "plan.json")
        #expect(result.exit == 0, "\(result.output)\(result.errors)")
        let plan = try workspace.plan()
        // Only b has moved since both agreed: it wins.
        #expect(plan.lines == ["update a 2"])
        #expect(plan.manual == [])
        #expect(plan.summary["a"]?["update"] == 1)
        #expect(Set(plan.roots.keys) == ["a", "b"])
        #expect(try workspace.mode("plan.json") == 0o600)
        #expect(try (workspace.bytes("a.db"), workspace.bytes("b.db")) == before)
        #expect(result.output.contains("\nPlan: plan.json\n"), "\(result.output)")
        #expect(!result.output.contains("Edited"))
        let page = try workspace.text("reports/\(plan.run)/plan.html")
        #expect(!page.contains("Edited"))
        #expect(try workspace.report().run.id == plan.run)
        let history = try WrittenRun.all(try await workspace.run("history", "--format", "json").output)
        #expect(history.map(\.verb) == ["plan", "audit"])
        #expect(history.first?.exit == 0)
    }

    @Test func theSameStateGivesTheSamePlan() async throws {
        let workspace = try await Workspace.drifted(
            Workspace.rename(1, "One"),
            "DELETE FROM contacts_master WHERE contact_id = '3'"
        )
        for name in ["one.json", "two.json"] {
            #expect(try await workspace.run("plan", "--quiet", "-o", name).exit == 0)
        }
        let plans = try (workspace.plan("one.json"), workspace.plan("two.json"))
        #expect(plans.0.id == plans.1.id)
        #expect(plans.0.operations == plans.1.operations)
        #expect(Set(plans.0.lines) == ["update a 1", "insert b 3"])
        #expect(plans.0.run != plans.1.run)
    }

    @Test func nothingToRepair() async throws {
        let workspace = try await Workspace.drifted()
        let result = try await workspace.run("plan", "-o", "plan.json", "--format", "json")
        #expect(result.exit == 0)
        #expect(try workspace.plan().operations == [])
        #expect(result.output.contains(#""operations" : 0"#), "\(result.output)")
    }

    @Test func anOrphanIsAPersonsUnlessSomethingWasAskedFor() async throws {
        let orphan = "INSERT INTO contacts_master (contact_id, first_name) VALUES ('9', 'Nine')"
        let workspace = try await Workspace.drifted(orphan)
        #expect(try await workspace.run("plan", "-o", "plan.json").exit == 1)
        #expect(try workspace.plan().lines == [])
        #expect(try workspace.plan().manual.map(\.contact) == ["9"])
        #expect(try await workspace.run("plan", "-o", "plan.json", "--delete-orphans").exit == 0)
        #expect(try workspace.plan().lines == ["delete b 9"])
        #expect(try await workspace.run("plan", "-o", "plan.json", "--adopt-orphans").exit == 0)
        #expect(try workspace.plan().lines == ["insert a 9"])
        let history = try WrittenRun.all(try await workspace.run("history", "--format", "json").output)
        #expect(history.prefix(3).map(\.exit) == [0, 0, 1])
    }

    @Test func theConfigurationAsksAndAFlagOverridesIt() async throws {
        let orphan = "INSERT INTO contacts_master (contact_id, first_name) VALUES ('9', 'Nine')"
        let workspace = try await Workspace.drifted(
            orphan,
            top: ["recheck: {delay: 0s}", "repair: {adoptOrphans: true}"]
        )
        #expect(try await workspace.run("plan", "-o", "plan.json").exit == 0)
        #expect(try workspace.plan().lines == ["insert a 9"])
        #expect(try await workspace.run("plan", "-o", "plan.json", "--no-adopt-orphans").exit == 1)
        #expect(try workspace.plan().lines == [])
    }

    @Test func equalRowsOfOneContact() async throws {
        let copy = "INSERT INTO contacts_master SELECT * FROM contacts_master WHERE contact_id = '2'"
        let workspace = try await Workspace.drifted(copy)
        #expect(try await workspace.run("plan", "-o", "plan.json").exit == 1)
        #expect(try workspace.plan().manual.map(\.contact) == ["2"])
        #expect(try await workspace.run("plan", "-o", "plan.json", "--merge-duplicates").exit == 0)
        #expect(try workspace.plan().lines == ["merge b 2"])
    }

    // MARK: --from

    @Test func fromARunAndFromAReport() async throws {
        let workspace = try await Workspace.drifted(
            Workspace.rename(1, "One"),
            "DELETE FROM contacts_master WHERE contact_id = '3'"
        )
        #expect(try await workspace.run("audit").exit == 1)
        let run = try workspace.report().run.id
        try FileManager.default.copyItem(
            atPath: workspace.file("reports/\(run)/report.json"),
            toPath: workspace.file("report.json")
        )
        #expect(try await workspace.run("plan", "--quiet", "-o", "audit.json").exit == 0)
        let wanted = try workspace.plan("audit.json").operations
        #expect(wanted.count == 2)
        for source in [run, "report.json"] {
            let result = try await workspace.run("plan", "--from", source, "-o", "plan.json")
            #expect(result.exit == 0, "\(result.output)\(result.errors)")
            #expect(try workspace.plan().operations.map(\.id) == wanted.map(\.id))
        }
        let history = try WrittenRun.all(try await workspace.run("history", "--format", "json").output)
        #expect(history.prefix(2).map(\.verb) == ["plan", "plan"])
        #expect(history.prefix(2).map(\.verdict) == [nil, nil])
        #expect(history.prefix(2).map(\.exit) == [0, 0])
        #expect(try await workspace.run("history", "verify").exit == 0)
    }

    /// The values are read anew: what was repaired meanwhile is not planned.
    @Test func fromARunThatIsOutOfDate() async throws {
        let workspace = try await Workspace.drifted(Workspace.rename(1, "One"), Workspace.rename(2, "Two"))
        #expect(try await workspace.run("audit").exit == 1)
        try workspace.execute("b", Workspace.rename(1, "Name 1"))
        try workspace.execute("b", Workspace.rename(2, "Second"))
        let run = try workspace.report().run.id
        #expect(try await workspace.run("plan", "--from", run, "-o", "plan.json").exit == 0)
        #expect(try workspace.plan().lines == ["update a 2"])
        #expect(try workspace.text("plan.json").contains("Second"))
    }

    /// A run that saw the contact everywhere proves no absence.
    @Test func whatWasNotFoundAbsentIsNotInserted() async throws {
        let workspace = try await Workspace.drifted(Workspace.rename(2, "Edited"))
        #expect(try await workspace.run("audit").exit == 1)
        try workspace.execute("b", "DELETE FROM contacts_master WHERE contact_id = '2'")
        let run = try workspace.report().run.id
        let result = try await workspace.run("plan", "--from", run, "-o", "plan.json")
        #expect(result.exit == 1, "\(result.output)")
        #expect(try workspace.plan().lines == [])
        #expect(try workspace.plan().manual.map(\.contact) == ["2"])
        #expect(try await workspace.run("plan", "-o", "plan.json").exit == 0)
        #expect(try workspace.plan().lines == ["insert b 2"])
    }

    @Test func fromNothingToPlanFrom() async throws {
        let workspace = try await Workspace.drifted(Workspace.rename(2, "Edited"))
        #expect(try await workspace.run("audit").exit == 1)
        let unknown = try await workspace.run("plan", "--from", "20200101T000000Z-000000", "-o", "plan.json")
        #expect(unknown.exit == 2)
        #expect(unknown.errors.contains("there is neither a run of that name"), "\(unknown.errors)")
        let report = try workspace.text("reports/latest/report.json")
        try workspace.write(String(report.prefix(report.count / 2)), to: "cut.json")
        let cut = try await workspace.run("plan", "--from", "cut.json", "-o", "plan.json")
        #expect(cut.exit == 2)
        #expect(cut.errors.hasPrefix("rollcall: cut.json is no report to plan from: "), "\(cut.errors)")
        try workspace.write(report, to: "other.json")
        try workspace.write(try workspace.text("rollcall.yaml").replacing("path: b.db", with: "path: c.db"))
        let other = try await workspace.run("plan", "--from", "other.json", "-o", "plan.json")
        #expect(other.exit == 4)
        #expect(try workspace.names(in: ".").contains("plan.json") == false)
    }

    // MARK: Stores that cannot be read

    @Test func aStoreThatIsUnproved() async throws {
        let workspace = try Workspace.pair(others: ["c"])
        for store in ["a", "b"] { try workspace.fill(store, contacts: 3) }
        try workspace.execute("b", "DELETE FROM contacts_master WHERE contact_id = '3'")
        #expect(try await workspace.run("plan", "-o", "plan.json").exit == 3)
        #expect(try workspace.plan().lines == ["insert b 3"])
        try FileManager.default.removeItem(atPath: workspace.file("a.db"))
        let result = try await workspace.run("plan", "-o", "other.json")
        #expect(result.exit == 5)
        #expect(try workspace.names(in: ".").contains("other.json") == false)
    }

    @Test func thePlanNeedsAFile() async throws {
        let workspace = try await Workspace.drifted()
        #expect(try await workspace.run("plan").exit == 2)
        let result = try await workspace.run("plan", "-o", "nowhere/plan.json")
        #expect(result.exit == 5)
        #expect(result.errors.contains("nowhere/plan.json"), "\(result.errors)")
    }
}
