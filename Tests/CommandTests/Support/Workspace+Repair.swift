import Foundation
import GRDB
import Testing

/// What the tests of plan, apply and undo ask of a workspace.
extension Workspace {
    /// Two stores of equal contacts that were audited once, so that each has a history; then `b` is changed.
    ///
    /// - Parameter changes: SQL, executed on `b`.
    static func drifted(
        _ changes: String...,
        contacts: Int = 3,
        top: [String] = ["recheck: {delay: 0s}"]
    ) async throws -> Workspace {
        let workspace = try Workspace.pair(top: top)
        for store in ["a", "b"] { try workspace.fill(store, contacts: contacts) }
        let audit = try await workspace.run("audit", "--quiet")
        try #require(audit.exit == 0, "\(audit.errors)")
        for change in changes { try workspace.execute("b", change) }
        return workspace
    }

    /// SQL that gives contacts of a store another first name.
    static func rename(_ contact: Int, _ name: String) -> String {
        "UPDATE contacts_master SET first_name = '\(name)' WHERE contact_id = '\(contact)'"
    }

    /// All rows of a store's contact table with the types of their values, in order of the key, absent values left out.
    func rows(_ store: String) throws -> [String] {
        let queue = try DatabaseQueue(path: file("\(store).db"))
        let rows = try queue.read { database in
            try Row.fetchAll(database, sql: "SELECT rowid, * FROM contacts_master ORDER BY contact_id, rowid")
                .map { row in
                    row.filter { !$0.1.isNull }.map { "\($0.0)=\($0.1)" }.joined(separator: " ")
                }
        }
        try queue.close()
        return rows
    }

    /// One value of a contact in a store; nil where it is absent, or the contact is.
    func value(_ store: String, _ contact: Int, _ column: String = "first_name") throws -> String? {
        let queue = try DatabaseQueue(path: file("\(store).db"))
        let value = try queue.read { database in
            try String.fetchOne(
                database,
                sql: "SELECT \(column) FROM contacts_master WHERE contact_id = ?",
                arguments: [String(contact)]
            )
        }
        try queue.close()
        return value
    }

    /// What a plan of this workspace says.
    func plan(_ name: String = "plan.json") throws -> WrittenPlan { try WrittenPlan(bytes(name)) }

    /// The report of an apply or undo, as it was printed.
    func applied(_ result: Program.Result) throws -> WrittenApply { try WrittenApply(Data(result.output.utf8)) }
}

/// What the tests read of a `plan.json`, with types of their own.
struct WrittenPlan: Decodable {
    struct Operation: Decodable, Hashable {
        let id: String
        let store: String
        let action: String
        let contact: String
    }

    struct Manual: Decodable, Hashable {
        let contact: String
        let stores: [String]
        let why: String
    }

    let id: String
    let run: String
    let roots: [String: String]
    let operations: [Operation]
    let manual: [Manual]
    let summary: [String: [String: Int]]

    init(_ bytes: Data) throws { self = try JSONDecoder().decode(Self.self, from: bytes) }

    /// `action store contact` of each operation, in order.
    var lines: [String] { operations.map { "\($0.action) \($0.store) \($0.contact)" } }
}

/// What the tests read of an `apply.json` or `undo.json`, with types of their own.
struct WrittenApply: Decodable {
    struct Run: Decodable {
        let id: String
        let verb: String
        let exit: Int32
    }

    struct Entry: Decodable, Hashable {
        let store: String
        let contact: String
        let outcome: String
    }

    let run: Run
    let plan: String?
    let undoes: String?
    let isDryRun: Bool
    let counts: [String: [String: Int]]
    let entries: [Entry]

    init(_ bytes: Data) throws { self = try JSONDecoder().decode(Self.self, from: bytes) }
}
