import Contacts
import Fingerprint

/// Says a raw value as Twenty takes it for a field of person: composites whole, so that nothing of them is lost.
struct TwentyWording {
    let field: TwentyField
    let mapping: FieldMapping

    /// The field's whole value once this is written.
    ///
    /// - Parameters:
    ///   - member: the member of a composite that is written alone.
    ///   - current: what the field holds.
    /// - Throws: `WriteRefusal`.
    func json(_ value: RawValue, _ member: String?, over current: JSONValue) throws -> JSONValue {
        if !mapping.path.isEmpty { return try inside(value, current) }
        if let member { return try named(value, member, current) }
        if value == .null { return Self.nothing(field.type) }
        switch field.type {
        case "EMAILS": return try emails(value, current)
        case "PHONES": return try phones(value, current)
        case "LINKS": return try links(value, current)
        case "TEXT", "UUID": return .string(try text(value))
        case "SELECT", "RATING": return .string(try option(text(value)))
        case "MULTI_SELECT": return .array(try members(value).texts.map { .string(try option($0)) })
        case "ARRAY": return .array(try members(value).texts.map { .string($0) })
        case "NUMBER", "NUMERIC": return try number(value)
        case "BOOLEAN": return try bool(value)
        case "DATE", "DATE_TIME": return .string(try text(value))
        case "RAW_JSON": return try document(value)
        case "ADDRESS", "CURRENCY", "FULL_NAME":
            let json = try document(value)
            guard json.members != nil else { throw refusal("takes an object") }
            return json
        default: throw WriteRefusal("a field of type \(field.type), as \(field.name) of person is, is not written")
        }
    }

    /// How a field is emptied.
    static func nothing(_ type: String) -> JSONValue {
        switch type {
        case "TEXT": ""
        case "ARRAY", "MULTI_SELECT": []
        case "FULL_NAME": ["firstName": "", "lastName": ""]
        case "EMAILS": ["primaryEmail": "", "additionalEmails": []]
        case "PHONES":
            [
                "primaryPhoneNumber": "", "primaryPhoneCountryCode": "", "primaryPhoneCallingCode": "",
                "additionalPhones": [],
            ]
        case "LINKS": ["primaryLinkUrl": "", "primaryLinkLabel": "", "secondaryLinks": []]
        default: nil
        }
    }

    private func refusal(_ what: String) -> WriteRefusal { WriteRefusal("the field \(field.name) of person \(what)") }

    // MARK: Parts of a field

    private func inside(_ value: RawValue, _ current: JSONValue) throws -> JSONValue {
        // A member of a composite is emptied, since one that is left out stays as it is.
        let member = value == .null && field.type != "RAW_JSON" ? RawValue.json(Array("null".utf8)) : value
        let base: RawValue = TwentyValue.isEmpty(current) ? .null : .json(current.bytes)
        guard let edited = RecordEdit.setting(mapping.path, to: member, in: base) else {
            throw refusal("holds no JSON object in which \(mapping.path.joined(separator: ".")) could be set to that")
        }
        return try document(edited)
    }

    private func named(_ value: RawValue, _ member: String, _ current: JSONValue) throws -> JSONValue {
        let text = value == .null ? "" : try text(value)
        var names: [JSONValue.Member] = ["firstName", "lastName"]
            .map { .init(name: $0, value: .string(current[$0]?.string ?? "")) }
        guard let index = names.firstIndex(where: { $0.name == member }) else { throw refusal("has no \(member)") }
        names[index].value = .string(text)
        return .object(names)
    }

    // MARK: Composites

    private func emails(_ value: RawValue, _ current: JSONValue) throws -> JSONValue {
        var members = try members(value)
        keepOthers(of: current, in: &members)
        let primary = members.hasPrimary || members.texts.isEmpty ? members.texts.first ?? "" : ""
        let others = members.texts.dropFirst(primary.isEmpty ? 0 : 1)
        return ["primaryEmail": .string(primary), "additionalEmails": .array(others.map { .string($0) })]
    }

    /// A number that the person has already keeps its country; of another the server finds it out.
    private func phones(_ value: RawValue, _ current: JSONValue) throws -> JSONValue {
        var members = try members(value)
        keepOthers(of: current, in: &members)
        guard let first = members.texts.first else { return Self.nothing(field.type) }
        let known = knownPhones(current)
        let primaryNames = ["primaryPhoneNumber", "primaryPhoneCountryCode", "primaryPhoneCallingCode"]
        var result = Self.object(zip(primaryNames, known[first] ?? [.string(first)]))
        let others = members.texts.dropFirst()
            .map { text in
                JSONValue.object(Self.object(zip(Self.phoneNames, known[text] ?? [.string(text)])))
            }
        result.append(.init(name: "additionalPhones", value: .array(others)))
        return .object(result)
    }

    private static let phoneNames = ["number", "countryCode", "callingCode"]

    /// Number, country and calling code of the phones that the person has, by their international form.
    private func knownPhones(_ current: JSONValue) -> [String: [JSONValue]] {
        var known: [String: [JSONValue]] = [:]
        func add(_ json: JSONValue, _ names: [String]) {
            let parts = names.compactMap { json[$0] }
            guard parts.count == names.count, !parts.contains(where: TwentyValue.isEmpty),
                let text = TwentyValue.phone(json, names[0], names[2])
            else { return }
            known[text] = parts
        }
        for other in current["additionalPhones"]?.array ?? [] { add(other, Self.phoneNames) }
        add(current, ["primaryPhoneNumber", "primaryPhoneCountryCode", "primaryPhoneCallingCode"])
        return known
    }

    /// Links that the person has keep their labels.
    private func links(_ value: RawValue, _ current: JSONValue) throws -> JSONValue {
        if case .json(let bytes) = value, let json = try? JSONValue(parsing: bytes), json.members != nil { return json }
        let texts = try members(value).texts
        var labels = [current["primaryLinkUrl"]?.string ?? "": current["primaryLinkLabel"]?.string ?? ""]
        let others = current["secondaryLinks"]?.array ?? []
        for other in others { labels[other["url"]?.string ?? ""] = other["label"]?.string ?? "" }
        // Of one value alone the other links stay.
        let isOne = mapping.field.type.member == nil
        let secondary =
            isOne
            ? others
            : texts.dropFirst().map { ["url": .string($0), "label": .string(labels[$0] ?? "")] }
        return [
            "primaryLinkUrl": .string(texts.first ?? ""),
            "primaryLinkLabel": .string(texts.first.flatMap { labels[$0] } ?? ""),
            "secondaryLinks": .array(secondary),
        ]
    }

    /// Where one member alone counts, the others of the person stay behind it.
    private func keepOthers(of current: JSONValue, in members: inout TwentyValue.Members) {
        let isOne = mapping.holdsOne || mapping.field.type.member == nil
        guard isOne, let first = members.texts.first, let own = TwentyValue.members(current, field.type) else { return }
        let others = own.texts.dropFirst(own.hasPrimary ? 1 : 0).filter { $0 != first }
        members.texts = [first] + others
        members.hasPrimary = true
    }

    private static func object(_ pairs: some Sequence<(String, JSONValue)>) -> [JSONValue.Member] {
        pairs.map { .init(name: $0, value: $1) }
    }

    // MARK: Scalars

    /// The members of a set, the primary one first; of a value that is none the value.
    private func members(_ value: RawValue) throws -> TwentyValue.Members {
        var result = TwentyValue.Members()
        switch value {
        case .null: break
        case .list(let members, let primary):
            result.texts = try members.map(text)
            if let primary, result.texts.indices.contains(primary) {
                result.texts.insert(result.texts.remove(at: primary), at: 0)
            }
        case .json(let bytes), .text(let bytes):
            if bytes.first == UInt8(ascii: "["), let list = (try? JSONValue(parsing: bytes))?.array {
                result.texts = try list.map { try text(TwentyValue.raw($0)) }
            } else {
                result.texts = [try text(value)]
            }
        case .integer, .real, .blob: result.texts = [try text(value)]
        }
        result.texts.removeAll { $0.isEmpty }
        result.hasPrimary = !result.texts.isEmpty
        return result
    }

    private func text(_ value: RawValue) throws -> String {
        let text: String?
        switch value {
        case .null: text = ""
        case .text(let bytes), .blob(let bytes): text = String(validating: bytes, as: UTF8.self)
        case .integer(let number): text = String(number)
        case .real(let number): text = Int64(exactly: number).map { String($0) } ?? "\(number)"
        case .json(let bytes):
            switch try? JSONValue(parsing: bytes) {
            case .string(let string): text = string
            case .number(let number): text = number
            case .bool(let flag): text = flag ? "true" : "false"
            default: text = nil
            }
        case .list: text = nil
        }
        guard let text else { throw refusal("takes a text in UTF-8") }
        guard !text.unicodeScalars.contains("\0") else { throw refusal("takes no text with the character U+0000") }
        return text
    }

    private func option(_ text: String) throws -> String {
        guard field.options.isEmpty || field.options.contains(text) else { throw refusal("has no such option") }
        return text
    }

    private func number(_ value: RawValue) throws -> JSONValue {
        switch value {
        case .integer(let number): return .number(number)
        case .real(let number) where number.isFinite:
            return Int64(exactly: number).map { .number($0) } ?? .number("\(number)")
        case .text(let bytes), .json(let bytes):
            if case .number(let number) = try? JSONValue(parsing: bytes) { return .number(number) }
        default: break
        }
        throw refusal("takes a number")
    }

    private func bool(_ value: RawValue) throws -> JSONValue {
        switch try text(value).lowercased() {
        case "true", "t", "yes", "y", "1": return true
        case "false", "f", "no", "n", "0": return false
        default: throw refusal("takes true or false")
        }
    }

    /// A JSON value; an empty one is none.
    private func document(_ value: RawValue) throws -> JSONValue {
        switch value {
        case .json(let bytes), .text(let bytes), .blob(let bytes):
            if bytes.isEmpty { return nil }
            guard let json = try? JSONValue(parsing: bytes) else { throw refusal("takes JSON, and this is none") }
            // A JSON text by itself would be read as the JSON that is in it.
            if case .string = json { return .string(String(decoding: json.bytes, as: UTF8.self)) }
            return json
        case .integer, .real: return try number(value)
        case .list(let members, _): return .array(try members.map { .string(try text($0)) })
        case .null: return nil
        }
    }
}
