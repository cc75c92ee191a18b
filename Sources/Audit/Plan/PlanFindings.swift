import Contacts
import Fingerprint
import Ledger
import Reconcile
import Repair

/// The confirmed findings that a plan is for, by contact, and what they prove to be absent.
struct PlanFindings {
    /// Ids of findings by contact, in the order of the findings.
    private var because: [String: [String]] = [:]
    /// Contacts with a damaged value.
    private var damaged: Set<String> = []
    /// The stores that a contact was found to be absent from.
    private var missing: [String: Set<String>] = [:]
    /// Contacts that canonical was found to lack or to hold as deleted, or that another store does.
    private var surplus: Set<String> = []
    /// What findings about records without a key are about; nil where they are an earlier audit's, which are of rows and
    /// contacts as they were then.
    private let unlinked: UnlinkedFindings?
    /// By contact, then by store, what records without a key say of it.
    private var claims: [String: [String: PlanRequest.Claim]] = [:]
    /// Records without a key that are no contact's.
    private(set) var orphans: [AdoptionRequest] = []
    /// Records without a key that are left to a person.
    private var manual: [RepairPlan.Manual] = []
    /// Whether there are no findings behind the requests, only hints that contacts changed.
    private(set) var areChanges = false
    /// Stores of which an earlier audit found records without a key that are contacts'.
    private var unsure: Set<String> = []

    /// No findings.
    ///
    /// - Parameter unlinked: what those about records without a key will be about; nil: they are an earlier audit's.
    init(_ unlinked: UnlinkedFindings?) {
        self.unlinked = unlinked
        for record in (unlinked?.records ?? [:]).values {
            for contact in record.owner.contacts { claims[contact, default: [:]][record.store] = .unsure }
        }
    }

    /// Contacts that are said to have changed, instead of findings.
    ///
    /// - Parameter contacts: by their keys, what tells of the change.
    init(changed contacts: [String: [String]]) {
        self.init(nil)
        areChanges = true
        because = contacts
    }

    /// What the planner is asked for, by contact.
    var requests: [PlanRequest] {
        because.sorted { $0.key < $1.key }
            .map { contact, because in
                var request = PlanRequest(
                    contact: contact,
                    because: because,
                    repairsDamage: damaged.contains(contact)
                )
                request.claims = claims[contact] ?? [:]
                return request
            }
    }

    /// Of corruption, the rules about values of fields: others say nothing that could be written.
    private static let rulesOfValues: Set<RuleID> = [
        .corruptionEncoding, .corruptionJSON, .corruptionTruncated, .corruptionType, .corruptionCategory,
        .corruptionIdentifier, .corruptionSwapped,
    ]

    /// Takes a finding in; one that asks for nothing that a plan does, or lists for a person, is left out.
    mutating func add(_ line: FindingLine) {
        guard line.state == .confirmed, let contact = line.contact else { return }
        if isUnlinked(line, contact) { return addUnlinked(line, contact) }
        switch line.rule.kind {
        case .drift: break
        case .duplicate where line.rule == .duplicateKey: break
        case .corruption where Self.rulesOfValues.contains(line.rule): damaged.insert(contact)
        case .duplicate, .corruption, .store, .custom, .waiver, nil: return
        }
        because[contact, default: []].append(line.id)
        if line.rule == .driftMissing { missing[contact, default: []].formUnion(line.stores) }
        if line.rule == .driftOrphan || line.rule == .driftTombstone { surplus.insert(contact) }
    }

    // MARK: Records without a key

    /// Whether a finding is about a record without a key. A finding of an earlier audit says so by the name of the row only.
    private func isUnlinked(_ line: FindingLine, _ contact: String) -> Bool {
        if let unlinked { return unlinked[line.id] != nil }
        let isRow = line.stores.first.map { contact.hasPrefix("\($0):") } ?? false
        return line.rule == .duplicateUnlinked || line.rule == .driftOrphan && isRow
    }

    private mutating func addUnlinked(_ line: FindingLine, _ contact: String) {
        func leave(_ why: String) {
            manual.append(RepairPlan.Manual(contact: contact, stores: line.stores, why: why))
        }
        guard let record = unlinked?[line.id] else {
            if line.rule == .duplicateUnlinked { unsure.formUnion(line.stores) }
            return leave("it has no contact_id: make the plan from an audit")
        }
        switch record.owner {
        case .one(let owner, _, _):
            because[owner, default: []].append(line.id)
            claims[owner, default: [:]][record.store] = .record(record.record)
        case .several:
            leave(
                "it has no contact_id and may be one of several contacts, or one that is there already: give it its own"
            )
        case .none:
            orphans.append(
                AdoptionRequest(name: record.name, store: record.store, record: record.record, because: [line.id])
            )
        }
    }

    // MARK: What is proved to be absent

    /// Takes contacts that changed as absent from the stores that never held them, as far as their rolls know.
    mutating func addAbsences(from stores: PlanStores, scheme: HashScheme) throws {
        for contact in because.keys {
            let key = scheme.keyDigest(of: Array(contact.utf8))
            let lines = try stores.others.map { store in
                (store: store, line: store.isHistoryComparable ? try store.history?.line(of: key) : nil)
            }
            let isNewToCanonical = lines.allSatisfy { $0.store.isHistoryComparable && $0.line?.canonicalHad != true }
            for (store, line) in lines
            where store.isHistoryComparable && line?.agreed == nil && line?.digest == nil {
                missing[contact, default: []].insert(store.name)
            }
            if isNewToCanonical, !lines.isEmpty { missing[contact, default: []].insert(stores.canonical.name) }
        }
    }

    /// Takes the operations away that rest on an absence which no finding of a complete reading confirms, those that come
    /// after them, and says so.
    ///
    /// - Parameter complete: the stores that were read through when the findings were made.
    func proved(
        _ planned: (operations: [RepairPlan.Operation], manual: [RepairPlan.Manual]),
        complete: Set<String>
    ) -> (operations: [RepairPlan.Operation], manual: [RepairPlan.Manual]) {
        let why = "no finding confirms where it is absent; make the plan from an audit"
        let (kept, unproved) = planned.operations.leaving { isProved($0, complete) ? nil : why }
        return (kept, planned.manual + unproved + manual)
    }

    private func isProved(_ operation: RepairPlan.Operation, _ complete: Set<String>) -> Bool {
        switch operation.action {
        case .insert:
            complete.contains(operation.store)
                && (surplus.contains(operation.contact)
                    || missing[operation.contact, default: []].contains(operation.store)
                        && !unsure.contains(operation.store)
                    || operation.because.contains { unlinked?[$0]?.owner == UnlinkedSuspect.Owner.none })
        // Planned from a mark alone.
        case .delete where areChanges: true
        case .delete:
            complete.contains(operation.store)
                && (surplus.contains(operation.contact) || missing[operation.contact] != nil)
        case .update, .link, .merge, .manual, .unrepresentable, .deferred: true
        }
    }
}
