import Contacts
import Ledger
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

    /// What the planner is asked for, by contact.
    var requests: [PlanRequest] {
        because.sorted { $0.key < $1.key }
            .map { PlanRequest(contact: $0.key, because: $0.value, repairsDamage: damaged.contains($0.key)) }
    }

    /// Of corruption, the rules about values of fields: others say nothing that could be written.
    private static let rulesOfValues: Set<RuleID> = [
        .corruptionEncoding, .corruptionJSON, .corruptionTruncated, .corruptionType, .corruptionCategory,
        .corruptionIdentifier, .corruptionSwapped,
    ]

    /// Takes a finding in; one that asks for nothing that a plan does, or lists for a person, is left out.
    mutating func add(_ line: FindingLine) {
        guard line.state == .confirmed, let contact = line.contact else { return }
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

    // MARK: What is proved to be absent

    /// Takes the operations away that rest on an absence which no finding of a complete reading confirms, those that come
    /// after them, and says so.
    ///
    /// - Parameter complete: the stores that were read through when the findings were made.
    func proved(
        _ planned: (operations: [RepairPlan.Operation], manual: [RepairPlan.Manual]),
        complete: Set<String>
    ) -> (operations: [RepairPlan.Operation], manual: [RepairPlan.Manual]) {
        var dropped: Set<String> = []
        var kept: [RepairPlan.Operation] = []
        var unproved: [RepairPlan.Manual] = []
        // An operation stands behind those that it comes after.
        for operation in planned.operations {
            if isProved(operation, complete), dropped.isDisjoint(with: operation.after) {
                kept.append(operation)
            } else {
                dropped.insert(operation.id)
                unproved.append(
                    RepairPlan.Manual(
                        contact: operation.contact,
                        stores: [operation.store],
                        why: "no finding confirms where it is absent; make the plan from an audit"
                    )
                )
            }
        }
        return (kept, planned.manual + unproved)
    }

    private func isProved(_ operation: RepairPlan.Operation, _ complete: Set<String>) -> Bool {
        switch operation.action {
        case .insert:
            complete.contains(operation.store)
                && (surplus.contains(operation.contact)
                    || missing[operation.contact, default: []].contains(operation.store))
        case .delete:
            complete.contains(operation.store)
                && (surplus.contains(operation.contact) || missing[operation.contact] != nil)
        case .update, .link, .merge, .manual, .unrepresentable, .deferred: true
        }
    }
}
