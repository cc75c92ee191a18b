import Contacts
import Fingerprint
import Foundation

@testable import Repair

/// Operations by the state of the stores.
extension RepairBench {
    func plan(_ operations: [RepairPlan.Operation], manual: [RepairPlan.Manual] = []) throws -> RepairPlan {
        try PlanFile.sealed(
            RepairPlan(
                createdAt: Date(timeIntervalSince1970: 1_799_990_000),
                run: "audit",
                configuration: Self.configuration,
                roots: [:],
                operations: operations,
                manual: manual,
                summary: [:]
            )
        )
    }

    /// What a store holds of a contact.
    func records(_ store: String, _ key: Int) async throws -> (layout: StoreLayout, records: [ContactRecord]) {
        let session = try await self.store(store).openForFetches { _ in }
        let found = try await session.fetch([RecordRequest(key: "\(key)", rows: [])])
        let layout = session.layout
        await session.close()
        return (layout, found[0])
    }

    private func state(_ layout: StoreLayout) -> RecordState {
        RecordState(layout: layout, scheme: .xxh3, phoneRegion: "US")
    }

    func update(
        _ store: String,
        _ key: Int,
        _ values: [String: RawValue],
        action: RepairProposal.Action = .update,
        after: [RepairPlan.Operation] = [],
        conflict: RepairPlan.Conflict? = nil
    ) async throws -> RepairPlan.Operation {
        let (layout, records) = try await records(store, key)
        let record = try required(records.first, "\(store) has no contact \(key)")
        var fields: [String: RepairPlan.Change] = [:]
        var written: [Int: RawValue] = [:]
        for (name, value) in values {
            let index = try required(layout.index(of: name), "\(store) has no \(name)")
            fields[name] = RepairPlan.Change(from: record.values[index], to: value)
            written[index] = value
        }
        let left = try required(
            RecordEdit.applying(written, to: record.values, layout: layout),
            "the values cannot be written"
        )
        return named(
            RepairPlan.Operation(
                id: "",
                store: store,
                action: action,
                contact: "\(key)",
                locator: RepairPlan.Locator(key: .integer(Int64(key)), row: record.row),
                guard: .exact,
                fields: fields,
                expect: state(layout).digest(of: record),
                leave: state(layout).digest(of: ContactRecord(row: record.row, values: left)),
                after: after.map(\.id),
                conflict: conflict
            )
        )
    }

    /// Adds a contact with an e-mail.
    func insert(_ store: String, _ key: Int, after: [RepairPlan.Operation] = []) async throws -> RepairPlan.Operation {
        let (layout, _) = try await records(store, key)
        var values = [RawValue](repeating: .null, count: layout.fields.count)
        var fields: [String: RepairPlan.Change] = [:]
        let written: [String: RawValue] = [
            "contact_id": .integer(Int64(key)), "first_name": .text("Eve \(key)"), "version": .integer(3),
            "emails": .list([.text("eve\(key)@example.org")], primary: 0),
        ]
        for (name, value) in written {
            values[try required(layout.index(of: name), "\(store) has no \(name)")] = value
            fields[name] = RepairPlan.Change(from: .null, to: value)
        }
        return named(
            RepairPlan.Operation(
                id: "",
                store: store,
                action: .insert,
                contact: "\(key)",
                locator: nil,
                guard: .exact,
                fields: fields,
                expect: nil,
                leave: state(layout).digest(of: ContactRecord(row: .integer(0), values: values)),
                after: after.map(\.id)
            )
        )
    }

    /// Takes a contact's row away.
    func removal(_ store: String, _ key: Int) async throws -> RepairPlan.Operation {
        let (layout, records) = try await records(store, key)
        let record = try required(records.first, "\(store) has no contact \(key)")
        return named(
            RepairPlan.Operation(
                id: "",
                store: store,
                action: .delete,
                contact: "\(key)",
                locator: RepairPlan.Locator(key: .integer(Int64(key)), row: record.row),
                guard: .exact,
                fields: [:],
                expect: state(layout).digest(of: record),
                leave: nil
            )
        )
    }

    private func named(_ operation: RepairPlan.Operation) -> RepairPlan.Operation {
        var operation = operation
        operation.id = OperationID.of(operation)
        return operation
    }

    private func required<Value>(_ value: Value?, _ why: String) throws -> Value {
        guard let value else { throw BenchFailure(description: why) }
        return value
    }

    /// One of everything: a change that goes from canonical to the others with rows of its own, a contact that is added, one
    /// that is marked deleted, and one that is taken away.
    func everything() async throws -> RepairPlan {
        let new: [String: RawValue] = [
            "job_title": .text("Manager"), "version": .integer(2),
            "emails": .list([.text("ada@example.com"), .text("a1@example.net")], primary: 0),
        ]
        let first = try await update("a", 1, new)
        return try plan([
            first,
            try await update("b", 1, new, after: [first]),
            try await update("c", 1, new, after: [first]),
            try await update("b", 2, ["first_name": .text("Zoë"), "version": .integer(2)]),
            try await insert("b", 70),
            try await insert("c", 70),
            try await update("a", 3, ["deleted_at": .text("2026-02-01T00:00:00Z")], action: .delete),
            try await removal("c", 3),
        ])
    }
}

struct BenchFailure: Error, CustomStringConvertible {
    let description: String
}
