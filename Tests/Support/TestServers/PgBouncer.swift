import Foundation
import TestSupport

/// A PgBouncer before a server, that gives each transaction any of its connections. It ends with this object.
package final class PgBouncer: Sendable {
    private let server: PostgresServer
    private let port: Int
    private let process: TestProcess

    /// - Parameter connections: to the server, for each database and user.
    /// - Throws: `TestServerError` where PgBouncer is not installed or does not start.
    package init(to server: PostgresServer, connections: Int) async throws {
        let program = "/usr/sbin/pgbouncer"
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw TestServerError("PgBouncer is not installed. Run: make setup-test")
        }
        self.server = server
        port = try PostgresServer.freePort()
        let folder = try TemporaryServerFolder.make()
        let settings = """
            [databases]
            * = host=127.0.0.1 port=\(server.port)
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = \(port)
            unix_socket_dir =
            auth_type = scram-sha-256
            auth_file = \(folder)/users.txt
            pool_mode = transaction
            default_pool_size = \(connections)
            max_client_conn = 200
            ignore_startup_parameters = options
            """
        do {
            try server.tools.give(folder)
            try server.tools.write(settings, to: folder + "/pgbouncer.ini")
            try server.tools.write("\"\(server.user)\" \"\(server.password)\"\n", to: folder + "/users.txt")
        } catch {
            TemporaryServerFolder.remove(folder)
            throw error
        }
        process = try server.tools.start(program, [folder + "/pgbouncer.ini"], endedBy: "INT", removing: folder)
        _ = try await process.rest(of: "process up")
    }

    /// Where a database is, through the pool.
    ///
    /// - Parameter dsn: as the server's `database()` has it.
    package func address(of dsn: String) -> String { dsn.replacing(":\(server.port)/", with: ":\(port)/") }
}
