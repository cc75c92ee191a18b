/// Reads JSON text into a `JSONValue`.
struct JSONValueReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0
    private var depth = 0

    /// The buffer must outlive the reader.
    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The one value of the text.
    mutating func document() throws(JSONSyntaxError) -> JSONValue {
        let value = try value()
        guard next() == nil else { throw error("something follows the value") }
        return value
    }

    private mutating func value() throws(JSONSyntaxError) -> JSONValue {
        guard let first = next() else { throw error("a value is missing") }
        switch first {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return try nested { (reader) throws(JSONSyntaxError) in try reader.object() }
        case UInt8(ascii: "["): return try nested { (reader) throws(JSONSyntaxError) in try reader.array() }
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: throw error("no value begins so")
        }
    }

    /// Reads an array or object, at its opening bracket.
    private mutating func nested(
        _ read: (inout JSONValueReader) throws(JSONSyntaxError) -> JSONValue
    ) throws(JSONSyntaxError) -> JSONValue {
        guard depth < JSONSyntaxError.maximumDepth else {
            throw error("it is nested deeper than \(JSONSyntaxError.maximumDepth) levels")
        }
        depth += 1
        at += 1
        let value = try read(&self)
        depth -= 1
        return value
    }

    private mutating func array() throws(JSONSyntaxError) -> JSONValue {
        var elements: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return .array(elements) }
        repeat { elements.append(try value()) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw error("an array needs a comma or its closing bracket") }
        return .array(elements)
    }

    private mutating func object() throws(JSONSyntaxError) -> JSONValue {
        var members: [JSONValue.Member] = []
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            guard next() == UInt8(ascii: "\"") else { throw error("an object needs a name in quotation marks") }
            let name = try string()
            guard take(UInt8(ascii: ":")) else { throw error("a name needs a colon behind it") }
            members.append(JSONValue.Member(name: name, value: try value()))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw error("an object needs a comma or its closing brace") }
        return .object(members)
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        let text = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes[at...].starts(with: text) else { throw error("no value begins so") }
        at += text.count
        return value
    }

    private mutating func number() throws(JSONSyntaxError) -> String {
        let start = at
        if current == UInt8(ascii: "-") { at += 1 }
        if current == UInt8(ascii: "0") {
            at += 1
        } else {
            try digits()
        }
        if current == UInt8(ascii: ".") {
            at += 1
            try digits()
        }
        if let letter = current, letter | 0x20 == UInt8(ascii: "e") {
            at += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { at += 1 }
            try digits()
        }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    /// Steps over one digit or more.
    private mutating func digits() throws(JSONSyntaxError) {
        let start = at
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { at += 1 }
        guard at > start else { throw error("a number needs a digit") }
    }

    /// Skips white space and returns the byte behind it, which is not read; nil at the end.
    private mutating func next() -> UInt8? {
        while let byte = current {
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            at += 1
        }
        return nil
    }

    /// Steps over a byte if it is the next one behind white space.
    private mutating func take(_ byte: UInt8) -> Bool {
        guard next() == byte else { return false }
        at += 1
        return true
    }

    private var current: UInt8? { at < bytes.count ? bytes[at] : nil }

    private func error(_ problem: String) -> JSONSyntaxError { JSONSyntaxError(offset: at, problem: problem) }
}

// Strings.
extension JSONValueReader {
    /// Reads a string, at its opening quotation mark.
    private mutating func string() throws(JSONSyntaxError) -> String {
        at += 1
        let start = at
        try skipPlain()
        if bytes[at] == UInt8(ascii: "\"") {
            at += 1
            return try text(bytes[start..<(at - 1)], from: start)
        }
        var content = Array(bytes[start..<at])
        while bytes[at] != UInt8(ascii: "\"") {
            try escape(into: &content)
            let plain = at
            try skipPlain()
            content += bytes[plain..<at]
        }
        at += 1
        return try text(content, from: start)
    }

    /// Steps to the next quotation mark or backslash.
    private mutating func skipPlain() throws(JSONSyntaxError) {
        while let byte = current {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return }
            guard byte >= 0x20 else { throw error("a control character stands in a string unescaped") }
            at += 1
        }
        throw error("a string does not end")
    }

    private func text(_ content: some Collection<UInt8>, from start: Int) throws(JSONSyntaxError) -> String {
        guard let text = String(validating: content, as: UTF8.self) else {
            throw JSONSyntaxError(offset: start, problem: "the string that begins here is not UTF-8")
        }
        return text
    }

    /// Reads an escape, at its backslash, and appends what it stands for.
    private mutating func escape(into content: inout [UInt8]) throws(JSONSyntaxError) {
        let start = at
        at += 1
        guard let letter = current else { throw error("a string does not end") }
        at += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(letter)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"): content += try escapedScalar(from: start).utf8
        default: throw JSONSyntaxError(offset: start, problem: "there is no such escape")
        }
    }

    /// The scalar behind `\u`, whose second half is read where the first is a surrogate.
    private mutating func escapedScalar(from start: Int) throws(JSONSyntaxError) -> Unicode.Scalar {
        let unit = try hexadecimal()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        if unit < 0xDC00, bytes[at...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) {
            at += 2
            let low = try hexadecimal()
            if (0xDC00...0xDFFF).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
            {
                return scalar
            }
        }
        throw JSONSyntaxError(offset: start, problem: "a lone surrogate is no character")
    }

    private mutating func hexadecimal() throws(JSONSyntaxError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("\\u needs four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            at += 1
        }
        return value
    }
}
