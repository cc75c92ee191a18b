import Contacts
import Crypto
import Foundation
import TestSupport

/// A request to a hook, as it goes over the wire.
struct HookRequest: Sendable {
    var method = "POST"
    var path: String
    var headers: [String: String] = [:]
    var body: [UInt8] = []
    /// Whether the body goes in chunks, without its length.
    var isChunked = false

    static let signatureHeader = "X-Twenty-Webhook-Signature"
    static let timestampHeader = "X-Twenty-Webhook-Timestamp"
    static let secretHeader = "X-Rollcall-Secret"

    static let twentySecret = TestSecret.make("twenty")
    static let databaseSecret = TestSecret.make("database")

    /// As Twenty sends it to the hook of `crm`.
    ///
    /// - Parameter milliseconds: since 1970.
    static func twenty(_ body: JSONValue, at milliseconds: Int64, secret: String = twentySecret) -> HookRequest {
        twenty(bytes: body.bytes, at: milliseconds, secret: secret)
    }

    static func twenty(bytes: [UInt8], at milliseconds: Int64, secret: String = twentySecret) -> HookRequest {
        let signature = HMAC<SHA256>
            .authenticationCode(
                for: Array("\(milliseconds):".utf8) + bytes,
                using: SymmetricKey(data: Array(secret.utf8))
            )
        return HookRequest(
            path: "/hooks/crm",
            headers: [
                timestampHeader: String(milliseconds),
                signatureHeader: signature.map { String(format: "%02x", $0) }.joined(),
                "X-Twenty-Webhook-Nonce": UUID().uuidString.lowercased().replacing("-", with: ""),
                "Content-Type": "application/json",
            ],
            body: bytes
        )
    }

    /// As Supabase sends it to the hook of `app`.
    static func database(_ body: JSONValue, secret: String? = databaseSecret) -> HookRequest {
        HookRequest(
            path: "/hooks/app",
            headers: ["Content-Type": "application/json"].merging(secret.map { [secretHeader: $0] } ?? [:]) { $1 },
            body: body.bytes
        )
    }

    /// All of it, or the header alone.
    func bytes(withBody: Bool = true) -> [UInt8] {
        var text = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) { text += "\(name): \(value)\r\n" }
        if isChunked {
            text += "Transfer-Encoding: chunked\r\n\r\n"
        } else {
            text += "Content-Length: \(body.count)\r\n\r\n"
        }
        guard withBody else { return Array(text.utf8) }
        guard isChunked else { return text.utf8 + body }
        var bytes = Array(text.utf8)
        for start in stride(from: 0, to: body.count, by: 4_000) {
            let chunk = body[start..<min(start + 4_000, body.count)]
            bytes += "\(String(chunk.count, radix: 16))\r\n".utf8 + chunk + "\r\n".utf8
        }
        return bytes + "0\r\n\r\n".utf8
    }
}

/// Messages as the two services send them, full of what must not be kept.
enum Message {
    static let personal = "Ada-Lovelace-personal"

    static let person = "8b6f0a4e-9c1d-4f7a-8a55-0123456789ab"

    /// A message of Twenty about one person; whatever `salt` is, it is another message.
    static func twenty(
        _ event: String = "person.updated",
        id: String = person,
        contact: JSONValue? = "4711",
        salt: Int = 0
    ) -> JSONValue {
        var record: [JSONValue.Member] = [
            JSONValue.Member(name: "id", value: .string(id)),
            JSONValue.Member(name: "name", value: ["firstName": .string(personal), "lastName": ""]),
        ]
        if let contact { record.append(JSONValue.Member(name: "contactId", value: contact)) }
        return [
            "targetUrl": "https://x/hook", "eventName": .string(event),
            "objectMetadata": ["id": "1", "nameSingular": "person"], "workspaceId": "w",
            "webhookId": .number(Int64(salt)), "eventDate": "2026-01-02T03:04:05.678Z", "record": .object(record),
            "updatedFields": ["jobTitle"],
        ]
    }

    /// A message of Supabase about one row.
    static func database(
        _ type: String = "UPDATE",
        table: String = "contacts_master",
        schema: String = "public",
        record: JSONValue = ["id": 17, "contact_id": "4711", "full_name": .string(personal)],
        old: JSONValue = ["id": 17, "contact_id": "4711", "full_name": .string(personal)]
    ) -> JSONValue {
        [
            "type": .string(type), "table": .string(table), "schema": .string(schema), "record": record,
            "old_record": old, "user_id": nil,
        ]
    }
}
