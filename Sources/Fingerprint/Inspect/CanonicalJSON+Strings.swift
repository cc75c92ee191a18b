extension CanonicalJSON {
    /// Passes every string of canonical JSON, names included, to `body`, and puts what it returns in the string's place.
    ///
    /// - Parameter body: gets the characters that the string stands for; nil leaves it as it is.
    /// - Returns: the canonical text with the strings that were replaced; nil where none was, or where two names have
    ///   become one.
    package static func replacingStrings(
        in json: UnsafeRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) -> [UInt8]?
    ) -> [UInt8]? {
        var result = ByteBuffer(capacity: json.count + 64)
        var isReplaced = false
        var index = 0
        while index < json.count {
            guard json[index] == 0x22 else {
                result.append(json[index])
                index += 1
                continue
            }
            let start = index + 1
            index = start
            while json[index] != 0x22 { index += json[index] == 0x5C ? 2 : 1 }
            let content = UnsafeRawBufferPointer(rebasing: json[start..<index])
            index += 1
            let new =
                content.contains(0x5C)
                ? unescaped(content).withUnsafeBytes { body($0) } : body(content)
            result.append(0x22)
            if let new {
                isReplaced = true
                appendEscaped(new, to: &result)
            } else {
                result.append(content)
            }
            result.append(0x22)
        }
        guard isReplaced else { return nil }
        var canonicalizer = JSONCanonicalizer()
        var ordered = ByteBuffer(capacity: result.count + 64)
        guard canonicalizer.write(result.bytes, to: &ordered, keepingEmpty: true) == .value else { return nil }
        return Array(ordered.bytes)
    }

    private static func appendEscaped(_ text: [UInt8], to out: inout ByteBuffer) {
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            out.reserve(8)
            out.count += write(scalar.value, to: out.end)
        }
    }
}
