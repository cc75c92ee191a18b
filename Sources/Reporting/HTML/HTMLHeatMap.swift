import Contacts

/// Where stores differ: a table of field by store with counts.
struct HTMLHeatMap {
    let names: [HTMLName]
    let rows: [Row]
    let isEmpty: Bool
    /// What is said where it is empty.
    let calm: String
    /// Compared fields with no finding anywhere.
    let quiet: String?

    struct Row {
        let field: String
        let cells: [Cell]
    }

    struct Cell {
        /// Nil where there is nothing.
        let count: String?
        let level: String
        let word: String
        let held: Bool
        /// Positions in the page's lists of stores and fields.
        let store: Int
        let position: Int
    }

    /// Fields with findings, in the order in which stores list them, then others by name.
    static func fields(of report: AuditReport) -> [String] {
        let counts = report.summary.byStoreAndField.values
        let found = Set(counts.flatMap { $0.filter { $0.value > 0 }.keys })
        var ordered: [String] = []
        for field in report.stores.flatMap(\.fields) where found.contains(field) && !ordered.contains(field) {
            ordered.append(field)
        }
        return ordered + found.subtracting(ordered).sorted()
    }

    init(_ report: AuditReport, fields: [String]) {
        let counts = report.summary.byStoreAndField
        let most = counts.values.flatMap(\.values).max() ?? 0
        names = report.stores.map { HTMLName(name: $0.name) }
        isEmpty = fields.isEmpty
        let isWhole = report.stores.allSatisfy(\.complete)
        calm = "No field differs in any store\(isWhole ? "" : " that was read through")."
        let others = Set(report.stores.flatMap(\.fields)).subtracting(fields).count
        quiet = others == 0 ? nil : Format.counted(others, "other compared field")
        rows = fields.enumerated()
            .map { index, field in
                let cells = report.stores.enumerated()
                    .map { position, store in
                        let count = counts[store.name]?[field] ?? 0
                        let level = count == 0 || most == 0 ? 0 : min(4, 1 + (count - 1) * 4 / most)
                        return Cell(
                            count: count == 0 ? nil : Format.count(count),
                            level: String(level),
                            word: ["none", "few", "some", "many", "most"][level],
                            held: store.fields.contains(field),
                            store: position,
                            position: index
                        )
                    }
                return Row(field: field, cells: cells)
            }
    }
}
