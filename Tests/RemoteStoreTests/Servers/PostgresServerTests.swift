import Foundation
import TestServers
import Testing

@Suite(.timeLimit(.minutes(20))) struct PostgresServerTests {
    @Test("each database is new, and holds what is written to it")
    func databases() async throws {
        let server = try await PostgresServer.shared()
        let first = try await server.database()
        let second = try await server.database()
        #expect(first != second)
        #expect(first.wholeMatch(of: /postgresql:\/\/rollcall:[-0-9A-Za-z]+@127\.0\.0\.1:\d+\/test\d+/) != nil)
        for (dsn, text) in [(first, "a"), (second, "b")] {
            try server.execute(
                "CREATE TABLE t (n int, x text); INSERT INTO t VALUES (1, '\(text)'), (2, NULL)",
                in: dsn
            )
        }
        #expect(try server.execute("SELECT * FROM t ORDER BY n", in: first) == "1|a\n2|\n")
        #expect(try server.execute("SELECT x FROM t WHERE n = 1", in: second) == "b\n")
    }

    @Test("many are made at a time, and one server is behind all of them")
    func atATime() async throws {
        let all = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<6 { group.addTask { try await PostgresServer.shared().database() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(all).count == 6)
        #expect(Set(all.map { $0.prefix { $0 != "/" } + "\($0.split(separator: "/")[1])" }).count == 1)
    }

    @Test("statements run until one fails, whose error is told")
    func failure() async throws {
        let server = try await PostgresServer.shared()
        let dsn = try await server.database()
        let error = #expect(throws: TestServerError.self) {
            try server.execute("CREATE TABLE t (n int);\nSELECT * FROM nothing;\nDROP TABLE t", in: dsn)
        }
        #expect(error?.description.contains("ERROR:  relation \"nothing\" does not exist") == true)
        #expect(try server.execute("SELECT count(*) FROM t", in: dsn) == "0\n")
    }

    @Test("a text of any length is executed")
    func long() async throws {
        let server = try await PostgresServer.shared()
        let dsn = try await server.database()
        let text = String(repeating: "é'", count: 200_000)
        let sql = "CREATE TABLE t (x text); INSERT INTO t VALUES ('\(text.replacing("'", with: "''"))')"
        try server.execute(sql, in: dsn)
        #expect(try server.execute("SELECT length(x) FROM t", in: dsn) == "400000\n")
    }

    @Test("nobody gets in without a password, and a role only with its rights")
    func rights() async throws {
        let server = try await PostgresServer.shared()
        let dsn = try await server.database()
        let name = try #require(dsn.split(separator: "/").last.map(String.init))
        try server.execute(
            "CREATE TABLE t (n int); CREATE ROLE reader_\(name) LOGIN PASSWORD 'r'; GRANT SELECT ON t TO reader_\(name)",
            in: dsn
        )
        let wrong = #expect(throws: TestServerError.self) {
            try server.execute("SELECT 1", in: server.address(of: name, password: "wrong"))
        }
        #expect(wrong?.description.contains("password authentication failed") == true)
        let reader = server.address(of: name, user: "reader_\(name)", password: "r")
        #expect(try server.execute("SELECT count(*) FROM t", in: reader) == "0\n")
        let denied = #expect(throws: TestServerError.self) {
            try server.execute("INSERT INTO t VALUES (1)", in: reader)
        }
        #expect(denied?.description.contains("permission denied for table t") == true)
    }

    @Test("its certificate verifies with its own file, and not without")
    func certificate() async throws {
        let server = try await PostgresServer.shared()
        let dsn = try await server.database()
        let query = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        let trusted = dsn + "?sslmode=verify-full&sslrootcert=" + server.certificateFile
        #expect(try server.execute(query, in: trusted) == "t\n")
        #expect(try server.execute(query, in: dsn + "?sslmode=disable") == "f\n")
        #expect(throws: TestServerError.self) {
            try server.execute(query, in: dsn + "?sslmode=verify-full&sslrootcert=/etc/ssl/certs/ca-certificates.crt")
        }
    }

    @Test("it listens on a socket in a folder of its own, which nobody else may enter")
    func socket() async throws {
        let server = try await PostgresServer.shared()
        let dsn =
            "postgresql://\(server.user):\(server.password)@/postgres?port=\(server.port)&host=\(server.socketFolder)"
        #expect(try server.execute("SELECT 1", in: dsn) == "1\n")
        let mode = try FileManager.default.attributesOfItem(atPath: server.socketFolder)[.posixPermissions] as? Int
        #expect(mode == 0o700)
    }
}
