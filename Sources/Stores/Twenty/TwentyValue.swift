import Contacts

/// Turns what Twenty returns into raw values. The interface cannot tell NULL from an empty text, array or object: all of them
/// are absent here.
enum TwentyValue {
    /// The value of a field of the schema.
    ///
    /// - Parameters:
    ///   - json: of the field of person.
    ///   - mapping: the value as a whole where it names a path inside it.
    static func raw(_ json: JSONValue, _ source: TwentyLayout.Source, _ mapping: FieldMapping) -> RawValue {
        if isEmpty(json) { return .null }
        if source.field.type == "RAW_JSON" { return .json(json.bytes) }
        if !mapping.path.isEmpty { return json.members == nil ? raw(json) : .json(json.bytes) }
        if let member = source.member { return json[member].map(raw) ?? raw(json) }
        let isSet = mapping.field.type.member != nil
        guard mapping.field.type != .json, let members = members(json, source.field.type) else { return raw(json) }
        if isSet {
            return members.texts.isEmpty
                ? .null : .list(members.texts.map { .text($0) }, primary: members.hasPrimary ? 0 : nil)
        }
        return members.hasPrimary ? members.texts.first.map { .text($0) } ?? .null : .null
    }

    /// A value by itself, in the form in which steps hold it.
    static func raw(_ json: JSONValue) -> RawValue {
        if isEmpty(json) { return .null }
        switch json {
        case .string(let text): return .text(text)
        case .number: return json.int.map { .integer($0) } ?? .json(json.bytes)
        case .array(let elements) where elements.allSatisfy({ $0.string != nil }):
            return .list(elements.compactMap(\.string).map { .text($0) }, primary: nil)
        case .null, .bool, .array, .object: return .json(json.bytes)
        }
    }

    /// Whether the value is none to Twenty.
    static func isEmpty(_ json: JSONValue) -> Bool {
        switch json {
        case .null, .string(""), .array([]), .object([]): true
        default: false
        }
    }

    /// The members of a composite that is a list with a primary one.
    struct Members {
        var texts: [String] = []
        /// Whether the first of them is the primary one.
        var hasPrimary = false
    }

    /// Nil where the type is no such composite, or the value has not its form.
    static func members(_ json: JSONValue, _ type: String) -> Members? {
        guard json.members != nil else { return nil }
        var members = Members()
        let primary: String?
        let others: [String?]
        switch type {
        case "EMAILS":
            primary = json["primaryEmail"]?.string
            others = list(json["additionalEmails"]).map(\.string)
        case "PHONES":
            primary = phone(json, "primaryPhoneNumber", "primaryPhoneCallingCode")
            others = list(json["additionalPhones"]).map { phone($0, "number", "callingCode") }
        case "LINKS":
            primary = json["primaryLinkUrl"]?.string
            others = list(json["secondaryLinks"]).map { $0["url"]?.string }
        default: return nil
        }
        if let primary, !primary.isEmpty {
            members.texts = [primary]
            members.hasPrimary = true
        }
        members.texts += others.compactMap { $0 }.filter { !$0.isEmpty }
        return members
    }

    /// Elements of a list; some versions keep it as JSON text.
    private static func list(_ json: JSONValue?) -> [JSONValue] {
        if let text = json?.string { return (try? JSONValue(parsing: Array(text.utf8)))?.array ?? [] }
        return json?.array ?? []
    }

    /// The number in international form; as it stands where there is no calling code.
    static func phone(_ json: JSONValue, _ numberName: String, _ callingName: String) -> String? {
        guard let number = json[numberName]?.string, !number.isEmpty else { return nil }
        guard let calling = json[callingName]?.string, !calling.isEmpty, !number.hasPrefix("+") else { return number }
        return (calling.hasPrefix("+") ? "" : "+") + calling + number
    }
}
