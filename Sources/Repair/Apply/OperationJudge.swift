import Contacts
import Fingerprint

/// Says of an operation what is to be done with it, by what the store holds at the moment. Used by one task at a time.
struct OperationJudge {
    /// What is to be done with an operation.
    enum Verdict: Hashable {
        /// The store holds what is expected.
        case write
        /// The store holds what the operation leaves.
        case already
        /// Neither; why, in a sentence without values.
        case superseded(String)
    }

    static let isNewer = "the record is neither what was expected nor what would be left: somebody wrote it meanwhile"
    static let isGone = "the contact was deleted meanwhile"
    static let lacksField = "the store no longer has a field that would be written"

    private let state: RecordState
    private let layout: StoreLayout
    private let indices: [String: Int]
    private let spelling: FieldSpelling

    init(layout: StoreLayout, input: ApplyInput) {
        self.layout = layout
        state = RecordState(layout: layout, scheme: input.scheme, phoneRegion: input.phoneRegion)
        spelling = FieldSpelling(phoneRegion: input.phoneRegion)
        indices = Dictionary(uniqueKeysWithValues: layout.fields.enumerated().map { ($1.field.name, $0) })
    }

    /// What the writer is to do; nil where the store no longer has one of the fields.
    func change(_ operation: RepairPlan.Operation) -> RecordChange? {
        var values: [Int: RawValue] = [:]
        for (name, change) in operation.fields {
            guard let index = indices[name] else { return nil }
            values[index] = change.to
        }
        guard let locator = operation.locator, operation.action != .insert else {
            return RecordChange(.insert, key: operation.contact, rows: [], values: values)
        }
        if operation.action == .merge {
            return RecordChange(.remove, key: operation.contact, rows: locator.others, values: [:])
        }
        let action: RecordChange.Action = operation.action == .delete && values.isEmpty ? .remove : .update
        return RecordChange(action, key: operation.contact, rows: [locator.row], values: values)
    }

    /// What is asked of a reader to judge an operation.
    func request(_ operation: RepairPlan.Operation) -> RecordRequest {
        let rows = operation.locator.map { [$0.row] + $0.others } ?? []
        return RecordRequest(key: operation.contact, rows: rows)
    }

    /// - Parameter records: those that may be the contact, as a writer passes them.
    func verdict(_ operation: RepairPlan.Operation, _ records: [ContactRecord]) -> Verdict {
        if operation.action == .insert {
            let own = own(operation, records)
            if own.isEmpty { return .write }
            if isLeft(own, operation) { return .already }
            return .superseded(
                "the store got a contact of that key meanwhile, and it is another one than would be added"
            )
        }
        if isExpected(operation, records) { return .write }
        let own = own(operation, records)
        if isLeft(own, operation) { return .already }
        return .superseded(why(operation, own))
    }

    /// Whether the store holds what the operation leaves.
    ///
    /// - Parameter records: those that may be the contact.
    func isCarriedOut(_ operation: RepairPlan.Operation, _ records: [ContactRecord]) -> Bool {
        isLeft(own(operation, records), operation)
    }

    /// The records that are the contact: those of its key, and those of its rows that have none. A row with another key is
    /// another contact's: stores give the numbers of rows that are gone away again.
    private func own(_ operation: RepairPlan.Operation, _ records: [ContactRecord]) -> [ContactRecord] {
        let key = Array(operation.contact.utf8)
        let rows = operation.locator.map { [$0.row] + $0.others } ?? []
        return records.filter { record in
            guard let own = state.contact(record)?.key else { return rows.contains(record.row) }
            return own == key
        }
    }

    private func isExpected(_ operation: RepairPlan.Operation, _ records: [ContactRecord]) -> Bool {
        guard let locator = operation.locator, let record = records.first(where: { $0.row == locator.row }),
            operation.expect != nil || operation.action == .link, state.digest(of: record) == operation.expect
        else { return false }
        let others = locator.others.allSatisfy { row in
            records.contains { $0.row == row && state.digest(of: $0) == operation.expect }
        }
        return others && operation.fields.allSatisfy { isAsBefore($0, $1.from, record) }
    }

    /// Whether a field that is to be written has the raw value that the plan saw.
    private func isAsBefore(_ name: String, _ value: RawValue, _ record: ContactRecord) -> Bool {
        guard let index = indices[name] else { return false }
        let raw = record.values[index]
        return (spelling.content(of: raw, in: layout.fields[index]) ?? raw) == value
    }

    private func isLeft(_ own: [ContactRecord], _ operation: RepairPlan.Operation) -> Bool {
        guard let leave = operation.leave else { return own.isEmpty }
        let others = operation.locator?.others ?? []
        return own.contains { state.digest(of: $0) == leave } && !own.contains { others.contains($0.row) }
    }

    private func why(_ operation: RepairPlan.Operation, _ own: [ContactRecord]) -> String {
        if own.isEmpty { return Self.isGone }
        let wasAlive = operation.fields[ContactSchema.Name.deletedAt]?.from ?? .null == .null
        let isDeleted = own.allSatisfy { state.contact($0)?.isDeleted ?? false }
        return isDeleted && wasAlive ? Self.isGone : Self.isNewer
    }
}
