package import Contacts

/// Judges records one by one, by what they themselves hold. Used by one task at a time.
package protocol RecordInspector: AnyObject {
    /// What is wrong with a live record's compared fields; empty for nearly all. The same canonical bytes get the same answer
    /// from the inspectors of all stores that spell these fields alike.
    func inspectContent(_ record: RecordView) -> [FieldDamage]

    /// What is wrong with the rest of the row, by itself or beside the compared fields.
    func inspectRow(_ record: RecordView) -> [FieldDamage]
}

extension RecordInspector {
    /// All that is wrong with a live record.
    func inspect(_ record: RecordView) -> [FieldDamage] { inspectContent(record) + inspectRow(record) }
}

/// What an inspector finds wrong with one field of a record.
package struct FieldDamage: Sendable, Hashable {
    /// The rule that it breaks.
    package let rule: RuleID
    /// The field's name; nil for a rule that is about the record as a whole.
    package let field: String?
    /// What is wrong, in words that may follow the field's name, or the store's; holds no value.
    package let reason: String
    /// The canonical text that breaks it; nil where there is none.
    package let text: [UInt8]?
    /// The canonical text that it certainly was; nil where that is not known.
    package let proposed: [UInt8]?

    /// A damage as it was seen; nothing is checked.
    package init(
        _ rule: RuleID,
        field: String? = nil,
        _ reason: String,
        text: [UInt8]? = nil,
        proposed: [UInt8]? = nil
    ) {
        self.rule = rule
        self.field = field
        self.reason = reason
        self.text = text
        self.proposed = proposed
    }
}

/// A record of a scan with something wrong in it.
package struct DamagedRecord: Sendable, Hashable {
    /// The canonical text of the key.
    package let key: [UInt8]
    /// At least one, in the order in which the inspector named them.
    package let damages: [FieldDamage]

    /// How it lies in a spool: netstrings of the key, then of rule, field, reason, text and proposed text for each damage
    /// (`-` for none), then `;`.
    func append(to out: inout ByteBuffer) {
        func append(_ text: [UInt8]?) {
            guard let text else { return out.append(UInt8(ascii: "-")) }
            text.withUnsafeBytes { out.append(netstring: $0) }
        }
        append(key)
        for damage in damages {
            append(Array(damage.rule.name.utf8))
            append(damage.field.map { Array($0.utf8) })
            append(Array(damage.reason.utf8))
            append(damage.text)
            append(damage.proposed)
        }
        out.append(UInt8(ascii: ";"))
    }

    /// The records of a block that `append` has written.
    static func all(in block: UnsafeRawBufferPointer) -> [DamagedRecord] {
        var records: [DamagedRecord] = []
        var at = 0
        func text() -> [UInt8]? {
            guard block[at] != UInt8(ascii: "-") else {
                at += 1
                return nil
            }
            var count = 0
            while block[at] != UInt8(ascii: ":") {
                count = count * 10 + Int(block[at] - 0x30)
                at += 1
            }
            let bytes = Array(block[(at + 1)..<(at + 1 + count)])
            at += count + 2
            return bytes
        }
        while at < block.count {
            let key = text() ?? []
            var damages: [FieldDamage] = []
            while block[at] != UInt8(ascii: ";") {
                let rule = RuleID(String(decoding: text() ?? [], as: UTF8.self))
                let field = text().map { String(decoding: $0, as: UTF8.self) }
                let reason = String(decoding: text() ?? [], as: UTF8.self)
                damages.append(FieldDamage(rule, field: field, reason, text: text(), proposed: text()))
            }
            at += 1
            records.append(DamagedRecord(key: key, damages: damages))
        }
        return records
    }
}
