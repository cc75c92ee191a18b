/// The codes of `category_code` and `subcategory_code`.
enum CategoryCode {
    private static let letters = Set("ABCDEFGHX".utf8)

    /// One of the letters A to H, or X.
    static func isCategory(_ text: UnsafeRawBufferPointer) -> Bool { text.count == 1 && letters.contains(text[0]) }

    /// A category's letter, digits, `_` and a word in upper-case snake case: `H5_RESTAURANT`.
    ///
    /// - Parameter category: the letter that it must begin with; nil: any of them.
    static func isSubcategory(_ text: UnsafeRawBufferPointer, of category: UInt8?) -> Bool {
        guard let first = text.first, letters.contains(first), category == nil || category == first else {
            return false
        }
        let rest = text.dropFirst()
        let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        let word = rest.dropFirst(digits.count)
        guard !digits.isEmpty, word.first == UInt8(ascii: "_"), word.count > 1 else { return false }
        let isSnake = word.allSatisfy { byte in
            byte == UInt8(ascii: "_") || (byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z"))
                || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
        }
        return isSnake && text.last != UInt8(ascii: "_")
    }
}
