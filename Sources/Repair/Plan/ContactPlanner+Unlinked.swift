import Contacts
import Fingerprint
import Reconcile

/// What a store's records without a key say of a contact.
enum UnlinkedSide {
    /// This one is the contact's.
    case record(UnlinkedReading)
    /// Some may be.
    case unsure
}

extension ContactPlanner {
    /// Plans what a store gets whose records without a key say something of the contact: its key, and nothing else, or
    /// nothing at all.
    ///
    /// - Parameter final: what canonical will hold.
    /// - Returns: false where they say nothing that matters.
    mutating func planUnlinked(in store: PlannedStore, _ final: PlanSide.Row, after: [String]) -> Bool {
        let row = sides[store.number].row
        switch unlinked[store.number] {
        case .record(let own)? where row == nil || row?.record.row == own.record.row:
            link(own, in: store, final, after: after)
        case .unsure? where row == nil:
            plan.leave("a record there without a contact_id may be it: give that the contact_id", stores: [store.name])
        case .record?, .unsure?, nil: return false
        }
        return true
    }

    private mutating func link(
        _ own: UnlinkedReading,
        in store: PlannedStore,
        _ final: PlanSide.Row,
        after: [String]
    ) {
        guard !kit.options.forgotten(request.contact) else { return leaveForgotten(store) }
        let text = Array(request.contact.utf8)
        let value = kit.stores[0].source(ContactSchema.Name.key, of: final.record)
            .flatMap { kit.spelledKey($0, for: store, over: own.record) }
        let want = WantedField(field: ContactSchema.Name.key, value: value) { $0.key == text }
        guard let edit = edit(own.record, in: store, [want]), edit.refused.isEmpty else {
            return plan.leave("its contact_id cannot be represented in \(store.name)", stores: [store.name])
        }
        _ = add(.link, in: store, from: PlanSide.Row(record: own.record, contact: own.contact), edit, after: after)
    }
}
