package import Fingerprint

extension Suspect.StoreSide {
    /// Whether the store changed since it last agreed with canonical: another value, or deleted there. False without
    /// history, and where the store merely lacks the contact: absence is no change.
    package var hasMoved: Bool {
        guard let base else { return false }
        return switch side.state {
        case .absent: false
        case .deleted: true
        case .alive: side.digests.first != base
        }
    }

    /// Whether canonical changed since it last agreed with this store; false without history.
    package var canonicalHasMoved: Bool { base.map { $0 != canonicalDigest } ?? false }
}

extension Difference {
    /// Whether two compared stores hold one value: of the fields that both compare with canonical in one form, none
    /// differs. Falls back on the scan's digests where a store was not read again.
    package func areEqual(_ a: Int, _ b: Int, sets: [FieldSet]) -> Bool {
        let sides = (suspect.stores[a].side, suspect.stores[b].side)
        guard sides.0.isAlive, sides.1.isAlive else { return sides.0.isAlive == sides.1.isAlive }
        guard let x = stores[a].contact, let y = stores[b].contact else {
            return sets[a] == sets[b] && sides.0.digests.first == sides.1.digests.first
        }
        let others = Dictionary(uniqueKeysWithValues: zip(sets[b].entries, y.texts[0]).map { ($0.name, ($0, $1)) })
        return zip(sets[a].entries, x.texts[0])
            .allSatisfy { entry, text in
                guard let (form, other) = others[entry.name], form == entry else { return true }
                return text == other
            }
    }
}
