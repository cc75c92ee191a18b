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
    /// By store, how many rows have no key that can be read.
    let rowsWithoutKey: [Int]
    let advisor: RepairAdvisor
    /// Whether drift is judged, and not only what a difference tells of damaged values.
    let judgesDrift: Bool
    let inspector: DifferenceInspector
    /// Confirmed findings of drift so far, those that are held back included.
    var confirmed = 0
    /// What confirmed findings about records without a key are about, by their ids.
    var unlinked = UnlinkedFindings()
    /// By store and contact: the records without a key that are or may be a contact which the store lacks.
    var claims: [ClaimPlace: UnlinkedClaim] = [:]
    var heldBack: [HeldBack] = []

    struct HeldBack {
        var finding: Finding
        let store: Int
        /// Of the record without its key; nil where it was not read again, or a record without a key is or may be it.
        let digestWithoutKey: Digest128?
    }

    init(
        factory: FindingFactory,
        canonical: String,
        stores: [String],
        sets: [FieldSet],
        canonicalSets: [Int],
        rowsWithoutKey: [Int],
        advisor: RepairAdvisor,
        judgesDrift: Bool,
        inspector: DifferenceInspector
    ) {
        self.factory = factory
        self.canonical = canonical
        self.stores = stores
        self.sets = sets
        self.canonicalSets = canonicalSets
        self.rowsWithoutKey = rowsWithoutKey
        self.advisor = advisor
        self.judgesDrift = judgesDrift
        self.inspector = inspector
    }

    /// The findings of one difference that can be told at once.
    mutating func findings(of difference: Difference) -> [Finding] {
        let damages = damages(of: difference)
        var result = findings(of: damages, difference)
        for store in stores.indices where judgesDrift {
            guard let found = difference.stores[store].state,
                let rule = DriftJudge.rule(
                    for: store,
                    of: difference.suspect,
                    areEqual: { difference.areEqual($0, $1, sets: sets) }
                ), factory.rules[rule].enabled
            else { continue }
            let claim = rule == .driftMissing ? claims[ClaimPlace(store: store, contact: difference.suspect.key)] : nil
            let state = claim.map { $0.state(of: found) } ?? found
            guard
                var finding = finding(rule, state, store, difference, except: damagedFields(store, difference, damages))
            else { continue }
            if state == .confirmed { confirmed += 1 }
            if let claim { add(claim, to: &finding, store) }
            switch rule {
            case .driftMissing, .driftOrphan, .driftTombstone:
                heldBack.append(
                    HeldBack(
                        finding: finding,
                        store: store,
                        digestWithoutKey: claim == nil ? digest(rule, store, difference) : nil
                    )
                )
            default: result.append(finding)
            }
        }
        return result
    }

    /// The findings of a suspect that is not read again.
    func unchecked(_ suspect: Suspect) -> [Finding] {
        guard judgesDrift else { return [] }
        return stores.indices.compactMap { store in
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

    /// What the comparison tells of damaged values beyond what canonical's record and the store's tell by themselves.
    private func damages(of difference: Difference) -> [DifferenceInspector.SideDamage] {
        let canonical = Set((difference.canonical?.damages ?? []).compactMap(\.field))
        return inspector.inspect(difference)
            .filter { found in
                guard let field = found.damage.field, !canonical.contains(field) else { return false }
                let own = found.store.flatMap { difference.stores[$0].contact?.damages } ?? []
                return !own.contains { $0.field == field }
            }
    }

    /// What the comparison tells of damaged values, by store; nothing where the difference has gone away, nor of a rule by
    /// which the scan has a finding for the store already.
    private func findings(of damages: [DifferenceInspector.SideDamage], _ difference: Difference) -> [Finding] {
        let states = difference.stores.compactMap(\.state)
        let overall = states.contains(.confirmed) ? .confirmed : states.first
        return Dictionary(grouping: damages, by: \.store).sorted { ($0.key ?? -1) < ($1.key ?? -1) }
            .flatMap { store, own -> [Finding] in
                let state = store.flatMap { difference.stores[$0].state } ?? overall
                guard let state, state != .healed, state != .gone else { return [] }
                let contact = store.map { difference.stores[$0].contact } ?? difference.canonical
                let told = Set((contact?.damages ?? []).map(\.rule))
                return StoreFindings(factory: factory)
                    .corruption(
                        difference.suspect.key,
                        own.map(\.damage).filter { !told.contains($0.rule) },
                        store: store.map { stores[$0] } ?? canonical,
                        state: state
                    )
            }
    }

    /// Fields that a store or canonical holds damaged: their difference is told by the rule that says so.
    private func damagedFields(
        _ store: Int,
        _ difference: Difference,
        _ damages: [DifferenceInspector.SideDamage]
    ) -> Set<String> {
        let own = (difference.canonical?.damages ?? []) + (difference.stores[store].contact?.damages ?? [])
        let compared = damages.filter { $0.store == nil || $0.store == store }.map(\.damage)
        return Set((own + compared).compactMap(\.field))
    }

    /// Nil where all fields that differ are left out.
    private func finding(
        _ rule: RuleID,
        _ state: FindingState,
        _ store: Int,
        _ difference: Difference,
        except damaged: Set<String>
    ) -> Finding? {
        let own = difference.stores[store]
        let hasFields = [.driftConflict, .driftStale, .driftField].contains(rule)
        var fields: [FieldDifference] = []
        if hasFields, let canonicalContact = difference.canonical, let contact = own.contact {
            let names = own.fields.filter { !damaged.contains($0) }
            if names.isEmpty, !own.fields.isEmpty { return nil }
            fields = factory.fields(
                names,
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
                rowsWithoutKey: rowsWithoutKey[store]
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
