import Contacts
import Fingerprint
import Reconcile

/// Plans one contact: who wins, what canonical is to hold, and what each store gets of it.
struct ContactPlanner {
    let kit: PlannerKit
    let request: PlanRequest
    /// Canonical's first.
    var sides: [PlanSide]
    /// The sides as decisions are made, damaged values left out.
    var difference: Difference
    var plan: ContactPlan
    /// By number of a store: the operation that must be done there before others.
    var merges: [Int: String] = [:]
    /// By number of a store: what its records without a key say of the contact.
    let unlinked: [Int: UnlinkedSide]
    private let histories: [(base: Digest128?, canonicalHad: Bool?)]

    /// - Parameters:
    ///   - name: how people are told of the contact; nil: by its key.
    ///   - rows: those of each store that have the contact's key, canonical's first.
    ///   - unlinked: what records without a key say of the contact, by number of the store.
    init(
        kit: PlannerKit,
        request: PlanRequest,
        name: String? = nil,
        rows: [[PlanSide.Row]],
        unlinked: [Int: UnlinkedSide]
    ) throws {
        self.kit = kit
        self.request = request
        self.unlinked = unlinked
        plan = ContactPlan(contact: name ?? request.contact)
        var sides: [PlanSide] = []
        for store in kit.stores {
            let canonical = sides.first.flatMap { $0.isAlive ? $0.row?.contact.digests[store.canonicalSet] : nil }
            let own = rows[store.number].sorted { store.reader.precedes($1.contact, $0.contact, canonical) }
            sides.append(PlanSide(rows: own))
        }
        self.sides = sides
        histories = try kit.stores.dropFirst()
            .map { store in
                let line = try kit.line(of: request.contact, in: store)
                return (
                    store.store.isHistoryComparable ? line?.agreed : nil,
                    store.store.history == nil ? nil : line?.canonicalHad ?? false
                )
            }
        difference = Self.difference(kit, request.contact, sides, histories)
    }

    private static func difference(
        _ kit: PlannerKit,
        _ contact: String,
        _ sides: [PlanSide],
        _ histories: [(base: Digest128?, canonicalHad: Bool?)]
    ) -> Difference {
        Difference(
            key: contact,
            canonical: sides[0].sound?.contact,
            canonicalRows: sides[0].rows.map(\.contact.row),
            sets: kit.sets,
            canonicalSets: kit.canonicalSets,
            stores: zip(sides.dropFirst(), histories)
                .map { side, history in
                    Difference.Reading(
                        contact: side.sound?.contact,
                        rows: side.rows.map(\.contact.row),
                        base: history.base,
                        canonicalHad: history.canonicalHad
                    )
                }
        )
    }

    /// Plans the contact. Call once.
    mutating func run() -> ContactPlan {
        guard sides.contains(where: { !$0.rows.isEmpty }) else { return plan }
        planMerges()
        guard sides.contains(where: \.isAlive) else { return plan }
        if mend() { difference = Self.difference(kit, request.contact, sides, histories) }
        noteAbsences()
        guard let (winner, isTaken) = winner() else {
            plan.leave("the store whose value was taken holds it no more", stores: names { $0.rows.isEmpty })
            return plan
        }
        if case .deletion(let store) = winner {
            planDeletion(from: store.map { $0 + 1 } ?? 0)
        } else if sides[0].isAlive || isTaken {
            planValue(winner, isTaken: isTaken)
        } else if isDeletedInCanonical {
            plan.leave(
                "it was deleted in canonical and is alive or was changed elsewhere: take one side's value",
                stores: names(where: \.isAlive)
            )
        } else {
            planOrphan(winner)
        }
        return plan
    }

    /// Whose value the contact gets, and whether a person said so. Nil: a person took the value of a store that lacks it.
    private func winner() -> (Winner, isTaken: Bool)? {
        guard let name = kit.options.decisions[request.contact],
            let store = kit.stores.first(where: { $0.name == name })
        else { return (kit.winner(of: difference), false) }
        if sides[store.number].isAlive { return (store.number == 0 ? .canonical : .store(store.number - 1), true) }
        if store.number == 0 { return (.deletion(from: nil), true) }
        // Absence elsewhere is no deletion.
        return sides[store.number].isDeleted ? (.deletion(from: store.number - 1), true) : nil
    }

    /// Whether canonical had the contact and has it no more.
    private var isDeletedInCanonical: Bool {
        sides[0].isDeleted || (!sides[0].isAlive && difference.suspect.stores.contains { $0.canonicalHad == true })
    }

    /// A contact that canonical never had.
    private mutating func planOrphan(_ winner: Winner) {
        if kit.options.adoptsOrphans {
            if case .store = winner { return planValue(winner, isTaken: false) }
            plan.leave("it is not in canonical, and its stores hold different values", stores: names(where: \.isAlive))
        } else if kit.options.deletesOrphans, !kit.options.trustsAbsence {
            plan.leave(Self.unprovedAbsence(from: kit.stores[0].name), stores: names(where: \.isAlive))
        } else if kit.options.deletesOrphans {
            for store in kit.stores where sides[store.number].isAlive { planDeletion(in: store, from: nil, after: []) }
        } else {
            plan.leave(
                "it is not in canonical: add --adopt-orphans to insert it there, or --delete-orphans to delete it here",
                stores: names(where: \.isAlive)
            )
        }
    }

    /// What may be one half of a change of key.
    private mutating func noteAbsences() {
        for store in kit.stores.dropFirst() {
            let side = sides[store.number]
            if sides[0].isAlive, side.rows.isEmpty, unlinked[store.number] == nil {
                plan.missing[store.number] = sides[0].row?.contact.digestsWithoutKey[store.canonicalSet]
            } else if !sides[0].isAlive, side.isAlive {
                plan.surplus[store.number] = side.row?.contact.digestsWithoutKey[0]
            }
        }
    }

    /// The stores of such sides, canonical first.
    func names(where condition: (PlanSide) -> Bool) -> [String] {
        kit.stores.filter { condition(sides[$0.number]) }.map(\.name)
    }
}
