import Contacts
import Ledger
import Transport

/// Tells the owner of errors: posts JSON to the address of `alert:`, whose `text` chat services show.
struct AlertSender: Sendable {
    private let client = HTTPClient(userAgent: "rollcall/\(Rollcall.version)")
    private let endpoint: Endpoint

    /// - Parameter address: nil: nobody is told.
    /// - Throws: `UsageError` for what is no address; it does not quote it.
    init?(_ address: Secret?) throws {
        guard let address else { return nil }
        do {
            endpoint = try Endpoint(address.reveal())
        } catch {
            throw UsageError(message: "alert.url: \(error.message)")
        }
    }

    /// - Throws: `TransportError` or `AlertRefusal` where it was not taken.
    func send(_ changes: AlertChanges) async throws {
        let lines =
            changes.opened.map { "OPEN \($0.cause.system) \($0.cause.code): \($0.message)" }
            + changes.cleared.map { "CLEARED \($0.cause.system) \($0.cause.code)" }
        let text = JSONValue.string("Rollcall\n" + lines.joined(separator: "\n"))
        let request = HTTPRequest(.post, "", json: .object([JSONValue.Member(name: "text", value: text)]))
        let answer = try await client.send(request, to: endpoint, secretHeaders: [])
        guard (200..<300).contains(answer.status) else {
            throw AlertRefusal(status: answer.status)
        }
    }
}

/// The address of `alert:` did not take what it was told.
struct AlertRefusal: Error, CustomStringConvertible {
    let status: Int
    var description: String { "the address of alert.url answered with status \(status)" }
}
