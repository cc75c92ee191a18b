import Contacts
import Foundation
import TestSupport
import Testing

@testable import Fingerprint

/// Records without a key: kept apart by a scan that is asked to, unreadable in any other.
@Suite struct UnlinkedRecordTests {
    private static let layout: StoreLayout = {
        let deletedAt = SpoolScan.fields(["deleted_at": .timestamp], role: .metadata)
        return StoreLayout(
            fields: SpoolScan.fields([
                "contact_id": .id, "first_name": .text, "email": .email, "phones": .set(of: .phone),
            ]) + deletedAt,
            columns: []
        )
    }()

    private struct Row {
        let id: RowID
        var key = RawValue.null
        var email = RawValue.null
        var phones: [String] = []
        var deletedAt = RawValue.null

        var values: [RawValue] {
            [key, .text("Ada"), email, .list(phones.map { .text($0) }, primary: nil), deletedAt]
        }
    }

    private func scan(_ rows: [Row], keepsUnlinked: Bool = true, scheme: HashScheme = .xxh3) throws -> StoreFingerprint
    {
        let folder = try TemporaryFolder()
        let fingerprint = try StoreFingerprint(
            layout: Self.layout,
            sets: [FieldSet(of: Self.layout)],
            scheme: scheme,
            phoneRegion: "US",
            folder: folder.url.path,
            now: 2_000_000_000_000_000,
            keepsUnlinked: keepsUnlinked
        )
        let sink = fingerprint.makeSink { _ in }
        for row in rows {
            try RawValue.withCells(row.values) { try sink.receive(BorrowedRecord(row: row.id, cells: $0)) }
        }
        try sink.finish()
        return fingerprint
    }

    private func digest(_ text: String, _ scheme: HashScheme = .xxh3) -> Digest128 {
        scheme.digest(of: Array(text.utf8))
    }

    private func records(_ fingerprint: StoreFingerprint) throws -> [UnlinkedRecord] {
        var found: [UnlinkedRecord] = []
        try fingerprint.forEachUnlinked { found.append($0) }
        return found
    }

    @Test(arguments: HashScheme.allCases)
    func `they come back in the order of the scan, with the digests of their e-mails and phones`(
        _ scheme: HashScheme
    ) throws {
        let fingerprint = try scan(
            [
                Row(id: .integer(-3), email: .text("Ada@Example.org"), phones: ["(415) 555-2671", "+14155552671"]),
                Row(id: .integer(4), key: .integer(7), email: .text("eve@example.org")),
                Row(id: .text("'x\0#5', 1"), key: .text(" ")),
                Row(id: .text("#9"), email: .text("no address"), phones: ["123", "+442079460000"]),
            ],
            scheme: scheme
        )
        #expect(
            try records(fingerprint) == [
                UnlinkedRecord(
                    row: .integer(-3),
                    identifiers: [digest("ada@example.org", scheme), digest("+14155552671", scheme)]
                ), UnlinkedRecord(row: .text("'x\0#5', 1"), identifiers: []),
                UnlinkedRecord(row: .text("#9"), identifiers: [digest("+442079460000", scheme)]),
            ]
        )
        #expect(fingerprint.counts.rows == 4)
        #expect(fingerprint.counts.unlinked == 3)
        #expect(fingerprint.counts.records == 1)
        #expect(fingerprint.counts.unreadable == 0)
        #expect(fingerprint.tree(0).count == 1)
    }

    @Test func `their identifiers are found by digest, each with all of its rows`() throws {
        let rows: [Row] = [
            Row(id: .integer(1), email: .text("a@x.org"), phones: ["+14155552671"]),
            Row(id: .integer(2), email: .text("A@x.org ")), Row(id: .text("'k'"), phones: ["415-555-2671"]),
            Row(id: .integer(4), key: .integer(1), email: .text("a@x.org")),
        ]
        let fingerprint = try scan(rows)
        var found: [Digest128: UnlinkedIdentifier] = [:]
        for partition in 0..<SpoolFile.partitionCount {
            for (digest, identifier) in try fingerprint.unlinkedIdentifiers(in: partition) {
                #expect(Int(digest.high >> 56) == partition)
                found[digest] = identifier
            }
        }
        #expect(
            found == [
                digest("a@x.org"): UnlinkedIdentifier(isPhone: false, rows: [.integer(1), .integer(2)]),
                digest("+14155552671"): UnlinkedIdentifier(isPhone: true, rows: [.integer(1), .text("'k'")]),
            ]
        )
    }

    @Test func `a deleted one is nobody, one whose key cannot be read is unreadable`() throws {
        let fingerprint = try scan([
            Row(id: .integer(1), email: .text("a@x.org"), deletedAt: .text("2024-01-01T00:00:00Z")),
            Row(id: .integer(2), key: .text([0xFF]), email: .text("b@x.org")),
        ])
        #expect(try records(fingerprint).isEmpty)
        #expect(fingerprint.counts.deleted == 1)
        #expect(fingerprint.counts.unreadable == 1)
        #expect(fingerprint.counts.rows == 2)
    }

    @Test func `a scan that does not keep them calls them unreadable`() throws {
        let fingerprint = try scan([Row(id: .integer(1), email: .text("a@x.org"))], keepsUnlinked: false)
        var unreadable: [RowID] = []
        try fingerprint.forEachUnreadable { unreadable.append($0.row) }
        #expect(unreadable == [.integer(1)])
        #expect(try records(fingerprint).isEmpty)
        #expect(fingerprint.counts.unlinked == 0)
    }

    @Test func `thousands of them come back`() throws {
        let rows = (0..<5_000).map { Row(id: .integer($0), email: .text("p\($0 % 700)@x.org")) }
        let fingerprint = try scan(rows)
        #expect(
            try records(fingerprint)
                == rows.map { row in
                    guard case .integer(let number) = row.id else {
                        return UnlinkedRecord(row: row.id, identifiers: [])
                    }
                    return UnlinkedRecord(row: row.id, identifiers: [digest("p\(number % 700)@x.org")])
                }
        )
        var rowsOfIdentifiers = 0
        for partition in 0..<SpoolFile.partitionCount {
            rowsOfIdentifiers += try fingerprint.unlinkedIdentifiers(in: partition).values
                .reduce(0) { $0 + $1.rows.count }
        }
        #expect(rowsOfIdentifiers == 5_000)
    }

    @Test func `read again, one is as a contact with an empty key`() throws {
        let canonicalizer = ContactCanonicalizer(
            layout: Self.layout,
            sets: [FieldSet(of: Self.layout)],
            scheme: .xxh3,
            phoneRegion: "US"
        )
        func record(_ key: RawValue) -> ContactRecord {
            let row = Row(id: .integer(1), key: key, email: .text("A@x.org"), phones: ["+14155552671", "none"])
            return ContactRecord(row: row.id, values: row.values)
        }
        let unlinked = try #require(canonicalizer.unlinked(record(.null)))
        let linked = try #require(canonicalizer.contact(record(.integer(7))))
        #expect(unlinked.key == [])
        #expect(unlinked.digestsWithoutKey == linked.digestsWithoutKey)
        #expect(unlinked.digests != linked.digests)
        #expect(unlinked.texts[0].dropFirst() == linked.texts[0].dropFirst())
        #expect(canonicalizer.contact(record(.null)) == nil)
        #expect(canonicalizer.unlinked(record(.integer(7))) == nil)
        #expect(canonicalizer.unlinked(record(.text([0xFF]))) == nil)
        let identifiers: Set = [digest("a@x.org"), digest("+14155552671")]
        #expect(canonicalizer.identifiers(of: record(.null)) == identifiers)
        #expect(canonicalizer.identifiers(of: record(.integer(7))) == identifiers)
        #expect(canonicalizer.identifiers(of: record(.text([0xFF]))).isEmpty)
    }
}
