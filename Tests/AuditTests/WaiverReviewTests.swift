import Contacts
import Foundation
import Ledger
import Rules
import Testing

@testable import Audit

@Suite struct WaiverReviewTests {
    private static func waivers(_ keys: String..., expires: String = "2026-12-31") -> String {
        "waivers:\n"
            + keys.map { "  - {\($0), owner: anna@example.org, reason: Known for long., expires: \(expires)}\n" }
            .joined()
    }

    private static let date = Date(timeIntervalSince1970: 1_700_000_000)

    private func review(_ stores: RuledStores) -> (review: WaiverReview, book: WaiverBook) {
        (
            WaiverReview(input: stores.input, factory: stores.factory),
            WaiverBook(stores.input.rules.waivers, on: Self.date)
        )
    }

    // MARK: Expired

    @Test func anExpiredWaiverIsAFinding() throws {
        let keys = ["rule: drift.field, contact: 7, store: b", "rule: drift.missing"]
        let stores = try RuledStores(Self.waivers(keys[0], keys[1], expires: "2020-01-31"))
        let (review, book) = review(stores)
        let findings = review.expired(book)
        #expect(findings.map(\.stores) == [["b"], []])
        #expect(Set(findings.map(\.id)).count == 2)
        for finding in findings {
            #expect(finding.rule == .waiverExpired && finding.kind == .waiver && finding.severity == .warning)
            #expect(finding.contact == nil && finding.state == .confirmed && finding.repair == nil)
        }
        #expect(
            findings[0].message == "The waiver of drift.field at own.yaml:2, owned by anna@example.org, expired on"
                + " 2020-01-31 and excuses nothing. Its reason was: Known for long."
        )
        #expect(review.idle(book, covered: []) == [])
    }

    /// The same finding in every run, wherever the waiver stands and whoever owns it.
    @Test func itsIdentityIsThatOfWhatItExcused() throws {
        func identity(_ text: String) throws -> [String] {
            let stores = try RuledStores(text)
            let (review, book) = review(stores)
            return review.expired(book).map(\.id)
        }
        let one = try identity(Self.waivers("rule: drift.field, contact: 7", expires: "2020-01-31"))
        #expect(one.count == 1)
        let moved =
            "# moved\n\nwaivers: [{expires: 2021-01-01, reason: r, owner: o, contacts: ['007'], rule: drift.field}]\n"
        #expect(try identity(moved) == one)
        #expect(try identity(Self.waivers("rule: drift.field, contact: 8", expires: "2020-01-31")) != one)
    }

    @Test func theRuleFilesSayHowSevereItIs() throws {
        let text = "waiver.expired: {severity: error}\n" + Self.waivers("rule: drift.field", expires: "2020-01-31")
        let stores = try RuledStores(text)
        let (review, book) = review(stores)
        #expect(review.expired(book).map(\.severity) == [.error])
    }

    @Test func whereExpiryIsChecked() throws {
        let stores = try RuledStores("") { $0.skipped = [.init(name: "c", why: "nobody asked for it")] }
        let covered = review(stores).review.covered
        #expect(covered == ["a", "b", "c", nil].map { CoveredPair(rule: .waiverExpired, store: $0) })
    }

    // MARK: Idle

    static let idle: [(keys: String, covered: [(RuleID, String)], isIdle: Bool)] = [
        ("rule: drift.field", [(.driftField, "b")], true),
        ("rule: drift.field", [(.driftMissing, "b")], false),
        ("rule: drift.field", [], false),
        ("rule: drift.field, store: b", [(.driftField, "b")], true),
        ("rule: drift.field, store: a", [(.driftField, "b")], false),
        ("rule: drift.schema", [(.driftSchema, "b")], false),
        ("rule: drift.schema", [(.driftSchema, "a"), (.driftSchema, "b")], true),
        ("rule: duplicate.key", [(.duplicateKey, "b")], false),
        ("rule: duplicate.key", [(.duplicateKey, "a"), (.duplicateKey, "b")], true),
        ("rule: custom.x", [(RuleID("custom.x"), "a")], true),
        ("rule: custom.x", [(RuleID("custom.x"), "b")], false),
    ]

    @Test(arguments: idle)
    func aWaiverThatMatchedNothing(keys: String, covered: [(RuleID, String)], isIdle: Bool) throws {
        let rule = "custom.x: {store: a, sql: SELECT 1, message: m}\n"
        let stores = try RuledStores(rule + Self.waivers(keys))
        let (review, book) = review(stores)
        let lines = review.idle(book, covered: covered.map { CoveredPair(rule: $0, store: $1) })
        #expect(lines.map(\.why) == (isIdle ? ["it matched nothing and may be removed"] : []))
        if isIdle { #expect(lines[0].what.hasPrefix("the waiver of ") && lines[0].what.hasSuffix(" at own.yaml:3")) }
    }

    /// In a store that was left out there may be what it excuses.
    @Test func aStoreThatWasSkipped() throws {
        let stores = try RuledStores(Self.waivers("rule: drift.field", "rule: drift.field, store: b")) {
            $0.skipped = [.init(name: "c", why: "nobody asked for it")]
        }
        let (review, book) = review(stores)
        let lines = review.idle(book, covered: [CoveredPair(rule: .driftField, store: "b")])
        #expect(lines.map(\.store) == ["b"])
    }

    @Test func aWaiverThatMatchedIsNotListed() throws {
        let stores = try RuledStores(Self.waivers("rule: drift.field"))
        var (review, book) = review(stores)
        let finding = stores.factory.make(.driftField, contact: "7", store: "b", message: "m")
        #expect(book.waived(finding).state == .waived)
        #expect(review.idle(book, covered: [CoveredPair(rule: .driftField, store: "b")]) == [])
        review = WaiverReview(input: stores.input, factory: stores.factory)
        #expect(review.expired(book) == [])
    }
}
