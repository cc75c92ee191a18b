/// JSON text as a store wrote it. What is read must be known to parse.
enum RawJSON {
    /// The value at a path of names, as it is written; nil where a part of it is missing or no object.
    static func value(at path: [String], in json: [UInt8]) -> [UInt8]? {
        var current = trimmed(json[...])
        for name in path {
            guard let next = member(Array(name.utf8), of: current) else { return nil }
            current = next
        }
        return Array(current)
    }

    /// The elements of an array, as they are written.
    static func elements(of array: [UInt8]) -> [[UInt8]] {
        let text = trimmed(array[...])
        var result: [[UInt8]] = []
        var index = spaceEnd(text, text.startIndex + 1)
        while index < text.endIndex - 1 {
            let end = valueEnd(text, index)
            result.append(Array(text[index..<end]))
            index = spaceEnd(text, spaceEnd(text, end) + 1)
        }
        return result
    }

    /// A JSON string of these characters; nil where they are no UTF-8.
    static func string(_ characters: [UInt8]) -> [UInt8]? {
        guard String(validating: characters, as: UTF8.self) != nil else { return nil }
        var result: [UInt8] = [quote]
        for byte in characters {
            switch byte {
            case quote, backslash: result += [backslash, byte]
            case 0x08: result += [backslash, UInt8(ascii: "b")]
            case 0x09: result += [backslash, UInt8(ascii: "t")]
            case 0x0A: result += [backslash, UInt8(ascii: "n")]
            case 0x0C: result += [backslash, UInt8(ascii: "f")]
            case 0x0D: result += [backslash, UInt8(ascii: "r")]
            case ..<0x20:
                let digits = String(byte, radix: 16)
                result += Array("\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
            default: result.append(byte)
            }
        }
        return result + [quote]
    }

    /// The characters that a JSON string stands for.
    static func characters(of string: ArraySlice<UInt8>) -> [UInt8] {
        let content = trimmed(string).dropFirst().dropLast()
        guard content.contains(backslash) else { return Array(content) }
        var units: [UInt16] = []
        var result: [UInt8] = []
        func flush() {
            result += Array(String(decoding: units, as: UTF16.self).utf8)
            units.removeAll()
        }
        var index = content.startIndex
        while index < content.endIndex {
            guard content[index] == backslash else {
                flush()
                result.append(content[index])
                index += 1
                continue
            }
            let letter = content[index + 1]
            index += 2
            if letter == UInt8(ascii: "u") {
                // Halves of a pair come one behind the other.
                let digits = String(decoding: content[index..<(index + 4)], as: UTF8.self)
                units.append(UInt16(digits, radix: 16) ?? 0)
                index += 4
            } else {
                flush()
                result.append(escapes[letter] ?? letter)
            }
        }
        flush()
        return result
    }

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D,
        UInt8(ascii: "t"): 0x09,
    ]

    private static func member(_ name: [UInt8], of object: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard object.first == UInt8(ascii: "{") else { return nil }
        var index = spaceEnd(object, object.startIndex + 1)
        while index < object.endIndex - 1 {
            let keyEnd = valueEnd(object, index)
            let start = spaceEnd(object, spaceEnd(object, keyEnd) + 1)
            let end = valueEnd(object, start)
            if characters(of: object[index..<keyEnd]) == name { return object[start..<end] }
            index = spaceEnd(object, spaceEnd(object, end) + 1)
        }
        return nil
    }

    /// The index behind the value that begins at `start`.
    private static func valueEnd(_ text: ArraySlice<UInt8>, _ start: Int) -> Int {
        var index = start
        var depth = 0
        while index < text.endIndex {
            switch text[index] {
            case quote:
                index += 1
                while text[index] != quote { index += text[index] == backslash ? 2 : 1 }
                if depth == 0 { return index + 1 }
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth <= 1 { return depth == 0 ? index : index + 1 }
                depth -= 1
            case UInt8(ascii: ",") where depth == 0: return index
            case let byte where depth == 0 && isSpace(byte): return index
            default: break
            }
            index += 1
        }
        return index
    }

    private static func spaceEnd(_ text: ArraySlice<UInt8>, _ start: Int) -> Int {
        var index = start
        while index < text.endIndex, isSpace(text[index]) { index += 1 }
        return index
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var text = text.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text.removeLast() }
        return text
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}
