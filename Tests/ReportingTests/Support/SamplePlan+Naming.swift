import Contacts

extension SamplePlan {
    /// A plan in which the text stands wherever a store or a configuration may put one.
    static func naming(_ name: String) -> RepairPlan {
        let fields = [name: change(.text(name), .text("q")), "emails": change(.null, .text(name))]
        var operations = [
            operation(name, name, .update, fields: fields), operation(name, name, .insert, fields: fields),
            operation(name, name, .delete, fields: [:]),
        ]
        operations[0].conflict = RepairPlan.Conflict(winner: name, loser: name, fields: [name: .text(name)])
        var plan = Self.plan(operations)
        plan.id = name
        plan.seal = name
        plan.run = name
        plan.configuration = name
        plan.roots = [name: name]
        plan.manual = [
            RepairPlan.Manual(
                contact: name,
                stores: [name, name],
                why: name,
                fields: [name],
                proposed: [name: .text(name), "emails": .text(name)]
            )
        ]
        return plan
    }

    /// Likewise what became of it.
    static func outcome(naming name: String) -> ApplyReport {
        var report = applied
        report.run.id = name
        report.run.verb = name
        report.run.version = name
        report.run.configuration = name
        report.plan = name
        report.counts = [name: ["done": 1, "superseded": 1]]
        report.verified = [name: 2]
        report.guards = [name: .window]
        var item = entry(name, .superseded, store: name)
        item.operation = name
        item.why = name
        report.entries = [item]
        report.changedSince = [item]
        return report
    }
}
