package import Contacts
import Foundation

/// A repair plan as one HTML page that loads nothing and runs nothing but its own script. It shows masks where the plan
/// holds values.
package enum PlanHTML {
    /// Operations held in the page, and cases for a person.
    package static let rowLimit = 10_000
    /// Bytes of the page that operations may take.
    package static let rowBytes = 12_000_000
    /// Fields of an operation whose values are shown behind masks; the others are named.
    static let changeLimit = 40

    /// The page. The same plan, schema and nonce give the same text.
    ///
    /// Where it does not hold all operations it says so.
    ///
    /// - Parameters:
    ///   - schema: Tells the fields' types, by which values are masked, and their order. A field that it does not know is
    ///     masked as text.
    ///   - file: Where the plan is, as the commands that are proposed name it.
    ///   - nonce: Letters and digits that no one can guess; for each page its own.
    /// - Throws: where the template is damaged.
    package static func render(
        _ plan: RepairPlan,
        schema: ContactSchema = .standard,
        file: String = "plan.json",
        nonce: String = HTMLReport.makeNonce()
    ) throws -> String {
        let summary = PlanSummary(plan)
        let isEmpty = plan.operations.isEmpty && plan.manual.isEmpty
        let page = HTMLRepairPage(
            nonce: nonce,
            title: "plan, \(Format.time(plan.createdAt))",
            tone: isEmpty ? "consistent" : plan.manual.isEmpty ? "open" : "inconclusive",
            symbol: isEmpty ? "✓" : plan.manual.isEmpty ? "~" : "!",
            word: "plan",
            sentence: summary.sentence,
            when: "Made at \(Format.time(plan.createdAt)) by run \(plan.run); nothing is written yet",
            figures: figures(plan, summary),
            sections: [stores(summary), operations(plan, summary, schema), manual(plan, schema), next(plan, file)],
            evidence: evidence(of: plan)
        )
        return try page.render()
    }

    private static func figures(_ plan: RepairPlan, _ summary: PlanSummary) -> [HTMLRepairPage.Figure] {
        func sum(_ count: (RepairPlan.Counts) -> Int) -> Int { summary.stores.reduce(0) { $0 + count($1.counts) } }
        return [
            HTMLRepairPage.Figure(sum(\.insert), "+ insert", "records are added"),
            HTMLRepairPage.Figure(sum(\.update), "~ update", "fields are written"),
            HTMLRepairPage.Figure(sum(\.delete), "- delete", "records are deleted"),
            HTMLRepairPage.Figure(sum(\.merge), "~ merge", "equal rows become one"),
            HTMLRepairPage.Figure(plan.manual.count, "! by hand", "left to a person"),
        ]
    }

    private static func stores(_ summary: PlanSummary) -> HTMLRepairSection {
        var section = HTMLRepairSection(id: "stores", heading: "Stores")
        guard !summary.stores.isEmpty else {
            section.calm = "No store is written."
            return section
        }
        for kind in summary.guards { section.note("\(kind.rawValue): \(kind.meaning).") }
        var table = HTMLRepairTable(
            "Operations by store",
            columns: ["Store", "+ Insert", "~ Update", "- Delete", "~ Merge", "Guard"]
        )
        for store in summary.stores {
            let counts = [store.counts.insert, store.counts.update, store.counts.delete, store.counts.merge]
            table.add(store.name, counts.map { .number($0) } + [.text(store.guards)])
        }
        section.table = table
        return section
    }

    private static func operations(
        _ plan: RepairPlan,
        _ summary: PlanSummary,
        _ schema: ContactSchema
    ) -> HTMLRepairSection {
        var section = HTMLRepairSection(id: "operations", heading: "Operations")
        guard !plan.operations.isEmpty else {
            section.calm = "No operation is planned."
            return section
        }
        section.caption = "In the order in which they are carried out. Values are masked; the plan’s file holds them."
        if summary.conflicts > 0 {
            let count = Format.counted(summary.conflicts, "operation")
            let verb = summary.conflicts == 1 ? "overwrites" : "overwrite"
            section.note(
                "\(count) \(verb) what another store had changed, too. What is lost is kept in sync_conflicts."
            )
        }
        var table = HTMLRepairTable(
            "Operations",
            columns: ["Contact", "Store", "Action", "Guard", "Fields"],
            searchedAs: "operation-list"
        )
        let fields = HTMLFieldList(schema)
        for operation in plan.operations.prefix(rowLimit) {
            table.add(
                operation.contact,
                [
                    .text(operation.store), .text("\(operation.action.sign) \(operation.action.rawValue)"),
                    .text(operation.guard.rawValue), fields.changes(operation),
                ]
            )
            if table.bytes >= rowBytes { break }
        }
        section.cut = cut("operation", held: table.count, of: plan.operations.count)
        section.table = table
        return section
    }

    private static func manual(_ plan: RepairPlan, _ schema: ContactSchema) -> HTMLRepairSection {
        var section = HTMLRepairSection(id: "manual", heading: "For a person")
        guard !plan.manual.isEmpty else {
            section.calm = "Nothing is left to a person."
            return section
        }
        section.caption = "No side is safely right here. The plan leaves these contacts as they are."
        var table = HTMLRepairTable(
            "What a person must decide",
            columns: ["Contact", "Stores", "Why", "Fields", "Proposed"],
            searchedAs: "manual-list"
        )
        let fields = HTMLFieldList(schema)
        for item in plan.manual.prefix(rowLimit) {
            table.add(
                item.contact,
                [
                    .text(item.stores.joined(separator: ", ")), .text(item.why),
                    .text(item.fields.joined(separator: ", ")), fields.proposed(item),
                ]
            )
            if table.bytes >= rowBytes { break }
        }
        section.cut = cut("case", held: table.count, of: plan.manual.count)
        section.table = table
        return section
    }

    private static func next(_ plan: RepairPlan, _ file: String) -> HTMLRepairSection {
        var section = HTMLRepairSection(id: "next", heading: "What to run next")
        section.commands = NextCommand.all(plan, file: file)
        if section.commands.isEmpty { section.calm = "Nothing: there is nothing to repair." }
        return section
    }

    /// Nil where the page holds all of them.
    private static func cut(_ noun: String, held: Int, of count: Int) -> String? {
        guard held < count else { return nil }
        return "This page holds the first \(Format.counted(held, noun)) of \(Format.count(count)). The plan holds all."
    }

    private static func evidence(of plan: RepairPlan) -> [HTMLFact] {
        [
            HTMLFact(name: "Plan", value: plan.id), HTMLFact(name: "Seal", value: plan.seal),
            HTMLFact(name: "Made", value: UTCTime.text(plan.createdAt)), HTMLFact(name: "By run", value: plan.run),
            HTMLFact(name: "Configuration", value: plan.configuration),
        ] + plan.roots.sorted { $0.key < $1.key }.map { HTMLFact(name: "Root of \($0.key)", value: $0.value) } + [
            HTMLFact(name: "Format", value: plan.schema)
        ]
    }
}
