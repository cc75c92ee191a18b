import Contacts
import Fingerprint

/// Finds texts that were read in another encoding than they were written in.
struct EncodingInspection {
    /// What is wrong with a field's canonical text; nil where it is sound.
    func damage(of field: InspectedField, _ text: UnsafeRawBufferPointer) -> FieldDamage? {
        if field.isSet { return damage(ofSet: field, text) }
        return field.kind == .json ? damage(ofJSON: field, text) : damage(ofText: field, text)
    }

    /// A set is damaged where a member is that can be read as its type. It is told as it stands: members are no prose.
    private func damage(ofSet field: InspectedField, _ text: UnsafeRawBufferPointer) -> FieldDamage? {
        var damage: Set<TextDamage> = []
        var rest = text
        while let member = Netstrings.takeFirst(of: &rest) {
            if SetMember.isInvalid(member, of: field.type) { continue }
            let own =
                field.kind == .json ? self.damage(inStringsOf: member).damage : TextDoctor.diagnose(member)?.damage
            damage.formUnion(own ?? [])
        }
        guard !damage.isEmpty else { return nil }
        return FieldDamage(.corruptionEncoding, field: field.name, Self.reason(damage), text: Array(text))
    }

    private func damage(ofText field: InspectedField, _ text: UnsafeRawBufferPointer) -> FieldDamage? {
        guard let diagnosis = TextDoctor.diagnose(text) else { return nil }
        return FieldDamage(
            .corruptionEncoding,
            field: field.name,
            Self.reason(diagnosis.damage),
            text: Array(text),
            // What a policy has changed is not what the store holds.
            proposed: field.isAltered ? nil : diagnosis.repaired.map { Array($0.utf8) }
        )
    }

    /// JSON is damaged where one of its strings is; it is certain what it was where that is so for all of these.
    private func damage(ofJSON field: InspectedField, _ json: UnsafeRawBufferPointer) -> FieldDamage? {
        let (damage, repaired) = damage(inStringsOf: json)
        guard !damage.isEmpty else { return nil }
        return FieldDamage(
            .corruptionEncoding,
            field: field.name,
            Self.reason(damage),
            text: Array(json),
            proposed: repaired
        )
    }

    private func damage(inStringsOf json: UnsafeRawBufferPointer) -> (damage: Set<TextDamage>, repaired: [UInt8]?) {
        // What may be damage in a string may be so in the whole, whose quotation marks and escapes are no letters.
        if TextScan.signs(in: json).isEmpty { return ([], nil) }
        var damage: Set<TextDamage> = []
        var isCertain = true
        let repaired = CanonicalJSON.replacingStrings(in: json) { text in
            guard let diagnosis = TextDoctor.diagnose(text) else { return nil }
            damage.formUnion(diagnosis.damage)
            guard let repaired = diagnosis.repaired else {
                isCertain = false
                return nil
            }
            return Array(repaired.utf8)
        }
        return (damage, isCertain ? repaired : nil)
    }

    /// A text that is no UTF-8.
    ///
    /// - Parameters:
    ///   - raw: the bytes of the store.
    ///   - text: the canonical text.
    func invalid(_ field: InspectedField, _ raw: UnsafeRawBufferPointer, _ text: UnsafeRawBufferPointer) -> FieldDamage
    {
        // Text in UTF-8 is invalid where it is no text, but an array or object.
        guard String(validating: raw, as: UTF8.self) == nil else {
            return FieldDamage(.corruptionType, field: field.name, "is no text", text: Array(text))
        }
        return FieldDamage(
            .corruptionEncoding,
            field: field.name,
            Self.reason([.invalid]),
            text: Array(text),
            proposed: field.isSet || field.isAltered ? nil : TextDoctor.diagnose(raw)?.repaired.map { Array($0.utf8) }
        )
    }

    /// The damages in words that follow the field's name.
    static func reason(_ damage: Set<TextDamage>) -> String {
        let parts = TextDamage.allCases.filter(damage.contains)
            .map { damage in
                switch damage {
                case .mojibake: "was read in another encoding than it was written in"
                case .replacement: "holds characters that were lost (U+FFFD)"
                case .control: "holds control characters"
                case .entity: "holds HTML entities"
                case .escape: "holds escaped characters"
                case .invalid: "is no UTF-8"
                }
            }
        return parts.joined(separator: ", ")
    }
}
