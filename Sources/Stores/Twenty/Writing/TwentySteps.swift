import Contacts
import Foundation

/// Turns changes into journalled steps, and compares steps with people as they are. Used by one task at a time.
struct TwentySteps {
    /// The one table that steps name.
    static let table = "people"

    let layout: TwentyLayout
    let fields: [String: TwentyField]
    let normal = TwentyNormalForm()

    init(_ layout: TwentyLayout) {
        self.layout = layout
        fields = Dictionary(layout.sources.map { ($0.field.name, $0.field) }, uniquingKeysWith: { first, _ in first })
    }

    // MARK: Making

    /// What a change writes: of an update the fields that become other ones.
    ///
    /// - Parameter people: who may be the contact.
    /// - Returns: nil where the person is not there; empty where everything is so already.
    /// - Throws: `WriteRefusal`.
    func steps(of change: RecordChange, _ people: [TwentyPerson]) throws -> [RowStep]? {
        switch change.action {
        case .insert: return try insertion(change)
        case .update:
            guard let row = change.rows.first, let person = people.first(where: { $0.row == row }) else { return nil }
            return try update(change, person)
        case .remove:
            let going = people.filter { change.rows.contains($0.row) }
            return going.isEmpty ? nil : going.filter { !$0.isDeleted }.map { Self.mark($0.row, deleted: true) }
        }
    }

    /// The person gets an id of our making, so that one that was made before its answer was lost is found again.
    private func insertion(_ change: RecordChange) throws -> [RowStep] {
        let draft = try TwentyDraft(change, nil, layout)
        let after = draft.fields.filter { name, value in !isNothing(value, name) }.mapValues(Self.raw)
        guard after[layout.key.field.name] != nil else {
            throw WriteRefusal("a person that is added needs a contact id in \(layout.key.field.name)")
        }
        let row = RowID.text(UUID().uuidString.lowercased())
        return [RowStep(table: Self.table, row: row, before: nil, after: after)]
    }

    private func update(_ change: RecordChange, _ person: TwentyPerson) throws -> [RowStep] {
        let draft = try TwentyDraft(change, person, layout)
        var before: [String: RawValue] = [:]
        var after: [String: RawValue] = [:]
        for (name, value) in draft.fields {
            guard let field = fields[name], let current = person[name], !normal.areEqual(current, value, field) else {
                continue
            }
            before[name] = Self.raw(current)
            after[name] = Self.raw(value)
        }
        let write = after.isEmpty ? [] : [RowStep(table: Self.table, row: person.row, before: before, after: after)]
        guard let deleted = draft.isDeleted, deleted != person.isDeleted else { return write }
        // Who is deleted is not written to.
        let mark = Self.mark(person.row, deleted: deleted)
        return deleted ? write + [mark] : [mark] + write
    }

    private func isNothing(_ value: JSONValue, _ name: String) -> Bool {
        guard let field = fields[name] else { return TwentyValue.isEmpty(value) }
        return normal.areEqual(value, nil, field)
    }

    /// A soft delete, or its end. The time is the server's.
    static func mark(_ row: RowID?, deleted: Bool) -> RowStep {
        let time = RawValue.text(Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        return RowStep(
            table: table,
            row: row,
            before: [deletedAt: deleted ? .null : time],
            after: [deletedAt: deleted ? time : .null]
        )
    }

    static let deletedAt = "deletedAt"

    /// Whether a step deletes or restores.
    static func isMark(_ step: RowStep) -> Bool { step.before?[deletedAt] != nil && step.after?[deletedAt] != nil }

    // MARK: Comparing

    /// How the person of a step is.
    enum Standing: Hashable {
        /// As the step expects.
        case before
        /// As it leaves.
        case after
        case neither
    }

    /// - Parameter person: of the step's row; nil where there is none.
    func standing(of step: RowStep, _ person: TwentyPerson?) -> Standing {
        guard step.table == Self.table, step.row.flatMap(TwentyFetch.id) != nil else { return .neither }
        switch (step.before, step.after) {
        case (nil, let after?):
            guard let person else { return .before }
            return !person.isDeleted && holds(after, person) ? .after : .neither
        case (let before?, nil):
            guard let person, !person.isDeleted else { return .after }
            return holds(before, person) ? .before : .neither
        case (let before?, let after?):
            guard let person else { return .neither }
            if holds(after, person) { return .after }
            return holds(before, person) ? .before : .neither
        case (nil, nil): return .neither
        }
    }

    /// Whether the person has these values, as Twenty keeps them. Of a deletion only whether it is one: its time is the
    /// server's.
    func holds(_ image: [String: RawValue], _ person: TwentyPerson) -> Bool {
        image.allSatisfy { name, value in
            if name == Self.deletedAt { return person.isDeleted == (value != .null) }
            guard let field = fields[name], let current = person[name] else { return false }
            return normal.areEqual(current, Self.json(value), field)
        }
    }

    /// Fields of an image that the person has with other values.
    func differing(_ image: [String: RawValue], _ person: TwentyPerson) -> [String] {
        image.keys.filter { name in image[name].map { !holds([name: $0], person) } ?? false }.sorted()
    }

    /// The values of an image's fields as the person has them.
    func image(like image: [String: RawValue], _ person: TwentyPerson) -> [String: RawValue] {
        Dictionary(image.map { name, value in (name, person[name].map(Self.raw) ?? value) }) { first, _ in first }
    }

    // MARK: Forms

    /// A value as steps hold it: composites whole, as JSON.
    static func raw(_ json: JSONValue) -> RawValue { TwentyValue.raw(json) }

    /// The value that a step holds.
    static func json(_ raw: RawValue) -> JSONValue {
        switch raw {
        case .null: .null
        case .integer(let number): .number(number)
        case .real(let number): .number("\(number)")
        case .text(let bytes), .blob(let bytes): .string(String(decoding: bytes, as: UTF8.self))
        case .json(let bytes): (try? JSONValue(parsing: bytes)) ?? .null
        case .list(let members, _): .array(members.map(json))
        }
    }

    /// What is sent to make these values the person's.
    func payload(_ image: [String: RawValue]) -> [JSONValue.Member] {
        image.sorted { $0.key < $1.key }.filter { $0.key != Self.deletedAt }
            .map { name, value in
                let json = Self.json(value)
                let isEmpty = TwentyValue.isEmpty(json)
                let type = fields[name]?.type ?? ""
                return JSONValue.Member(name: name, value: isEmpty ? TwentyWording.nothing(type) : json)
            }
    }
}
