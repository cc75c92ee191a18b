/// A value inside a canonical JSON text, as a range of its bytes: what a walk over the text needs, without a tree.
///
/// Canonical JSON has no white space and sorted keys, so two values are equal exactly when their bytes are.
struct JSONSpan {
    let bytes: [UInt8]
    let range: Range<Int>

    /// The whole text, or nil where it is not exactly one value as far as a reader of brackets and strings can tell.
    init?(_ text: String) {
        bytes = Array(text.utf8)
        guard !bytes.isEmpty, let end = Self.end(of: 0, in: bytes), end == bytes.count else { return nil }
        range = 0..<end
    }

    private init(bytes: [UInt8], range: Range<Int>) {
        self.bytes = bytes
        self.range = range
    }

    /// The value's first byte tells its kind.
    var first: UInt8 { bytes[range.lowerBound] }

    static func hasSameBytes(_ a: JSONSpan, _ b: JSONSpan) -> Bool {
        a.range.count == b.range.count && a.bytes[a.range] == b.bytes[b.range]
    }

    /// The members of an object: key, as its JSON string without the quotes, and value; in order.
    var members: [(key: ArraySlice<UInt8>, value: JSONSpan)]? {
        children.flatMap { spans in
            var result: [(key: ArraySlice<UInt8>, value: JSONSpan)] = []
            for span in spans {
                guard span.first == UInt8(ascii: "\""), let end = Self.end(of: span.range.lowerBound, in: bytes),
                    end + 1 < span.range.upperBound, bytes[end] == UInt8(ascii: ":")
                else { return nil }
                let value = JSONSpan(bytes: bytes, range: (end + 1)..<span.range.upperBound)
                result.append((bytes[(span.range.lowerBound + 1)..<(end - 1)], value))
            }
            return result
        }
    }

    /// The elements of an array, or the `"key":value` parts of an object; nil where a part is empty.
    var children: [JSONSpan]? {
        var spans: [JSONSpan] = []
        var position = range.lowerBound + 1
        let last = range.upperBound - 1
        while position < last {
            guard var end = Self.end(of: position, in: bytes) else { return nil }
            if end < last, bytes[end] == UInt8(ascii: ":") {
                guard let value = Self.end(of: end + 1, in: bytes) else { return nil }
                end = value
            }
            guard end > position, end == last || (end < last - 1 && bytes[end] == UInt8(ascii: ",")) else { return nil }
            spans.append(JSONSpan(bytes: bytes, range: position..<end))
            position = end + 1
        }
        return spans
    }

    /// One past the value that begins at `start`: a string to its quote, brackets to their match, else to the next
    /// delimiter. Nil where it does not end.
    private static func end(of start: Int, in bytes: [UInt8]) -> Int? {
        var position = start
        var depth = 0
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                guard let end = endOfString(at: position, in: bytes) else { return nil }
                position = end
                if depth == 0 { return position }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return position > start ? position : nil }
                depth -= 1
                position += 1
                if depth == 0 { return position }
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                if depth == 0 { return position > start ? position : nil }
                position += 1
            default: position += 1
            }
        }
        return depth == 0 && position > start ? position : nil
    }

    private static func endOfString(at start: Int, in bytes: [UInt8]) -> Int? {
        var position = start + 1
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\\"): position += 2
            case UInt8(ascii: "\""): return position + 1
            default: position += 1
            }
        }
        return nil
    }
}
