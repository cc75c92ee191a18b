/// What a JSON value looks like from outside: `{…} 5 keys`. Never a key or a value.
enum JSONShape {
    /// - Parameter text: canonical JSON; anything else is described by its length.
    static func describe(_ text: String) -> String {
        guard let span = JSONSpan(text) else {
            return "JSON (\(Format.counted(text.unicodeScalars.count, "character")))"
        }
        switch span.first {
        case UInt8(ascii: "{"):
            guard let members = span.members else { break }
            return "{…} \(Format.counted(members.count, "key"))"
        case UInt8(ascii: "["):
            guard let items = span.children else { break }
            return "[…] \(Format.counted(items.count, "item"))"
        case UInt8(ascii: "\""): return "\"…\" text"
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return "true or false"
        default: break
        }
        let isNumber = ValueMask.isDigit(span.first) || span.first == UInt8(ascii: "-")
        return isNumber ? "number" : "JSON (\(Format.counted(text.unicodeScalars.count, "character")))"
    }
}
