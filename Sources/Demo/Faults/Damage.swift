import Contacts

/// What careless programs do to a contact: what one rule of corruption must find, and no other rule.
enum Damage: Sendable, Hashable, CaseIterable {
    /// UTF-8 read as Windows-1252.
    case mojibake
    /// UTF-8 read as Latin-1, which leaves control characters.
    case latinMojibake
    /// UTF-8 read as Windows-1252, twice.
    case doubleMojibake
    /// UTF-8 read as Windows-1252 in a string of a JSON field.
    case mojibakeInJSON
    /// A letter that became U+FFFD.
    case lostLetter
    case controlCharacter
    /// `M&uuml;ller`.
    case htmlEntity
    /// `M\u00fcller`.
    case escapedLetter
    case escapedLetterInJSON
    /// Latin-1 where UTF-8 should be.
    case foreignBytes

    /// JSON without its end.
    case brokenJSON
    case repeatedKey

    /// A note cut off at a number of letters.
    case cutByLetters
    /// A note cut off at a number of bytes of UTF-8, between two letters.
    case cutByBytes

    case noDate
    case noBool
    case noVersion
    case noTime

    case noName

    case unknownCategory
    /// A subcategory of another category, or in lower case.
    case strangeSubcategory

    case impossibleEmail
    case impossiblePhone

    case emailInName
    case dateInName
    case emailInPhones
    case phoneInEmails
    case categoriesExchanged
    case categoryInSubcategory
    /// First name and last name in each other's place, which only another store can tell.
    case namesExchanged

    case loweredVersion
    /// A version that went backwards while a text changed.
    case loweredVersionAndText

    case epochTime
    case futureTime
    case updatedBeforeCreated
    case futureBirthday

    /// What a value of its column's type cannot have: bytes that are no UTF-8, JSON that is none, days and numbers that are
    /// none.
    static let untyped: Set<Damage> = [.foreignBytes, .brokenJSON, .repeatedKey, .noDate, .noBool, .noVersion, .noTime]

    /// The rule that must find it.
    var rule: RuleID {
        switch self {
        case .mojibake, .latinMojibake, .doubleMojibake, .mojibakeInJSON, .lostLetter, .controlCharacter, .htmlEntity,
            .escapedLetter, .escapedLetterInJSON, .foreignBytes:
            .corruptionEncoding
        case .brokenJSON, .repeatedKey: .corruptionJSON
        case .cutByLetters, .cutByBytes: .corruptionTruncated
        case .noDate, .noBool, .noVersion, .noTime: .corruptionType
        case .noName: .corruptionRequired
        case .unknownCategory, .strangeSubcategory: .corruptionCategory
        case .impossibleEmail, .impossiblePhone: .corruptionIdentifier
        case .emailInName, .dateInName, .emailInPhones, .phoneInEmails, .categoriesExchanged, .categoryInSubcategory,
            .namesExchanged:
            .corruptionSwapped
        case .loweredVersion, .loweredVersionAndText: .corruptionVersion
        case .epochTime, .futureTime, .updatedBeforeCreated, .futureBirthday: .corruptionTime
        }
    }

    /// Damages the contact.
    ///
    /// - Returns: the damaged fields, in schema order, or none where the rule is about the whole contact; nil, and the
    ///   contact as it was, where it has nothing that can be damaged like this.
    func apply(to contact: inout SampleContact, using random: inout SeededRandom) -> [String]? {
        switch rule {
        case .corruptionEncoding, .corruptionJSON, .corruptionTruncated: damageText(of: &contact, &random)
        case .corruptionIdentifier, .corruptionSwapped, .corruptionCategory: misplace(in: &contact, &random)
        default: damageValue(of: &contact, &random)
        }
    }
}
