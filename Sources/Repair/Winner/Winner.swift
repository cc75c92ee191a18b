package import Contacts
package import Fingerprint
package import Reconcile

/// Whose value a contact gets, decided once over all stores of the run.
package enum Winner: Sendable, Hashable {
    /// Canonical's record.
    case canonical
    /// A compared store, by its position.
    case store(Int)
    /// The contact is to be deleted everywhere, as the compared store at this position did; nil: as canonical did.
    case deletion(from: Int?)
    /// A person must say.
    case manual

    /// What decides between sides that changed to different values.
    package struct Policy: Sendable, Hashable {
        /// Who wins where neither history nor version nor time of change decides.
        package enum Tie: String, Sendable, Hashable, CaseIterable {
            /// Canonical's record wins.
            case canonical
            /// A person must say.
            case manual
        }

        /// What is done without history where nothing else decides; with history a person must say.
        package var onTie: Tie
        /// The precision of `last_updated` in canonical; times are compared in the coarsest of those at hand.
        package var canonicalPrecision: TimeUnit
        /// The precision of `last_updated` in each compared store, in their order.
        package var precisions: [TimeUnit]

        /// A policy for these stores; `precisions` must have one entry for each.
        package init(onTie: Tie, canonicalPrecision: TimeUnit, precisions: [TimeUnit]) {
            self.onTie = onTie
            self.canonicalPrecision = canonicalPrecision
            self.precisions = precisions
        }
    }

    /// Decides for one contact.
    ///
    /// - Parameter sets: the field set that each compared store shares with canonical.
    package static func decide(_ difference: Difference, sets: [FieldSet], policy: Policy) -> Winner {
        let suspect = difference.suspect
        let moved = suspect.stores.indices.filter { isCandidate(suspect, $0) }
        let canonicalStands =
            !moved.isEmpty
            && moved.allSatisfy { store in
                suspect.stores[store].base != nil && !suspect.stores[store].canonicalHasMoved
            }
        if suspect.canonical.state != .alive { return decideDeletion(suspect, moved) }
        if let deleting = moved.first(where: { suspect.stores[$0].side.state == .deleted }) {
            let isAlone = canonicalStands && moved.allSatisfy { suspect.stores[$0].side.state == .deleted }
            return isAlone ? .deletion(from: deleting) : .manual
        }
        guard let first = moved.first else { return .canonical }
        let agree = moved.allSatisfy { difference.areEqual(first, $0, sets: sets) }
        if canonicalStands, agree { return .store(first) }
        return bySeniority(suspect, moved, withCanonical: !canonicalStands, policy)
    }

    /// A store that moved from its base, or differs without history. Absence is neither.
    private static func isCandidate(_ suspect: Suspect, _ store: Int) -> Bool {
        let own = suspect.stores[store]
        return own.base == nil ? !own.isEqual && own.side.state != .absent : own.hasMoved
    }

    /// Canonical has no live record: it deleted it, or never had it.
    private static func decideDeletion(_ suspect: Suspect, _ moved: [Int]) -> Winner {
        let isDeletion =
            suspect.canonical.state == .deleted || suspect.stores.contains { $0.canonicalHad == true }
        let alive = suspect.stores.indices.filter { suspect.stores[$0].side.isAlive }
        guard isDeletion else { return alive.count == 1 ? .store(alive[0]) : .manual }
        let isUncontested = alive.allSatisfy { suspect.stores[$0].base != nil && !suspect.stores[$0].hasMoved }
        return isUncontested ? .deletion(from: nil) : .manual
    }

    /// Higher version, then later change; what one side lacks decides nothing.
    private static func bySeniority(
        _ suspect: Suspect,
        _ moved: [Int],
        withCanonical: Bool,
        _ policy: Policy
    ) -> Winner {
        let coarsest = (moved.map { policy.precisions[$0] } + (withCanonical ? [policy.canonicalPrecision] : [])).max()
        var candidates: [(winner: Winner, side: Suspect.Side)] = moved.map { (.store($0), suspect.stores[$0].side) }
        if withCanonical { candidates.insert((.canonical, suspect.canonical), at: 0) }
        for criterion in [\Suspect.Side.version, \Suspect.Side.lastUpdated] {
            let values = candidates.map { candidate in
                let value = candidate.side[keyPath: criterion]
                guard criterion == \.lastUpdated, value != .min, let coarsest else { return value }
                return floored(value, to: coarsest)
            }
            guard !values.contains(.min), let highest = values.max() else { continue }
            candidates = zip(candidates, values).filter { $0.1 == highest }.map(\.0)
            if candidates.count == 1 { return candidates[0].winner }
        }
        let hasHistory = moved.allSatisfy { suspect.stores[$0].base != nil }
        return hasHistory || policy.onTie == .manual || !withCanonical ? .manual : .canonical
    }

    private static func floored(_ instant: Int64, to unit: TimeUnit) -> Int64 {
        let rest = instant % unit.microseconds
        return rest < 0 ? instant - rest - unit.microseconds : instant - rest
    }
}
