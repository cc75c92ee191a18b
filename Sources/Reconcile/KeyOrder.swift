/// The order in which keys of contacts are named.
enum KeyOrder {
    /// Numbers by size, then texts.
    static func isBefore(_ a: String, _ b: String) -> Bool {
        switch (digits(a), digits(b)) {
        case (nil, nil): return a < b
        case (nil, _?): return false
        case (_?, nil): return true
        case (let x?, let y?):
            let isNegative = a.hasPrefix("-")
            guard isNegative == b.hasPrefix("-") else { return isNegative }
            let order = x.count != y.count ? x.count < y.count : x < y
            return isNegative ? x != y && !order : order
        }
    }

    /// The digits of a key that is a number, without its sign; nil for a text.
    private static func digits(_ key: String) -> Substring? {
        let digits = key.hasPrefix("-") ? key.dropFirst() : key[...]
        return !digits.isEmpty && digits.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? digits : nil
    }
}
