import Contacts
import Dispatch
import Foundation
import Stores
import Synchronization
import TestServers
import TestSupport

/// A schema of its own in a database that the tests of a run share.
struct PostgresSchema: Sendable {
    let server: PostgresServer
    /// Of the superuser.
    let dsn: String
    let name: String

    private static let count = Atomic(0)
    private static let database = Task {
        let server = try await PostgresServer.shared()
        return (server, try await server.database())
    }

    /// - Parameter sql: run in the schema, which unqualified names are of.
    init(_ sql: String = "") async throws {
        (server, dsn) = try await Self.database.value
        name = "schema \(Self.count.add(1, ordering: .relaxed).newValue)"
        try execute("CREATE SCHEMA \"\(name)\"")
        if !sql.isEmpty { try execute(sql) }
    }

    @discardableResult
    func execute(_ sql: String) throws -> String {
        try server.execute("SET search_path = \"\(name)\";\n" + sql, in: dsn)
    }

    /// - Parameter dsn: nil: the superuser's.
    func store(dsn: String? = nil, _ adjust: (inout PostgresStoreSettings) -> Void = { _ in }) -> PostgresStore {
        var settings = PostgresStoreSettings(dsn: Secret(dsn ?? self.dsn))
        settings.schema = name
        settings.timeout = .seconds(30)
        adjust(&settings)
        return PostgresStore(name: "app", settings: settings, schema: .standard)
    }

    /// Runs statements that may have to wait, on a thread of their own: those that tasks share are few.
    func later(_ sql: String) -> Task<String, any Error> {
        Task {
            try await withCheckedThrowingContinuation { continuation in
                DispatchQueue(label: "later").async { continuation.resume(with: Swift.Result { try execute(sql) }) }
            }
        }
    }

    /// Runs `body` while another connection is in a transaction in which it has run these statements, which is then taken
    /// back.
    func holding<Result>(_ sql: String, _ body: () async throws -> Result) async throws -> Result {
        let mark = UUID().uuidString
        _ = later("BEGIN; \(sql); SELECT pg_sleep(600), '\(mark)'")
        let active = "FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep%\(mark)%'"
        while try execute("SELECT count(*) \(active)") != "1\n" { try await Task.sleep(for: .milliseconds(50)) }
        defer { _ = try? execute("SELECT pg_terminate_backend(pid) \(active)") }
        return try await body()
    }

    /// A role that may do nothing, but look into the schema; its connection string.
    func role(_ grants: String = "") throws -> (name: String, dsn: String) {
        let role = "role_\(UUID().uuidString.replacing("-", with: "").lowercased())"
        let password = TestSecret.make(UUID().uuidString)
        try execute(
            """
            CREATE ROLE \(role) LOGIN PASSWORD '\(password)'; GRANT USAGE ON SCHEMA "\(name)" TO \(role);
            \(grants.replacing("ROLE", with: role))
            """
        )
        let database = String(dsn.split(separator: "/").last ?? "")
        return (role, server.address(of: database, user: role, password: password))
    }
}

/// SQL text of a value.
func postgresLiteral(_ text: String?) -> String {
    text.map { "'" + $0.replacing("'", with: "''") + "'" } ?? "NULL"
}
