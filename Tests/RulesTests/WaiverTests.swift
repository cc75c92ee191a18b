import Contacts
import Foundation
import Rules
import Testing

@Suite struct WaiverTests {
    private static func waiver(_ keys: String, expires: String = "2026-12-31") -> String {
        "  - {\(keys), owner: anna@example.org, reason: Known., expires: \(expires)}\n"
    }

    private func waivers(_ texts: String...) throws -> [Waiver] {
        try RuleFolder.load("waivers:\n" + texts.joined()).get().waivers
    }

    private static func finding(
        _ rule: RuleID = .driftField,
        contact: String? = "7",
        stores: [String] = ["crm"],
        fields: [String] = ["notes"],
        state: FindingState = .confirmed
    ) -> Finding {
        Finding(
            id: "id",
            rule: rule,
            kind: .drift,
            severity: .error,
            contact: contact,
            stores: stores,
            fields: fields.map { FieldDifference(name: $0, values: [:], sameMask: false, lengths: [:]) },
            state: state,
            message: "m",
            repair: RepairProposal(action: .update, store: "crm", source: "local")
        )
    }

    /// A time on a day in UTC.
    private static func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    private static let before = Date(timeIntervalSince1970: 1_700_000_000)

    // MARK: What is read

    @Test func everyKey() throws {
        let file = """
            waivers:
              - rule: drift.field
                contacts: [007, "8.0", 7, 8F14E45F-CEEA-467F-A0E6-1C2B3D4E5F60]
                store: crm
                fields: [notes, first_name]
                owner: anna@example.org
                reason: The CRM cuts notes until ticket 4711 is done.
                expires: 2028-02-29

            """
        let waiver = try #require(try RuleFolder.load(file).get().waivers.first)
        #expect(waiver.rule == .driftField)
        #expect(waiver.contacts == ["7", "8", "8f14e45f-ceea-467f-a0e6-1c2b3d4e5f60"])
        #expect(waiver.store == "crm")
        #expect(waiver.fields == ["notes", "first_name"])
        #expect(waiver.owner == "anna@example.org")
        #expect(waiver.reason == "The CRM cuts notes until ticket 4711 is done.")
        #expect(waiver.expires == "2028-02-29")
        #expect(waiver.place.short == "r.yaml:2")
    }

    @Test func theListsOfAllFilesAreOne() throws {
        let folder = try RuleFolder([
            "b.yaml": "waivers:\n" + Self.waiver("rule: custom.x"),
            "a.yaml": "waivers:\n" + Self.waiver("rule: drift.field") + Self.waiver("rule: drift.missing, contact: 7"),
            "c.yaml": "custom.x: {store: local, sql: SELECT 1, message: m}\n",
        ])
        let waivers = try folder.load().get().waivers
        #expect(waivers.map(\.rule.name) == ["drift.field", "drift.missing", "custom.x"])
        #expect(waivers.map(\.contacts) == [[], ["7"], []])
    }

    @Test func settingsTextTellsThem() throws {
        let text =
            try RuleFolder.load(
                "waivers:\n" + Self.waiver("rule: drift.missing")
                    + Self.waiver("rule: drift.field, contacts: [2, 1], store: crm")
            )
            .get().settingsText
        let end = #"owner="anna@example.org" reason="Known." expires=2026-12-31"#
        #expect(
            text.hasSuffix("\nwaiver drift.field contacts=\"1 2\" store=crm \(end)\nwaiver drift.missing \(end)\n"),
            "\(text)"
        )
    }

    static let bad: [(keys: String, error: String)] = [
        ("owner: a", "2:5: waivers[0]: the key \"rule\" is missing"),
        ("rule: drift.field, reason: r, expires: 2026-01-01", "2:5: waivers[0]: the key \"owner\" is missing"),
        ("rule: drift.field, owner: o, expires: 2026-01-01", "2:5: waivers[0]: the key \"reason\" is missing"),
        ("rule: drift.field, owner: o, reason: r", "2:5: waivers[0]: the key \"expires\" is missing"),
        ("rule: drift.filed", "2:12: waivers[0].rule: unknown rule; did you mean \"drift.field\"?"),
        ("rule: custom.none", "2:12: waivers[0].rule: unknown rule"),
        (
            "rule: store.unproved",
            "2:12: waivers[0].rule: a store that was not read through cannot be waived; its rules are not checked"
        ),
        ("rule: waiver.expired", "2:12: waivers[0].rule: an expired waiver cannot be waived; renew or remove it"),
        ("rule: drift.field, stor: crm", "2:25: waivers[0].stor: unknown key; did you mean \"store\"?"),
        ("rule: drift.field, store: crn", "2:32: waivers[0].store: no store has this name; did you mean \"crm\"?"),
        ("rule: custom.x, store: crm", "2:29: waivers[0].store: custom.x runs in another store"),
        ("rule: drift.field, contact: ' '", "2:34: waivers[0].contact: must be a contact_id"),
        ("rule: drift.field, contact: [1]", "2:34: waivers[0].contact: must be a text"),
        ("rule: drift.field, contacts: 1", "2:35: waivers[0].contacts: must be a list"),
        ("rule: drift.field, contacts: []", "2:35: waivers[0].contacts: must not be empty"),
        (
            "rule: drift.field, contact: 1, contacts: [2]",
            "2:37: waivers[0].contacts: the key \"contact\" is there too; use one of the two"
        ),
        ("rule: drift.field, fields: []", "2:33: waivers[0].fields: must not be empty"),
        (
            "rule: drift.field, fields: [nots]",
            "2:34: waivers[0].fields[0]: no field has this name; did you mean \"notes\"?"
        ),
        ("rule: drift.field, owner: ''", "2:32: waivers[0].owner: must not be empty"),
        (
            "rule: drift.field, owner: \"a\\nb\"",
            "2:32: waivers[0].owner: must be one line of at most 500 characters"
        ),
        (
            "rule: drift.field, owner: o, reason: r, expires: tomorrow",
            "2:55: waivers[0].expires: must be a date such as 2026-12-31"
        ),
        (
            "rule: drift.field, owner: o, reason: r, expires: 2026-12-31T00:00:00Z",
            "2:55: waivers[0].expires: must be a date such as 2026-12-31"
        ),
        (
            "rule: drift.field, owner: o, reason: r, expires: 2026-02-29",
            "2:55: waivers[0].expires: there is no such day"
        ),
        (
            "rule: drift.field, owner: o, reason: r, expires: 2026-13-01",
            "2:55: waivers[0].expires: there is no such day"
        ),
        (
            "rule: drift.field, owner: o, reason: r, expires: 2026-04-31",
            "2:55: waivers[0].expires: there is no such day"
        ),
        (
            "rule: drift.field, owner: o, reason: r, expires: 2026-00-10",
            "2:55: waivers[0].expires: there is no such day"
        ),
    ]

    @Test(arguments: bad) func refusals(keys: String, error: String) throws {
        let file = "waivers:\n  - {\(keys)}\ncustom.x: {store: local, sql: SELECT 1, message: m}\n"
        #expect(try RuleFolder.load(file) == .failure(RuleFailure(text: "r.yaml:" + error)))
    }

    @Test func aListMustBeOne() throws {
        #expect(
            try RuleFolder.load("waivers: {}\n") == .failure(RuleFailure(text: "r.yaml:1:10: waivers: must be a list"))
        )
        #expect(
            try RuleFolder.load("waivers: [x]\n")
                == .failure(RuleFailure(text: "r.yaml:1:11: waivers[0]: must be a map"))
        )
    }

    @Test func theSameFindingsTwice() throws {
        let folder = try RuleFolder([
            "a.yaml": "waivers:\n" + Self.waiver("rule: drift.field, contacts: [1, 2]", expires: "2020-01-01"),
            "b.yaml": "waivers:\n" + Self.waiver("rule: drift.field, contact: 1")
                + Self.waiver("rule: drift.field, contacts: [\"02\", \"01\"]"),
        ])
        let text = "b.yaml:3:5: waivers[1]: a waiver of the same findings is at a.yaml:2:5 already"
        #expect(folder.load() == .failure(RuleFailure(text: text)))
    }

    // MARK: What is covered

    static let coverage: [(keys: String, finding: Finding, isCovered: Bool)] = [
        ("rule: drift.field", finding(), true),
        ("rule: drift.field", finding(contact: nil, stores: []), true),
        ("rule: drift.missing", finding(), false),
        ("rule: drift.field, contact: '007'", finding(), true),
        ("rule: drift.field, contact: 8", finding(), false),
        ("rule: drift.field, contacts: [8, 7]", finding(), true),
        ("rule: drift.field, contact: 7", finding(contact: nil), false),
        ("rule: drift.field, store: crm", finding(), true),
        ("rule: drift.field, store: local", finding(), false),
        ("rule: duplicate.identifier, store: crm", finding(.duplicateIdentifier, stores: ["crm", "local"]), false),
        ("rule: duplicate.identifier", finding(.duplicateIdentifier, stores: ["crm", "local"]), true),
        ("rule: drift.field, store: crm", finding(stores: []), false),
        ("rule: drift.field, fields: [notes]", finding(), true),
        ("rule: drift.field, fields: [notes, first_name]", finding(), true),
        ("rule: drift.field, fields: [notes]", finding(fields: ["notes", "first_name"]), false),
        ("rule: drift.field, fields: [first_name]", finding(), false),
        ("rule: drift.missing, fields: [notes]", finding(.driftMissing, fields: []), false),
        ("rule: drift.field, contact: 7, store: crm, fields: [notes]", finding(), true),
        ("rule: drift.field, contact: 7, store: local, fields: [notes]", finding(), false),
    ]

    @Test(arguments: coverage) func whatIsCovered(keys: String, finding: Finding, isCovered: Bool) throws {
        var book = WaiverBook(try waivers(Self.waiver(keys)), on: Self.before)
        let reported = book.waived(finding)
        var expected = finding
        if isCovered {
            expected.state = .waived
            expected.repair = nil
        }
        #expect(reported == expected)
        #expect(book.unmatched.isEmpty == isCovered)
    }

    @Test(arguments: FindingState.allCases.filter { $0 != .confirmed })
    func onlyWhatIsConfirmedIsWaived(state: FindingState) throws {
        var book = WaiverBook(try waivers(Self.waiver("rule: drift.field")), on: Self.before)
        let finding = Self.finding(state: state)
        #expect(book.waived(finding) == finding)
        // It would have been covered, had it stood still.
        #expect(book.unmatched == [])
    }

    @Test func everyWaiverThatCoversCounts() throws {
        let all = try waivers(
            Self.waiver("rule: drift.field, contact: 7"),
            Self.waiver("rule: drift.field"),
            Self.waiver("rule: drift.field, contact: 8"),
            Self.waiver("rule: drift.stale")
        )
        var book = WaiverBook(all, on: Self.before)
        #expect(book.unmatched == all)
        #expect(book.waived(Self.finding()).state == .waived)
        #expect(book.unmatched == Array(all.dropFirst(2)))
        #expect(book.waived(Self.finding(contact: "8")).state == .waived)
        #expect(book.unmatched.map(\.rule) == [.driftStale])
    }

    // MARK: Days

    @Test(arguments: [
        ("2026-12-31T00:00:00Z", false), ("2026-12-31T23:59:59Z", false), ("2027-01-01T00:00:00Z", true),
        ("2027-01-01T00:30:00+01:00", false), ("2026-12-31T23:30:00-01:00", true), ("2026-01-01T00:00:00Z", false),
        ("2031-05-05T05:05:05Z", true),
    ])
    func itHoldsThroughItsLastDay(time: String, isExpired: Bool) throws {
        let date = try Self.date(time)
        let all = try waivers(Self.waiver("rule: drift.field"))
        var book = WaiverBook(all, on: date)
        #expect(book.expired == (isExpired ? all : []))
        #expect(book.waived(Self.finding()).state == (isExpired ? .confirmed : .waived))
        #expect(book.waived(Self.finding()).repair == (isExpired ? Self.finding().repair : nil))
        // An expired one is said to have expired, not to be idle.
        #expect(book.unmatched == [])
        #expect(all[0].isExpired(on: date) == isExpired)
    }

    @Test func oneThatHoldsBesideOneThatHasExpired() throws {
        let all = try waivers(
            Self.waiver("rule: drift.field", expires: "2020-01-01"),
            Self.waiver("rule: drift.field, contact: 7")
        )
        var book = WaiverBook(all, on: Self.before)
        #expect(book.expired == [all[0]])
        #expect(book.waived(Self.finding(contact: "8")).state == .confirmed)
        #expect(book.waived(Self.finding()).state == .waived)
    }

    // MARK: Identity

    /// The same for the same findings, whatever else is written; another for others.
    @Test func itsScope() throws {
        func scope(_ keys: String, expires: String = "2026-12-31") throws -> String {
            try #require(try waivers(Self.waiver(keys, expires: expires)).first).scope
        }
        let one = try scope("rule: drift.field, contacts: [1, 2], fields: [notes, first_name]")
        #expect(try scope("fields: [first_name, notes], contacts: [2.0, '01'], rule: drift.field") == one)
        #expect(
            try scope("rule: drift.field, contacts: [1, 2], fields: [notes, first_name]", expires: "2027-01-01") == one
        )
        let others = [
            "rule: drift.field", "rule: drift.stale", "rule: drift.field, contact: 1",
            "rule: drift.field, contact: crm",
            "rule: drift.field, store: crm", "rule: drift.field, fields: [notes]", "rule: drift.field, contact: notes",
            "rule: drift.field, contacts: [1, 2]", "rule: drift.field, contact: '1:2,'",
        ]
        #expect(try Set(others.map { try scope($0) } + [one]).count == others.count + 1)
    }

    @Test func manyWaiversAndManyFindings() throws {
        let file =
            "waivers:\n"
            + (0..<5_000).map { "  - {rule: drift.field, contact: \($0), owner: o, reason: r, expires: 2026-12-31}\n" }
            .joined()
        var book = WaiverBook(try RuleFolder.load(file).get().waivers, on: Self.before)
        let start = ContinuousClock.now
        var waived = 0
        for contact in 0..<20_000 where book.waived(Self.finding(contact: String(contact))).state == .waived {
            waived += 1
        }
        #expect(waived == 5_000)
        // 100 million comparisons of waivers with findings would take far longer.
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(book.unmatched == [])
    }
}
