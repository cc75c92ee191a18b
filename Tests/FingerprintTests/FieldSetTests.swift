import TestSupport
import Contacts
import Testing

@testable import Fingerprint

@Suite struct FieldSetTests {
    /// What canonical holds, in the finest form.
    static let canonical = StoreLayout(
        fields: fields { mapping in
            mapping.distinguishEmpty = ["notes", "context", "emails", "seen"].contains(mapping.field.name)
        },
        columns: []
    )
    /// The same in the coarsest, without `title`.
    static let store = StoreLayout(
        fields: fields { mapping in
            mapping.holdsOne = mapping.field.name == "emails"
            if mapping.field.name == "seen" { mapping.precision = .seconds }
        }
        .filter { $0.field.name != "title" },
        columns: []
    )

    private static func fields(_ configure: (inout FieldMapping) -> Void) -> [FieldMapping] {
        SpoolScan.fields([
            "contact_id": .id, "title": .text, "notes": .text, "context": .json, "emails": .set(of: .email),
            "seen": .timestamp,
        ])
        .map { field in
            var field = field
            configure(&field)
            return field
        }
    }

    @Test func `a field set is named by its fields and their forms`() {
        #expect(FieldSet(of: Self.store).label == "contact_id,notes,context,emails:one,seen:s")
        #expect(FieldSet(sharedBy: Self.canonical, Self.store).label == "contact_id,notes,context,emails:one,seen:s")
        #expect(
            FieldSet(sharedBy: Self.canonical, Self.store).names == [
                "contact_id", "notes", "context", "emails", "seen",
            ]
        )
        #expect(
            FieldSet(of: Self.canonical).label
                == "contact_id,title,notes:empty,context:empty,emails:empty,seen:empty"
        )
    }

    @Test func `of two forms the coarser is shared, whoever is asked first`() {
        #expect(FieldSet(sharedBy: Self.canonical, Self.store) == FieldSet(sharedBy: Self.store, Self.canonical))
        #expect(FieldSet(sharedBy: Self.store, Self.store) == FieldSet(of: Self.store))
        #expect(FieldSet(sharedBy: Self.canonical, Self.canonical) == FieldSet(of: Self.canonical))
        var milliseconds = Self.store
        milliseconds.fields[4].precision = .milliseconds
        #expect(FieldSet(sharedBy: milliseconds, Self.store).label.hasSuffix("seen:s"))
        #expect(FieldSet(sharedBy: milliseconds, Self.canonical).label.hasSuffix("seen:ms"))
    }

    @Test func `metadata is in no field set`() {
        let layout = StoreLayout(
            fields: SpoolScan.fields(["contact_id": .id]) + SpoolScan.fields(["version": .int], role: .metadata),
            columns: []
        )
        #expect(FieldSet(of: layout).label == "contact_id")
    }
}

@Suite struct FieldSetDigesterTests {
    private let shared = FieldSet(sharedBy: FieldSetTests.canonical, FieldSetTests.store)

    /// A contact as canonical holds it and as the store does.
    private struct Pair {
        var fine: [RawValue]
        var coarse: [RawValue]
    }

    private func pair(_ random: inout SeededGenerator, _ key: Int64) -> Pair {
        let notes = random.pick([.null, .text(""), .text("Zoë"), .text("a\r\nb")] as [RawValue])
        let context = random.pick(
            [.null, .text("[]"), .text("{}"), .text("\"\""), .text("{\"b\":1,\"a\":2}"), .text("{")] as [RawValue]
        )
        var emails = (0..<Int.random(in: 0...4, using: &random))
            .map { _ in
                random.pick([.text("B@x.org"), .text("a@x.org"), .text("nobody"), .null, .text(" ")] as [RawValue])
            }
        let primary = emails.isEmpty || random.oneIn(2) ? nil : Int.random(in: emails.indices, using: &random)
        let list = RawValue.list(emails, primary: primary)
        if let primary { emails.insert(emails.remove(at: primary), at: 0) }
        let isAbsent = { (value: RawValue) in value == .null || value == .text(" ") }
        let instant = Int64.random(in: -3_000_000_000_000_000...3_000_000_000_000_000, using: &random)
        let second = instant >= 0 ? instant / 1_000_000 : (instant - 999_999) / 1_000_000
        let seen: (RawValue, RawValue) =
            random.oneIn(5)
            ? random.pick(
                [(.null, .null), (.text(""), .null), (.text("soon"), .text("soon"))] as [(RawValue, RawValue)]
            )
            : (.text(Self.text(instant)), .text(Self.text(second * 1_000_000)))
        return Pair(
            fine: [.integer(key), .text("Dr \(key)"), notes, context, list, seen.0],
            coarse: [.text("00\(key)"), notes, context, emails.first { !isAbsent($0) } ?? .null, seen.1]
        )
    }

    private static func text(_ instant: Int64) -> String {
        let day = instant >= 0 ? instant / TimeText.microsecondsPerDay : (instant + 1) / TimeText.microsecondsPerDay - 1
        let rest = instant - day * TimeText.microsecondsPerDay
        func padded(_ number: Int64, _ width: Int) -> String {
            String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
        }
        // Days by counting: slow, and none of the product's own arithmetic.
        var (year, left) = (Int64(1970), day)
        func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
        while left < 0 {
            year -= 1
            left += isLeap(year) ? 366 : 365
        }
        while left >= (isLeap(year) ? 366 : 365) {
            left -= isLeap(year) ? 366 : 365
            year += 1
        }
        var month: Int64 = 1
        for length in [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as [Int64]
        where left >= length {
            left -= length
            month += 1
            if month > 12 { break }
        }
        let seconds = rest / 1_000_000
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(left + 1, 2))T\(padded(seconds / 3600, 2)):"
            + "\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2)).\(padded(rest % 1_000_000, 6))Z"
    }

    @Test(arguments: HashScheme.allCases)
    func `one meaning in a fine and in a coarse form has one digest`(_ scheme: HashScheme) {
        var random = SeededGenerator(21)
        let pairs = (0..<2_000).map { pair(&random, Int64($0)) }
        let whole = FieldSet(of: FieldSetTests.canonical)
        let fine = Encoding.encode(
            pairs.map(\.fine),
            FieldSetTests.canonical.fields,
            scheme: scheme,
            sets: [shared, whole]
        )
        let coarse = Encoding.encode(pairs.map(\.coarse), FieldSetTests.store.fields, scheme: scheme, sets: [shared])
        for index in pairs.indices {
            #expect(fine[index].digests[0] == coarse[index].digests[0], "\(pairs[index])")
            #expect(fine[index].digests[0] != fine[index].digests[1])
            #expect(fine[index].keyDigest == coarse[index].keyDigest)
        }
    }

    @Test func `a difference that the coarse form can hold changes the digest`() {
        var random = SeededGenerator(22)
        let pair = pair(&random, 7)
        let changes: [(Int, RawValue)] = [
            (0, .integer(8)), (1, .text("other")), (2, .text("[7]")), (3, .text("other@x.org")),
            (4, .text("2001-01-01T00:00:00Z")),
        ]
        let records =
            [pair.coarse]
            + changes.map { change in
                var record = pair.coarse
                record[change.0] = change.1
                return record
            }
        let digests = Encoding.encode(records, FieldSetTests.store.fields, sets: [shared]).map { $0.digests[0] }
        #expect(Set(digests).count == records.count)
    }

    @Test func `empty and NULL are told apart only where both stores can`() {
        let empty: [RawValue] = [.integer(7), .null, .text(""), .text("[]"), .list([], primary: nil), .text("")]
        let null: [RawValue] = [.integer(7), .null, .null, .null, .null, .null]
        let encoded = Encoding.encode(
            [empty, null],
            FieldSetTests.canonical.fields,
            sets: [shared, FieldSet(of: FieldSetTests.canonical)]
        )
        #expect(encoded[0].digests[0] == encoded[1].digests[0])
        #expect(encoded[0].digests[1] != encoded[1].digests[1])
        #expect(encoded[0].texts == [Array("7".utf8), nil, [], Array("[]".utf8), [], []])
    }

    @Test func `what is compared is the text in the set's own form, and the key can be left out`() {
        let layout = FieldSetTests.canonical
        var encoder = RecordEncoder(layout: layout, sets: [shared], scheme: .xxh3, phoneRegion: "US")
        func record(_ key: Int64) -> [RawValue] {
            [
                .integer(key), .text("x"), .text(""), .text("{}"),
                .list([.text("b@x.org"), .text("A@x.org")], primary: 1),
                .text("1969-12-31T23:59:59.5Z"),
            ]
        }
        let outcome = RawValue.withCells(record(7)) { encoder.encode($0) }
        #expect(outcome == .record)
        #expect(
            encoder.comparedTexts(0).map { $0.map { String(decoding: $0, as: UTF8.self) } } == [
                "7", nil, nil, "7:a@x.org,", "-1000000",
            ]
        )
        let (digest, withoutKey) = (encoder.digest(0), encoder.digestWithoutKey(0))
        _ = RawValue.withCells(record(8)) { encoder.encode($0) }
        #expect(encoder.digest(0) != digest)
        #expect(encoder.digestWithoutKey(0) == withoutKey)
        let bytes = Array("--10:7:a@x.org,,8:-1000000,".utf8)
        #expect(bytes.withUnsafeBytes { HashScheme.xxh3.digest($0) } == withoutKey)
    }

    @Test(arguments: [RawValue.null, .text(""), .text(" ")])
    func `a record whose key is absent is unlinked`(_ key: RawValue) {
        let encoded = Encoding.encode([[key], [.integer(1)]], SpoolScan.fields(["contact_id": .id]))
        #expect(encoded.map(\.outcome) == [.unlinked, .record])
        #expect(key.withCell { CanonicalKey.text(of: $0) } == nil)
    }

    @Test(arguments: [RawValue.list([.text("7")], primary: nil), .text([0xFF])])
    func `a record whose key is invalid has none`(_ key: RawValue) {
        let encoded = Encoding.encode([[key], [.integer(1)]], SpoolScan.fields(["contact_id": .id]))
        #expect(encoded.map(\.outcome) == [.noKey, .record])
        #expect(key.withCell { CanonicalKey.text(of: $0) } == nil)
    }
}
