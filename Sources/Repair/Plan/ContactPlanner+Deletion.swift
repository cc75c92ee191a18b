import Contacts
import Fingerprint
import Foundation

extension ContactPlanner {
    /// Deletes the contact wherever it is alive, canonical first, as the store of that number did.
    mutating func planDeletion(from source: Int) {
        let alive = kit.stores.filter { sides[$0.number].isAlive }
        guard kit.options.deletesOrphans else {
            plan.leave(
                "deletion: it was deleted in \(kit.stores[source].name); add --delete-orphans to delete it here",
                stores: alive.map(\.name)
            )
            return
        }
        guard kit.options.trustsAbsence || sides[source].row != nil else {
            plan.leave(Self.unprovedAbsence(from: kit.stores[source].name), stores: alive.map(\.name))
            return
        }
        var after: [String] = []
        for store in alive {
            let operation = planDeletion(in: store, from: source, after: after)
            if store.number == 0 {
                // What canonical keeps is not deleted elsewhere.
                guard let operation else { return }
                after = [operation]
            }
        }
    }

    static func unprovedAbsence(from store: String) -> String {
        "deletion: it was not found in \(store), which an audit of all contacts must prove"
    }

    /// Marks a record deleted, or takes the row away where the store has no mark for that.
    ///
    /// - Parameter source: the number of the store that deleted it; nil: none did.
    /// - Returns: the operation's id; nil where it is left to a person.
    @discardableResult
    mutating func planDeletion(in store: PlannedStore, from source: Int?, after: [String]) -> String? {
        guard let row = sides[store.number].row else { return nil }
        guard !staysRepeated(in: store) else {
            plan.leave("deletion: several rows hold it", stores: [store.name])
            return nil
        }
        guard let place = store.place(ContactSchema.Name.deletedAt) else {
            return add(
                .delete,
                in: store,
                locator: locator(of: row.record, in: store),
                fields: [:],
                expect: store.state(row.contact),
                leave: nil,
                after: after
            )
        }
        let time = deletionTime(of: row, in: store, source)
        let value = kit.spelled(time, for: store, place, over: row.record)
        var wants = [WantedField(field: ContactSchema.Name.deletedAt, value: value) { $0.isDeleted }]
        if let source, sides[source].row != nil { wants += metadata(.side(source), for: store) }
        guard let edit = edit(row.record, in: store, wants),
            edit.values[place] != nil
        else {
            plan.leave("deletion: the store cannot hold its time", stores: [store.name])
            return nil
        }
        return add(.delete, in: store, from: row, edit, after: after)
    }

    /// When the contact was deleted: as the store that deleted it says; else when the record was last changed, so that the
    /// same state gives the same plan.
    private func deletionTime(of row: PlanSide.Row, in store: PlannedStore, _ source: Int?) -> FieldSource {
        if let source, let deleted = sides[source].row, deleted.contact.isDeleted,
            let time = kit.stores[source].source(ContactSchema.Name.deletedAt, of: deleted.record)
        {
            return time
        }
        let contact = row.contact
        let name =
            contact.lastUpdated != .min && contact.lastUpdated == contact.newestChange
            ? ContactSchema.Name.lastUpdated : ContactSchema.Name.updatedAt
        if contact.newestChange != .min, let time = store.source(name, of: row.record) { return time }
        let field = FieldDefinition(ContactSchema.Name.deletedAt, .timestamp, group: "", role: .metadata)
        return FieldSource(value: .text(kit.options.now.formatted(.iso8601)), mapping: FieldMapping(field))
    }
}
