/// As JSON: a text, that of the number (`"17"`), or `=` and the name.
extension RowID: Codable {
    /// Reads what `encode` writes.
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        if text.hasPrefix("=") {
            self = .text(String(text.dropFirst()))
        } else if let number = Int64(text) {
            self = .integer(number)
        } else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "this is no row of a store")
            )
        }
    }

    /// Writes the name as the type's comment has it.
    package func encode(to encoder: any Encoder) throws {
        var single = encoder.singleValueContainer()
        switch self {
        case .integer(let number): try single.encode(String(number))
        case .text(let name): try single.encode("=" + name)
        }
    }
}
