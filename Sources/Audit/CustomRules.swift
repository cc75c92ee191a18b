import Contacts
import Fingerprint
import Foundation
import Ledger
import Rules

/// Runs the rules of the user's own, each a SELECT in one store, and tells which of them did not run through.
struct CustomRules {
    let input: AuditInput
    let factory: FindingFactory
    /// Is told, in a sentence, when a store makes us wait.
    let notify: @Sendable (String) -> Void

    /// What became of the rules, apart from their findings.
    struct Outcome: Equatable {
        /// What was not checked, by rule.
        var notChecked: [AuditReport.NotChecked] = []
        /// The rules whose every row was seen, with their stores.
        var covered: [CoveredPair] = []
    }

    /// Finds SELECTs that no state of their store could run, before anything is read.
    ///
    /// - Throws: `ConfigurationError` at the place of the first of them, `CancellationError`.
    func check() async throws {
        for rule in input.rules.custom where isEnabled(rule) {
            guard reader(of: rule) != nil else { continue }
            let store = try queryable(rule)
            try await refusing(rule) { try await store.check(select: rule.sql) }
        }
    }

    /// Runs every enabled rule, one after the other, and passes a finding for each contact that it names. To be called once
    /// the stores are read.
    ///
    /// - Parameter stores: the names of the stores that are proved to be read through.
    /// - Throws: `ConfigurationError` for a text that its store refuses, `CancellationError`, or what `log` throws.
    func run(inStores stores: Set<String>, log: (Finding) throws -> Void) async throws -> Outcome {
        var outcome = Outcome()
        for rule in input.rules.custom {
            let result: Result
            if let why = whyLeftOut(rule, stores) {
                result = Result(isComplete: false, reasons: [why])
            } else {
                result = try await self.result(of: rule, log)
            }
            if result.isComplete { outcome.covered.append(CoveredPair(rule: rule.id, store: rule.store)) }
            if !result.reasons.isEmpty {
                outcome.notChecked.append(
                    AuditReport.NotChecked(
                        what: rule.id.name,
                        rule: rule.id.name,
                        store: rule.store,
                        why: result.reasons.joined(separator: "; ")
                    )
                )
            }
        }
        return outcome
    }

    private func isEnabled(_ rule: CustomRule) -> Bool {
        input.kinds.contains(.custom) && input.rules[rule.id].enabled
    }

    /// The rule's store, where it is part of the run.
    private func reader(of rule: CustomRule) -> (any ContactStore)? {
        ([input.canonical] + input.stores).first { $0.reader.name == rule.store }?.reader
    }

    private func queryable(_ rule: CustomRule) throws -> any QueryableStore {
        guard let store = reader(of: rule) as? any QueryableStore else {
            throw rule.storePlace.error("a store of this kind runs no SELECT; name one that is a database")
        }
        return store
    }

    /// Turns the refusal of a rule's text into an error at its place.
    private func refusing<Answer>(_ rule: CustomRule, _ body: () async throws -> Answer) async throws -> Answer {
        do {
            return try await body()
        } catch let refusal as StoreQuery.Refusal {
            throw rule.sqlPlace.error(refusal.message)
        }
    }

    // MARK: One rule

    private struct Result {
        /// Whether every row was seen.
        let isComplete: Bool
        /// What was left out, in words.
        let reasons: [String]
    }

    /// Why a rule is not run; nil: it is.
    private func whyLeftOut(_ rule: CustomRule, _ stores: Set<String>) -> String? {
        guard input.kinds.contains(.custom) else { return "--only left custom rules out" }
        guard isEnabled(rule) else { return "the rule is disabled in the rule files" }
        guard reader(of: rule) != nil else {
            let skipped = input.skipped.first { $0.name == rule.store }
            return skipped.map { "its store is left out: \($0.why)" } ?? "the run has no such store"
        }
        return stores.contains(rule.store) ? nil : "its store was not read through"
    }

    private func result(of rule: CustomRule, _ log: (Finding) throws -> Void) async throws -> Result {
        let store = try queryable(rule)
        let query = StoreQuery(sql: rule.sql, limit: rule.limit, timeout: rule.timeout)
        var contacts = ContactGatherer()
        do {
            let end = try await refusing(rule) {
                try await store.select(query, notify: notify) { value in
                    guard let contact = contacts.newContact(value) else { return }
                    try log(factory.make(rule.id, contact: contact, store: rule.store, message: rule.message))
                }
            }
            return Result(isComplete: end == .complete, reasons: reasons(end, rule, contacts))
        } catch let error as StoreError {
            return Result(isComplete: false, reasons: ["its SELECT failed: \(error.message)"])
        }
    }

    /// What the rows that were seen leave out.
    private func reasons(_ end: StoreQuery.End, _ rule: CustomRule, _ contacts: ContactGatherer) -> [String] {
        var reasons: [String] = []
        switch end {
        case .complete: break
        case .timeout: reasons.append("its SELECT did not end within \(Self.text(rule.timeout))")
        case .limit(let further, let isExact):
            let rows = "\(isExact ? "" : "at least ")\(Self.count(further)) more \(further == 1 ? "row" : "rows")"
            reasons.append("its SELECT gave \(rows) than its limit of \(Self.count(rule.limit))")
        }
        if contacts.others > 0 {
            let rows = contacts.others == 1 ? "row" : "rows"
            reasons.append("its SELECT gave \(Self.count(contacts.others)) \(rows) without a contact_id")
        }
        return reasons
    }

    /// `990,000`.
    private static func count(_ number: Int) -> String {
        number.formatted(.number.locale(Locale(identifier: "en_US")))
    }

    /// `30 s`, `1.5 s`.
    private static func text(_ duration: Duration) -> String {
        "\(duration.seconds.formatted(.number.grouping(.never).locale(Locale(identifier: "en_US")))) s"
    }
}

/// Tells the contacts that a SELECT names apart.
private struct ContactGatherer {
    /// Rows whose value is no key of a contact.
    private(set) var others = 0
    private var seen: Set<String> = []
    private let key = CanonicalKey()

    /// The contact that a value is the key of, in any spelling; nil where it was named before, or is none.
    mutating func newContact(_ value: RawValue) -> String? {
        guard let bytes = value.withCell({ key.text(of: $0) }) else {
            others += 1
            return nil
        }
        let contact = String(decoding: bytes, as: UTF8.self)
        return seen.insert(contact).inserted ? contact : nil
    }
}
