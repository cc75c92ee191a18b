import Contacts
import Foundation
import TestServers
import TestSupport
import Testing

/// A workspace whose canonical store `a` is a file, and whose others, `crm` (Twenty), `app` (Supabase) and `db` (Postgres), stand
/// behind servers and credentials; with `big` (BigQuery) where nothing is to be read of it. All servers end with it.
final class RemoteWorkspace: Sendable {
    static let remotes = ["crm", "app", "db", "big"]

    let workspace: Workspace
    private let twenty: Simulator
    private let supabase: Simulator
    private let dsn: String
    /// Lines of PEM, none of which may be seen anywhere.
    let privateKey: [String]

    private static let crmKey = TestSecret.make("crm")
    private static let appKey = "sb_secret_" + TestSecret.make("app")

    init(contacts: Int = 3) async throws {
        workspace = try Workspace()
        try workspace.fill("a", contacts: contacts)
        twenty = try await Simulator.twenty(arguments: ["--key", Self.crmKey])
        supabase = try await Simulator.postgrest(arguments: ["--key", Self.appKey])
        let server = try await PostgresServer.shared()
        dsn = try await server.database()
        let table = Workspace.table.replacing("contact_id TEXT", with: "contact_id TEXT PRIMARY KEY")
        try server.execute(table, in: dsn)
        let pem = try await TestProcess(
            "openssl",
            ["genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
        )
        .finish()
        privateKey = pem.split(separator: "\n").map(String.init)
        try configure()
    }

    /// Writes `rollcall.yaml`.
    ///
    /// - Parameters:
    ///   - stores: beside `a`.
    ///   - wrong: those of them whose credential is wrong.
    ///   - canonical: which store is canonical.
    func configure(_ stores: [String] = ["crm", "app", "db"], wrong: Set<String> = [], canonical: String = "a") throws {
        let wrongly = TestSecret.make("wrong")
        var lines = ["version: 1", "canonical: \(canonical)", "recheck: {delay: 0s}", "stores:"]
        lines += ["  a: {kind: sqlite, path: a.db}"]
        for store in stores {
            let isWrong = wrong.contains(store)
            let connection =
                switch store {
                case "crm":
                    "kind: twenty, url: \"\(twenty.endpoint)\", apiKey: \(isWrong ? wrongly : Self.crmKey), rate: 60000/min"
                case "app":
                    "kind: supabase, url: \"\(supabase.endpoint)\", serviceKey: \(isWrong ? "sb_secret_" + wrongly : Self.appKey)"
                case "db":
                    "kind: postgres, dsn: \"\(isWrong ? dsn.replacing(/:[^:@]*@/, with: ":\(wrongly)@") : dsn)\""
                // Nobody gives out a token for it.
                default:
                    "kind: bigquery, project: proj, dataset: data, endpoint: \"http://127.0.0.1:1\", credentials: credentials.json"
                }
            lines.append("  \(store): {\(connection), allowEmpty: true}")
        }
        try workspace.write(lines.joined(separator: "\n") + "\n")
        let account: JSONValue = [
            "type": "service_account", "client_email": "audit@proj.iam.gserviceaccount.com", "private_key_id": "key-7",
            "private_key": .string(privateKey.joined(separator: "\n") + "\n"),
            "token_uri": .string(twenty.endpoint + "/token"),
        ]
        try workspace.write(String(decoding: account.bytes, as: UTF8.self), to: "credentials.json")
    }

    /// Sends a request to Twenty past the program.
    func twenty(_ method: String, _ path: String, _ json: String = "") async throws -> String {
        let script = """
            import sys, urllib.request
            url, key, method, body = sys.argv[1:]
            headers = {"Authorization": "Bearer " + key, "Content-Type": "application/json"}
            request = urllib.request.Request(url, body.encode() or None, headers, method=method)
            print(urllib.request.urlopen(request).read().decode())
            """
        return try await TestProcess("python3", ["-c", script, twenty.endpoint + path, Self.crmKey, method, json])
            .finish()
    }

    /// Runs the program, which must end with this code.
    @discardableResult
    func run(_ arguments: String..., exit: Int32) async throws -> Program.Result {
        let result = try await Program.run(arguments, in: workspace.path)
        try #require(result.exit == exit, "\(arguments): \(result.exit)\n\(result.output)\(result.errors)")
        return result
    }
}
