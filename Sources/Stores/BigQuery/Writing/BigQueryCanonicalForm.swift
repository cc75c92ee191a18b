import Contacts
import Fingerprint

/// Canonical texts of single values. Used by one task at a time.
final class BigQueryCanonicalForm {
    private let canonicalizer: ContactCanonicalizer
    private let types: [FieldType] = [.bool, .date, .timestamp, .json, .email, .phone]

    init() {
        var fields = [FieldMapping(FieldDefinition(ContactSchema.Name.key, .id, group: ""))]
        for (index, type) in types.enumerated() {
            var mapping = FieldMapping(FieldDefinition("value \(index)", type, group: ""))
            mapping.distinguishEmpty = type == .json
            fields.append(mapping)
        }
        canonicalizer = ContactCanonicalizer(
            layout: StoreLayout(fields: fields, columns: []),
            sets: [],
            scheme: .xxh3,
            // A phone number needs its country here.
            phoneRegion: "ZZ"
        )
    }

    /// The canonical text of a value as one of these types: bool, date, timestamp, json, email, phone. Nil where it is absent
    /// or invalid.
    func text(of value: RawValue, as type: FieldType) -> String? {
        guard let place = types.firstIndex(of: type) else { return nil }
        var values = [RawValue](repeating: .null, count: types.count + 1)
        values[0] = .integer(1)
        values[place + 1] = value
        guard let text = canonicalizer.texts(ContactRecord(row: .integer(0), values: values))?[place + 1],
            text.first != UInt8(ascii: "!")
        else { return nil }
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether a text is JSON that can be compared.
    func isJSON(_ bytes: [UInt8]) -> Bool {
        !bytes.isEmpty && (text(of: .json(bytes), as: .json) != nil || bytes == Array("null".utf8))
    }
}
