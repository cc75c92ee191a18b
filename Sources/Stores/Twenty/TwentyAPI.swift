import Contacts
import Foundation
import Transport

/// Sends requests to Twenty's REST API and says what its answers mean.
struct TwentyAPI: Sendable {
    let store: TwentyStore

    /// What became of a request that writes.
    enum Answer: Sendable {
        /// It was done; the body.
        case done(JSONValue)
        /// The server does not take it. Nothing was written.
        case refused(TwentyProblem)
        /// There is no such person.
        case missing
        /// It may have been done and may not: the connection broke, or the server failed.
        case unknown(StoreError)
    }

    /// The body of an answer to a request that reads.
    ///
    /// - Throws: `StoreError`, or `CancellationError`.
    func read(
        _ path: String,
        _ query: [(name: String, value: String)] = [],
        _ operation: String
    ) async throws -> (body: JSONValue, response: HTTPResponse) {
        var request = HTTPRequest(.get, address(path), query: query)
        request.timeout = store.settings.timeout
        let response = try await send(request, operation)
        guard (200..<300).contains(response.status) else { throw error(response, operation) }
        return (try json(response, operation), response)
    }

    /// Sends a request that writes. It is never repeated here but after a 429, which says that nothing was done.
    ///
    /// - Throws: `StoreError` where the key, or the server as a whole, is the trouble; or `CancellationError`.
    func write(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ query: [(name: String, value: String)] = [],
        json: JSONValue? = nil
    ) async throws -> Answer {
        var request = HTTPRequest(method, address(path), query: query, json: json)
        request.timeout = store.settings.timeout
        request.isRepeatable = false
        let response: HTTPResponse
        do {
            response = try await store.service.send(request)
        } catch {
            guard error.wasSent, error.code != .cancelled,
                let unknown = StoreError.of(error, store: store.name, "write") as? StoreError
            else { throw StoreError.of(error, store: store.name, "write") }
            return .unknown(unknown)
        }
        switch response.status {
        case 200..<300:
            do { return .done(try self.json(response, "write")) } catch let error as StoreError {
                return .unknown(error)
            }
        case 404: return .missing
        case 400, 409, 422:
            let problem = TwentyProblem(response)
            if problem.isDenied { throw error(response, "write") }
            return problem.isMissing ? .missing : .refused(problem)
        case 500...:
            guard let unknown = error(response, "write") as? StoreError else { throw error(response, "write") }
            return .unknown(unknown)
        default: throw error(response, "write")
        }
    }

    /// The path of one person, who is never nobody: without an id the same request would be about everybody.
    func path(ofPerson id: String) throws -> String {
        guard UUID(uuidString: id) != nil else {
            throw store.error(.input, "write", "a person's id is none. Nothing was sent.")
        }
        return "people/" + HTTPRequest.segment(id.lowercased())
    }

    private func address(_ path: String) -> String {
        (store.service.endpoint.path.hasSuffix("/rest") ? "/" : "/rest/") + path
    }

    private func send(_ request: HTTPRequest, _ operation: String) async throws -> HTTPResponse {
        do {
            return try await store.service.send(request)
        } catch {
            throw StoreError.of(error, store: store.name, operation)
        }
    }

    private func json(_ response: HTTPResponse, _ operation: String) throws -> JSONValue {
        do {
            return try response.json()
        } catch {
            throw store.error(.protocolViolation, operation, error.message)
        }
    }

    /// What an answer that is no success means. The server's own words may hold values and are left out.
    func error(_ response: HTTPResponse, _ operation: String) -> any Error {
        let problem = TwentyProblem(response)
        let key = "stores.\(store.name).apiKey"
        switch response.status {
        case 401:
            return store.error(
                .credentials,
                operation,
                "Twenty does not take the key: it is wrong\(problem.isExpired ? ", or rather expired" : " or expired")."
                    + " Make one under Settings, APIs & Webhooks, and set it as \(key)."
            )
        case 403 where problem.isAboutKey:
            return store.error(
                .credentials,
                operation,
                "Twenty got no key that is valid: it is missing or revoked. Check \(key)."
            )
        case _ where response.status == 403 || problem.isDenied:
            return store.error(
                .denied,
                operation,
                "the key has not the right that is needed. Give its role the permission to see and edit people and all"
                    + " their fields, and to see the data model, under Settings, Roles."
            )
        case 402:
            return store.error(
                .denied,
                operation,
                "the workspace's paid allowance is used up; Twenty asks for a payment."
            )
        case 404:
            return store.error(
                .protocolViolation,
                operation,
                "there is no REST API of Twenty at \(store.service.endpoint.host). Check stores.\(store.name).url."
            )
        case 429:
            return store.error(
                .unreachable,
                operation,
                "Twenty still says that it is asked too often. All keys of a workspace share its limit: lower"
                    + " stores.\(store.name).rate.",
                isRetryable: true
            )
        case 500...:
            return store.error(
                .unreachable,
                operation,
                "Twenty failed with status \(response.status), again and again. Try later, or look into its log.",
                isRetryable: true
            )
        default:
            return store.error(
                .protocolViolation,
                operation,
                "Twenty refused the request with status \(response.status)\(problem.codeClause). Check that its version"
                    + " is supported and stores.\(store.name).fields."
            )
        }
    }
}
