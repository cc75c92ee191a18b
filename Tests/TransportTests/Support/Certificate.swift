import Foundation
import TestServers
import TestSupport

/// A certificate for `localhost` that it signed itself, made by `openssl`.
struct Certificate: Sendable {
    /// Goes with the server that uses it.
    let folder: String

    static let shared = Task { try await Certificate() }

    var certificate: String { folder + "/certificate.pem" }
    var key: String { folder + "/key.pem" }

    private init() async throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "rollcall-certificate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        folder = url.path
        try await OpenSSL.run([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
        ])
    }
}

/// The tool `openssl`, which checks what swift-crypto makes.
enum OpenSSL {
    /// - Returns: what it printed.
    @discardableResult
    static func run(_ arguments: [String]) async throws -> String {
        try await TestProcess("openssl", arguments).finish()
    }
}

/// An RSA key as a service account has it.
struct AccountKey: Sendable {
    let pem: String

    static let shared = Task { try await AccountKey() }

    private init() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "account.pem").path
        try await OpenSSL.run(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", file])
        pem = try String(contentsOfFile: file, encoding: .utf8)
    }

    /// Whether `openssl` finds the signature to be this key's; it fails where it does not.
    func verifies(_ signature: Data, of content: String) async throws -> Bool {
        let folder = try TemporaryFolder()
        let files = ["key", "signature", "text"].map { folder.url.appending(path: $0) }
        for (file, data) in zip(files, [Data(pem.utf8), signature, Data(content.utf8)]) { try data.write(to: file) }
        let arguments = ["dgst", "-sha256", "-prverify", files[0].path, "-signature", files[1].path, files[2].path]
        let printed = try await OpenSSL.run(arguments)
        return withExtendedLifetime(folder) { printed.contains("Verified OK") }
    }
}
