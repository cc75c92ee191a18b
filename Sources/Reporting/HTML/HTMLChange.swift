import Contacts

/// One field of an operation: what the store shows of it before and behind the write.
struct HTMLChange {
    let field: String
    /// Whether there is a value before that is worth showing: an insert has none.
    let isMove: Bool
    /// Masks; nil where the value is absent.
    let from: String?
    let to: String?
    /// Said where two values that differ have the same mask.
    let same: String?

    init(_ field: String, _ change: RepairPlan.Change, type: FieldType, isInsert: Bool) {
        self.field = field
        isMove = !isInsert
        let masks = RawMask.masks(from: change.from, to: change.to, type: type)
        (from, to) = masks
        let lengths = [change.from, change.to].map(RawMask.length)
        same =
            isInsert || masks.from == nil || masks.from != masks.to || change.from == change.to
            ? nil
            : lengths[0] == lengths[1]
                ? "≠ same mask, values differ" : "≠ same mask, \(lengths.joined(separator: " and "))"
    }

    /// What a field would get, where nothing is written.
    init(_ field: String, proposed value: RawValue, type: FieldType) {
        self.field = field
        isMove = false
        from = nil
        to = RawMask.mask(value, type: type)
        same = nil
    }
}
