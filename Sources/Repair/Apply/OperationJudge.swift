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
    static let isHeld = "the store got another record of the contact meanwhile"
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
        let states = states(of: records)
        let own = own(operation, states)
        if operation.action == .insert {
            if own.isEmpty { return .write }
            if isLeft(own, operation) { return .already }
            return .superseded(
                "the store got a contact of that key meanwhile, and it is another one than would be added"
            )
        }
        if operation.action == .link { return linkVerdict(operation, states, own) }
        if isExpected(operation, states) { return .write }
        if isLeft(own, operation) { return .already }
        return .superseded(why(operation, own))
    }

    /// A link gives its key to a record that has none, unless the store has got another record of that key meanwhile.
    private func linkVerdict(_ operation: RepairPlan.Operation, _ states: [State], _ own: [State]) -> Verdict {
        if isLeft(own, operation) { return .already }
        guard let row = operation.locator?.row, let found = states.first(where: { $0.record.row == row }) else {
            return .superseded(Self.isGone)
        }
        guard own.allSatisfy({ $0.record.row == row }) else { return .superseded(Self.isHeld) }
        let isExpected =
            operation.expect != nil && state.digest(ofUnlinked: found.record) == operation.expect
            && operation.fields.allSatisfy { isAsBefore($0, $1.from, found.record) }
        return isExpected ? .write : .superseded(Self.isNewer)
    }

    /// Whether the store holds what the operation leaves.
    ///
    /// - Parameter records: those that may be the contact.
    func isCarriedOut(_ operation: RepairPlan.Operation, _ records: [ContactRecord]) -> Bool {
        isLeft(own(operation, states(of: records)), operation)
    }

    // MARK: States

    /// A record as plans tell it apart.
    private struct State {
        let record: ContactRecord
        /// Nil without a key; so is the digest.
        let contact: CanonicalContact?
        let digest: String?
    }

    private func states(of records: [ContactRecord]) -> [State] {
        records.map { record in
            let contact = state.contact(record)
            return State(record: record, contact: contact, digest: contact.map(state.digest))
        }
    }

    /// The records that are the contact: those of its key, and those of its rows that have none. A row with another key is
    /// another contact's: stores give the numbers of rows that are gone away again.
    private func own(_ operation: RepairPlan.Operation, _ states: [State]) -> [State] {
        states.filter { state in
            guard let key = state.contact?.key else {
                guard let locator = operation.locator else { return false }
                return locator.row == state.record.row || locator.others.contains(state.record.row)
            }
            return key.elementsEqual(operation.contact.utf8)
        }
    }

    private func isExpected(_ operation: RepairPlan.Operation, _ states: [State]) -> Bool {
        guard let locator = operation.locator, let found = states.first(where: { $0.record.row == locator.row }),
            operation.expect != nil, found.digest == operation.expect
        else { return false }
        let others = locator.others.allSatisfy { row in
            states.contains { $0.record.row == row && $0.digest == operation.expect }
        }
        return others && operation.fields.allSatisfy { isAsBefore($0, $1.from, found.record) }
    }

    /// Whether a field that is to be written has the raw value that the plan saw.
    private func isAsBefore(_ name: String, _ value: RawValue, _ record: ContactRecord) -> Bool {
        guard let index = indices[name] else { return false }
        let raw = record.values[index]
        return (spelling.content(of: raw, in: layout.fields[index]) ?? raw) == value
    }

    private func isLeft(_ own: [State], _ operation: RepairPlan.Operation) -> Bool {
        guard let leave = operation.leave else { return own.isEmpty }
        let others = operation.locator?.others ?? []
        // What a store could only mark as deleted is taken away, too.
        return own.contains { $0.digest == leave }
            && !own.contains { others.contains($0.record.row) && $0.contact?.isDeleted != true }
    }

    private func why(_ operation: RepairPlan.Operation, _ own: [State]) -> String {
        if own.isEmpty { return Self.isGone }
        let wasAlive = operation.fields[ContactSchema.Name.deletedAt]?.from ?? .null == .null
        let isDeleted = own.allSatisfy { $0.contact?.isDeleted ?? false }
        return isDeleted && wasAlive ? Self.isGone : Self.isNewer
    }
}
