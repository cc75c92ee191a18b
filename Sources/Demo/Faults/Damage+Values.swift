import Contacts

// Values that are none of their type, a contact without a name, versions and times.
extension Damage {
    private static let names = [
        "canonical_name", "first_name", "last_name", "nickname", "full_name", "organization",
    ]
    private static let times = [ContactSchema.Name.lastUpdated, "created_at", ContactSchema.Name.updatedAt]
    /// In May 2999, in microseconds since 1970.
    private static let future: Int64 = 32_482_512_000_000_000
    private static let day: Int64 = 86_400_000_000

    func damageValue(of contact: inout SampleContact, _ random: inout SeededRandom) -> [String]? {
        switch self {
        case .noDate: set("birthday", to: raw(["31.02.1980", "2023-02-29", "1980-06-31"], &random), in: &contact)
        case .noBool: set(random.pick(["is_business", "is_me"]), to: raw(["maybe", "2"], &random), in: &contact)
        case .noVersion: set(ContactSchema.Name.version, to: raw(["soon", "3 of 4"], &random), in: &contact)
        case .noTime: set(random.pick(Self.times), to: raw(["soon", "2023-13-45T00:00:00Z"], &random), in: &contact)
        case .noName: removeNames(of: &contact)
        case .loweredVersion, .loweredVersionAndText: lowerVersion(of: &contact, &random)
        case .epochTime: set(random.pick(Self.times), to: .instant(0), in: &contact)
        case .futureTime:
            set(
                random.pick([ContactSchema.Name.lastUpdated, ContactSchema.Name.updatedAt]),
                to: .instant(Self.future),
                in: &contact
            )
        case .updatedBeforeCreated: updateTooEarly(&contact)
        case .futureBirthday: set("birthday", to: .date("2999-05-01"), in: &contact)
        default: nil
        }
    }

    private func set(_ field: String, to value: SampleValue, in contact: inout SampleContact) -> [String] {
        contact[field] = value
        return [field]
    }

    private func raw(_ texts: [String], _ random: inout SeededRandom) -> SampleValue {
        .raw(Array(random.pick(texts).utf8))
    }

    private func removeNames(of contact: inout SampleContact) -> [String] {
        for field in Self.names { contact[field] = nil }
        return []
    }

    private func lowerVersion(of contact: inout SampleContact, _ random: inout SeededRandom) -> [String]? {
        guard contact.version > 1 else { return nil }
        contact.version = 1 + Int64(random.below(Int(contact.version) - 1))
        if self == .loweredVersionAndText { FieldEdit.reworded.apply(to: &contact, using: &random) }
        return []
    }

    private func updateTooEarly(_ contact: inout SampleContact) -> [String]? {
        guard case .instant(let created)? = contact["created_at"] else { return nil }
        return set(ContactSchema.Name.updatedAt, to: .instant(created - Self.day), in: &contact)
    }
}
