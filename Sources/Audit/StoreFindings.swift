import Contacts
import Fingerprint
import Ledger
import Reconcile

/// Findings about stores and their rows: schema, duplicate keys, unreadable rows, unproved stores.
struct StoreFindings {
    let factory: FindingFactory

    /// Columns that are missing, retyped or added; nil where there is nothing to say.
    ///
    /// - Parameter last: the columns of the last run that opened the store; nil on its first.
    func schema(_ store: String, _ layout: StoreLayout, last: [StoreColumn]?) -> Finding? {
        let now = Dictionary(layout.columns.map { ($0.name, $0.type) }, uniquingKeysWith: { first, _ in first })
        let before = Dictionary((last ?? []).map { ($0.name, $0.type) }, uniquingKeysWith: { first, _ in first })
        let lost = (last ?? []).map(\.name).filter { now[$0] == nil }
        let retyped = layout.columns.map(\.name).filter { name in before[name].map { $0 != now[name] } ?? false }
        let added = last == nil ? [] : layout.columns.map(\.name).filter { before[$0] == nil }
        var parts: [String] = []
        func add(_ what: String, _ names: [String]) {
            if !names.isEmpty { parts.append("\(what): \(names.joined(separator: ", "))") }
        }
        add("no column for", layout.missing)
        add("columns lost since the last run", lost)
        add("columns of another type", retyped)
        add("columns added", added)
        guard !parts.isEmpty else { return nil }
        return factory.make(
            .driftSchema,
            contact: nil,
            store: store,
            fields: layout.missing.map { FieldDifference(name: $0, values: [:], sameMask: false, lengths: [:]) },
            message: "The table of \(store) is not as expected (\(parts.joined(separator: "; "))).",
            severity: lost.isEmpty ? nil : .error
        )
    }

    func duplicateKey(_ duplicate: DuplicateKey, store: String) -> Finding {
        factory.make(
            .duplicateKey,
            contact: duplicate.key,
            store: store,
            message: "\(store) holds the contact on \(duplicate.rowCount) rows.",
            related: duplicate.rows.dropFirst().map { factory.name(of: $0, in: store) },
            repair: RepairProposal(action: .manual, store: store, source: nil)
        )
    }

    func unreadable(_ row: UnreadableRow, store: String) -> Finding {
        factory.make(
            .storeUnreadable,
            contact: factory.name(of: row.row, in: store),
            store: store,
            message: "A row of \(store) could not be read as a contact: \(row.reason)."
        )
    }

    func unproved(_ store: String, reason: String) -> Finding {
        factory.make(
            .storeUnproved,
            contact: nil,
            store: store,
            message: "\(store) was not read through, so nothing is said to be absent from it: \(reason)"
        )
    }
}
