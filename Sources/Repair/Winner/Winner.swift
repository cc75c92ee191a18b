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
        if suspect.canonical.state != .alive { return decideDeletion(difference, moved, sets) }
        if let deleting = moved.first(where: { suspect.stores[$0].side.state == .deleted }) {
            let isAlone = canonicalStands && moved.allSatisfy { suspect.stores[$0].side.state == .deleted }
            return isAlone ? .deletion(from: deleting) : .manual
        }
        guard !moved.isEmpty else { return .canonical }
        let candidates = candidates(difference, moved, withCanonical: !canonicalStands, sets, policy)
        if let winner = senior(of: candidates) { return winner }
        let hasHistory = moved.allSatisfy { suspect.stores[$0].base != nil }
        return hasHistory || policy.onTie == .manual || canonicalStands ? .manual : .canonical
    }

    /// A store that moved from its base, or differs without history. Absence is neither.
    private static func isCandidate(_ suspect: Suspect, _ store: Int) -> Bool {
        let own = suspect.stores[store]
        return own.base == nil ? !own.isEqual && own.side.state != .absent : own.hasMoved
    }

    /// Canonical has no live record: it deleted it, or never had it.
    private static func decideDeletion(_ difference: Difference, _ moved: [Int], _ sets: [FieldSet]) -> Winner {
        let suspect = difference.suspect
        let isDeletion =
            suspect.canonical.state == .deleted || suspect.stores.contains { $0.canonicalHad == true }
        let alive = suspect.stores.indices.filter { suspect.stores[$0].side.isAlive }
        guard isDeletion else {
            let agree = alive.dropFirst().allSatisfy { difference.areEqual(alive[0], $0, sets: sets) }
            return agree && !alive.isEmpty ? .store(alive[0]) : .manual
        }
        let isUncontested = alive.allSatisfy { suspect.stores[$0].base != nil && !suspect.stores[$0].hasMoved }
        return isUncontested ? .deletion(from: nil) : .manual
    }

    /// A value that may win, with all sides that hold it.
    private struct Candidate {
        /// Canonical where it holds the value, else the first store that does.
        let winner: Winner
        /// The highest of its sides'; `Int64.min` where none has one.
        var version: Int64
        /// The latest of its sides', likewise.
        var lastUpdated: Int64
        /// The coarsest of its sides'.
        var precision: TimeUnit

        mutating func add(_ side: Suspect.Side, _ precision: TimeUnit) {
            version = max(version, side.version)
            lastUpdated = max(lastUpdated, side.lastUpdated)
            self.precision = max(self.precision, precision)
        }
    }

    /// The values of the sides that moved, and canonical's where it is one of them, each once.
    private static func candidates(
        _ difference: Difference,
        _ moved: [Int],
        withCanonical: Bool,
        _ sets: [FieldSet],
        _ policy: Policy
    ) -> [Candidate] {
        let suspect = difference.suspect
        func candidate(_ winner: Winner, _ side: Suspect.Side, _ precision: TimeUnit) -> Candidate {
            Candidate(winner: winner, version: side.version, lastUpdated: side.lastUpdated, precision: precision)
        }
        var candidates: [Candidate] = []
        if withCanonical { candidates.append(candidate(.canonical, suspect.canonical, policy.canonicalPrecision)) }
        for store in moved {
            let own = suspect.stores[store]
            let same = candidates.firstIndex { candidate in
                switch candidate.winner {
                case .canonical: own.isEqual
                case .store(let other): difference.areEqual(other, store, sets: sets)
                case .deletion, .manual: false
                }
            }
            if let same {
                candidates[same].add(own.side, policy.precisions[store])
            } else {
                candidates.append(candidate(.store(store), own.side, policy.precisions[store]))
            }
        }
        return candidates
    }

    /// The one candidate, or the one with the higher version, then the later change; what one of them lacks decides
    /// nothing. Nil: nothing decides.
    private static func senior(of candidates: [Candidate]) -> Winner? {
        var left = candidates
        func keepHighest(_ value: (Candidate) -> Int64) {
            let values = left.map(value)
            guard !values.contains(.min), let highest = values.max() else { return }
            left = zip(left, values).filter { $0.1 == highest }.map(\.0)
        }
        keepHighest(\.version)
        let coarsest = left.map(\.precision).max() ?? .microseconds
        keepHighest { $0.lastUpdated == .min ? .min : floored($0.lastUpdated, to: coarsest) }
        return left.count == 1 ? left[0].winner : nil
    }

    private static func floored(_ instant: Int64, to unit: TimeUnit) -> Int64 {
        let rest = instant % unit.microseconds
        return rest < 0 ? instant - rest - unit.microseconds : instant - rest
    }
}
