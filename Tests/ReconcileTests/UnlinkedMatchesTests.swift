import Contacts
import Foundation
import TestSupport
import Testing

@testable import Fingerprint
@testable import Reconcile

/// Whose the records without a key are.
@Suite struct UnlinkedMatchesTests {
    /// A record of a store, its e-mails and phones by their canonical text.
    struct Person: Sendable {
        var key: Int64?
        var emails: [String] = []
        var phones: [String] = []

        init(_ key: Int64? = nil, _ identifiers: String...) {
            self.key = key
            emails = identifiers.filter { $0.contains("@") }
            phones = identifiers.filter { !$0.contains("@") }
        }
    }

    private static let layout = StoreLayout(
        fields: fields(["contact_id": .id, "emails": .set(of: .email), "phones": .set(of: .phone)]),
        columns: []
    )

    private static func fields(_ types: KeyValuePairs<String, FieldType>) -> [FieldMapping] {
        types.map { FieldMapping(FieldDefinition($0.key, $0.value, group: "tests")) }
    }

    private func scan(_ people: [Person], isCanonical: Bool) throws -> StoreFingerprint {
        let folder = try TemporaryFolder()
        let fingerprint = try StoreFingerprint(
            layout: Self.layout,
            sets: [FieldSet(of: Self.layout)],
            scheme: .xxh3,
            phoneRegion: "US",
            folder: folder.url.path,
            now: 2_000_000_000_000_000,
            indexesIdentifiers: isCanonical,
            keepsUnlinked: !isCanonical
        )
        let sink = fingerprint.makeSink { _ in }
        for (row, person) in people.enumerated() {
            let values: [RawValue] = [
                person.key.map(RawValue.integer) ?? .null, .list(person.emails.map { .text($0) }, primary: nil),
                .list(person.phones.map { .text($0) }, primary: nil),
            ]
            try RawValue.withCells(values) {
                try sink.receive(BorrowedRecord(row: .integer(Int64(row + 1)), cells: $0))
            }
        }
        try sink.finish()
        return fingerprint
    }

    /// By store and row, in words: `1 by e-mail`, `1 by phone`, `1 or 2`, `-`.
    private func owners(_ canonical: [Person], _ stores: [[Person]]) async throws -> [[String]] {
        let held = try scan(canonical, isCanonical: true)
        let others = try stores.map { try scan($0, isCanonical: false) }
        var matches = try UnlinkedMatches(canonical: held, stores: others)
        let comparison = StoreComparison(
            canonical: held,
            stores: others.enumerated()
                .map { number, store in
                    ComparedStore(
                        name: "\(number)",
                        fingerprint: store,
                        canonicalSet: 0,
                        history: nil,
                        isHistoryComparable: false
                    )
                },
            now: 0,
            retention: 1,
            memory: 1 << 20
        )
        try await comparison.run { result in for suspect in result.suspects { matches.note(suspect) } }
        var found = stores.map { _ in [String]() }
        try matches.forEach { suspect in
            let word =
                switch suspect.owner {
                case .one(let contact, _, let isPhone): "\(contact) by \(isPhone ? "phone" : "e-mail")"
                case .several(let contacts): contacts.joined(separator: " or ")
                case .none: "-"
                }
            found[suspect.store].append(word)
        }
        return found
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let canonical: [Person]
        let store: [Person]
        /// Of each record of the store without a key.
        let owners: [String]

        init(_ name: String, _ canonical: [Person], _ store: [Person], _ owners: [String]) {
            testDescription = name
            self.canonical = canonical
            self.store = store
            self.owners = owners
        }
    }

    private static let phone = "+14155552671"
    private static let otherPhone = "+14155552672"

    static let cases = [
        Case("an e-mail that both have alone", [Person(1, "a@x.org")], [Person(nil, "a@x.org")], ["1 by e-mail"]),
        Case("a phone that both have alone", [Person(1, phone)], [Person(nil, phone)], ["1 by phone"]),
        Case("nothing in common", [Person(1, "a@x.org", phone)], [Person(nil, "b@x.org", otherPhone)], ["-"]),
        Case("nothing at all", [Person(1, "a@x.org")], [Person()], ["-"]),
        Case(
            "an e-mail before a phone",
            [Person(1, "a@x.org"), Person(2, phone)],
            [Person(nil, "a@x.org", phone)],
            ["1 by e-mail"]
        ),
        Case(
            "an e-mail of two contacts",
            [Person(1, "a@x.org"), Person(2, "a@x.org")],
            [Person(nil, "a@x.org")],
            ["1 or 2"]
        ),
        Case(
            "an e-mail of two contacts, and a phone of one of them",
            [Person(1, "a@x.org"), Person(2, "a@x.org", phone)],
            [Person(nil, "a@x.org", phone)],
            ["2 by phone"]
        ),
        Case(
            "an e-mail of two contacts, and a phone of a third",
            [Person(1, "a@x.org"), Person(2, "a@x.org"), Person(3, phone)],
            [Person(nil, "a@x.org", phone)],
            ["1 or 2"]
        ),
        Case(
            "an e-mail of two records",
            [Person(1, "a@x.org")],
            [Person(nil, "a@x.org"), Person(nil, "a@x.org")],
            ["1", "1"]
        ),
        Case(
            "two e-mails of one contact on two records",
            [Person(1, "a@x.org", "b@x.org")],
            [Person(nil, "a@x.org"), Person(nil, "b@x.org")],
            ["1", "1"]
        ),
        Case(
            "two e-mails of two contacts",
            [Person(1, "a@x.org"), Person(2, "b@x.org")],
            [Person(nil, "a@x.org", "b@x.org")],
            ["1 or 2"]
        ),
        Case(
            "two e-mails of one contact",
            [Person(1, "a@x.org", "b@x.org")],
            [Person(nil, "a@x.org", "b@x.org")],
            ["1 by e-mail"]
        ),
        Case(
            "an e-mail of a contact that the store holds",
            [Person(1, "a@x.org")],
            [Person(1, "a@x.org"), Person(nil, "a@x.org")],
            ["1"]
        ),
        Case(
            "a phone of a contact that the store holds",
            [Person(1, "a@x.org", phone)],
            [Person(1, "a@x.org", phone), Person(nil, phone)],
            ["-"]
        ),
        Case("a phone of two contacts", [Person(1, phone), Person(2, phone)], [Person(nil, phone)], ["-"]),
        Case("a phone of two records", [Person(1, phone)], [Person(nil, phone), Person(nil, phone)], ["-", "-"]),
        Case(
            "two phones of one contact on two records",
            [Person(1, phone, otherPhone)],
            [Person(nil, phone), Person(nil, otherPhone)],
            ["1", "1"]
        ),
        Case(
            "a phone of a contact that another record has by e-mail",
            [Person(1, "a@x.org", phone)],
            [Person(nil, phone), Person(nil, "a@x.org")],
            ["1", "1 by e-mail"]
        ),
        Case(
            "a record that has a key is of no account",
            [Person(1, "a@x.org"), Person(2)],
            [Person(2, "a@x.org"), Person(nil, "a@x.org")],
            ["1 by e-mail"]
        ),
        Case(
            "a contact on two rows is one",
            [Person(1, "a@x.org"), Person(1, "a@x.org")],
            [Person(nil, "a@x.org")],
            ["1 by e-mail"]
        ),
        Case(
            "an e-mail of ten contacts may be a person's",
            (1...10).map { Person($0, "info@x.org") },
            [Person(nil, "info@x.org")],
            [(1...10).map(String.init).joined(separator: " or ")]
        ),
        Case(
            "an e-mail of eleven is nobody's",
            (1...11).map { Person($0, "info@x.org") },
            [Person(nil, "info@x.org")],
            ["-"]
        ),
    ]

    @Test(arguments: cases)
    func `a record is the contact's that alone has what it alone has`(_ tested: Case) async throws {
        #expect(try await owners(tested.canonical, [tested.store]) == [tested.owners])
    }

    @Test func `each store is looked at by itself`() async throws {
        let canonical = [Person(1, "a@x.org"), Person(2, "b@x.org")]
        let found = try await owners(
            canonical,
            [
                [Person(nil, "a@x.org"), Person(2, "b@x.org")], [Person(1, "a@x.org"), Person(nil, "b@x.org")],
                [Person(1, "a@x.org"), Person(2, "b@x.org")],
            ]
        )
        #expect(found == [["1 by e-mail"], ["2 by e-mail"], []])
    }

    @Test func `hundreds are linked at once, whatever their order`() async throws {
        var random = SeededGenerator(5)
        let canonical = (1...600).map { (key: Int64) in Person(key, "p\(key)@x.org") }
        let store = canonical.shuffled(using: &random).map { Person(nil, $0.emails[0]) }
        let found = try await owners(canonical, [store])
        #expect(found[0] == store.map { "\($0.emails[0].dropFirst().prefix { $0 != "@" }) by e-mail" })
    }
}
