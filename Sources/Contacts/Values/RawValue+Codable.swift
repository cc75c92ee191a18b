import Foundation

/// As JSON, by type: `null`, an integer, a text, an array of members. What JSON has no type for is an object:
/// `{"real": 1.5}` (`"nan"`, `"inf"` and `"-inf"` as texts), `{"json": "…"}`, `{"base64": "…"}` for a blob,
/// `{"text": "…base64…"}` and `{"jsonBytes": "…base64…"}` for a text, and JSON text, that is no UTF-8,
/// `{"members": […], "primary": 0}` for a list with a primary member.
extension RawValue: Codable {
    private enum Key: String, CodingKey {
        case real
        case json
        case jsonBytes
        case base64
        case text
        case members
        case primary
    }

    /// Reads what `encode` writes.
    ///
    /// - Throws: `DecodingError` for any other shape.
    package init(from decoder: any Decoder) throws {
        if let single = try? decoder.singleValueContainer() {
            if single.decodeNil() {
                self = .null
                return
            }
            // Most are texts: each guess that is wrong costs an error.
            if let text = try? single.decode(String.self) {
                self = .text(text)
                return
            }
            if let number = try? single.decode(Int64.self) {
                self = .integer(number)
                return
            }
            if let members = try? single.decode([RawValue].self) {
                self = .list(members, primary: nil)
                return
            }
        }
        let object = try decoder.container(keyedBy: Key.self)
        if let number = try? object.decode(Double.self, forKey: .real) {
            self = .real(number)
        } else if let name = try object.decodeIfPresent(String.self, forKey: .real), let number = Double(name) {
            self = .real(number)
        } else if let json = try object.decodeIfPresent(String.self, forKey: .json) {
            self = .json(Array(json.utf8))
        } else if let bytes = try object.decodeIfPresent(Data.self, forKey: .jsonBytes) {
            self = .json(Array(bytes))
        } else if let bytes = try object.decodeIfPresent(Data.self, forKey: .base64) {
            self = .blob(Array(bytes))
        } else if let bytes = try object.decodeIfPresent(Data.self, forKey: .text) {
            self = .text(Array(bytes))
        } else if let members = try object.decodeIfPresent([RawValue].self, forKey: .members) {
            let primary = try object.decodeIfPresent(Int.self, forKey: .primary)
            guard primary.map(members.indices.contains) ?? true else {
                throw DecodingError.dataCorruptedError(forKey: .primary, in: object, debugDescription: "no such member")
            }
            self = .list(members, primary: primary)
        } else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "this is no value of a store")
            )
        }
    }

    /// Writes the value as the type's comment has it.
    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .null:
            var single = encoder.singleValueContainer()
            try single.encodeNil()
        case .integer(let number):
            var single = encoder.singleValueContainer()
            try single.encode(number)
        case .real(let number):
            var object = encoder.container(keyedBy: Key.self)
            if number.isFinite {
                try object.encode(number, forKey: .real)
            } else {
                try object.encode("\(number)", forKey: .real)
            }
        case .text(let bytes):
            if let text = String(validating: bytes, as: UTF8.self) {
                var single = encoder.singleValueContainer()
                try single.encode(text)
            } else {
                var object = encoder.container(keyedBy: Key.self)
                try object.encode(Data(bytes), forKey: .text)
            }
        case .blob(let bytes):
            var object = encoder.container(keyedBy: Key.self)
            try object.encode(Data(bytes), forKey: .base64)
        case .json(let bytes):
            var object = encoder.container(keyedBy: Key.self)
            if let text = String(validating: bytes, as: UTF8.self) {
                try object.encode(text, forKey: .json)
            } else {
                try object.encode(Data(bytes), forKey: .jsonBytes)
            }
        case .list(let members, nil):
            var single = encoder.singleValueContainer()
            try single.encode(members)
        case .list(let members, let primary?):
            var object = encoder.container(keyedBy: Key.self)
            try object.encode(members, forKey: .members)
            try object.encode(primary, forKey: .primary)
        }
    }
}
