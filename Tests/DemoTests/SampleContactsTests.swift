import Contacts
import Testing

@testable import Demo

@Suite struct SampleContactsTests {
    private static let samples = (0..<2000).map { SampleContacts(seed: 7)[$0] }

    @Test func theSameSeedAndNumberGiveTheSameContact() {
        let again = SampleContacts(seed: 7)
        #expect(Self.samples.indices.reversed().allSatisfy { again[$0] == Self.samples[$0] })
        #expect(SampleContacts(seed: 8)[3] != Self.samples[3])
    }

    @Test func nothingThatIdentifiesAContactIsShared() {
        #expect(Set(Self.samples.map(\.id)).count == 2000)
        #expect(Self.samples.allSatisfy { $0.id > 0 })
        let emails = Self.samples.flatMap(\.emails)
        #expect(Set(emails).count == emails.count)
        let phones = Self.samples.flatMap(\.phones).map(\.e164)
        #expect(Set(phones).count == phones.count)
    }

    @Test func neighboursBeyondADoublesPrecisionAreAmongTheIDs() {
        let large = Self.samples.map(\.id).filter { $0 > 1 << 53 }
        #expect(large.count == 10)
        #expect(Set(large.map { Double($0) }).count < large.count)
    }

    @Test(arguments: SampleContact.fields.map(\.name).filter { $0 != "deleted_at" })
    func everyFieldHasManyValues(field: String) {
        let values = Self.samples.compactMap { $0[field] }
        #expect(values.count > 20)
        #expect(field == "sync_status" || Set(values).count > 1)
    }

    @Test func categoriesAreConsistentAndTimesInOrder() {
        for sample in Self.samples {
            if let subcategory = sample.text("subcategory_code") {
                #expect(subcategory.prefix(1) == sample.text("category_code") ?? "")
            }
            guard case .instant(let created)? = sample["created_at"], case .instant(let updated)? = sample["updated_at"]
            else {
                Issue.record("contact \(sample.id) has no times")
                continue
            }
            #expect(created <= updated)
            #expect(CivilTime(microseconds: updated).year < 2025)
        }
    }

    @Test func namesAreInManyScripts() {
        let text = Self.samples.compactMap { $0.text("full_name") }.joined()
        let scripts: [ClosedRange<UInt32>] = [
            0x00C0...0x024F, 0x0370...0x03FF, 0x0400...0x04FF, 0x0590...0x05FF, 0x0600...0x06FF, 0x0900...0x097F,
            0x0E00...0x0E7F, 0x1E00...0x1EFF, 0x3040...0x30FF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0x20000...0x2A6DF,
        ]
        for script in scripts { #expect(text.unicodeScalars.contains { script.contains($0.value) }) }
    }

    @Test(arguments: [
        (0, "1970-01-01", "00:00:00", 0), (951_782_400_000_001, "2000-02-29", "00:00:00", 1),
        (-1, "1969-12-31", "23:59:59", 999_999), (1_735_689_599_000_000, "2024-12-31", "23:59:59", 0),
    ])
    func calendarTime(microseconds: Int64, date: String, clock: String, fraction: Int) {
        let time = CivilTime(microseconds: microseconds)
        #expect(time.date == date)
        #expect(time.clock == clock)
        #expect(time.microsecond == fraction)
    }

    @Test func randomNumbersAreThoseOfSplitMix64() {
        var random = SeededRandom(seed: 1_234_567)
        #expect(random.next() == 6_457_827_717_110_365_317)
        #expect(random.next() == 3_203_168_211_198_807_973)
        #expect(Set(random.shuffled(Array(0..<100))) == Set(0..<100))
        #expect((0..<1000).allSatisfy { _ in (0..<7).contains(random.below(7)) })
    }
}
