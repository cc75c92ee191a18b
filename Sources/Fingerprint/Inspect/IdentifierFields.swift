import Contacts

/// The compared fields of a layout that hold e-mails or phones.
struct IdentifierFields {
    private struct Field {
        let index: Int
        let isPhone: Bool
        let isSet: Bool
    }

    private let fields: [Field]

    init(_ layout: StoreLayout) {
        fields = layout.comparedFields.enumerated()
            .compactMap { index, mapping in
                let type = mapping.field.type
                switch type.member ?? type {
                case .email: return Field(index: index, isPhone: false, isSet: type.member != nil)
                case .phone: return Field(index: index, isPhone: true, isSet: type.member != nil)
                default: return nil
                }
            }
    }

    /// Calls `body` with the canonical text of each e-mail and phone of a record. What is no e-mail or phone is left out:
    /// it is shared by no one.
    @inline(__always)
    func forEach(in record: RecordView, _ body: (_ text: UnsafeRawBufferPointer, _ isPhone: Bool) -> Void) {
        for field in fields where !record.isAbsent(field.index) && !record.isInvalid(field.index) {
            let text = record.text(field.index)
            guard field.isSet else {
                body(text, field.isPhone)
                continue
            }
            var rest = text
            while let member = Netstrings.takeFirst(of: &rest) {
                if !SetMember.isInvalid(member, of: field.isPhone ? .phone : .email) { body(member, field.isPhone) }
            }
        }
    }

    /// The digests of a record's e-mails and phones, in the order of its fields.
    func digests(of record: RecordView, _ scheme: HashScheme) -> [(digest: Digest128, isPhone: Bool)] {
        var digests: [(digest: Digest128, isPhone: Bool)] = []
        forEach(in: record) { digests.append((scheme.digest($0), $1)) }
        return digests
    }
}
