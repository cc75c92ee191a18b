package import Contacts
package import Fingerprint

/// Judges single records by the rules of corruption that need nothing but the record. One for each scanning task.
///
/// What is said of a field is said of its canonical text; a deleted record is not passed to it.
package final class ContactInspector: RecordInspector {
    /// How far a clock may be ahead before a time counts as in the future, in microseconds.
    static let clockSkew: Int64 = 10 * 60 * 1_000_000

    private let layout: InspectedLayout
    private let rules: Set<RuleID>
    private let times: TimeInspection
    private let encoding: EncodingInspection
    /// Where the column stands that holds a row's checksum.
    private let checksum: Int?

    /// - Parameters:
    ///   - layout: of the store whose records are passed.
    ///   - rules: those to judge by; ones of which it knows nothing are ignored.
    ///   - now: microseconds since 1970, from which on times are in the future.
    package init(layout: StoreLayout, rules: Set<RuleID>, now: Int64) {
        self.layout = InspectedLayout(layout)
        self.rules = rules
        times = TimeInspection(now: now + Self.clockSkew)
        encoding = EncodingInspection()
        checksum = rules.contains(.corruptionChecksum) ? layout.index(of: ContactSchema.Name.checksum) : nil
    }

    /// What is wrong with a live record, by the rules that were asked for, in no promised order.
    package func inspect(_ record: RecordView) -> [FieldDamage] {
        var found: [FieldDamage] = []
        for index in 0..<record.fieldCount where record.isInvalid(index) {
            found.append(invalid(layout.fields[index], record.text(index)))
        }
        for field in layout.sets where !record.isAbsent(field.index) && !record.isInvalid(field.index) {
            inspectMembers(of: field, record.text(field.index), &found)
        }
        if record.hasUnusualBytes {
            for field in layout.texts where !record.isAbsent(field.index) && !record.isInvalid(field.index) {
                if let damage = encoding.damage(of: field, record.text(field.index)) { found.append(damage) }
            }
        }
        inspectNames(record, &found)
        inspectCategory(record, &found)
        if let checksum, RowChecksum.matches(record.cells[checksum], record) == false {
            found.append(FieldDamage(.corruptionChecksum, "does not match the checksum that it keeps of the row"))
        }
        times.inspect(record, birthday: layout.birthday, &found)
        return found.isEmpty ? found : found.filter { rules.contains($0.rule) }
    }

    // MARK: Values that are not of their type

    private func invalid(_ field: InspectedField, _ text: UnsafeRawBufferPointer) -> FieldDamage {
        // Behind the `!`.
        let raw = UnsafeRawBufferPointer(rebasing: text.dropFirst())
        func damage(_ rule: RuleID, _ reason: String) -> FieldDamage {
            FieldDamage(rule, field: field.name, reason, text: Array(text))
        }
        if field.isInsideJSON || field.kind == .json || field.isSet {
            return damage(.corruptionJSON, "is JSON that does not parse or repeats a key")
        }
        switch field.kind {
        case .email, .phone: return member(of: field, raw, text)
        case .text, .id: return encoding.invalid(field, raw, text)
        case .date: return damage(.corruptionType, "is no date")
        case .bool: return damage(.corruptionType, "is neither true nor false")
        case .timestamp: return damage(.corruptionType, "is no time")
        default: return damage(.corruptionType, "is no number")
        }
    }

    private func inspectMembers(
        of field: InspectedField,
        _ text: UnsafeRawBufferPointer,
        _ found: inout [FieldDamage]
    ) {
        var rest = text
        var damage: FieldDamage?
        while let member = Netstrings.takeFirst(of: &rest) {
            guard member.first == UInt8(ascii: "!") else { continue }
            let raw = UnsafeRawBufferPointer(rebasing: member.dropFirst())
            let next = self.member(of: field, raw, text)
            // Of several, one that stands in the wrong field says most.
            if damage == nil || next.rule == .corruptionSwapped { damage = next }
        }
        if let damage { found.append(damage) }
    }

    /// An e-mail or phone that is none, alone or in a set.
    private func member(
        of field: InspectedField,
        _ raw: UnsafeRawBufferPointer,
        _ text: UnsafeRawBufferPointer
    ) -> FieldDamage {
        switch field.kind {
        case .email where LookAlike.isPhone(raw):
            FieldDamage(.corruptionSwapped, field: field.name, "holds a phone number", text: Array(text))
        case .phone where LookAlike.isEmail(raw):
            FieldDamage(.corruptionSwapped, field: field.name, "holds an e-mail address", text: Array(text))
        case .email:
            FieldDamage(
                .corruptionIdentifier,
                field: field.name,
                "holds an impossible e-mail address",
                text: Array(text)
            )
        case .phone:
            FieldDamage(.corruptionIdentifier, field: field.name, "holds an impossible phone number", text: Array(text))
        case .json: FieldDamage(.corruptionJSON, field: field.name, "holds JSON that does not parse", text: Array(text))
        case .text, .id: encoding.invalid(field, raw, text)
        default: FieldDamage(.corruptionType, field: field.name, "holds a value of another type", text: Array(text))
        }
    }

    // MARK: Values in the wrong field

    private func inspectNames(_ record: RecordView, _ found: inout [FieldDamage]) {
        if !layout.naming.isEmpty, layout.naming.allSatisfy({ record.isAbsent($0.index) }) {
            found.append(FieldDamage(.corruptionRequired, "holds the contact without any name"))
        }
        for field in layout.names where !record.isAbsent(field.index) {
            let text = record.text(field.index)
            let reason: String
            if LookAlike.isEmail(text) {
                reason = "holds an e-mail address"
            } else if LookAlike.isDate(text) {
                reason = "holds a date"
            } else if LookAlike.isUUID(text) {
                reason = "holds an identifier"
            } else {
                continue
            }
            found.append(FieldDamage(.corruptionSwapped, field: field.name, reason, text: Array(text)))
        }
    }

    private func inspectCategory(_ record: RecordView, _ found: inout [FieldDamage]) {
        let category = layout.category.map { record.text($0.index) }
        if let field = layout.category, let category, !category.isEmpty, !record.isInvalid(field.index),
            !CategoryCode.isCategory(category)
        {
            let isSub = CategoryCode.isSubcategory(category, of: nil)
            found.append(
                FieldDamage(
                    isSub ? .corruptionSwapped : .corruptionCategory,
                    field: field.name,
                    isSub ? "holds a subcategory" : "is no category",
                    text: Array(category)
                )
            )
        }
        guard let field = layout.subcategory, !record.isAbsent(field.index), !record.isInvalid(field.index) else {
            return
        }
        let text = record.text(field.index)
        let own = category.flatMap { CategoryCode.isCategory($0) ? $0.first : nil }
        if CategoryCode.isSubcategory(text, of: own) { return }
        let isCategory = CategoryCode.isCategory(text)
        let isOther = CategoryCode.isSubcategory(text, of: nil)
        found.append(
            FieldDamage(
                isCategory ? .corruptionSwapped : .corruptionCategory,
                field: field.name,
                isCategory ? "holds a category" : isOther ? "belongs to another category" : "is no subcategory",
                text: Array(text)
            )
        )
    }
}
