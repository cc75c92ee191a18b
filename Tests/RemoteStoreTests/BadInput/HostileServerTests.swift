import Contacts
import StoreConformance
import Stores
import TestSupport
import Testing

/// A store whose server is not what it should be: nothing is read, no key goes astray, and the error says what to do.
@Suite(.timeLimit(.minutes(20))) struct HostileServerTests {
    /// Whatever is done with a store first.
    enum Way: CaseIterable {
        case reading, fetching, writing

        func open(_ store: any WritableStore) async throws {
            switch self {
            case .reading: try await store.open(notify: { _ in }).close()
            case .fetching: try await store.openForFetches(notify: { _ in }).close()
            case .writing: try await store.openForWriting(notify: { _ in }).close()
            }
        }
    }

    /// The error with which opening ends.
    private func failure(_ kind: HTTPStoreKind, _ way: Way, _ address: String) async throws -> StoreError {
        let store = try kind.store(address)
        let error = try #require(await #expect(throws: StoreError.self) { try await way.open(store) })
        #expect(error.store == HTTPStoreKind.name)
        #expect(!TestSecret.isIn("\(error) \(String(reflecting: error))"))
        return error
    }

    @Test("a certificate that does not verify is not trusted", arguments: HTTPStoreKind.allCases, Way.allCases)
    func certificate(kind: HTTPStoreKind, way: Way) async throws {
        let server = try await HostileServer(isSecure: true)
        let error = try await failure(kind, way, "https://localhost:\(server.port)")
        #expect(error.code == .untrusted && !error.isRetryable)
        #expect(error.message.contains("The certificate of localhost does not verify"))
        #expect(error.message.contains("have the server show one that the system trusts"))
        #expect(server.requests.isEmpty)
    }

    @Test("10 GB are not taken", arguments: HTTPStoreKind.allCases, Way.allCases)
    func huge(kind: HTTPStoreKind, way: Way) async throws {
        let server = try await HostileServer()
        let error = try await failure(kind, way, "http://127.0.0.1:\(server.port)/huge")
        #expect(error.code == .protocolViolation && !error.isRetryable)
        #expect(error.message.contains("The answer of 127.0.0.1 has more than the"))
        #expect(server.requests.count == 1)
    }

    @Test(
        "a redirect to another host is not followed, and the key stays",
        arguments: HTTPStoreKind.allCases,
        Way.allCases
    )
    func redirect(kind: HTTPStoreKind, way: Way) async throws {
        let server = try await HostileServer()
        let error = try await failure(kind, way, "http://127.0.0.1:\(server.port)/elsewhere")
        #expect(error.code == .untrusted && !error.isRetryable)
        #expect(error.message.contains("localhost"))
        #expect(server.requests.count == 1 && !server.requests.contains { $0.contains("/stolen") })
    }

    @Test(
        "Supabase's refusals of a key and of a right are told apart, whatever the status",
        arguments: [
            ("401/PGRST301", StoreError.Code.credentials, "expired"), ("401/PGRST303", .credentials, "expired"),
            ("401/-", .credentials, "expired"), ("401/42501", .denied, "Grant it"), ("403/42501", .denied, "Grant it"),
        ]
    )
    func refusals(path: String, code: StoreError.Code, words: String) async throws {
        let server = try await HostileServer()
        let error = try await failure(.supabase, .writing, "http://127.0.0.1:\(server.port)/\(path)")
        #expect(error.code == code && error.message.contains(words), "\(error)")
        #expect(!error.message.contains("ada@"))
    }
}
