import Contacts
import Stores
import Testing

/// One opened writer, with the journal that it was given.
final class TwentyPen {
    let writer: any StoreWriter
    private(set) var journal: [[RowStep]] = []

    init(_ store: TwentyStore) async throws { writer = try await store.openForWriting(notify: { _ in }) }

    var layout: StoreLayout { writer.layout }

    /// A change, its values by field.
    func change(
        _ action: RecordChange.Action,
        _ key: String,
        rows: [String] = [],
        _ values: [String: RawValue] = [:]
    ) throws -> RecordChange {
        var byPlace: [Int: RawValue] = [:]
        for (field, value) in values { byPlace[try #require(layout.index(of: field))] = value }
        return RecordChange(action, key: key, rows: rows.map { .text($0) }, values: byPlace)
    }

    func insert(_ key: String, _ values: [String: RawValue] = [:]) throws -> RecordChange {
        try change(.insert, key, values.merging(["contact_id": .text(key)]) { first, _ in first })
    }

    @discardableResult
    func write(
        _ changes: [RecordChange],
        decide: (Int, [ContactRecord]) throws -> Bool = { _, _ in true }
    ) async throws -> [WriteOutcome] {
        try await writer.write(changes, decide: decide) { journal += $0.map(\.steps) }
    }

    @discardableResult
    func carryOut(_ lists: [[RowStep]]) async throws -> [WriteOutcome] {
        try await writer.carryOut(lists) { journal += $0.map(\.steps) }
    }
}

extension WriteOutcome {
    /// What was done; nil where it was not.
    var steps: [RowStep]? { if case .written(let steps) = self { steps } else { nil } }
    /// Why it was refused.
    var refusal: String? { if case .refused(let why) = self { why } else { nil } }
}

extension [RowStep] {
    /// The list that takes this one back.
    var undone: [RowStep] { reversed().map(\.reversed) }
}

extension RawValue {
    static func emails(_ members: String...) -> RawValue {
        .list(members.map { .text($0) }, primary: members.isEmpty ? nil : 0)
    }
}
