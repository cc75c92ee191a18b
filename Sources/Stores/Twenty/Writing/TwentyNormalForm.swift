import Contacts
import Fingerprint
import Foundation

/// Tells values of person apart by what Twenty makes of them: e-mails in lower case and ASCII, phones parted into their codes,
/// links without a slash behind, JSON in any order of its members, nothing and empty as one. Used by one task at a time.
final class TwentyNormalForm {
    private enum Kind: Int, CaseIterable {
        case text
        case email
        case emails
        case phone
        case phones
        case number
        case bool
        case date
        case time
        case texts
        case json

        var type: FieldType {
            switch self {
            case .text: .text
            case .email: .email
            case .emails: .set(of: .email)
            case .phone: .phone
            case .phones: .set(of: .phone)
            case .number: .real
            case .bool: .bool
            case .date: .date
            case .time: .timestamp
            case .texts: .set(of: .text)
            case .json: .json
            }
        }
    }

    private let canonicalizer: ContactCanonicalizer

    init() {
        let key = FieldMapping(FieldDefinition(ContactSchema.Name.key, .id, group: ""))
        let others = Kind.allCases.map { kind in
            var mapping = FieldMapping(FieldDefinition("value \(kind.rawValue)", kind.type, group: ""))
            if kind == .time { mapping.precision = .milliseconds }
            return mapping
        }
        canonicalizer = ContactCanonicalizer(
            layout: StoreLayout(fields: [key] + others, columns: []),
            sets: [],
            scheme: .xxh3,
            phoneRegion: "ZZ"
        )
    }

    /// Whether Twenty would keep the two as one value.
    func areEqual(_ a: JSONValue, _ b: JSONValue, _ field: TwentyField) -> Bool {
        texts(of: a, field.type) == texts(of: b, field.type)
    }

    private func texts(of json: JSONValue, _ type: String) -> [[UInt8]?] {
        switch type {
        case "EMAILS": return members(of: json, type, .email, .emails)
        case "PHONES": return members(of: json, type, .phone, .phones)
        case "LINKS": return [text(of: link(json), .json)]
        case "FULL_NAME":
            return ["firstName", "lastName"].map { text(of: json[$0].map(TwentyValue.raw) ?? .null, .text) }
        case "TEXT", "SELECT", "UUID", "RATING": return [text(of: TwentyValue.raw(json), .text)]
        case "NUMBER", "NUMERIC", "POSITION": return [text(of: TwentyValue.raw(json), .number)]
        case "BOOLEAN": return [text(of: TwentyValue.raw(json), .bool)]
        case "DATE": return [text(of: TwentyValue.raw(json), .date)]
        case "DATE_TIME": return [text(of: TwentyValue.raw(json), .time)]
        case "MULTI_SELECT": return [text(of: TwentyValue.raw(json), .texts)]
        default: return [text(of: TwentyValue.isEmpty(json) ? .null : .json(json.bytes), .json)]
        }
    }

    /// The primary member, and all of them.
    private func members(of json: JSONValue, _ type: String, _ one: Kind, _ all: Kind) -> [[UInt8]?] {
        guard let members = TwentyValue.members(json, type) else { return [nil, nil] }
        let primary = members.hasPrimary ? members.texts.first.map { RawValue.text($0) } : nil
        let list = RawValue.list(members.texts.map { .text($0) }, primary: nil)
        return [text(of: primary ?? .null, one), text(of: members.texts.isEmpty ? .null : list, all)]
    }

    private func link(_ json: JSONValue) -> RawValue {
        guard let members = TwentyValue.members(json, "LINKS"), !members.texts.isEmpty else { return .null }
        let urls = members.texts.map { JSONValue.string(Self.url($0)) }
        let labels = [json["primaryLinkLabel"]] + (json["secondaryLinks"]?.array ?? []).map { $0["label"] }
        return .json(JSONValue.array(urls + labels.map { $0?.isNull == false ? $0 ?? "" : "" }).bytes)
    }

    /// Scheme and host in lower case, no slash behind.
    private static func url(_ text: String) -> String {
        guard let slashes = text.range(of: "://") else { return text.hasSuffix("/") ? String(text.dropLast()) : text }
        let rest = text[slashes.upperBound...]
        let host = rest.prefix { !"/?#".contains($0) }
        let result = text[..<slashes.upperBound].lowercased() + host.lowercased() + rest.dropFirst(host.count)
        return result.hasSuffix("/") ? String(result.dropLast()) : result
    }

    private func text(of value: RawValue, _ kind: Kind) -> [UInt8]? {
        var values: [RawValue] = [.integer(1)]
        values += Kind.allCases.map { $0 == kind ? value : .null }
        return canonicalizer.texts(ContactRecord(row: .integer(0), values: values))?[kind.rawValue + 1]
    }
}
