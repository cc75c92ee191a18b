import Contacts
import Fingerprint
import Ledger
import Reconcile
import Rules

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

    /// One finding for each rule that a contact breaks in a store, with all fields that break it.
    func corruption(_ contact: String, _ damages: [FieldDamage], store: String, state: FindingState = .confirmed)
        -> [Finding]
    {
        var order: [RuleID] = []
        var byRule: [RuleID: [FieldDamage]] = [:]
        for damage in damages where factory.rules[damage.rule].enabled {
            if byRule[damage.rule] == nil { order.append(damage.rule) }
            // Rows of one key may have the same damage.
            if !(byRule[damage.rule] ?? []).contains(where: { $0.field == damage.field }) {
                byRule[damage.rule, default: []].append(damage)
            }
        }
        return order.map { rule in
            let own = factory.inSchemaOrder(byRule[rule] ?? [])
            let isCertain = own.allSatisfy { $0.proposed != nil }
            return factory.make(
                rule,
                contact: contact,
                store: store,
                fields: own.compactMap { factory.damaged($0, store: store) },
                state: state,
                message: "\(store) "
                    + own.map { damage in
                        damage.field.map { "\($0) \(damage.reason)" } ?? damage.reason
                    }
                    .joined(separator: "; ") + ".",
                repair: state == .confirmed
                    ? RepairProposal(
                        action: isCertain ? .update : .manual,
                        store: store,
                        source: nil,
                        guard: isCertain ? .exact : nil
                    ) : nil
            )
        }
    }

    /// - Parameter problems: what the engine says, without values; not empty.
    func storage(_ problems: [String], store: String) -> Finding {
        let shown = problems.prefix(Self.shownProblems).joined(separator: "; ")
        let more = problems.count - Self.shownProblems
        return factory.make(
            .corruptionStorage,
            contact: nil,
            store: store,
            message: "\(store) contradicts itself: \(shown)" + (more > 0 ? "; and \(more) more." : "."),
            repair: RepairProposal(action: .manual, store: store, source: nil)
        )
    }

    private static let shownProblems = 5

    func version(_ regression: VersionRegression, store: String) -> Finding {
        factory.make(
            .corruptionVersion,
            contact: regression.key,
            store: store,
            message: "\(store) holds the contact with a lower version than at an earlier run.",
            repair: RepairProposal(action: .manual, store: store, source: nil)
        )
    }

    /// - Parameter stores: names of all scanned stores, as the clash numbers them.
    func duplicateIdentifier(_ clash: IdentifierClash, stores: [String]) -> Finding {
        let names = clash.stores.map { stores[$0] }
        let what = clash.isPhone ? "phone number" : "e-mail address"
        let field = clash.isPhone ? ContactSchema.Name.phones : ContactSchema.Name.emails
        return factory.make(
            .duplicateIdentifier,
            contact: clash.keys.first,
            stores: names,
            subject: clash.digest.description,
            fields: [FieldDifference(name: field, values: [:], sameMask: false, lengths: [:])],
            message: "One \(what) is on \(clash.count) contacts in \(names.joined(separator: ", ")).",
            related: Array(clash.keys.dropFirst()),
            repair: RepairProposal(action: .manual, store: names.first, source: nil)
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
