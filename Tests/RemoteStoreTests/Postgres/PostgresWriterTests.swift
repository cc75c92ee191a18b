import Contacts
import Fingerprint
import StoreConformance
import Stores
import Testing

/// Tables of every shape are written, and taken back row by row.
@Suite(.serialized, .timeLimit(.minutes(20))) struct PostgresWriterTests {
    private static let shapes = PostgresShape.allCases.filter { $0 != .view }

    /// All rows of a schema's tables, every value as text.
    private func dump(_ schema: PostgresSchema, _ shape: PostgresShape) throws -> [String] {
        // A table that numbers its rows has another number for a row that comes back without one.
        try shape.tables.map { try schema.execute("SELECT x::text FROM \($0) x ORDER BY 1") }
    }

    /// Updates, removals and insertions in one batch.
    @Test("what is written is read, undone and written again, equal to the row each time", arguments: shapes)
    func roundTrip(shape: PostgresShape) async throws {
        let contacts = (0..<60).map { PostgresShape.sample($0) }
        let schema = try await PostgresSchema(shape.sql + shape.insertion(contacts))
        let store = schema.store()
        let start = try dump(schema, shape)
        let reading = try await store.read()
        let layout = reading.layout
        let keyIndex = try #require(layout.index(of: ContactSchema.Name.key))
        var changes: [RecordChange] = []
        for (index, record) in reading.records.enumerated() {
            let key = try #require(record.values[keyIndex].withCell { CanonicalKey.text(of: $0) })
            var values: [Int: RawValue] = [:]
            let source = reading.records[(index + 1) % reading.records.count]
            for place in layout.fields.indices where place != keyIndex { values[place] = source.values[place] }
            let text = String(decoding: key, as: UTF8.self)
            switch index % 6 {
            case 0..<4: changes.append(RecordChange(.update, key: text, rows: [record.row], values: values))
            case 4: changes.append(RecordChange(.remove, key: text, rows: [record.row], values: [:]))
            default:
                values[keyIndex] = .text("\(900_000 + index)")
                changes.append(RecordChange(.insert, key: "\(900_000 + index)", rows: [], values: values))
            }
        }
        var journalled = 0
        let outcomes = try await store.writing { writer in
            try await writer.write(
                changes,
                decide: { index, records in
                    #expect(
                        records.contains { changes[index].rows.contains($0.row) } == (changes[index].action != .insert)
                    )
                    return true
                },
                journal: { journalled += $0.count }
            )
        }
        #expect(journalled == changes.count)
        #expect(outcomes.allSatisfy { $0.postgresSteps != nil }, "\(outcomes.compactMap(\.postgresRefusal))")
        let end = try dump(schema, shape)
        #expect(end != start)
        try await expectWritten(changes, reading, try await store.read())

        let undone = try await store.carryOut(outcomes.postgresUndo)
        #expect(undone.allSatisfy { $0.postgresSteps != nil })
        #expect(try dump(schema, shape) == start)
        // The second time there is nothing to do.
        let again = try await store.writing { writer in
            try await writer.carryOut(outcomes.postgresUndo) { _ in Issue.record("what is done was journalled again") }
        }
        #expect(again.allSatisfy { $0.postgresSteps != nil })
        let redone = try await store.carryOut(undone.postgresUndo)
        #expect(redone.allSatisfy { $0.postgresSteps != nil })
        #expect(try dump(schema, shape) == end)
    }

    /// What a session reads is what was asked for.
    private func expectWritten(
        _ changes: [RecordChange],
        _ before: PostgresReading,
        _ after: PostgresReading
    ) async throws {
        let layout = before.layout
        let keyIndex = try #require(layout.index(of: ContactSchema.Name.key))
        let records = Dictionary(grouping: after.records) { $0.values[keyIndex] }
        for change in changes {
            let old = before.records.first { change.rows.contains($0.row) }
            let key = old?.values[keyIndex] ?? change.values[keyIndex] ?? .null
            let nothing = [RawValue](repeating: .null, count: layout.fields.count)
            let expected = try #require(RecordEdit.applying(change.values, to: old?.values ?? nothing, layout: layout))
            let found = records[key]?.map { $0.values.map(unordered) } ?? []
            #expect(found == (change.action == .remove ? [] : [expected.map(unordered)]))
        }
    }

    /// A list as what of it is compared: its members in order of their text, and the primary one.
    private func unordered(_ value: RawValue) -> RawValue {
        guard case .list(let members, let primary) = value else { return value }
        return .text(members.map { "\($0)" }.sorted().joined(separator: "|") + (primary.map { "\(members[$0])" } ?? ""))
    }
}
