/// Reads JSON that is canonical already: no white space, known to parse.
package enum CanonicalJSON {
    /// Writes a scalar inside a JSON string, escaped where RFC 8785 escapes it.
    ///
    /// - Returns: the number of bytes written, at most 6.
    static func write(_ scalar: UInt32, to out: UnsafeMutablePointer<UInt8>) -> Int {
        switch scalar {
        case 0x08: return write("\\b", to: out)
        case 0x09: return write("\\t", to: out)
        case 0x0A: return write("\\n", to: out)
        case 0x0C: return write("\\f", to: out)
        case 0x0D: return write("\\r", to: out)
        case 0x22: return write("\\\"", to: out)
        case 0x5C: return write("\\\\", to: out)
        case 0..<0x20:
            let hexadecimal: StaticString = "0123456789abcdef"
            let count = write("\\u00", to: out)
            out[count] = hexadecimal.utf8Start[Int(scalar >> 4)]
            out[count + 1] = hexadecimal.utf8Start[Int(scalar & 15)]
            return count + 2
        default:
            guard let scalar = Unicode.Scalar(scalar), let encoded = UTF8.encode(scalar) else { return 0 }
            var count = 0
            for byte in encoded {
                out[count] = byte
                count += 1
            }
            return count
        }
    }

    private static func write(_ text: StaticString, to out: UnsafeMutablePointer<UInt8>) -> Int {
        out.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        return text.utf8CodeUnitCount
    }

    /// Replaces the string that begins at `start` and ends the buffer by its characters.
    static func unquote(in buffer: inout ByteBuffer, from start: Int) {
        let content = buffer.bytes((start + 1)..<(buffer.count - 1))
        if content.contains(0x5C) {
            let characters = unescaped(content)
            buffer.count = start
            characters.withUnsafeBytes { buffer.append($0) }
        } else {
            let length = content.count
            (buffer.base + start).update(from: buffer.base + start + 1, count: length)
            buffer.count = start + length
        }
    }

    /// The characters that a canonical string's content stands for.
    static func unescaped(_ content: UnsafeRawBufferPointer) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(content.count)
        var index = 0
        while index < content.count {
            guard content[index] == 0x5C else {
                result.append(content[index])
                index += 1
                continue
            }
            let letter = content[index + 1]
            index += 2
            switch letter {
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "u"):
                let digits = String(decoding: content[(index + 2)..<(index + 4)], as: UTF8.self)
                result.append(UInt8(digits, radix: 16) ?? 0)
                index += 4
            default: result.append(letter)
            }
        }
        return result
    }

    /// The value at a path of keys, or nil where a part of it is missing or no object.
    static func value(at path: [[UInt8]], in json: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        var current = json
        for key in path {
            guard let next = member(key, of: current) else { return nil }
            current = next
        }
        return current
    }

    private static func member(_ key: [UInt8], of json: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard json.first == 0x7B else { return nil }
        var index = 1
        while index < json.count, json[index] == 0x22 {
            let keyEnd = end(of: json, from: index)
            let name = UnsafeRawBufferPointer(rebasing: json[(index + 1)..<(keyEnd - 1)])
            let valueEnd = end(of: json, from: keyEnd + 1)
            if unescaped(name) == key { return UnsafeRawBufferPointer(rebasing: json[(keyEnd + 1)..<valueEnd]) }
            index = valueEnd + 1
        }
        return nil
    }

    /// Calls `body` with each element of an array's text.
    static func forEachElement(of json: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
        var index = 1
        while index < json.count - 1 {
            let end = end(of: json, from: index)
            body(UnsafeRawBufferPointer(rebasing: json[index..<end]))
            index = end + 1
        }
    }

    /// The index behind the value that begins at `start`.
    private static func end(of json: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        var depth = 0
        while index < json.count {
            switch json[index] {
            case 0x22:
                index += 1
                while json[index] != 0x22 { index += json[index] == 0x5C ? 2 : 1 }
                index += 1
                if depth == 0 { return index }
                continue
            case 0x7B, 0x5B: depth += 1
            case 0x7D, 0x5D:
                if depth == 0 { return index }
                depth -= 1
                if depth == 0 { return index + 1 }
            case 0x2C where depth == 0: return index
            default: break
            }
            index += 1
        }
        return index
    }
}
