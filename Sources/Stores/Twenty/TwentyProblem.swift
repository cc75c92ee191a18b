import Contacts
import Transport

/// What the body of an error says, as far as programs can tell. Its words may hold values: none of them is kept.
struct TwentyProblem: Sendable {
    /// The server's code in capitals, where it has one.
    let code: String?
    let isDuplicate: Bool
    let isPhone: Bool
    let isUnknownField: Bool
    let isMissing: Bool
    let isExpired: Bool
    /// Whether it is the key itself that is not taken.
    let isAboutKey: Bool
    let isDenied: Bool

    init(_ response: HTTPResponse) {
        let body = try? response.json()
        let text = (body?["messages"]?.array ?? []).compactMap(\.string).joined(separator: " ").lowercased()
        let name = body?["error"]?.string ?? ""
        let code = body?["code"]?.string
            .flatMap { code in
                code.utf8.allSatisfy { (0x41...0x5A).contains($0) || $0 == 0x5F } && code.utf8.count <= 64 ? code : nil
            }
        self.code = code
        isDuplicate = text.hasPrefix("a duplicate entry was detected") || code?.contains("DUPLICATE") == true
        isPhone =
            text.contains("phone number") || text.contains("calling code") || text.contains("country code")
            || code?.contains("PHONE") == true
        isUnknownField = text.contains("doesn't have any")
        isMissing = text.contains("record not found") || code == "RECORD_NOT_FOUND" || name == "EntityNotFoundError"
        isExpired = text.contains("expired")
        isAboutKey = text.contains("missing authentication") || text.contains("revoked")
        isDenied =
            code == "PERMISSION_DENIED" || text.contains("does not have permission")
            || text.contains("permission denied")
    }

    /// The code, to be set into a sentence.
    var codeClause: String { code.map { " (\($0))" } ?? "" }
}
