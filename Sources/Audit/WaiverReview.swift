import Contacts
import Ledger
import Rules

/// What an audit says about the waivers themselves: which have expired, and which excuse nothing any more.
struct WaiverReview {
    let input: AuditInput
    let factory: FindingFactory

    /// A finding for each waiver whose last day is over, in the order in which they are written.
    func expired(_ book: WaiverBook) -> [Finding] {
        book.expired.map { waiver in
            let stores = waiver.store.map { [$0] } ?? []
            return Finding(
                id: factory.identity.id(rule: .waiverExpired, subject: waiver.scope, stores: stores),
                rule: .waiverExpired,
                kind: .waiver,
                severity: factory.rules[.waiverExpired].severity,
                contact: nil,
                stores: stores,
                message: "The waiver of \(waiver.rule) at \(waiver.place.short), owned by \(waiver.owner), expired on"
                    + " \(waiver.expires) and excuses nothing. Its reason was: \(waiver.reason)"
            )
        }
    }

    /// Where `waiver.expired` was checked: everywhere, since it needs no store.
    var covered: [CoveredPair] {
        let stores = ([input.canonical] + input.stores).map(\.reader.name) + input.skipped.map(\.name)
        return (stores + [nil]).map { CoveredPair(rule: .waiverExpired, store: $0) }
    }

    /// The waivers that covered no finding though the run checked their rule wherever they hold.
    ///
    /// - Parameter covered: what the run checked completely.
    func idle(_ book: WaiverBook, covered: [CoveredPair]) -> [AuditReport.NotChecked] {
        let covered = Set(covered)
        return book.unmatched
            .filter { waiver in
                stores(of: waiver).allSatisfy { covered.contains(CoveredPair(rule: waiver.rule, store: $0)) }
            }
            .map { waiver in
                AuditReport.NotChecked(
                    what: "the waiver of \(waiver.rule) at \(waiver.place.short)",
                    rule: waiver.rule.name,
                    store: waiver.store,
                    why: "it matched nothing and may be removed"
                )
            }
    }

    /// The stores in which a finding of its rule may be that it covers.
    private func stores(of waiver: Waiver) -> [String] {
        if let store = waiver.store { return [store] }
        if let rule = input.rules.custom.first(where: { $0.id == waiver.rule }) { return [rule.store] }
        // No drift is found in canonical but that of its columns.
        let isCanonicalJudged = waiver.rule.kind != .drift || waiver.rule == .driftSchema
        let canonical = isCanonicalJudged ? [input.canonical.reader.name] : []
        return canonical + input.stores.map(\.reader.name) + input.skipped.map(\.name)
    }
}
