import Contacts

/// What two contacts may be found to share.
enum SharedIdentifier: Sendable {
    case email
    case phone

    var field: String { self == .email ? ContactSchema.Name.emails : ContactSchema.Name.phones }

    func isHeld(by contact: SampleContact) -> Bool { contact[field] != nil }

    /// The contact with the other's primary one besides its own.
    func adding(from owner: SampleContact, to contact: SampleContact) -> SampleContact {
        var result = contact
        switch self {
        case .email: result.emails += owner.emails.prefix(1)
        case .phone: result.phones += owner.phones.prefix(1)
        }
        return result
    }
}
