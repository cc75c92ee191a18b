import Contacts
import Foundation

/// Shows what kind of value a store holds without showing the value, where the value is as the store spells it.
///
/// Brings the spellings of a type to the form that `ValueMask` knows, and shows no more than it does.
enum RawMask {
    /// The mask; nil where the value is absent.
    static func mask(_ value: RawValue, type: FieldType) -> String? {
        switch value {
        case .null: nil
        case .integer(let number): scalar(String(number), type)
        case .real(let number): scalar(String(number), type)
        case .blob(let bytes): "bytes (\(Format.count(bytes.count)))"
        case .list(let members, _): set(members.map { mask($0, type: type.member ?? type) ?? "absent" })
        case .json(let bytes): json(String(decoding: bytes, as: UTF8.self), type)
        case .text(let bytes): text(String(decoding: bytes, as: UTF8.self), type)
        }
    }

    /// The mask of one field's value before and behind a write. Of JSON both say where they differ.
    static func masks(from: RawValue, to: RawValue, type: FieldType) -> (from: String?, to: String?) {
        let masks = (mask(from, type: type), mask(to, type: type))
        guard type == .json, let a = canonicalJSON(from), let b = canonicalJSON(to), a != b else { return masks }
        let paths = JSONPathDifference.paths(a, b).joined(separator: ", ")
        return (masks.0, masks.1.map { "\($0), differs at \(paths)" })
    }

    /// How long the value is, as a person would count it: characters of a text, members of a list, bytes of anything
    /// else that has some.
    static func length(_ value: RawValue) -> String {
        switch value {
        case .null: "nothing"
        case .integer(let number): Format.counted(String(number).count, "digit")
        case .real(let number): Format.counted(String(number).count, "digit")
        case .blob(let bytes): Format.counted(bytes.count, "byte")
        case .list(let members, _): Format.counted(members.count, "member")
        case .json(let bytes), .text(let bytes):
            Format.counted(String(decoding: bytes, as: UTF8.self).unicodeScalars.count, "character")
        }
    }

    // MARK: Texts

    private static func text(_ text: String, _ type: FieldType) -> String {
        if type == .json { return JSONShape.describe(canonicalJSON(text) ?? text) }
        guard let member = type.member else { return scalar(text, type) }
        if text.unicodeScalars.first(where: { !$0.properties.isWhitespace }) == "[" { return json(text, type) }
        // Whatever a list is separated by in this store, no part shows more than a member would.
        let parts = text.unicodeScalars.split { ",;|\n".unicodeScalars.contains($0) }
        return set(parts.map { scalar(String($0), member) })
    }

    private static func scalar(_ text: String, _ type: FieldType) -> String {
        if text.isEmpty { return "empty" }
        switch type {
        case .bool: return bool(text)
        case .date, .timestamp:
            // A number may count days, seconds or milliseconds: its year is not known.
            let day = text.utf8.prefix(2).elementsEqual("--".utf8) ? text : String(text.unicodeScalars.prefix(10))
            return ValueMask.mask(day, type: .date)
        case .email: return ValueMask.mask(trimmed(text).lowercased(), type: .email)
        case .phone: return ValueMask.mask(String(text.unicodeScalars.filter { !isFiller($0) }), type: .phone)
        default: return ValueMask.mask(text, type: type)
        }
    }

    private static func bool(_ text: String) -> String {
        switch trimmed(text).lowercased() {
        case "t", "true", "1", "y", "yes", "on": "true"
        case "f", "false", "0", "n", "no", "off": "false"
        default: ValueMask.filler
        }
    }

    private static func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }

    /// What people put between the digits of a phone number.
    private static func isFiller(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || "-.()/\u{2010}\u{2011}".unicodeScalars.contains(scalar)
    }

    private static func set(_ masks: [String]) -> String {
        if masks.isEmpty { return "empty" }
        let rest = masks.count - ValueMask.memberLimit
        let shown = masks.prefix(ValueMask.memberLimit) + (rest > 0 ? ["+\(Format.count(rest))"] : [])
        return shown.joined(separator: ", ")
    }

    // MARK: JSON

    /// A value inside a JSON column: what it would be without the JSON around it, as far as the type knows it.
    private static func json(_ text: String, _ type: FieldType) -> String {
        if type == .json { return JSONShape.describe(canonicalJSON(text) ?? text) }
        switch try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed) {
        case let content as String: return self.text(content, type)
        case let members as [String]: return set(members.map { scalar($0, type.member ?? type) })
        default: return JSONShape.describe(canonicalJSON(text) ?? text)
        }
    }

    private static func canonicalJSON(_ value: RawValue) -> String? {
        switch value {
        case .json(let bytes), .text(let bytes): canonicalJSON(String(decoding: bytes, as: UTF8.self))
        default: nil
        }
    }

    /// The text without white space and with its keys in order; nil where it is no JSON.
    private static func canonicalJSON(_ text: String) -> String? {
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes, .fragmentsAllowed]
        guard let value = try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed),
            let data = try? JSONSerialization.data(withJSONObject: value, options: options)
        else { return nil }
        return String(decoding: data, as: UTF8.self)
    }
}
