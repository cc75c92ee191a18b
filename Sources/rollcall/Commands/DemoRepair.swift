import Audit
import Contacts
import Demo
import Foundation
import Repair
import Reporting

/// The second half of the demo's job: plan, apply, audit, apply again, undo; and whether each did what it must.
struct DemoRepair {
    let session: Session
    let stores: SampleStores
    /// Of the stores that have one.
    let servers: SampleServers?
    /// Where the plan is written to.
    let folder: String
    let output: OutputOptions
    let say: (String) -> Void

    /// What the steps came to, as JSON shows it.
    struct Result: Encodable {
        /// Operations of the plan, by store and kind.
        var planned: [String: RepairPlan.Counts] = [:]
        /// What the plan leaves to a person.
        var manual = 0
        /// What the operations ended as, by outcome.
        var applied: [String: Int] = [:]
        /// Confirmed findings behind the apply, by rule.
        var left: [String: Int] = [:]
        /// Ids of those that the plan was to repair.
        var unrepaired: [String] = []
        /// The second apply of the same plan, as `applied`.
        var appliedAgain: [String: Int] = [:]
        /// The undo, likewise.
        var undone: [String: Int] = [:]
        /// Tables that the second apply changed, `store.table`.
        var changedAgain: [String] = []
        /// Contacts that the undo lists as not restored, by store.
        var listed: [String: Int] = [:]
        /// Tables that are not as they were before the apply once it is undone, but for what it lists where the store cannot
        /// restore all.
        var notRestored: [String] = []
        /// Steps that did not do what they must, in sentences.
        var problems: [String] = []
    }

    func run() async throws -> Result {
        var result = Result()
        let before = try await contents()
        let plan = try await makePlan(&result)
        // Of a small sample the faults are a large share.
        let input = try session.applyInput(allowsLarge: true, isDryRun: false)
        let applied = try await session.apply(plan, input, printer)
        result.applied = counts(applied)
        say("Apply: \(Self.text(result.applied)).")
        let page = try RepairFiles(folder: session.configuration.paths.reports).write(applied)
        say("  \(page)")
        if applied.count(.done) == 0 { result.problems.append("the apply wrote nothing") }

        try await auditAgain(plan, applied, &result)

        let written = try await contents()
        let again = try await session.apply(plan, input, printer)
        result.appliedAgain = counts(again)
        result.changedAgain = Self.changed(written, try await contents())
        say("Second apply of the same plan: \(Self.text(result.appliedAgain)).")
        if again.count(.done) > 0 || !result.changedAgain.isEmpty {
            result.problems.append("the second apply changed something")
        }

        let undone = try await session.undo(applied.run.id, input, printer)
        result.undone = counts(undone)
        let listed = undone.entries.filter { !stores.restoresAll($0.store) }
        result.listed = Dictionary(grouping: Set(listed.map { [$0.store, $0.contact] })) { $0[0] }.mapValues(\.count)
        result.notRestored = Self.changed(before, try await contents(), but: listed)
        let rows = before.values.reduce(0) { $0 + $1.rows }
        let exception = result.listed.isEmpty ? "" : ", but for contacts that it lists: \(Self.text(result.listed))"
        say(
            "Undo: \(Self.text(result.undone)). "
                + (result.notRestored.isEmpty
                    ? "All \(rows) rows of \(before.count) tables are as they were before the apply\(exception)."
                    : "These tables are not as they were: \(result.notRestored.joined(separator: ", ")).")
        )
        if !result.notRestored.isEmpty { result.problems.append("the undo did not restore every row") }
        return result
    }

    private func contents() async throws -> [String: TableContents] {
        try await servers?.contents() ?? stores.contents()
    }

    private var printer: ProgressPrinter {
        ProgressPrinter(quiet: output.quiet, verbose: output.verbose, expected: [:])
    }

    private func makePlan(_ result: inout Result) async throws -> RepairPlan {
        var options = PlanRun.Options()
        options.deletesOrphans = true
        options.adoptsOrphans = true
        options.mergesDuplicates = true
        let outcome = try await session.planRun(options, quiet: output.quiet, verbose: output.verbose).run()
        let plan = outcome.plan
        let path = folder + "/plan.json"
        try PlanFile.write(plan, to: path)
        result.planned = plan.summary
        result.manual = plan.manual.count
        say("Plan: \(plan.operations.count) operations, \(plan.manual.count) cases for a person; \(path)")
        if plan.operations.isEmpty { result.problems.append("the plan holds no operation") }
        return plan
    }

    /// What is left behind an apply must be for a person, or nothing that a plan repairs.
    private func auditAgain(_ plan: RepairPlan, _ applied: ApplyReport, _ result: inout Result) async throws {
        let input = try session.auditInput(verb: "demo", named: [])
        let outcome = try await session.audit(input, quiet: output.quiet, verbose: output.verbose)
        let excused = Set(plan.manual.map(\.contact)).union(applied.entries.map(\.contact))
        try outcome.findings.withFirst(outcome.findings.count) { findings in
            for finding in findings where finding.state == .confirmed {
                result.left[finding.rule.name, default: 0] += 1
                guard Self.isRepairable(finding), let contact = finding.contact, !excused.contains(contact) else {
                    continue
                }
                result.unrepaired.append(finding.id)
            }
        }
        say("Audit behind it: \(Self.text(result.left)); \(result.unrepaired.count) of them the plan was to repair.")
        if !result.unrepaired.isEmpty { result.problems.append("findings are left that the plan was to repair") }
    }

    private static func isRepairable(_ finding: Finding) -> Bool {
        finding.kind == .drift && finding.rule != .driftSchema
            || finding.kind == .corruption && finding.repair?.action == .update
    }

    private func counts(_ report: ApplyReport) -> [String: Int] {
        Dictionary(
            uniqueKeysWithValues: ApplyReport.Outcome.allCases.filter { report.count($0) > 0 }
                .map { ($0.rawValue, report.count($0)) }
        )
    }

    /// Tables that are not alike; where contacts can be told apart, by others than those of these entries.
    private static func changed(
        _ a: [String: TableContents],
        _ b: [String: TableContents],
        but listed: [ApplyReport.Entry] = []
    ) -> [String] {
        let excused = Dictionary(grouping: listed, by: \.store).mapValues { Set($0.map(\.contact)) }
        return Set(a.keys).union(b.keys)
            .filter { table in
                guard let a = a[table]?.contacts, let b = b[table]?.contacts else { return a[table] != b[table] }
                let unlike = Set(a.keys).union(b.keys).filter { a[$0] != b[$0] }
                return !unlike.isSubset(of: excused[String(table.prefix { $0 != "." })] ?? [])
            }
            .sorted()
    }

    private static func text(_ counts: [String: Int]) -> String {
        counts.isEmpty
            ? "nothing" : counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }
}
