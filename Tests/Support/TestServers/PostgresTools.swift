import Foundation

/// PostgreSQL's programs, run as a user that they accept: the server refuses to be root's.
struct PostgresTools: Sendable {
    private let folder: String
    /// Nil: whoever runs the tests.
    private let owner: (user: UInt32, group: UInt32)?

    /// Looks for them where Debian puts them, the newest first, and in PATH.
    init() throws {
        let versions = "/usr/lib/postgresql"
        let installed = (try? FileManager.default.contentsOfDirectory(atPath: versions)) ?? []
        let newest = installed.compactMap { Int($0) }.sorted(by: >).map { "\(versions)/\($0)/bin" }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let folders = newest + path.split(separator: ":").map(String.init)
        let found = folders.first { folder in
            ["initdb", "postgres", "psql"]
                .allSatisfy { FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)") }
        }
        guard let found else {
            throw TestServerError("PostgreSQL's initdb, postgres and psql are not installed. Run: make setup-test")
        }
        folder = found
        guard geteuid() == 0 else {
            owner = nil
            return
        }
        guard let entry = getpwnam("postgres") ?? getpwnam("nobody") else {
            throw TestServerError("There is no user postgres to run PostgreSQL as. Run: make setup-test")
        }
        owner = (entry.pointee.pw_uid, entry.pointee.pw_gid)
    }

    /// Makes a file or folder the server's.
    func give(_ path: String) throws {
        guard let owner, chown(path, owner.user, owner.group) != 0 else { return }
        throw TestServerError("\(path) cannot be given to the user that PostgreSQL runs as: \(lastError)")
    }

    /// Starts one of them, or another program by its path, as that user.
    func start(
        _ program: String,
        _ arguments: [String],
        endedBy signal: String = "TERM",
        removing removed: String? = nil
    ) throws -> TestProcess {
        let command = [program.hasPrefix("/") ? program : "\(folder)/\(program)"] + arguments
        guard let owner else {
            return try TestProcess(command[0], arguments, endedBy: signal, removing: removed)
        }
        let prefix = ["--reuid=\(owner.user)", "--regid=\(owner.group)", "--clear-groups", "--"]
        return try TestProcess("setpriv", prefix + command, endedBy: signal, removing: removed)
    }

    /// Makes `data` in a folder.
    func initialise(_ folder: String, user: String, password: String) async throws {
        let file = folder + "/password"
        try write(password, to: file)
        _ = try await start(
            "initdb",
            [
                "--pgdata=\(folder)/data", "--username=\(user)", "--pwfile=\(file)", "--auth=scram-sha-256",
                "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions",
            ]
        )
        .finish()
        try FileManager.default.removeItem(atPath: file)
    }

    /// Makes `server.crt` and `server.key` in a folder.
    func makeCertificate(in folder: String) async throws {
        let key = folder + "/server.key"
        _ = try await TestProcess(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                "-keyout", key, "-out", folder + "/server.crt",
            ]
        )
        .finish()
        // The server takes no key that others could read.
        guard chmod(key, 0o600) == 0 else { throw TestServerError("\(key) cannot be protected: \(lastError)") }
        try give(key)
    }

    /// Runs statements; see `PostgresServer.execute`.
    func psql(_ sql: String, in dsn: String) throws -> String {
        let work = try TemporaryServerFolder.make()
        defer { TemporaryServerFolder.remove(work) }
        let file = work + "/statements.sql"
        try write(sql, to: file, isServers: false)
        return try TestProcess(
            "\(folder)/psql",
            [
                "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1", "--file=\(file)",
                "--dbname=\(dsn)",
            ],
            // Notices would stand among the rows.
            environment: ["PGOPTIONS": "-c client_min_messages=warning", "PGCONNECT_TIMEOUT": "30"]
        )
        .finishAtOnce(within: .seconds(600))
    }

    /// Writes a file that nobody else can read; the server's, unless that is said not to be.
    func write(_ text: String, to file: String, isServers: Bool = true) throws {
        guard
            FileManager.default.createFile(
                atPath: file,
                contents: Data(text.utf8),
                attributes: [.posixPermissions: 0o600]
            )
        else { throw TestServerError("\(file) cannot be written") }
        if isServers { try give(file) }
    }
}
