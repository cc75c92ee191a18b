/// Texts one after the other so that no two lists of texts give the same bytes: `5:hello,`, and `-` for an absent one.
struct Netstring {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ text: String) {
        bytes.append(contentsOf: String(text.utf8.count).utf8)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(contentsOf: text.utf8)
        bytes.append(UInt8(ascii: ","))
    }

    mutating func append(_ text: String?) {
        if let text { append(text) } else { bytes.append(UInt8(ascii: "-")) }
    }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }
}

/// Bytes in lower-case hexadecimal.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
