import Contacts

extension ContactPlanner {
    /// One row of several equal ones, where that was asked for. Rows that differ are left to a person.
    mutating func planMerges() {
        for store in kit.stores {
            let rows = sides[store.number].rows
            guard rows.count > 1, let first = rows.first else { continue }
            let state = store.state(first.contact)
            guard rows.allSatisfy({ store.state($0.contact) == state }) else {
                plan.leave("several rows hold it, and they are not equal", stores: [store.name])
                continue
            }
            guard kit.options.mergesDuplicates else {
                plan.leave(
                    "several equal rows hold it: add --merge-duplicates to make them one",
                    stores: [store.name]
                )
                continue
            }
            let merge = add(
                .merge,
                in: store,
                locator: locator(of: first.record, in: store, others: rows.dropFirst().map(\.record.row)),
                fields: [:],
                expect: state,
                leave: state
            )
            merges[store.number] = merge
        }
    }

    /// Whether several rows hold the contact in a store and stay.
    func staysRepeated(in store: PlannedStore) -> Bool {
        sides[store.number].rows.count > 1 && merges[store.number] == nil
    }
}
