import Contacts

// Codes, e-mails and phones that are impossible, and values in the place of others.
extension Damage {
    func misplace(in contact: inout SampleContact, _ random: inout SeededRandom) -> [String]? {
        switch self {
        case .unknownCategory, .strangeSubcategory, .categoriesExchanged, .categoryInSubcategory:
            damageCategory(of: &contact, &random)
        case .impossibleEmail, .phoneInEmails: damageEmails(of: &contact, &random)
        case .impossiblePhone, .emailInPhones: damagePhones(of: &contact, &random)
        case .emailInName:
            plainEmail(of: contact)
                .flatMap {
                    set(random.pick(["first_name", "last_name", "nickname", "full_name"]), to: $0, in: &contact)
                }
        case .dateInName: putDateInName(of: &contact, &random)
        case .namesExchanged: exchangeNames(of: &contact)
        default: nil
        }
    }

    private func damageCategory(of contact: inout SampleContact, _ random: inout SeededRandom) -> [String]? {
        guard let category = contact.text("category_code") else { return nil }
        let subcategory = contact.text("subcategory_code")
        switch (self, subcategory) {
        case (.unknownCategory, nil): return set("category_code", to: random.pick(["Z", "AB", "a"]), in: &contact)
        case (.strangeSubcategory, let own?):
            let others = SampleVocabulary.categories.filter { $0.code != category }.flatMap(\.subcategories)
            return set("subcategory_code", to: random.pick([own.lowercased()] + others), in: &contact)
        case (.categoryInSubcategory, .some): return set("subcategory_code", to: category, in: &contact)
        case (.categoriesExchanged, let own?):
            contact.set("category_code", own)
            contact.set("subcategory_code", category)
            return ["category_code", "subcategory_code"]
        default: return nil
        }
    }

    private func damageEmails(of contact: inout SampleContact, _ random: inout SeededRandom) -> [String]? {
        let word = Self.word(&random)
        let impossible = [word, "\(word)@@example.org", "\(word)@", "@\(word).example", "\(word) me@example.org"]
        guard let member = self == .impossibleEmail ? random.pick(impossible) : plainPhone(of: contact) else {
            return nil
        }
        contact[ContactSchema.Name.emails] = .rawMembers(contact.emails + [member])
        return [ContactSchema.Name.emails]
    }

    private func damagePhones(of contact: inout SampleContact, _ random: inout SeededRandom) -> [String]? {
        let impossible = ["+1 \(10 + random.below(90))", "ask \(Self.word(&random))", "00"]
        guard contact.phones.allSatisfy({ $0.extension == nil }),
            let member = self == .impossiblePhone ? random.pick(impossible) : plainEmail(of: contact)
        else { return nil }
        contact[ContactSchema.Name.phones] = .rawMembers(contact.phones.map(\.e164) + [member])
        return [ContactSchema.Name.phones]
    }

    private func putDateInName(of contact: inout SampleContact, _ random: inout SeededRandom) -> [String]? {
        guard case .date(let date)? = contact["birthday"], !date.hasPrefix("-") else { return nil }
        return set(random.pick(["middle_name", "name_suffix", "title"]), to: date, in: &contact)
    }

    private func exchangeNames(of contact: inout SampleContact) -> [String]? {
        let (first, last) = (contact.text("first_name"), contact.text("last_name"))
        guard let first, let last, first != last else { return nil }
        contact.set("first_name", last)
        contact.set("last_name", first)
        return ["first_name", "last_name"]
    }

    private func set(_ field: String, to text: String, in contact: inout SampleContact) -> [String] {
        contact.set(field, text)
        return [field]
    }

    /// An e-mail of the contact in ASCII.
    private func plainEmail(of contact: SampleContact) -> String? {
        contact.emails.first { $0.utf8.allSatisfy { $0 < 0x80 } }
    }

    /// A phone of the contact without an extension.
    private func plainPhone(of contact: SampleContact) -> String? {
        contact.phones.first { $0.extension == nil }?.e164
    }

    /// A few letters that no other contact has.
    private static func word(_ random: inout SeededRandom) -> String {
        String((0..<10).map { _ in random.pick(Array("abcdefghijklmnopqrstuvwxyz")) })
    }
}
