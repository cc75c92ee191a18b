package import Contacts
package import Reconcile

/// Names the drift of each store of a contact: at most one rule a store, the first that holds.
package enum DriftJudge {
    /// The rule for a compared store, or nil where it holds what canonical holds, by the scan.
    ///
    /// - Parameters:
    ///   - areEqual: whether two compared stores hold one value, over the fields that both hold.
    package static func rule(
        for store: Int,
        of suspect: Suspect,
        areEqual: (_ a: Int, _ b: Int) -> Bool
    ) -> RuleID? {
        let own = suspect.stores[store]
        guard !own.isEqual else { return nil }
        switch (suspect.canonical.state, own.side.state) {
        case (.deleted, .alive), (.alive, .deleted): return .driftTombstone
        case (.absent, .alive): return own.canonicalHad == true ? .driftTombstone : .driftOrphan
        case (.alive, .absent): return .driftMissing
        case (.alive, .alive): return ruleOfDifference(store, suspect, areEqual)
        case (.absent, .absent), (.absent, .deleted), (.deleted, .absent), (.deleted, .deleted): return nil
        }
    }

    /// Two live records that differ.
    private static func ruleOfDifference(
        _ store: Int,
        _ suspect: Suspect,
        _ areEqual: (Int, Int) -> Bool
    ) -> RuleID {
        let own = suspect.stores[store]
        guard own.base != nil else {
            let isBehind =
                own.side.version != .min && suspect.canonical.version != .min
                && own.side.version < suspect.canonical.version
            return isBehind ? .driftStale : .driftField
        }
        guard own.hasMoved else { return .driftStale }
        let others = suspect.stores.indices.filter { $0 != store && suspect.stores[$0].hasMoved }
        let isContested = own.canonicalHasMoved || others.contains { !areEqual(store, $0) }
        return isContested ? .driftConflict : .driftField
    }
}
