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
        /// Contacts that are not equal, those on one side only included; nil where there are none.
        let differ: String?
        /// Contacts on one side only, by side; empty where there are none.
        let sides: [Side]
        /// Positions of the stores whose findings these are.
        let stores: String
    }

    struct Side {
        let count: String
        let only: String
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
            return Cell(own: own, unread: !own, share: nil, level: "none", differ: nil, sides: [], stores: "")
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
            sides: [(pair.onlyA, pair.a), (pair.onlyB, pair.b)].filter { $0.0 > 0 }
                .map { Side(count: Format.count($0.0), only: $0.1) },
            stores: indexes.map(String.init).joined(separator: ",")
        )
    }
}

/// A name in a row of names.
struct HTMLName {
    let name: String
}
