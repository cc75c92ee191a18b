import Contacts
import Fingerprint
import Reconcile
import Repair
import Rules

/// Turns differences into findings of drift.
///
/// Missing contacts, orphans and tombstones are held back until all are known: two of them may be one change of key.
struct DriftFindings {
    let factory: FindingFactory
    let canonical: String
    let stores: [String]
    /// The field set that each compared store shares with canonical.
    let sets: [FieldSet]
    let canonicalSets: [Int]
    /// By store, how many rows cannot be read.
    let unreadable: [Int]
    let advisor: RepairAdvisor
    private var heldBack: [HeldBack] = []

    private struct HeldBack {
        var finding: Finding
        let store: Int
        /// Of the record without its key; nil where it was not read again.
        let digestWithoutKey: Digest128?
    }

    init(
        factory: FindingFactory,
        canonical: String,
        stores: [String],
        sets: [FieldSet],
        canonicalSets: [Int],
        unreadable: [Int],
        advisor: RepairAdvisor
    ) {
        self.factory = factory
        self.canonical = canonical
        self.stores = stores
        self.sets = sets
        self.canonicalSets = canonicalSets
        self.unreadable = unreadable
        self.advisor = advisor
    }

    /// The findings of one difference that can be told at once.
    mutating func findings(of difference: Difference) -> [Finding] {
        var result: [Finding] = []
        for store in stores.indices {
            guard let state = difference.stores[store].state,
                let rule = DriftJudge.rule(
                    for: store,
                    of: difference.suspect,
                    areEqual: { difference.areEqual($0, $1, sets: sets) }
                ), factory.rules[rule].enabled
            else { continue }
            let finding = finding(rule, state, store, difference)
            switch rule {
            case .driftMissing, .driftOrphan, .driftTombstone:
                heldBack.append(
                    HeldBack(finding: finding, store: store, digestWithoutKey: digest(rule, store, difference))
                )
            default: result.append(finding)
            }
        }
        return result
    }

    /// The findings of a suspect that is not read again.
    func unchecked(_ suspect: Suspect) -> [Finding] {
        stores.indices.compactMap { store in
            guard
                let rule = DriftJudge.rule(
                    for: store,
                    of: suspect,
                    areEqual: { suspect.stores[$0].side.digests.first == suspect.stores[$1].side.digests.first }
                ), factory.rules[rule].enabled
            else { return nil }
            return factory.make(
                rule,
                contact: suspect.key,
                store: stores[store],
                state: .unchecked,
                message: DriftMessage.unchecked(stores[store], canonical)
            )
        }
    }

    /// What was held back, a change of key named on both of its sides.
    mutating func remaining() -> [Finding] {
        pairChangesOfKey()
        defer { heldBack = [] }
        return heldBack.map(\.finding)
    }

    private func finding(_ rule: RuleID, _ state: FindingState, _ store: Int, _ difference: Difference) -> Finding {
        let own = difference.stores[store]
        let hasFields = [.driftConflict, .driftStale, .driftField].contains(rule)
        var fields: [FieldDifference] = []
        if hasFields, let canonicalContact = difference.canonical, let contact = own.contact {
            fields = factory.fields(
                own.fields,
                sets[store],
                canonical: (canonical, canonicalContact.texts[canonicalSets[store]]),
                store: (stores[store], contact.texts[0])
            )
        }
        return factory.make(
            rule,
            contact: difference.suspect.key,
            store: stores[store],
            fields: fields,
            state: state,
            message: DriftMessage.text(
                rule,
                store: stores[store],
                canonical: canonical,
                fields: fields.isEmpty ? ["some field"] : fields.map(\.name),
                isDeletedInStore: difference.suspect.stores[store].side.state == .deleted,
                unreadable: unreadable[store]
            ),
            repair: state == .confirmed ? advisor.proposal(for: rule, store: store, of: difference) : nil
        )
    }

    private func digest(_ rule: RuleID, _ store: Int, _ difference: Difference) -> Digest128? {
        rule == .driftMissing
            ? difference.canonical?.digestsWithoutKey[canonicalSets[store]]
            : difference.stores[store].contact?.digestsWithoutKey[0]
    }

    /// A missing contact and an orphan or tombstone of one store whose records are equal but for the key.
    private mutating func pairChangesOfKey() {
        struct Place: Hashable {
            let store: Int
            let digest: Digest128
        }
        var missing: [Place: [Int]] = [:]
        var surplus: [Place: [Int]] = [:]
        for (index, item) in heldBack.enumerated() where item.finding.state == .confirmed {
            guard let digest = item.digestWithoutKey else { continue }
            let place = Place(store: item.store, digest: digest)
            if item.finding.rule == .driftMissing {
                missing[place, default: []].append(index)
            } else {
                surplus[place, default: []].append(index)
            }
        }
        for (place, lacking) in missing {
            // Several of either cannot be told apart; none is named for another.
            guard lacking.count == 1, let others = surplus[place], others.count == 1 else { continue }
            join(lacking[0], others[0])
        }
    }

    private mutating func join(_ a: Int, _ b: Int) {
        for (own, other) in [(a, b), (b, a)] {
            heldBack[own].finding.related = [heldBack[other].finding.contact].compactMap { $0 }
            heldBack[own].finding.repair = advisor.manual(heldBack[own].store)
            heldBack[own].finding.message += " Another contact there is equal but for its key: the key was changed."
        }
    }
}
