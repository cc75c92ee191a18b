import Contacts
import Foundation

/// A small plan with one of everything, and what became of it.
enum SamplePlan {
    /// Values that the plan holds and that no text or page of it may show.
    static let secrets = [
        "Engineer", "Manager", "ada@example.com", "grace@example.com", "4155550123", "Lovelace", "1815-12-10",
        "Analytical", "Babbage", "Menlo Park",
    ]

    static let full = plan([
        operation(
            "1",
            "crm",
            .update,
            fields: [
                "job_title": change(.text("Engineer"), .text("Manager")),
                "emails": change(.null, .list([.text("ada@example.com"), .text("grace@example.com")], primary: 0)),
                "llm_context": change(.json(Array(#"{"a":1,"b":2}"#.utf8)), .json(Array(#"{"b":3,"a":1}"#.utf8))),
            ]
        ),
        operation("2", "app", .insert, fields: insert),
        operation("3", "crm", .delete, fields: [:]),
        operation("4", "crm", .merge, fields: [:], others: [.integer(8), .integer(9)]),
        operation("5", "app", .link, fields: ["contact_id": change(.null, .text("5"))]),
        operation(
            "6",
            "crm",
            .update,
            fields: ["notes": change(.text("Analytical"), .text("Analytics"))],
            conflict: true
        ),
    ])

    /// More fields than a line has room for.
    private static let insert: [String: RepairPlan.Change] = [
        "contact_id": change(.null, .integer(2)), "first_name": change(.null, .text("Ada")),
        "last_name": change(.null, .text("Lovelace")), "birthday": change(.null, .text("1815-12-10T00:00:00Z")),
        "is_me": change(.null, .integer(0)), "phones": change(.null, .text("+1 (415) 555-0123")),
        "emails": change(.null, .text(#"["ada@example.com"]"#)), "full_name": change(.null, .text("Ada Lovelace")),
        "notes": change(.null, .text("Babbage")), "vip": change(.null, .text("Menlo Park")),
    ]

    static let empty: RepairPlan = {
        var plan = Self.plan([])
        plan.manual = []
        plan.summary = [:]
        return plan
    }()

    /// Updates of contacts `c0` and on, in two stores by turns; that of `c77` alone writes a name with B.
    static func long(_ count: Int) -> RepairPlan {
        plan(
            (0..<count)
                .map { number in
                    let fields = ["notes": change(.text("Ada"), .text(number == 77 ? "Bob" : "Ada Lovelace"))]
                    return operation("c\(number)", number % 2 == 0 ? "crm" : "app", .update, fields: fields)
                }
        )
    }

    static func change(_ from: RawValue, _ to: RawValue) -> RepairPlan.Change { RepairPlan.Change(from: from, to: to) }

    static func operation(
        _ contact: String,
        _ store: String,
        _ action: RepairProposal.Action,
        fields: [String: RepairPlan.Change],
        others: [RowID] = [],
        conflict: Bool = false
    ) -> RepairPlan.Operation {
        RepairPlan.Operation(
            id: "sha256:\(contact)",
            store: store,
            action: action,
            contact: contact,
            locator: action == .insert
                ? nil : RepairPlan.Locator(key: .text("00\(contact)"), row: .integer(7), others: others),
            guard: store == "app" ? .window : .exact,
            fields: fields,
            expect: action == .insert ? nil : "xxh3-128:00",
            leave: action == .delete ? nil : "xxh3-128:ff",
            because: ["f-\(contact)"],
            conflict: conflict
                ? RepairPlan.Conflict(winner: "warehouse", loser: store, fields: ["notes": .text("Babbage")]) : nil
        )
    }

    /// The plan of these operations, with two cases for a person.
    static func plan(_ operations: [RepairPlan.Operation]) -> RepairPlan {
        var summary: [String: RepairPlan.Counts] = [:]
        for operation in operations {
            var counts = summary[operation.store] ?? RepairPlan.Counts()
            switch operation.action {
            case .insert: counts.insert += 1
            case .delete: counts.delete += 1
            case .merge: counts.merge += 1
            default: counts.update += 1
            }
            summary[operation.store] = counts
        }
        var plan = RepairPlan(
            createdAt: SampleReport.time,
            run: "20260309-071533-4f6c",
            configuration: "sha256:" + String(repeating: "ab12cd34", count: 8),
            roots: ["crm": "sha256:0badf00d", "app": "sha256:3fa9c0d1"],
            operations: operations,
            manual: [
                RepairPlan.Manual(
                    contact: "77",
                    stores: ["crm", "app"],
                    why: "changed on both sides at the same time",
                    fields: ["notes"],
                    proposed: ["notes": .text("Babbage")]
                ), RepairPlan.Manual(contact: "78", stores: ["app"], why: "the field is repaired by hand"),
            ],
            summary: summary
        )
        plan.id = "sha256:" + String(repeating: "1234abcd", count: 8)
        plan.seal = "sha256:" + String(repeating: "5678abcd", count: 8)
        return plan
    }

    // MARK: What became of it

    static func run(_ verb: String, exit: Int32) -> AuditReport.Run {
        var run = SampleReport.small.run
        run.verb = verb
        run.exit = exit
        return run
    }

    static func entry(_ contact: String, _ outcome: ApplyReport.Outcome, store: String = "crm") -> ApplyReport.Entry {
        ApplyReport.Entry(
            operation: "sha256:\(contact)",
            store: store,
            contact: contact,
            action: .update,
            outcome: outcome,
            why: "the record is newer than the plan"
        )
    }

    /// Of each outcome one, and one contact that somebody wrote since.
    static let applied: ApplyReport = {
        var report = ApplyReport(
            run: run("apply", exit: 1),
            plan: full.id,
            undoes: nil,
            isDryRun: false,
            isResumed: true,
            manual: 2
        )
        for (number, outcome) in ApplyReport.Outcome.allCases.enumerated() where outcome != .notRestored {
            report.add(entry(String(number), outcome, store: number % 2 == 0 ? "crm" : "app"))
        }
        report.changedSince = [entry("90", .done)]
        report.verified = ["crm": 3, "app": 1]
        report.guards = ["crm": .exact, "app": .window]
        return report
    }()

    /// An undo after which nothing is left.
    static let undone: ApplyReport = {
        var report = ApplyReport(
            run: run("undo", exit: 0),
            plan: nil,
            undoes: "20260309-071533-4f6c",
            isDryRun: false,
            isResumed: false,
            manual: 0
        )
        for number in 0..<1200 { report.add(entry(String(number), .done)) }
        report.verified = ["crm": 1200]
        report.guards = ["crm": .exact]
        return report
    }()
}
