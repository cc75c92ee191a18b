import Contacts
import Foundation

/// The sample contacts of one seed: contact `n` is the same whenever and in whatever order it is asked for.
///
/// No two contacts share an id, an e-mail or a phone. All times are between 2018 and 2024.
struct SampleContacts: Sendable {
    let seed: UInt64
    /// Whether they hold only what stores of any kind can hold.
    var areTyped = false

    /// The contact of that number; numbers from 0 to 240 million have ids of their own.
    subscript(number: Int) -> SampleContact {
        var random = SeededRandom(seed: seed, 1, UInt64(number))
        var contact = SampleContact(id: Self.id(number, &random))
        let language = random.pick(SampleLanguage.all)
        let slug = addName(in: language, to: &contact, &random)
        addAppleIdentifiers(to: &contact, &random)
        addOrganization(to: &contact, &random)
        addRelationship(to: &contact, &random)
        addNotes(in: language, to: &contact, &random)
        addMetadata(to: &contact, &random)
        RichData.add(to: &contact, &random)
        contact.emails = emails(number, slug, &random)
        contact.phones = phones(number, &random)
        addSyncMetadata(to: &contact, &random)
        return areTyped ? contact.typed : contact
    }

    /// Two neighbours in 400 have ids that a double cannot tell apart.
    private static func id(_ number: Int, _ random: inout SeededRandom) -> Int64 {
        let offset = random.below(37)
        return switch number % 400 {
        case 7, 8: (1 << 53) + Int64(number) + 1
        default: Int64(1 + number * 37 + offset)
        }
    }

    /// - Returns: the ASCII letters of the name, for an e-mail.
    private func addName(
        in language: SampleLanguage,
        to contact: inout SampleContact,
        _ random: inout SeededRandom
    ) -> String {
        let given = random.pick(language.given)
        let family = random.pick(language.family)
        let middle = random.chance(25) ? random.pick(language.given) : nil
        let title = random.chance(10) ? random.pick(SampleVocabulary.titles) : nil
        let suffix = random.chance(6) ? random.pick(SampleVocabulary.suffixes) : nil
        let short = language.familyFirst ? "\(family) \(given)" : "\(given) \(family)"
        let parts = language.familyFirst ? [title, family, middle, given] : [title, given, middle, family, suffix]
        contact.set("canonical_name", short)
        contact.set("name_normalized", short.lowercased())
        contact.set("first_name", given)
        contact.set("last_name", family)
        contact.set("middle_name", middle)
        contact.set("nickname", random.chance(15) ? random.pick(SampleVocabulary.nicknames) : nil)
        contact.set("name_suffix", language.familyFirst ? nil : suffix)
        contact.set("title", title)
        contact.set("full_name", parts.compactMap(\.self).joined(separator: " "))
        let letters = given.decomposedStringWithCanonicalMapping.unicodeScalars
            .filter { $0.isASCII && $0.properties.isAlphabetic }
        return letters.isEmpty ? language.code : String(String.UnicodeScalarView(letters)).lowercased()
    }

    private func addAppleIdentifiers(to contact: inout SampleContact, _ random: inout SeededRandom) {
        guard random.chance(70) else { return }
        let hexadecimal = String(random.next(), radix: 16, uppercase: true)
        contact.set("apple_unique_id", hexadecimal + ":ABPerson")
        contact.set("apple_identity_unique_id", random.chance(60) ? "identity-\(random.below(1 << 40))" : nil)
        contact.set("apple_link_id", random.chance(60) ? "link/\(hexadecimal.lowercased())" : nil)
    }

    private func addOrganization(to contact: inout SampleContact, _ random: inout SeededRandom) {
        guard random.chance(60) else { return }
        contact.set("organization", random.pick(SampleVocabulary.organizations))
        contact.set("job_title", random.chance(70) ? random.pick(SampleVocabulary.jobTitles) : nil)
        contact.set("department", random.chance(40) ? random.pick(SampleVocabulary.departments) : nil)
    }

    private func addRelationship(to contact: inout SampleContact, _ random: inout SeededRandom) {
        guard random.chance(90) else { return }
        let category = random.pick(SampleVocabulary.categories)
        contact.set("category_code", category.code)
        contact.set("subcategory_code", random.chance(80) ? random.pick(category.subcategories) : nil)
        contact.set("relationship_category", category.relationship)
    }

    /// A few lines, some in the contact's own language, or one long one.
    private func addNotes(
        in language: SampleLanguage,
        to contact: inout SampleContact,
        _ random: inout SeededRandom
    ) {
        if random.chance(20) { return contact.set("notes", random.pick(SampleVocabulary.longNotes)) }
        var lines = (0..<random.below(4)).map { _ in random.pick(SampleVocabulary.notes) }
        if random.chance(30) { lines.append(random.pick(language.notes)) }
        contact.set("notes", lines.joined(separator: random.pick(["\n", "\n\n"])))
    }

    private func addMetadata(to contact: inout SampleContact, _ random: inout SeededRandom) {
        let day = "\(padded(1 + random.below(12), 2))-\(padded(1 + random.below(28), 2))"
        switch random.below(10) {
        case 0: contact["birthday"] = .date("--" + day)
        case 1...6: contact["birthday"] = .date("\(1930 + random.below(80))-" + day)
        default: break
        }
        if random.chance(75) { contact["is_business"] = .bool(random.chance(30)) }
        contact["is_me"] = .bool(random.chance(2))
    }

    private func emails(_ number: Int, _ slug: String, _ random: inout SeededRandom) -> [String] {
        (0..<random.pick([0, 1, 1, 1, 2, 3]))
            .map { slot in
                let name = random.chance(4) ? "josé" : slug
                let domain = random.pick(
                    random.chance(6) ? SampleVocabulary.internationalNames : SampleVocabulary.domains
                )
                return "\(name).\(number)\(["", ".work", "+home"][slot])@\(domain)"
            }
    }

    private func phones(_ number: Int, _ random: inout SeededRandom) -> [SamplePhone] {
        (0..<random.pick([0, 1, 1, 1, 2, 3]))
            .map { slot in
                var phone = Self.phone(
                    UInt64(number * 3 + slot),
                    country: random.chance(80) ? 1 : random.pick([44, 49, 33])
                )
                if random.chance(3) { phone.extension = String(1 + random.below(999)) }
                return phone
            }
    }

    /// The phone of that number: different numbers below 2 billion give different phones, outside country 1 those below
    /// 100 million.
    static func phone(_ number: UInt64, country: Int) -> SamplePhone {
        if country == 1 {
            // There are 800 × 800 × 10,000 numbers whose first two groups begin with 2 to 9; multiplying by a number
            // that shares no factor with their count permutes them.
            let place = Int((number * 3_141_592_661) % 6_400_000_000)
            let national = "\(200 + place / 8_000_000)\(200 + place / 10_000 % 800)\(padded(place % 10_000, 4))"
            return SamplePhone(country: 1, national: national)
        }
        let subscriber = padded(Int((number * 271_828_183) % 1_000_000_000), 9)
        return switch country {
        case 44: SamplePhone(country: 44, national: "7" + subscriber)
        case 49: SamplePhone(country: 49, national: "15" + subscriber)
        default: SamplePhone(country: country, national: "6" + subscriber.suffix(8))
        }
    }

    private func addSyncMetadata(to contact: inout SampleContact, _ random: inout SeededRandom) {
        let created = 1_514_764_800_000_000 + Int64(random.below(189_302_400)) * 1_000_000
        let updated = created + Int64(random.below(31_536_000)) * 1_000_000 + Int64(random.below(1_000_000))
        contact.version = Int64(1 + random.below(40))
        contact[ContactSchema.Name.lastUpdated] = .instant(updated)
        contact.set("last_updated_by", random.pick(["bigquery", "twenty", "supabase", "sync"]))
        contact.set("sync_status", "synced")
        contact["source_systems"] = .words(
            random.shuffled(["bigquery", "twenty", "supabase"]).dropLast(random.below(3))
        )
        contact["created_at"] = .instant(created)
        contact[ContactSchema.Name.updatedAt] = .instant(updated)
    }
}
