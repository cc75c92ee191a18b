/// HTML entities that were left in text.
enum HTMLEntities {
    /// The text with its entities as the characters that they stand for; nil where it has none, or has a `<` and may be
    /// HTML. An address keeps its own, but for `&amp;`.
    static func decoded(_ text: [UInt32]) -> [UInt32]? {
        guard text.contains(ampersand), !text.contains(UInt32(ascii: "<")) else { return nil }
        var result: [UInt32] = []
        var isChanged = false
        var query = Query.none
        var index = 0
        while index < text.count {
            if text[index] == ampersand, let entity = entity(at: index, in: text, isInQuery: query == .values) {
                result += entity.scalars
                index += entity.count
                isChanged = true
            } else {
                query = query.next(text[index])
                result.append(text[index])
                index += 1
            }
        }
        return isChanged ? result : nil
    }

    private typealias Entity = (scalars: [UInt32], count: Int)

    private static let ampersand = UInt32(ascii: "&")

    private static func entity(at index: Int, in text: [UInt32], isInQuery: Bool) -> Entity? {
        guard let body = body(at: index, in: text) else { return nil }
        let count = body.utf8.count + 2
        guard body == "amp" || !isInQuery else { return nil }
        if body.hasPrefix("#") {
            guard let value = number(body) else { return nil }
            // UTF-16 in two entities.
            if (0xD800..<0xDC00).contains(value) {
                guard let second = self.body(at: index + count, in: text), let low = number(second),
                    (0xDC00..<0xE000).contains(low)
                else { return nil }
                return ([0x10000 + (value - 0xD800) << 10 + low - 0xDC00], count + second.utf8.count + 2)
            }
            return scalar(numbered: value).map { ([$0], count) }
        }
        if let scalar = HTMLEntityNames.scalars[body] { return ([scalar], count) }
        return HTMLEntityNames.capitals(body).map { ($0.unicodeScalars.map(\.value), count) }
    }

    /// What stands between `&` and `;`.
    private static func body(at index: Int, in text: [UInt32]) -> String? {
        guard index < text.count, text[index] == ampersand else { return nil }
        let rest = text[(index + 1)...].prefix(10)
        guard let end = rest.firstIndex(of: UInt32(ascii: ";")), end > index + 2 else { return nil }
        let scalars = rest[..<end]
        guard scalars.allSatisfy({ $0 < 0x80 }) else { return nil }
        return String(decoding: scalars.map { UInt8($0) }, as: UTF8.self)
    }

    private static func number(_ body: String) -> UInt32? {
        let digits = body.dropFirst()
        let isHexadecimal = digits.first == "x" || digits.first == "X"
        let value = isHexadecimal ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return digits.contains("+") ? nil : value
    }

    /// The character that HTML takes a number for; also one of the control characters that may be bytes of mojibake.
    private static func scalar(numbered value: UInt32) -> UInt32? {
        if (0x80..<0xA0).contains(value) { return LegacyByte.windowsScalar(value) ?? value }
        return TextScalar.isMeant(value) ? value : nil
    }

    /// How much of a word is the query of a web address, `?name=value`, whose parts begin with `&`.
    private enum Query {
        case none, names, values

        func next(_ scalar: UInt32) -> Query {
            if scalar <= 0x20 { return .none }
            if scalar == UInt32(ascii: "?") { return self == .none ? .names : self }
            return self == .names && scalar == UInt32(ascii: "=") ? .values : self
        }
    }
}
