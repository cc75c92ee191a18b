/// The codes of `category_code` and `subcategory_code`.
enum CategoryCode {
    /// One of the letters A to H, or X.
    ///
    /// - Parameter isFolded: whether the text is compared without letter case, and so is in lower case; likewise below.
    static func isCategory(_ text: UnsafeRawBufferPointer, isFolded: Bool) -> Bool {
        text.count == 1 && isLetter(upper(text[0], isFolded))
    }

    /// A category's letter, digits, `_` and a word in upper-case snake case: `H5_RESTAURANT`.
    ///
    /// - Parameter category: the letter that it must begin with; nil: any of them.
    static func isSubcategory(_ text: UnsafeRawBufferPointer, of category: UInt8?, isFolded: Bool) -> Bool {
        guard text.count >= 4, let bytes = text.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return false }
        let first = upper(bytes[0], isFolded)
        guard isLetter(first), category == nil || category == first else { return false }
        var at = 1
        let last = text.count &- 1
        while at < last, bytes[at] &- UInt8(ascii: "0") < 10 { at &+= 1 }
        guard at > 1, at < last, bytes[at] == UInt8(ascii: "_"), bytes[last] != UInt8(ascii: "_") else { return false }
        while at <= last {
            let byte = bytes[at]
            let isSnake =
                byte &- UInt8(ascii: "A") < 26 || byte == UInt8(ascii: "_") || byte &- UInt8(ascii: "0") < 10
                || isFolded && byte &- UInt8(ascii: "a") < 26
            guard isSnake else { return false }
            at &+= 1
        }
        return true
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "H") || byte == UInt8(ascii: "X")
    }

    private static func upper(_ byte: UInt8, _ isFolded: Bool) -> UInt8 {
        isFolded && byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") ? byte & 0xDF : byte
    }
}
