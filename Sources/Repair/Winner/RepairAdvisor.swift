package import Contacts
package import Fingerprint
package import Reconcile

/// Says which repair a finding would get. Writes nothing.
package struct RepairAdvisor: Sendable {
    /// What is done only where it was asked for.
    package struct Permissions: Sendable, Hashable {
        /// Whether an orphan is inserted into canonical.
        package var adoptOrphans: Bool
        /// Whether orphans and tombstones are deleted; an orphan that may be adopted is not.
        package var deleteOrphans: Bool

        /// What was asked for.
        package init(adoptOrphans: Bool, deleteOrphans: Bool) {
            self.adoptOrphans = adoptOrphans
            self.deleteOrphans = deleteOrphans
        }
    }

    private let canonical: String
    private let stores: [String]
    private let sets: [FieldSet]
    private let fields: [String: FieldDefinition.RepairPolicy]
    private let policy: Winner.Policy
    private let permissions: Permissions

    /// - Parameters:
    ///   - stores: names of the compared stores.
    ///   - sets: the field set that each shares with canonical.
    package init(
        canonical: String,
        stores: [String],
        sets: [FieldSet],
        schema: ContactSchema,
        policy: Winner.Policy,
        permissions: Permissions
    ) {
        self.canonical = canonical
        self.stores = stores
        self.sets = sets
        fields = Dictionary(uniqueKeysWithValues: schema.fields.map { ($0.name, $0.repair) })
        self.policy = policy
        self.permissions = permissions
    }

    /// The repair for the drift of one store.
    package func proposal(for rule: RuleID, store: Int, of difference: Difference) -> RepairProposal {
        let winner = Winner.decide(difference, sets: sets, policy: policy)
        switch rule {
        case .driftOrphan: return orphan(store, winner)
        case .driftTombstone: return tombstone(store, difference, winner)
        case .driftMissing: return write(.insert, store, winner)
        default: return update(store, difference.stores[store].fields, winner)
        }
    }

    private func orphan(_ store: Int, _ winner: Winner) -> RepairProposal {
        if permissions.adoptOrphans, case .store(let source) = winner {
            return RepairProposal(action: .insert, store: canonical, source: stores[source], guard: .exact)
        }
        if permissions.deleteOrphans {
            return RepairProposal(action: .delete, store: stores[store], source: canonical, guard: .exact)
        }
        return manual(store)
    }

    /// The repair for a record without a key that is no contact's.
    package func adoption(from store: Int) -> RepairProposal {
        guard permissions.adoptOrphans else { return manual(store) }
        return RepairProposal(action: .insert, store: canonical, source: stores[store], guard: .exact)
    }

    /// The repair that gives a record without a key that of its contact.
    package func link(in store: Int) -> RepairProposal {
        RepairProposal(action: .link, store: stores[store], source: canonical, guard: .exact)
    }

    private func tombstone(_ store: Int, _ difference: Difference, _ winner: Winner) -> RepairProposal {
        guard case .deletion(let source) = winner, permissions.deleteOrphans else { return manual(store) }
        guard let source else {
            return RepairProposal(action: .delete, store: stores[store], source: canonical, guard: .exact)
        }
        return RepairProposal(action: .delete, store: canonical, source: stores[source], guard: .exact)
    }

    private func update(_ store: Int, _ names: [String], _ winner: Winner) -> RepairProposal {
        let policies = names.map { fields[$0] ?? .winner }
        if policies.contains(.manual) { return manual(store) }
        if !policies.isEmpty, policies.allSatisfy({ $0 == .canonical }) { return write(.update, store, .canonical) }
        return write(.update, store, winner)
    }

    /// A change outside canonical goes to canonical first.
    private func write(_ action: RepairProposal.Action, _ store: Int, _ winner: Winner) -> RepairProposal {
        switch winner {
        case .canonical:
            RepairProposal(action: action, store: stores[store], source: canonical, guard: .exact)
        case .store(let source):
            RepairProposal(action: .update, store: canonical, source: stores[source], guard: .exact)
        case .deletion, .manual: manual(store)
        }
    }

    /// A repair that a person must decide.
    package func manual(_ store: Int) -> RepairProposal {
        RepairProposal(action: .manual, store: stores[store], source: nil)
    }
}
