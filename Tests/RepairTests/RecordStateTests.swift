import Contacts
import Fingerprint
import Repair
import Testing

/// The digests that say which state of a record is meant.
@Suite struct RecordStateTests {
    private static let layout = StoreLayout(
        fields: ["contact_id", "first_name", "emails", "version", "deleted_at", "created_at"]
            .compactMap { ContactSchema.standard[$0].map { FieldMapping($0) } },
        columns: []
    )
    private let state = RecordState(layout: layout, scheme: .xxh3, phoneRegion: "US")

    private func digest(
        _ key: RawValue = .integer(7),
        name: RawValue = .text("Ada"),
        emails: RawValue = .text("[\"a@x.org\"]"),
        version: RawValue = .integer(3),
        deleted: RawValue = .null,
        created: RawValue = .null
    ) -> String? {
        state.digest(of: ContactRecord(row: .integer(1), values: [key, name, emails, version, deleted, created]))
    }

    @Test func `A digest names its scheme and has 32 digits`() throws {
        let digest = try #require(self.digest())
        #expect(digest.hasPrefix("xxh3-128:"))
        #expect(digest.count == "xxh3-128:".count + 32)
        let other = RecordState(layout: Self.layout, scheme: .sha256, phoneRegion: "US")
        let record = ContactRecord(
            row: .integer(1),
            values: [.integer(7), .text("Ada"), .text("[\"a@x.org\"]"), .integer(3), .null, .null]
        )
        #expect(other.digest(of: record)?.hasPrefix("sha256-128:") == true)
    }

    @Test func `Spellings of one value are one state`() {
        #expect(
            digest(.text("007.0"), emails: .list([.text("A@X.org")], primary: 0), version: .text("3.0")) == digest()
        )
    }

    @Test func `Fields, the version and a deletion make another state, what is not compared does not`() {
        let states = [
            digest(), digest(.integer(8)), digest(name: .text("Eve")), digest(emails: .null),
            digest(version: .integer(4)),
            digest(version: .null), digest(deleted: .text("2024-05-06 07:08:09")),
        ]
        #expect(Set(states).count == states.count)
        #expect(!states.contains(nil))
        #expect(digest(created: .text("2020-01-01")) == digest())
    }

    @Test func `A record without a key has no state`() {
        #expect(digest(.null) == nil)
        #expect(digest(.text(" ")) == nil)
    }

    @Test func `Several tasks may ask at the same time`() async {
        let record = ContactRecord(
            row: .integer(1),
            values: [.integer(7), .text("Ada"), .text("[\"a@x.org\"]"), .integer(3), .null, .null]
        )
        let digests = await withTaskGroup(of: Set<String?>.self) { group in
            for _ in 0..<8 { group.addTask { [state] in Set((0..<200).map { _ in state.digest(of: record) }) } }
            return await group.reduce(into: Set<String?>()) { $0.formUnion($1) }
        }
        #expect(digests == [digest()])
    }
}
