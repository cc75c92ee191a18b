import Foundation
import Synchronization
import TestSupport

/// A PostgreSQL server on a free port of 127.0.0.1 and a socket, with a superuser and its password. What it holds is not
/// synced to the disk and goes with it.
package final class PostgresServer: Sendable {
    /// Of the superuser.
    package let user = "rollcall"
    /// Of the superuser; another one in each test run.
    package let password: String
    /// Where it listens.
    package let port: Int
    /// The folder of its socket.
    package let socketFolder: String
    /// The certificate that it shows, self-signed for `localhost` and 127.0.0.1: a file for `sslrootcert`.
    package let certificateFile: String

    let tools: PostgresTools
    private let process: TestProcess
    private let count = Atomic(0)

    private static let running = Task {
        var attempt = 1
        while true {
            do {
                return try await PostgresServer()
            } catch let error as TestServerError
                where attempt < 3 && error.description.contains("could not bind")
            {
                // Somebody took the port between our look and the start.
                attempt += 1
            }
        }
    }

    /// The one of this test run; the first call starts it.
    ///
    /// - Throws: `TestServerError` where PostgreSQL is not installed or does not start.
    package static func shared() async throws -> PostgresServer { try await running.value }

    private init() async throws {
        tools = try PostgresTools()
        port = try Self.freePort()
        password = TestSecret.make(UUID().uuidString)
        let folder = try TemporaryServerFolder.make()
        socketFolder = folder
        certificateFile = folder + "/server.crt"
        do {
            try tools.give(folder)
            try await tools.initialise(folder, user: user, password: password)
            try await tools.makeCertificate(in: folder)
        } catch {
            TemporaryServerFolder.remove(folder)
            throw error
        }
        let settings = [
            "listen_addresses=127.0.0.1", "port=\(port)", "unix_socket_directories=\(folder)", "ssl=on",
            "ssl_cert_file=\(folder)/server.crt", "ssl_key_file=\(folder)/server.key", "fsync=off",
            "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "timezone=UTC", "lc_messages=C",
        ]
        // Tests leave connections open, which a polite shutdown would wait for.
        process = try tools.start(
            "postgres",
            ["-D", "\(folder)/data"] + settings.flatMap { ["-c", $0] },
            endedBy: "QUIT",
            removing: folder
        )
        _ = try await process.rest(of: "database system is ready to accept connections")
    }

    /// Makes a new database.
    ///
    /// - Returns: `postgresql://user:password@127.0.0.1:port/name`, for the superuser.
    package func database() async throws -> String {
        let name = "test\(count.add(1, ordering: .relaxed).newValue)"
        try execute("CREATE DATABASE \(name) TEMPLATE template0", in: address(of: "postgres"))
        return address(of: name)
    }

    /// Where a database is.
    ///
    /// - Parameters:
    ///   - user: who signs in; nil: the superuser.
    ///   - password: of that user.
    package func address(of database: String, user: String? = nil, password: String? = nil) -> String {
        "postgresql://\(user ?? self.user):\(password ?? self.password)@127.0.0.1:\(port)/\(database)"
    }

    /// Runs statements, each in a transaction of its own unless they say otherwise, through psql.
    ///
    /// - Parameter dsn: as `database()` has it.
    /// - Returns: the rows of the results, one a line, their values parted by bars, NULL as nothing.
    /// - Throws: `TestServerError` with what the server says of the first statement that fails, or after ten minutes.
    @discardableResult
    package func execute(_ sql: String, in dsn: String) throws -> String {
        try tools.psql(sql, in: dsn)
    }

    /// A port of 127.0.0.1 that nobody has.
    static func freePort() throws -> Int {
        let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard handle >= 0 else { throw TestServerError("No socket can be made: \(lastError)") }
        defer { close(handle) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(handle, $0, size) == 0 && getsockname(handle, $0, &size) == 0
            }
        }
        guard isBound else { throw TestServerError("127.0.0.1 has no free port: \(lastError)") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
