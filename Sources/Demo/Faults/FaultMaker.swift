import Contacts

/// Turns scenarios into faults, each on a contact of its own.
struct FaultMaker {
    let samples: SampleContacts
    /// Those of the stores that the faults happen to.
    let shapes: [any SampleShape]
    var random: SeededRandom
    /// Numbers of the contacts that nothing has happened to.
    var pool: [Int]
    /// The number of the next contact that no store has.
    private var fresh: Int

    private let others = SampleStores.names.filter { $0 != SampleStores.canonical }

    init(samples: SampleContacts, contacts: Int, seed: UInt64, shapes: [any SampleShape] = SampleStores.shapes) {
        self.samples = samples
        self.shapes = shapes
        random = SeededRandom(seed: seed, 3)
        pool = random.shuffled(Array(0..<contacts))
        fresh = contacts
    }

    /// Nil where no contact is left that the scenario can happen to.
    mutating func fault(_ scenario: FaultScenario) -> SeededFault? {
        switch scenario {
        case .orphan, .keyless, .unreadableKey, .addedEverywhere: return possible(fault(scenario, on: newContact()))
        case .sharedIdentifier(let identifier, let stores): return shared(identifier, in: stores)
        default: break
        }
        for (place, number) in pool.enumerated() {
            if let fault = possible(fault(scenario, on: samples[number])) {
                pool.remove(at: place)
                return fault
            }
        }
        return nil
    }

    private mutating func fault(_ scenario: FaultScenario, on contact: SampleContact) -> SeededFault? {
        switch scenario {
        case .edited(let store, let edit):
            let after = edited(contact, edit)
            return fault([(store, after)], on: contact, .driftField)
        case .stale(let edit):
            return stale(contact, edited(contact, edit, raising: true), except: nil)
        case .staleButIn(let store):
            return stale(contact, edited(contact, .reworded, raising: true), except: store)
        case .conflict(let store, let canonicalEdit, let edit):
            let canonical = edited(contact, canonicalEdit, raising: true)
            return conflict(contact, canonical, store, edited(contact, edit, raising: random.chance(50)))
        case .pairConflict(let a, let editA, let b, let editB):
            let (afterA, afterB) = (edited(contact, editA), edited(contact, editB))
            guard !afterA.differing(from: afterB, in: SampleContact.compared).isEmpty else { return nil }
            return fault([(a, afterA), (b, afterB)], on: contact, .driftConflict)
        case .pairAlike(let a, let b):
            let after = edited(contact, .reworded)
            return fault([(a, after), (b, after)], on: contact, .driftField)
        case .repeated(let sameKey, let edit):
            let row = edit.map { edited(contact, $0) } ?? contact
            if shape(of: "crm").hasUniqueEmails, let email = row.emails.first, email == contact.emails.first {
                return nil
            }
            return SeededFault(
                changes: ["crm": .repeated(row, sameKey: sameKey)],
                expected: [expected(.duplicateKey, contact.id, "crm")]
            )
        case .renamed(let store):
            let newID = newContact().id
            return SeededFault(
                changes: [store: .rename(contact.id, to: newID)],
                expected: [expected(.driftMissing, contact.id, store), expected(.driftOrphan, newID, store)]
            )
        case .damaged(let damage, let stores): return damaged(damage, contact, in: stores)
        case .wrongChecksum(let store): return wrongChecksum(contact, in: store)
        case .asksForDeletion: return asksForDeletion(contact)
        default: return presence(scenario, of: contact)
        }
    }

    /// Scenarios about whether a contact is there at all, and those that change nothing that counts.
    private mutating func presence(_ scenario: FaultScenario, of contact: SampleContact) -> SeededFault? {
        let id = contact.id
        switch scenario {
        case .missing(let store):
            return SeededFault(changes: [store: .remove(id)], expected: [expected(.driftMissing, id, store)])
        case .orphan(let store):
            return SeededFault(changes: [store: .insert(contact)], expected: [expected(.driftOrphan, id, store)])
        case .vanished:
            return SeededFault(changes: [SampleStores.canonical: .remove(id)], expected: tombstones(id))
        case .deletedInCanonical:
            let change = SeededFault.Change.rewrite(deleted(contact))
            return SeededFault(changes: [SampleStores.canonical: change], expected: tombstones(id))
        case .deletedIn(let store):
            return SeededFault(
                changes: [store: .rewrite(deleted(contact))],
                expected: [expected(.driftTombstone, id, store)]
            )
        case .keyless: return SeededFault(changes: ["crm": .insertKeyless(contact)])
        case .unreadableKey: return SeededFault(changes: ["crm": .insertUnreadable(contact)])
        case .lostKey:
            // It must be known by something else.
            guard !contact.emails.isEmpty || !contact.phones.isEmpty else { return nil }
            return SeededFault(changes: ["crm": .loseKey(id)], expected: [expected(.driftMissing, id, "crm")])
        case .respelled(let store): return SeededFault(changes: [store: .rewrite(touched(contact, raising: true))])
        case .editedEverywhere(let edit):
            return everywhere(.rewrite(edited(contact, edit, raising: true)))
        case .addedEverywhere: return everywhere(.insert(contact))
        case .deletedEverywhere:
            var fault = everywhere(.rewrite(deleted(contact)))
            fault.changes["app"] = .remove(id)
            return fault
        default: return nil
        }
    }
}

extension FaultMaker {
    /// Some others rewritten, canonical not: one finding in each.
    ///
    /// Nil where one of them did not really change.
    private func fault(
        _ edits: [(store: String, after: SampleContact)],
        on contact: SampleContact,
        _ rule: RuleID
    ) -> SeededFault? {
        var fault = SeededFault(changes: [:])
        for (store, after) in edits {
            let fields = after.differing(from: contact, in: held(in: store))
            guard !fields.isEmpty else { return nil }
            fault.changes[store] = .rewrite(after)
            fault.expected.append(expected(rule, contact.id, store, fields))
        }
        return fault
    }

    /// Canonical rewritten, and one of the others alike.
    private func stale(
        _ contact: SampleContact,
        _ canonical: SampleContact,
        except store: String?
    ) -> SeededFault? {
        var fault = SeededFault(changes: [SampleStores.canonical: .rewrite(canonical)])
        if let store { fault.changes[store] = .rewrite(canonical) }
        for other in others where other != store {
            let fields = canonical.differing(from: contact, in: held(in: other))
            if !fields.isEmpty { fault.expected.append(expected(.driftStale, contact.id, other, fields)) }
        }
        return fault.expected.isEmpty ? nil : fault
    }

    private func conflict(
        _ contact: SampleContact,
        _ canonical: SampleContact,
        _ store: String,
        _ after: SampleContact
    ) -> SeededFault? {
        let fields = after.differing(from: canonical, in: held(in: store))
        guard !fields.isEmpty, !after.differing(from: contact, in: held(in: store)).isEmpty,
            var fault = stale(contact, canonical, except: store)
        else { return nil }
        fault.changes[store] = .rewrite(after)
        fault.expected.append(expected(.driftConflict, contact.id, store, fields))
        return fault
    }

    func everywhere(_ change: SeededFault.Change) -> SeededFault {
        SeededFault(changes: Dictionary(uniqueKeysWithValues: SampleStores.names.map { ($0, change) }))
    }

    private func tombstones(_ id: Int64) -> [ExpectedFault] { others.map { expected(.driftTombstone, id, $0) } }

    func expected(_ rule: RuleID, _ id: Int64, _ store: String, _ fields: [String] = []) -> ExpectedFault {
        ExpectedFault(contact: String(id), store: store, rule: rule, fields: fields)
    }

    func held(in store: String) -> [String] { shape(of: store).heldFields }

    /// The shape of a store of that name, which is one of `SampleStores.names`.
    func shape(of store: String) -> any SampleShape { shapes.first { $0.name == store }! }

    /// The fault, where each of the stores can hold what it makes of the contact.
    private func possible(_ fault: SeededFault?) -> SeededFault? {
        fault?.changes.allSatisfy { shape(of: $0.key).canHold($0.value) } == true ? fault : nil
    }

    private mutating func newContact() -> SampleContact {
        defer { fresh += 1 }
        return samples[fresh]
    }

    private mutating func edited(
        _ contact: SampleContact,
        _ edit: FieldEdit,
        raising: Bool = false
    ) -> SampleContact {
        var after = contact
        edit.apply(to: &after, using: &random)
        return touched(after, raising: raising)
    }

    private mutating func deleted(_ contact: SampleContact) -> SampleContact {
        var after = touched(contact, raising: true)
        after[ContactSchema.Name.deletedAt] = after[ContactSchema.Name.updatedAt]
        return after
    }

    /// The contact with later times, in January 2025, and the next version where it is raised.
    mutating func touched(_ contact: SampleContact, raising: Bool) -> SampleContact {
        var after = contact
        let time = 1_736_035_200_000_000 + Int64(random.below(2_000_000)) * 1_000_000
        after[ContactSchema.Name.lastUpdated] = .instant(time)
        after[ContactSchema.Name.updatedAt] = .instant(time)
        if raising { after.version += 1 }
        return after
    }
}
