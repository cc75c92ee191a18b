import Contacts
import Foundation

/// Writes what `ExactJSON` describes. By hand: `JSONEncoder` takes longer than writing to the stores does. To be kept for
/// many texts, for its memory.
struct ExactJSONWriter {
    private var out: [UInt8] = []

    mutating func text(_ steps: [RowStep]) -> String {
        out.removeAll(keepingCapacity: true)
        list(steps) { writer, step in writer.append(step) }
        return String(decoding: out, as: UTF8.self)
    }

    mutating func text(_ values: [String: RawValue]) -> String {
        out.removeAll(keepingCapacity: true)
        append(values)
        return String(decoding: out, as: UTF8.self)
    }

    private mutating func append(_ values: [String: RawValue]?) {
        guard let values else { return raw("null") }
        raw("{")
        var isFirst = true
        for (column, value) in values.sorted(by: { $0.key < $1.key }) {
            if !isFirst { raw(",") }
            isFirst = false
            quote(column)
            raw(":")
            append(value)
        }
        raw("}")
    }

    private mutating func append(_ step: RowStep) {
        raw("[")
        quote(step.table)
        raw(",")
        switch step.row {
        case nil: raw("null")
        case .integer(let number): self.number(number)
        case .text(let name): quote(name)
        }
        raw(",")
        append(step.before)
        raw(",")
        append(step.after)
        raw("]")
    }

    private mutating func append(_ value: RawValue) {
        switch value {
        case .null: raw("null")
        case .integer(let number): self.number(number)
        case .real(let number): object("real", String(number.bitPattern, radix: 16))
        case .text(let bytes):
            if Self.isText(bytes) { quote(bytes) } else { object("bytes", Data(bytes).base64EncodedString()) }
        case .blob(let bytes): object("blob", Data(bytes).base64EncodedString())
        case .json(let bytes):
            guard Self.isText(bytes) else { return object("jsonBytes", Data(bytes).base64EncodedString()) }
            raw("{\"json\":")
            quote(bytes)
            raw("}")
        case .list(let members, nil): list(members) { writer, member in writer.append(member) }
        case .list(let members, let primary?):
            raw("{\"members\":")
            list(members) { writer, member in writer.append(member) }
            raw(",\"primary\":")
            number(Int64(primary))
            raw("}")
        }
    }

    private mutating func list<Element>(
        _ elements: [Element],
        _ append: (inout ExactJSONWriter, Element) -> Void
    ) {
        raw("[")
        for (index, element) in elements.enumerated() {
            if index > 0 { raw(",") }
            append(&self, element)
        }
        raw("]")
    }

    private mutating func object(_ name: StaticString, _ text: String) {
        raw("{\"")
        raw(name)
        raw("\":")
        quote(text)
        raw("}")
    }

    private mutating func raw(_ text: StaticString) { text.withUTF8Buffer { out.append(contentsOf: $0) } }

    private mutating func number(_ number: Int64) { out.append(contentsOf: String(number).utf8) }

    private mutating func quote(_ text: String) {
        var text = text
        text.withUTF8 { quote($0) }
    }

    private mutating func quote(_ bytes: [UInt8]) { bytes.withUnsafeBufferPointer { quote($0) } }

    private mutating func quote(_ bytes: UnsafeBufferPointer<UInt8>) {
        out.append(UInt8(ascii: "\""))
        var start = 0
        for (index, byte) in bytes.enumerated() {
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            out.append(contentsOf: bytes[start..<index])
            start = index + 1
            if byte < 0x20 {
                raw(byte < 0x10 ? "\\u000" : "\\u00")
                out.append(contentsOf: String(byte, radix: 16).utf8)
            } else {
                out.append(UInt8(ascii: "\\"))
                out.append(byte)
            }
        }
        out.append(contentsOf: bytes[start...])
        out.append(UInt8(ascii: "\""))
    }

    private static func isText(_ bytes: [UInt8]) -> Bool {
        bytes.allSatisfy { $0 < 0x80 } || String(validating: bytes, as: UTF8.self) != nil
    }
}
