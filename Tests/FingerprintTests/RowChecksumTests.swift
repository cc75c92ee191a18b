import Contacts
import Testing

@testable import Fingerprint

/// The checksum that a row keeps of itself, against digests that other programs made of its canonical bytes.
@Suite struct RowChecksumTests {
    /// Of `1:7,3:Ada,-1:f,`, by md5sum and sha256sum.
    private static let md5 = "2b0e7631aef6baf18fc5d469ee373a7d"
    private static let sha256 = "9304a7a018faaa42729d20ba28185def13d96c0d275176f5e1c12eb773d0dc43"
    /// Of `1:7,-8:Lovelace,1:t,`.
    private static let otherMD5 = "13c522be8eed27bc9fc5b5b539a47ad9"
    private static let otherSHA256 = "f1da371475576cbef3fd2adaf0366ee1fefc02a44d772e23eeca5b31f6f0ee25"

    /// Asks of each record whether its last cell is its checksum.
    private final class Asker: RecordInspector {
        private(set) var answers: [Bool?] = []

        func inspectContent(_ record: RecordView) -> [FieldDamage] { [] }

        func inspectRow(_ record: RecordView) -> [FieldDamage] {
            answers.append(RowChecksum.matches(record.cells[record.cells.count - 1], record))
            return []
        }
    }

    private static let layout = StoreLayout(
        fields: SpoolScan.fields(["contact_id": .id, "first_name": .text, "last_name": .text, "is_me": .bool])
            + SpoolScan.fields(["version": .int, ContactSchema.Name.checksum: .text], role: .metadata),
        columns: []
    )

    private func matches(_ stored: RawValue, _ compared: [RawValue], version: RawValue = .integer(3)) throws -> Bool? {
        let asker = Asker()
        let canonicalizer = ContactCanonicalizer(
            layout: Self.layout,
            sets: [FieldSet(of: Self.layout)],
            scheme: .xxh3,
            phoneRegion: "US",
            inspector: asker
        )
        let record = ContactRecord(row: .integer(1), values: compared + [version, stored])
        _ = try #require(canonicalizer.contact(record))
        #expect(asker.answers.count == 1)
        return asker.answers.first ?? nil
    }

    private static let ada: [RawValue] = [.text("007"), .text("Ada"), .null, .integer(0)]

    private static func bytes(_ hexadecimal: String) -> [UInt8] { [UInt8](hexadecimal: hexadecimal) ?? [] }

    static let right: [RawValue] = [
        .text(md5), .text(md5.uppercased()), .text(" \(md5)\n"), .blob(bytes(md5)), .blob(Array(md5.utf8)),
        .text("\(md5.prefix(9))\(md5.dropFirst(9).uppercased())"),
        .text(sha256), .text(sha256.uppercased()), .text("\t\(sha256)\r\n"), .blob(bytes(sha256)),
        .blob(Array(sha256.utf8)), .blob(Array(sha256.uppercased().utf8)),
    ]

    @Test(arguments: right) func `the digest of either function in any writing matches`(_ stored: RawValue) throws {
        #expect(try matches(stored, Self.ada) == true)
    }

    /// With another digit, or its last one missing.
    private static func spoilt(_ text: String) -> [String] {
        let digits = Array(text)
        return [0, digits.count / 2, digits.count - 1]
            .map { place in
                var spoilt = digits
                spoilt[place] = spoilt[place] == "0" ? "1" : "0"
                return String(spoilt)
            } + [String(text.dropLast()), text + "0"]
    }

    static let wrong: [RawValue] =
        [
            otherMD5, otherSHA256, String(sha256.prefix(32)), "deadbeef", "none", "0x" + md5, "g" + md5.dropFirst(),
            md5.replacing("7", with: "\u{17}"),
        ]
        .map { .text($0) }
        + (spoilt(md5) + spoilt(sha256)).map { .text($0) }
        + [
            .blob(bytes(otherMD5)), .blob(bytes(otherSHA256)), .blob(bytes(md5).dropLast()), .blob([0]),
            .blob(Array(bytes(sha256).prefix(16))), .text(bytes(md5)), .integer(0), .integer(7), .real(1.5),
        ]

    @Test(arguments: wrong) func `anything else does not`(_ stored: RawValue) throws {
        #expect(try matches(stored, Self.ada) == false)
    }

    @Test(arguments: [RawValue.null, .text(""), .text(" \t\n"), .blob([]), .blob(Array("  ".utf8))])
    func `a row that keeps none is not judged`(_ stored: RawValue) throws {
        #expect(try matches(stored, Self.ada) == nil)
    }

    @Test func `the digest is over every compared field and over no other`() throws {
        let other: [RawValue] = [.integer(7), .null, .text("Lovelace"), .text("yes")]
        for (own, foreign) in [(Self.otherMD5, Self.md5), (Self.otherSHA256, Self.sha256)] {
            #expect(try matches(.text(own), other) == true)
            #expect(try matches(.text(foreign), other) == false)
        }
        for version: RawValue in [.null, .integer(4), .text("none")] {
            #expect(try matches(.text(Self.md5), Self.ada, version: version) == true)
        }
        for (index, value) in [RawValue.integer(8), .text("Ada "), .text("L"), .integer(1)].enumerated() {
            var changed = Self.ada
            changed[index] = value
            #expect(try matches(.text(Self.md5), changed) == false)
            #expect(try matches(.blob(Self.bytes(Self.sha256)), changed) == false)
        }
    }
}
