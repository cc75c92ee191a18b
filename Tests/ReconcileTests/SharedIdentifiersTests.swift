import Contacts
import Foundation
import TestSupport
import Testing

@testable import Fingerprint
@testable import Reconcile

/// E-mails and phones on several contacts of a store, against plain dictionaries.
@Suite struct SharedIdentifiersTests {
    /// A physical row.
    private struct Row {
        /// The key's canonical text, and as it is stored.
        let key: String
        let spelling: RawValue
        var emails: [Identifier] = []
        var phones: [Identifier] = []
        var isDeleted = false
    }

    /// An e-mail or phone as it is stored; `text` is its canonical text, nil where it is none.
    private struct Identifier {
        let spelling: String
        let text: String?

        init(_ spelling: String, _ text: String?) {
            self.spelling = spelling
            self.text = text
        }

        init(_ text: String) { self.init(text, text) }
    }

    private static let layout: StoreLayout = {
        let compared: KeyValuePairs<String, FieldType> = [
            "contact_id": .id, "first_name": .text, "emails": .set(of: .email), "phones": .set(of: .phone),
        ]
        let fields = compared.map { FieldMapping(FieldDefinition($0.key, $0.value, group: "tests")) }
        let deletedAt = FieldDefinition("deleted_at", .timestamp, group: "tests", role: .metadata)
        return StoreLayout(fields: fields + [FieldMapping(deletedAt)], columns: [])
    }()

    /// Scans the rows of a store in two portions.
    private static func scan(
        _ rows: [Row],
        scheme: HashScheme = .xxh3,
        isIndexed: Bool = true
    ) throws -> StoreFingerprint {
        let folder = try TemporaryFolder()
        let fingerprint = try StoreFingerprint(
            layout: layout,
            sets: [FieldSet(of: layout)],
            scheme: scheme,
            phoneRegion: "US",
            folder: folder.url.path,
            now: 2_000_000_000_000_000,
            indexesIdentifiers: isIndexed
        )
        var number = Int64(0)
        for portion in [rows.prefix(rows.count / 3), rows.dropFirst(rows.count / 3)] {
            let sink = fingerprint.makeSink { _ in }
            for row in portion {
                number += 1
                let values: [RawValue] = [
                    row.spelling, .text("Ada"), .list(row.emails.map { .text($0.spelling) }, primary: nil),
                    .list(row.phones.map { .text($0.spelling) }, primary: nil),
                    row.isDeleted ? .text("2024-01-01T00:00:00Z") : .null,
                ]
                try RawValue.withCells(values) {
                    try sink.receive(BorrowedRecord(row: .integer(number), cells: $0))
                }
            }
            try sink.finish()
        }
        return fingerprint
    }

    private static func clashes(_ stores: [StoreFingerprint]) async throws -> [IdentifierClash] {
        var clashes: [IdentifierClash] = []
        try await SharedIdentifiers.forEach(in: stores) { clashes.append($0) }
        let places = clashes.map { $0.digest.high >> 56 }
        #expect(places == places.sorted())
        return clashes
    }

    // MARK: The reference

    /// What must be found in stores of these rows, by plain dictionaries.
    private static func expected(_ stores: [[Row]], scheme: HashScheme = .xxh3) -> Set<IdentifierClash> {
        let held = stores.map { rows -> [String: Set<String>] in
            var held: [String: Set<String>] = [:]
            for row in rows where !row.isDeleted {
                for text in (row.emails + row.phones).compactMap(\.text) { held[text, default: []].insert(row.key) }
            }
            return held
        }
        let texts = Set(held.flatMap(\.keys))
        return Set(
            texts.compactMap { text -> IdentifierClash? in
                let shared = held.indices.filter { held[$0][text, default: []].count > 1 }
                guard !shared.isEmpty else { return nil }
                let keys = shared.reduce(into: Set<String>()) { $0.formUnion(held[$1][text, default: []]) }
                let numbers = keys.compactMap { Int($0) }.sorted().map { String($0) }
                let named = numbers + keys.filter { Int($0) == nil }.sorted()
                return IdentifierClash(
                    digest: Array(text.utf8).withUnsafeBytes { scheme.digest($0) },
                    isPhone: text.hasPrefix("+"),
                    stores: shared,
                    keys: Array(named.prefix(101)),
                    count: keys.count
                )
            }
        )
    }

    // MARK: Random stores

    private struct RandomRows {
        var random: SeededGenerator

        init(_ seed: UInt64) { random = SeededGenerator(seed) }

        private mutating func key() -> (text: String, spelling: RawValue) {
            let number = Int.random(in: -30...300, using: &random)
            switch random.pick([0, 1, 1, 1, 1]) {
            case 0:
                let text = random.pick([
                    "clé \(number)", "k-\(number)", "0a1b2c3d-4e5f-6789-abcd-00000000\(1000 + number)",
                ])
                return (text, .text(text))
            default:
                let text = "\(number)"
                let plus = number < 0 ? "-0\(-number)" : "+00\(number)"
                return (text, random.pick([.integer(Int64(number)), .text(text), .text(plus), .text(" \(number).0")]))
            }
        }

        /// One of as many as there are in the pool, so that some clash and some do not.
        private mutating func email(_ pool: Int) -> Identifier {
            let number = Int.random(in: 0..<pool, using: &random)
            if random.oneIn(8) {
                return Identifier(random.pick(["nobody", "a@@b.org", "!x", "\(number % 3)@localhost"]), nil)
            }
            let text = "ada.\(number)@example.org"
            return Identifier(random.pick([text, text.uppercased(), " \(text)", "\(text)."]), text)
        }

        private mutating func phone(_ pool: Int) -> Identifier {
            if random.oneIn(8) { return Identifier(random.pick(["12", "none", "+1 23"]), nil) }
            let last = 1000 + Int.random(in: 0..<pool, using: &random)
            let spelling = random.pick(["(415) 555-\(last)", "+1415555\(last)", "1-415-555-\(last)"])
            return Identifier(spelling, "+1415555\(last)")
        }

        mutating func rows(_ count: Int, pool: Int) -> [Row] {
            (0..<count)
                .flatMap { _ -> [Row] in
                    let (text, spelling) = key()
                    var row = Row(key: text, spelling: spelling)
                    row.emails = (0..<random.pick([0, 1, 1, 2])).map { _ in email(pool) }
                    row.phones = (0..<random.pick([0, 0, 1, 2])).map { _ in phone(pool) }
                    row.isDeleted = random.oneIn(10)
                    // A second row of the contact now and then.
                    return random.oneIn(12) ? [row, row] : [row]
                }
        }
    }

    @Test(arguments: UInt64(0)..<12) func `random stores have the clashes of plain dictionaries`(_ seed: UInt64)
        async throws
    {
        var maker = RandomRows(seed)
        let scheme: HashScheme = seed.isMultiple(of: 4) ? .sha256 : .xxh3
        let stores = (0..<Int(seed % 3) + 1).map { _ in maker.rows(400, pool: seed.isMultiple(of: 2) ? 200 : 900) }
        let expected = Self.expected(stores, scheme: scheme)
        let found = try await Self.clashes(stores.map { try Self.scan($0, scheme: scheme) })
        #expect(found.count == expected.count)
        #expect(Set(found) == expected)
        #expect(expected.count > 30)
        #expect(expected.contains(where: \.isPhone) && expected.contains { !$0.isPhone })
        guard stores.count > 1 else { return }
        #expect(expected.contains { $0.stores.count > 1 } && expected.contains { $0.stores.count == 1 })
    }

    // MARK: Cases

    private static func row(_ key: Int, _ emails: String..., phones: [Identifier] = []) -> Row {
        Row(key: "\(key)", spelling: .integer(Int64(key)), emails: emails.map { Identifier($0) }, phones: phones)
    }

    @Test func `a contact on two rows shares its e-mail with nobody`() async throws {
        let twin = Row(key: "1", spelling: .text("001"), emails: [Identifier("a@x.org")])
        let stores = [[Self.row(1, "a@x.org"), twin], [Self.row(1, "a@x.org")]]
        #expect(try await Self.clashes(stores.map { try Self.scan($0) }).isEmpty)
        // With another contact there are two, not three.
        let clash = try await Self.clashes([try Self.scan(stores[0] + [Self.row(2, "A@x.org")])])
        #expect(clash.map(\.keys) == [["1", "2"]])
        #expect(clash.map(\.count) == [2])
    }

    @Test func `contacts of two stores share nothing by that`() async throws {
        let stores = [[Self.row(1, "a@x.org")], [Self.row(2, "a@x.org")], [Self.row(3, "a@x.org")]]
        #expect(try await Self.clashes(stores.map { try Self.scan($0) }).isEmpty)
    }

    @Test func `a store in which one contact has it is not named, nor is that contact`() async throws {
        let stores = [
            [Self.row(9, "a@x.org")], [Self.row(4, "a@x.org"), Self.row(3, "a@x.org")], [Self.row(8, "b@x.org")],
            [Self.row(3, "a@x.org"), Self.row(20, "a@x.org")],
        ]
        let clashes = try await Self.clashes(stores.map { try Self.scan($0) })
        #expect(clashes.map(\.stores) == [[1, 3]])
        #expect(clashes.map(\.keys) == [["3", "4", "20"]])
        #expect(clashes.map(\.count) == [3])
    }

    @Test func `what is no e-mail or phone, and what is deleted, is shared by nobody`() async throws {
        var rows = (1...5)
            .map { key in
                Row(
                    key: "\(key)",
                    spelling: .integer(Int64(key)),
                    emails: ["nobody", "a@@b.org", "", "!"].map { Identifier($0, nil) },
                    phones: ["12", "nobody", ""].map { Identifier($0, nil) }
                )
            }
        var deleted = Self.row(6, "a@x.org")
        deleted.isDeleted = true
        rows += [Self.row(7, "a@x.org"), deleted]
        #expect(try await Self.clashes([try Self.scan(rows)]).isEmpty)
    }

    @Test func `an address that begins with an exclamation mark is one like others`() async throws {
        let rows = [Self.row(1, "!ada@x.org"), Self.row(2, "!Ada@x.org")]
        #expect(try await Self.clashes([try Self.scan(rows)]).map(\.keys) == [["1", "2"]])
    }

    @Test func `an e-mail and a phone that contacts share are two clashes`() async throws {
        let phone = Identifier("(415) 555-2671", "+14155552671")
        let rows = [Self.row(1, "a@x.org", phones: [phone]), Self.row(2, "a@x.org", phones: [phone])]
        let clashes = try await Self.clashes([try Self.scan(rows)])
        #expect(Set(clashes) == Self.expected([rows]))
        #expect(clashes.map(\.isPhone).sorted { !$0 && $1 } == [false, true])
    }

    @Test func `keys are named numbers first and by size, however long`() async throws {
        let long = "9" + String(repeating: "0", count: 30)
        let keys = ["-12", "-3", "0", "7", "10", "9223372036854775808", "10000000000000000000", long, "10-a", "clé"]
        let rows = keys.reversed().map { Row(key: $0, spelling: .text($0), emails: [Identifier("a@x.org")]) }
        #expect(try await Self.clashes([try Self.scan(rows)]).map(\.keys) == [keys])
    }

    @Test(.timeLimit(.minutes(20)))
    func `an e-mail on 50,000 contacts is one clash that names 101 of them`() async throws {
        var random = SeededGenerator(50)
        let rows = (1...50_000).shuffled(using: &random)
            .map { Self.row($0, "office@example.org", "person.\($0)@example.org") }
        let clashes = try await Self.clashes([try Self.scan(rows), try Self.scan(Array(rows.prefix(3)))])
        #expect(clashes.count == 1)
        #expect(clashes.first?.stores == [0, 1])
        #expect(clashes.first?.count == 50_000)
        #expect(clashes.first?.keys == (1...101).map { "\($0)" })
        #expect(clashes.first?.isPhone == false)
    }

    @Test func `a scan that was not asked for identifiers has none to share`() async throws {
        let rows = [Self.row(1, "a@x.org"), Self.row(2, "a@x.org")]
        #expect(try await Self.clashes([try Self.scan(rows, isIndexed: false)]).isEmpty)
        #expect(try await Self.clashes([]).isEmpty)
    }

    @Test func `it stops where a clash is refused`() async throws {
        struct Refusal: Error {}
        let rows = (0..<100).flatMap { number in [1, 2].map { Self.row($0, "a\(number)@x.org") } }
        let scan = try Self.scan(rows)
        var taken = 0
        await #expect(throws: Refusal.self) {
            try await SharedIdentifiers.forEach(in: [scan]) { _ in
                taken += 1
                if taken == 7 { throw Refusal() }
            }
        }
        #expect(taken == 7)
    }
}
