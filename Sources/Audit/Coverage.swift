import Contacts
import Ledger
import Rules

/// Gathers what the run does not look at.
struct Coverage {
    private(set) var notChecked: [AuditReport.NotChecked] = []
    private let input: AuditInput
    private var unproved: Set<String> = []
    private var leftOut: Set<CoveredPair> = []
    private var custom: [CoveredPair] = []
    /// Rules that count as not covered where they were left out; the others are checked in part.
    private static let mayBeLeftOut: Set<RuleID> = [
        .driftConflict, .driftOrphan, .corruptionVersion, .corruptionChecksum, .corruptionStorage,
    ]

    init(input: AuditInput) {
        self.input = input
        for rule in RuleCatalog.all {
            if let kind = rule.id.kind, kind != .store, !input.kinds.contains(kind) {
                add(rule.id.name, rule: rule.id, why: "--only left \(kind.rawValue) rules out")
            } else if !input.rules[rule.id].enabled {
                add(rule.id.name, rule: rule.id, why: "the rule is disabled in the rule files")
            }
        }
        for store in input.skipped { add(what: "store \(store.name)", store: store.name, why: store.why) }
        if !input.recheck.isEnabled {
            add("re-check", rule: nil, why: "--no-recheck: differences are as the scan saw them")
        }
    }

    private mutating func add(_ what: String, rule: RuleID?, why: String) {
        notChecked.append(AuditReport.NotChecked(what: what, rule: rule?.name, why: why))
    }

    mutating func add(_ line: AuditReport.NotChecked) { notChecked.append(line) }

    mutating func add(_ outcome: CustomRules.Outcome) {
        notChecked += outcome.notChecked
        custom += outcome.covered
    }

    mutating func add(what: String, store: String, why: String) {
        notChecked.append(AuditReport.NotChecked(what: what, store: store, why: why))
    }

    /// A store about which nothing can be said.
    mutating func add(unproved store: String) {
        unproved.insert(store)
        add(what: "all rules", store: store, why: "the store was not read through")
    }

    /// A rule that this run does not check in a store.
    mutating func leaveOut(_ rule: RuleID, of store: String) { leftOut.insert(CoveredPair(rule: rule, store: store)) }

    /// A rule that needs a history that the store does not have yet.
    mutating func addFirstRun(of store: String, rule: RuleID) {
        leaveOut(rule, of: store)
        let what =
            rule == .driftTombstone
            ? "\(rule.name) by absence" : rule == .driftSchema ? "\(rule.name) against the last run" : rule.name
        notChecked.append(
            AuditReport.NotChecked(what: what, rule: rule.name, store: store, why: "its first run: no history")
        )
    }

    /// Stores that keep no checksum of their rows.
    ///
    /// - Parameter isAll: whether these are all stores of the run, which takes one line.
    mutating func addNoChecksum(of stores: [String], isAll: Bool) {
        let rule = RuleID.corruptionChecksum
        for store in stores { leaveOut(rule, of: store) }
        if isAll { return add(rule.name, rule: rule, why: "no store declares a column for it (stores.NAME.checksum)") }
        for store in stores {
            notChecked.append(
                AuditReport.NotChecked(
                    what: rule.name,
                    rule: rule.name,
                    store: store,
                    why: "the store declares no column for it (stores.\(store).checksum)"
                )
            )
        }
    }

    /// A store whose engine did not check its structure.
    mutating func addNoStorageCheck(of store: String, why: String) {
        let rule = RuleID.corruptionStorage
        leaveOut(rule, of: store)
        notChecked.append(AuditReport.NotChecked(what: rule.name, rule: rule.name, store: store, why: why))
    }

    /// Records without a key whose contacts nobody looks for.
    mutating func addUnlinked(_ count: Int, of store: String) {
        guard count > 0 else { return }
        leaveOut(.driftOrphan, of: store)
        add(
            what: "\(count) records without a contact_id",
            store: store,
            why: "\(RuleID.duplicateUnlinked) is not checked, which tells whose they are"
        )
    }

    /// A store of which records that agree were not read.
    mutating func add(pushed store: String) {
        add(
            what: "versions and times of records that agree",
            store: store,
            why: "their digests were computed by its engine (stores.\(store).pushdown), and they were not read"
        )
    }

    mutating func add(remarksOf store: ScannedStore) {
        for remark in store.proof.remarks {
            add(what: remark, store: store.name, why: "they can be given to no contact")
        }
    }

    /// The pairs of rule and store that the run checked.
    func covered(canonical: String, stores: [String]) -> [CoveredPair] {
        let rules = RuleCatalog.all.map(\.id)
            .filter { rule in
                rule.kind != .waiver && input.rules[rule].enabled
                    && rule.kind.map { input.kinds.contains($0) || $0 == .store } ?? false
            }
        let all = [canonical] + stores
        return custom
            + rules.flatMap { rule in
                all.filter { store in
                    if rule == .storeUnproved { return true }
                    if unproved.contains(store) { return false }
                    let compares = rule.kind == .drift && rule != .driftSchema || rule == .duplicateUnlinked
                    if compares, store == canonical || unproved.contains(canonical) { return false }
                    return Self.mayBeLeftOut.contains(rule)
                        ? !leftOut.contains(CoveredPair(rule: rule, store: store)) : true
                }
                .map { CoveredPair(rule: rule, store: $0) }
            }
    }
}
