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

    /// What is wrong with the compared fields, by the rules that were asked for, in no promised order.
    package func inspectContent(_ record: RecordView) -> [FieldDamage] {
        var found: [FieldDamage] = []
        if record.hasInvalid {
            for index in 0..<record.fieldCount where record.isInvalid(index) {
                found.append(invalid(layout.fields[index], record.text(index), record.cells[index]))
            }
        }
        for index in layout.sets where !record.isInvalid(index) && LookAlike.holds(record.text(index), "!") {
            inspectMembers(of: layout.fields[index], record.text(index), &found)
        }
        record.forEachUnusualField { index in
            guard layout.hasProse[index], !record.isInvalid(index),
                let damage = encoding.damage(of: layout.fields[index], record.text(index))
            else { return }
            found.append(damage)
        }
        inspectNames(record, &found)
        inspectCategory(record, &found)
        if let birthday = layout.birthday { times.inspect(birthday: birthday, of: record, &found) }
        return asked(found)
    }

    /// What is wrong with the row's own times, its version and its checksum, by the rules that were asked for.
    package func inspectRow(_ record: RecordView) -> [FieldDamage] {
        var found: [FieldDamage] = []
        if let checksum, RowChecksum.matches(record.cells[checksum], record) == false {
            found.append(FieldDamage(.corruptionChecksum, "does not match the checksum that it keeps of the row"))
        }
        times.inspect(record, &found)
        return asked(found)
    }

    private func asked(_ found: [FieldDamage]) -> [FieldDamage] {
        found.isEmpty ? found : found.filter { rules.contains($0.rule) }
    }

    // MARK: Values that are not of their type

    private func invalid(_ field: InspectedField, _ text: UnsafeRawBufferPointer, _ cell: RawCell) -> FieldDamage {
        // Behind the `!`.
        let raw = UnsafeRawBufferPointer(rebasing: text.dropFirst())
        func damage(_ rule: RuleID, _ reason: String) -> FieldDamage {
            FieldDamage(rule, field: field.name, reason, text: Array(text))
        }
        // A value inside JSON that is invalid by itself is less than the column.
        let isColumn = field.isInsideJSON && raw.elementsEqual(cell.bytes)
        if isColumn || field.kind == .json || field.isSet {
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
            guard SetMember.isInvalid(member, of: field.type) else { continue }
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
        case .email where LookAlike.isPhone(LookAlike.trimmed(raw)):
            FieldDamage(.corruptionSwapped, field: field.name, "holds a phone number", text: Array(text))
        case .phone where LookAlike.isEmail(LookAlike.trimmed(raw)):
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
        if !layout.naming.isEmpty, layout.naming.allSatisfy({ record.text($0).isEmpty }) {
            found.append(FieldDamage(.corruptionRequired, "holds the contact without any name"))
        }
        guard let names = layout.names else { return }
        record.forEachFieldLikeAnIdentifier(in: names) { index in
            guard layout.isName[index], !record.isAbsent(index), !record.isInvalid(index) else { return }
            let text = record.text(index)
            let reason: String
            if LookAlike.isEmail(text) {
                reason = "holds an e-mail address"
            } else if LookAlike.isDate(text) {
                reason = "holds a date"
            } else if LookAlike.isUUID(text) {
                reason = "holds an identifier"
            } else {
                return
            }
            let name = layout.fields[index].name
            found.append(FieldDamage(.corruptionSwapped, field: name, reason, text: Array(text)))
        }
    }

    private func inspectCategory(_ record: RecordView, _ found: inout [FieldDamage]) {
        var letter: UInt8?
        if let index = layout.category, !record.isAbsent(index), !record.isInvalid(index) {
            let text = record.text(index)
            let isFolded = layout.fields[index].isFolded
            if CategoryCode.isCategory(text, isFolded: isFolded) {
                letter = text[0] & 0xDF
            } else if !text.isEmpty {
                let isSub = CategoryCode.isSubcategory(text, of: nil, isFolded: isFolded)
                found.append(
                    FieldDamage(
                        isSub ? .corruptionSwapped : .corruptionCategory,
                        field: layout.fields[index].name,
                        isSub ? "holds a subcategory" : "is no category",
                        text: Array(text)
                    )
                )
            }
        }
        guard let index = layout.subcategory, !record.isAbsent(index), !record.isInvalid(index) else { return }
        let text = record.text(index)
        let isFolded = layout.fields[index].isFolded
        if CategoryCode.isSubcategory(text, of: letter, isFolded: isFolded) { return }
        let isCategory = CategoryCode.isCategory(text, isFolded: isFolded)
        let isOther = CategoryCode.isSubcategory(text, of: nil, isFolded: isFolded)
        found.append(
            FieldDamage(
                isCategory ? .corruptionSwapped : .corruptionCategory,
                field: layout.fields[index].name,
                isCategory ? "holds a category" : isOther ? "belongs to another category" : "is no subcategory",
                text: Array(text)
            )
        )
    }
}
