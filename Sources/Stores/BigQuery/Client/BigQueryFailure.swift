import Contacts
import Transport

/// A refusal in BigQuery's own terms: of a request, or of a job that it ran.
struct BigQueryFailure: Error, Sendable {
    /// The HTTP status.
    let status: Int
    /// BigQuery's word for it: `notFound`, `accessDenied`, `invalidQuery`, …. `unknown` where it gives none that is a word.
    let reason: String
    /// BigQuery's own words. They may quote values: for comparing, never for messages.
    let message: String

    init(status: Int, reason: String, message: String) {
        self.status = status
        self.reason = Self.word(reason)
        self.message = message
    }

    /// The failure that an answer tells.
    init(_ response: HTTPResponse) {
        let error = (try? response.json())?["error"]
        self.init(
            status: response.status,
            reason: error?["errors"]?[0]?["reason"]?.string ?? "",
            message: error?["message"]?.string ?? ""
        )
    }

    /// The failure of a job, as its status has it.
    init(job error: JSONValue) {
        self.init(status: 400, reason: error["reason"]?.string ?? "", message: error["message"]?.string ?? "")
    }

    /// A reason fit for a message.
    private static func word(_ text: String) -> String {
        let isWord = !text.isEmpty && text.utf8.count <= 40 && text.utf8.allSatisfy { ($0 | 0x20) &- 0x61 < 26 }
        return isWord ? text : "unknown"
    }

    /// Whether the same request may succeed in a moment.
    var isTransient: Bool {
        [
            "rateLimitExceeded", "jobRateLimitExceeded", "backendError", "jobBackendError", "internalError",
            "jobInternalError", "tableUnavailable",
        ]
        .contains(reason)
    }

    /// Whether a transaction was lost to another one that came first.
    var isLostTransaction: Bool {
        let text = message.lowercased()
        return ["concurrent update", "failed to commit", "could not serialize", "transaction is aborted due"]
            .contains { text.contains($0) }
    }

    /// Whether rows are too new to be changed.
    var isStreamingBuffer: Bool { message.lowercased().contains("streaming buffer") }

    /// Whether one of our own assertions inside a script did not hold.
    var isAssertion: Bool { message.contains(BigQueryScript.assertion) }

    /// Where in the statement, such as ` at [3:14]`; empty where it does not say.
    var place: String {
        message.firstMatch(of: /at \[[0-9]{1,6}:[0-9]{1,6}\]/).map { " \($0.output)" } ?? ""
    }
}
