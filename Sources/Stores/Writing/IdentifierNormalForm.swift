import Contacts
import Fingerprint

/// The text by which an identifier is looked up: canonical text, which needs no country for a number that names its own.
final class IdentifierNormalForm {
    private lazy var canonicalizer: ContactCanonicalizer = {
        let fields: [FieldDefinition] = [
            FieldDefinition(ContactSchema.Name.key, .id, group: ""),
            FieldDefinition(ContactSchema.Name.emails, .email, group: ""),
            FieldDefinition(ContactSchema.Name.phones, .phone, group: ""),
        ]
        return ContactCanonicalizer(
            layout: StoreLayout(fields: fields.map { FieldMapping($0) }, columns: []),
            sets: [],
            scheme: .xxh3,
            phoneRegion: "ZZ"
        )
    }()

    /// Nil where the value is no address, or a number without its country.
    func text(of value: RawValue, isPhone: Bool) -> RawValue? {
        let record = ContactRecord(
            row: .integer(0),
            values: [.integer(1), isPhone ? .null : value, isPhone ? value : .null]
        )
        guard let text = canonicalizer.texts(record)?[isPhone ? 2 : 1] else { return nil }
        let isInvalid = text.withUnsafeBytes { SetMember.isInvalid($0, of: isPhone ? .phone : .email) }
        return isInvalid ? nil : .text(text)
    }
}
