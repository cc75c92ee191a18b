import Contacts
import Fingerprint
import Reconcile
import Repair
import Rules

/// A contact that a store lacks.
struct ClaimPlace: Hashable {
    let store: Int
    let contact: String
}

/// Records without a key that are or may be a contact which their store lacks.
struct UnlinkedClaim {
    /// `store:row` of each.
    var names: [String]
    /// Whether one of them is certainly the contact's.
    var isLink: Bool
    /// What the second read made of them: `confirmed`, `busy` or `unchecked`.
    var state: FindingState

    /// What may be said of the contact's absence.
    func state(of found: FindingState) -> FindingState { found == .confirmed ? state : found }

    mutating func add(_ other: UnlinkedClaim) {
        names += other.names
        isLink = isLink || other.isLink
        if state == .confirmed || other.state == .unchecked { state = other.state }
    }
}

extension DriftFindings {
    /// The findings of a record without a key that can be told at once. What is no contact's is held back: it may be a contact
    /// whose key was changed.
    mutating func findings(of difference: UnlinkedDifference) -> [Finding] {
        let suspect = difference.suspect
        claim(suspect, difference.state)
        guard let finding = finding(suspect, difference.state) else { return [] }
        if difference.state == .confirmed {
            unlinked[finding.id] = UnlinkedFindings.Record(
                name: name(of: suspect),
                store: stores[suspect.store],
                record: suspect.record,
                owner: suspect.owner
            )
        }
        guard finding.rule == .driftOrphan else { return [finding] }
        if difference.state == .confirmed { confirmed += 1 }
        heldBack.append(
            HeldBack(
                finding: finding,
                store: suspect.store,
                digestWithoutKey: difference.reading?.contact.digestsWithoutKey[0]
            )
        )
        return []
    }

    /// The findings of a record without a key that is not read again.
    mutating func unchecked(_ suspect: UnlinkedSuspect) -> [Finding] {
        claim(suspect, .unchecked)
        return finding(suspect, .unchecked).map { [$0] } ?? []
    }

    /// Says of a contact that a store lacks which records there are or may be it.
    func add(_ claim: UnlinkedClaim, to finding: inout Finding, _ store: Int) {
        finding.related = claim.names
        finding.message +=
            claim.isLink
            ? " A record there without a contact_id is that contact's."
            : " A record there without a contact_id may be it."
        guard finding.state == .confirmed else { return }
        finding.repair = claim.isLink ? advisor.link(in: store) : advisor.manual(store)
    }

    private mutating func claim(_ suspect: UnlinkedSuspect, _ state: FindingState) {
        guard state != .healed, state != .gone else { return }
        let own = UnlinkedClaim(names: [name(of: suspect)], isLink: suspect.owner.isCertain, state: state)
        for contact in suspect.owner.contacts {
            let place = ClaimPlace(store: suspect.store, contact: contact)
            if claims[place]?.add(own) == nil { claims[place] = own }
        }
    }

    private func name(of suspect: UnlinkedSuspect) -> String {
        factory.name(of: suspect.record.row, in: stores[suspect.store])
    }

    /// Nil where the rule is not checked.
    private func finding(_ suspect: UnlinkedSuspect, _ state: FindingState) -> Finding? {
        let rule: RuleID = suspect.owner == .none ? .driftOrphan : .duplicateUnlinked
        guard factory.rules[rule].enabled, rule != .driftOrphan || judgesDrift else { return nil }
        let name = name(of: suspect)
        return factory.make(
            rule,
            contact: name,
            stores: [stores[suspect.store]],
            // No contact has such a key.
            subject: "\0\(name)",
            state: state,
            message: message(suspect, state),
            related: suspect.owner.contacts,
            repair: state == .confirmed ? repair(suspect) : nil
        )
    }

    private func message(_ suspect: UnlinkedSuspect, _ state: FindingState) -> String {
        let store = stores[suspect.store]
        let start = "\(store) holds a record without a contact_id"
        let end = state == .unchecked ? " It was not read again." : ""
        switch suspect.owner {
        case .one(_, _, let isPhone):
            return start + "; it and a contact of \(canonical) that \(store) lacks have one "
                + (isPhone ? "phone number" : "e-mail address") + " alone." + end
        case .several:
            return start
                + " with an e-mail address or phone number of contacts in \(canonical); which of them it is, or whether"
                + " it is there twice, a person must say." + end
        case .none: return start + "; by its e-mails and phones it is no contact of \(canonical)." + end
        }
    }

    private func repair(_ suspect: UnlinkedSuspect) -> RepairProposal {
        switch suspect.owner {
        case .one: advisor.link(in: suspect.store)
        case .several: advisor.manual(suspect.store)
        case .none: advisor.adoption(from: suspect.store)
        }
    }
}
