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
        // As they are compared: case does not count, and domains have one form.
        let emails = Self.samples.flatMap(\.emails).map { Spelling.asciiDomain($0.lowercased()) }
        #expect(Set(emails).count == emails.count)
        let phones = Self.samples.flatMap(\.phones).map { "+\($0.country)\($0.national)" }
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
            let category = sample.text("category_code")
            #expect(category.map { "ABCDEFGHX".contains($0) && $0.count == 1 } != false)
            if let subcategory = sample.text("subcategory_code") {
                #expect(subcategory.wholeMatch(of: /[A-Z][0-9]+_[A-Z_]+/) != nil)
                #expect(subcategory.prefix(1) == category ?? "")
            }
            guard case .instant(let created)? = sample["created_at"], case .instant(let updated)? = sample["updated_at"]
            else {
                Issue.record("contact \(sample.id) has no times")
                continue
            }
            #expect(sample["last_updated"] == .instant(updated))
            #expect(created <= updated)
            #expect(CivilTime(microseconds: created).year >= 2018)
            #expect(CivilTime(microseconds: updated).year < 2025)
            if case .date(let birthday)? = sample["birthday"] { #expect(birthday < "2010") }
        }
    }

    @Test func everyContactHasANameThatIsOne() {
        for sample in Self.samples {
            #expect(sample.text("first_name") != nil && sample.text("full_name") != nil)
            for field in SampleContact.fields where field.group == "name" {
                let text = sample.text(field.name) ?? ""
                #expect(!text.contains("@") && text.wholeMatch(of: /[-+0-9 .()]+/) == nil, "\(field.name)")
            }
        }
    }

    @Test func noTextLooksDamaged() {
        for sample in Self.samples {
            for field in SampleContact.fields where field.type == .text {
                guard let text = sample.text(field.name) else { continue }
                let isPlain = text.unicodeScalars.allSatisfy { scalar in
                    "\t\n".unicodeScalars.contains(scalar)
                        || (scalar.properties.generalCategory != .control && scalar != "\u{FFFD}")
                }
                #expect(isPlain, "\(text)")
                #expect(!text.contains(/&(#\d+|amp|lt|gt|quot|nbsp|[a-zA-Z]+(uml|acute|grave|circ|tilde));/), "\(text)")
                #expect(!text.contains(/\\u[0-9A-Fa-f]{4}/), "\(text)")
                // In a Western code page its bytes would be no UTF-8.
                let isLatin1 = text.unicodeScalars.allSatisfy { $0.value < 0x100 }
                #expect(!isLatin1 || text.utf8.allSatisfy { $0 < 0x80 } || CodePage.latin1Bytes(of: text) != nil)
            }
        }
    }

    @Test func namesAndNotesAreInManyLanguages() {
        #expect(Set(SampleLanguage.all.map(\.code)).count == SampleLanguage.all.count)
        #expect(SampleLanguage.all.count >= 20)
        for language in SampleLanguage.all {
            let named = Self.samples.filter { sample in
                language.family.contains(sample.text("last_name") ?? "")
                    && language.given.contains(sample.text("first_name") ?? "")
            }
            #expect(named.count > 20, "\(language.code)")
            for note in language.notes {
                #expect(named.contains { $0.text("notes")?.contains(note) == true }, "\(note)")
            }
        }
        let notes = SampleLanguage.all.flatMap(\.notes)
        let noted = Self.samples.filter { sample in
            notes.contains { sample.text("notes")?.contains($0) == true }
        }
        #expect((400...600).contains(noted.count))
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
