import Contacts

extension FaultMaker {
    /// The stores damaged alike, nothing else of the record touched: nobody says when a value was damaged.
    ///
    /// Nil where the contact has nothing to damage like this.
    mutating func damaged(_ damage: Damage, _ contact: SampleContact, in stores: [String]) -> SeededFault? {
        var after = contact
        guard let fields = damage.apply(to: &after, using: &random) else { return nil }
        var fault = SeededFault(changes: [:])
        for store in stores {
            fault.changes[store] = .rewrite(after)
            fault.expected.append(expected(damage.rule, contact.id, store, fields))
            let others = after.differing(from: contact, in: held(in: store)).filter { !fields.contains($0) }
            if !others.isEmpty, stores != SampleStores.names {
                fault.expected.append(expected(.driftField, contact.id, store, others))
            }
        }
        return fault
    }

    /// Two contacts of the pool, of which one gets what is the other's.
    mutating func shared(_ identifier: SharedIdentifier, in stores: [String]) -> SeededFault? {
        // What nobody else may have as the primary one goes to somebody who has one.
        let needsOwn = identifier == .email && stores.contains { shape(of: $0).hasUniqueEmails }
        guard let owner = take(where: identifier.isHeld),
            let other = take(where: { !needsOwn || identifier.isHeld(by: $0) })
        else { return nil }
        let isEverywhere = stores == SampleStores.names
        let after = touched(identifier.adding(from: owner, to: other), raising: isEverywhere)
        var fault = SeededFault(changes: [:])
        let smallest = min(owner.id, other.id)
        fault.expected.append(expected(.duplicateIdentifier, smallest, stores[0], [identifier.field]))
        for store in stores {
            fault.changes[store] = .rewrite(after)
            if !isEverywhere { fault.expected.append(expected(.driftField, other.id, store, [identifier.field])) }
        }
        return fault
    }

    /// The digits of an MD5 that is not the row's; the values are those it had.
    mutating func wrongChecksum(_ contact: SampleContact, in store: String) -> SeededFault {
        var after = contact
        let digits: [Character] = Array("0123456789abcdef")
        after.checksum = String((0..<32).map { _ in random.pick(digits) })
        return SeededFault(
            changes: [store: .rewrite(after)],
            expected: [expected(.corruptionChecksum, contact.id, store)]
        )
    }

    mutating func asksForDeletion(_ contact: SampleContact) -> SeededFault {
        var after = touched(contact, raising: true)
        after.set("notes", [contact.text("notes"), OwnRule.request].compactMap(\.self).joined(separator: "\n"))
        var fault = everywhere(.rewrite(after))
        fault.expectedByOwnRule = [expected(OwnRule.id, contact.id, OwnRule.store)]
        return fault
    }

    /// A contact that nothing has happened to, and that nothing else will happen to.
    private mutating func take(where condition: (SampleContact) -> Bool) -> SampleContact? {
        guard let place = pool.firstIndex(where: { condition(samples[$0]) }) else { return nil }
        return samples[pool.remove(at: place)]
    }
}
