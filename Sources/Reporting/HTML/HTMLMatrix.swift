import Contacts

/// The agreement of every two stores, as a table.
struct HTMLMatrix {
    let names: [HTMLName]
    let rows: [Row]
    /// Whether there are two stores to compare.
    let isShown: Bool

    struct Row {
        let name: String
        let cells: [Cell]
    }

    struct Cell {
        let own: Bool
        let unread: Bool
        let share: String?
        let level: String
        let differ: String?
        let sides: String?
        let stores: String
    }

    init(_ report: AuditReport) {
        let stores = report.stores
        names = stores.map { HTMLName(name: $0.name) }
        isShown = stores.count > 1
        rows = stores.map { row in
            Row(name: row.name, cells: stores.map { Self.cell(row, $0, in: report) })
        }
    }

    private static func cell(
        _ row: AuditReport.StoreResult,
        _ column: AuditReport.StoreResult,
        in report: AuditReport
    ) -> Cell {
        let own = row.name == column.name
        let found = report.agreement.first {
            ($0.a == row.name && $0.b == column.name) || ($0.a == column.name && $0.b == row.name)
        }
        guard !own, let pair = found else {
            return Cell(own: own, unread: !own, share: nil, level: "none", differ: nil, sides: nil, stores: "")
        }
        let apart = pair.onlyA + pair.onlyB
        let total = pair.equal + pair.differ + apart
        let share = total == 0 ? "both empty" : Format.share(pair.equal, of: total)
        // Findings are about the store that differs from canonical: those of the pair that are not canonical.
        let indexes = report.stores.indices.filter {
            !report.stores[$0].canonical && [pair.a, pair.b].contains(report.stores[$0].name)
        }
        return Cell(
            own: false,
            unread: false,
            share: share,
            level: pair.equal == total ? "full" : pair.equal * 100 >= total * 99 ? "near" : "far",
            differ: pair.differ + apart == 0 ? nil : Format.count(pair.differ + apart),
            sides: apart == 0 ? nil : Format.count(apart),
            stores: indexes.map(String.init).joined(separator: ",")
        )
    }
}

/// A name in a row of names.
struct HTMLName {
    let name: String
}
