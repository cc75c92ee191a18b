import Contacts
import Foundation
import GRDB
import StoreConformance
import Stores
import Synchronization

/// The shapes of table that a SQLite store may read.
enum TableShape: String, CaseIterable {
    case indexedText, integerKey, unindexedText, withoutRowID, view, childTable, copy, utf16

    static let withRepeatedKeys: [TableShape] = [.indexedText, .unindexedText, .childTable, .copy, .utf16]
    static let writable: [TableShape] = allCases.filter { $0 != .view }

    fileprivate var hasChild: Bool { self == .childTable }
    fileprivate var table: String { self == .view ? "base" : "contacts_master" }

    fileprivate var fields: [String] {
        ContactSchema.standard.fields.map(\.name).filter { !hasChild || !["emails", "phones"].contains($0) }
    }

    fileprivate var sql: String {
        let key =
            switch self {
            case .integerKey: "contact_id INTEGER PRIMARY KEY"
            case .withoutRowID: "contact_id TEXT PRIMARY KEY"
            case .childTable: "contact_id INTEGER"
            default: "contact_id TEXT"
            }
        let columns = [key] + fields.dropFirst().map { "\($0) TEXT" }
        let table = "CREATE TABLE \(table) (\(columns.joined(separator: ", ")))"
        return switch self {
        case .indexedText, .copy: table + "; CREATE INDEX by_key ON contacts_master (contact_id)"
        case .withoutRowID: table + " WITHOUT ROWID"
        case .view: table + "; CREATE VIEW contacts_master AS SELECT * FROM base"
        case .utf16: "PRAGMA encoding = 'UTF-16le'; " + table
        case .childTable:
            table + "; CREATE TABLE contact_identifiers"
                + " (contact_id INTEGER, identifier_type TEXT, identifier_value TEXT, is_primary INTEGER)"
        case .integerKey, .unindexedText: table
        }
    }
}

/// Writes logical contacts into SQLite files of one shape, which go with this object.
final class ShapeMaker: Sendable {
    private let shape: TableShape
    private let files = Mutex<[TestDatabase]>([])

    init(_ shape: TableShape) { self.shape = shape }

    /// Copies that the stores left.
    var copies: [String] { files.withLock { $0.flatMap { $0.copies() } } }

    @Sendable func make(_ contacts: [LogicalContact]) async throws -> any ContactStore {
        let file = try TestDatabase(shape.sql)
        files.withLock { $0.append(file) }
        let queue = try DatabaseQueue(path: file.path)
        try await queue.write { [shape] database in
            for contact in contacts { try Self.insert(contact, shape, database) }
        }
        try queue.close()
        return file.store { $0.snapshot = shape == .copy ? .copy : .transaction }
    }

    private static func insert(_ contact: LogicalContact, _ shape: TableShape, _ database: Database) throws {
        let marks = shape.fields.map { _ in "?" }.joined(separator: ", ")
        try database.execute(
            sql: "INSERT INTO \(shape.table) VALUES (\(marks))",
            arguments: StatementArguments(shape.fields.map { text(contact[$0]) })
        )
        guard shape.hasChild else { return }
        for (field, type) in [("emails", "email"), ("phones", "phone")] {
            guard case .members(let members) = contact[field] else { continue }
            for (index, member) in members.enumerated() {
                try database.execute(
                    sql: "INSERT INTO contact_identifiers VALUES (?, ?, ?, ?)",
                    arguments: [contact.key, type, member, index == 0]
                )
            }
        }
    }

    private static func text(_ value: LogicalContact.Value?) -> String? {
        switch value {
        case .text(let text): text
        case .members(let members): "[" + members.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
        case nil: nil
        }
    }
}
