import Contacts

/// A change of what a contact means.
///
/// An edit that a contact has no room for leaves it as it is.
enum FieldEdit: Sendable, CaseIterable {
    /// A text reworded, given a trailing space, put in capitals, or removed.
    case text
    /// A text reworded so that no two edits give the same.
    case reworded
    /// `apple_link_id`, which one of the stores does not hold.
    case link
    case date
    case bool
    case jsonText
    /// A number deep inside, sometimes by its last digit beyond 2^53, sometimes turned into a text of the same digits.
    case jsonNumber
    case emailAdded
    case emailRemoved
    case emailChanged
    case phoneAdded
    case phoneRemoved
    case phoneChanged
    case severalFields

    private static let texts = [
        "apple_unique_id", "canonical_name", "first_name", "last_name", "middle_name", "nickname", "full_name",
        "organization", "job_title", "department", "notes",
    ]
    private static let dispensable = ["middle_name", "nickname", "organization", "job_title", "department", "notes"]

    func apply(to contact: inout SampleContact, using random: inout SeededRandom) {
        switch self {
        case .text: Self.text(&contact, &random)
        case .reworded: Self.reword(random.pick(Self.texts), &contact, &random)
        case .link: Self.reword("apple_link_id", &contact, &random)
        case .date: contact["birthday"] = Self.otherDate(than: contact["birthday"], &random)
        case .bool: Self.bool(&contact, &random)
        case .jsonText:
            Self.json(&contact, &random, where: \.isString) { leaf in
                if case .string(let text) = leaf { .string("≠ " + text) } else { leaf }
            }
        case .jsonNumber:
            let keepsType = random.chance(80)
            Self.json(&contact, &random, where: \.isNumber) { Self.otherNumber(than: $0, keepsType) }
        case .emailAdded, .emailRemoved, .emailChanged: emails(&contact.emails, &random)
        case .phoneAdded, .phoneRemoved, .phoneChanged: phones(&contact.phones, &random)
        case .severalFields:
            for edit in [FieldEdit.reworded, .date, .jsonNumber, .emailAdded, .phoneRemoved] {
                edit.apply(to: &contact, using: &random)
            }
        }
    }

    private static func text(_ contact: inout SampleContact, _ random: inout SeededRandom) {
        let field = random.pick(texts)
        let before = contact.text(field)
        switch random.below(4) {
        case 0: contact.set(field, before.map { $0 + " " })
        case 1: contact.set(field, before.map { $0.uppercased() })
        case 2: contact.set(random.pick(dispensable), nil)
        default: reword(field, &contact, &random)
        }
    }

    private static func reword(_ field: String, _ contact: inout SampleContact, _ random: inout SeededRandom) {
        contact.set(field, "№ \(random.below(1 << 40)) " + (contact.text(field) ?? "nouveau"))
    }

    /// Another year, the day without its year, or a day where there was none.
    private static func otherDate(than value: SampleValue?, _ random: inout SeededRandom) -> SampleValue {
        guard case .date(let date)? = value, !date.hasPrefix("-") else {
            return .date("\(1930 + random.below(80))-02-28")
        }
        return .date(random.chance(50) ? "--" + date.suffix(5) : "19\(10 + random.below(10))" + date.suffix(6))
    }

    private static func bool(_ contact: inout SampleContact, _ random: inout SeededRandom) {
        if random.chance(50) {
            contact["is_me"] = .bool(contact["is_me"] == .bool(false))
        } else {
            let others: [SampleValue?] = [.bool(true), .bool(false), nil].filter { $0 != contact["is_business"] }
            contact["is_business"] = random.pick(others)
        }
    }

    private static func json(
        _ contact: inout SampleContact,
        _ random: inout SeededRandom,
        where condition: (SampleJSON) -> Bool,
        by replacement: (SampleJSON) -> SampleJSON
    ) {
        for field in random.shuffled(RichData.fields) {
            guard case .json(let json)? = contact[field] else { continue }
            let leaves = json.leaves(where: condition)
            guard leaves > 0 else { continue }
            contact[field] = .json(json.replacingLeaf(random.below(leaves), where: condition, by: replacement))
            return
        }
    }

    private static func otherNumber(than number: SampleJSON, _ keepsType: Bool) -> SampleJSON {
        switch number {
        case .integer(let digits) where keepsType:
            .integer(digits.dropLast() + (digits.hasSuffix("1") ? "2" : "1"))
        case .integer(let digits): .string(digits)
        case .decimal(let significand, let scale): .decimal(significand: significand + 1, scale: scale)
        default: number
        }
    }

    private func emails(_ emails: inout [String], _ random: inout SeededRandom) {
        let new = "new.\(random.below(1 << 40))@example.org"
        switch self {
        case .emailAdded: emails.append(new)
        case _ where emails.isEmpty: break
        case .emailRemoved: emails.remove(at: random.below(emails.count))
        default: emails[random.below(emails.count)] = new
        }
    }

    private func phones(_ phones: inout [SamplePhone], _ random: inout SeededRandom) {
        // Beyond the numbers that sample contacts have.
        let new = SampleContacts.phone(1_000_000_000 + UInt64(random.below(1_000_000_000)), country: 1)
        switch self {
        case .phoneAdded: phones.append(new)
        case _ where phones.isEmpty: break
        case .phoneRemoved: phones.remove(at: random.below(phones.count))
        default: phones[random.below(phones.count)] = new
        }
    }
}
