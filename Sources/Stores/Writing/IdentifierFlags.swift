import Contacts

/// How the rows of one contact mark their primary member.
struct IdentifierFlags {
    private let values: [RawValue]
    private let usual: String?
    let isMarked: [Bool]

    private static let pairs = [("1", "0"), ("true", "false"), ("t", "f"), ("yes", "no"), ("y", "n"), ("1.0", "0.0")]

    /// - Parameters:
    ///   - values: the flags of the contact's rows, in their order.
    ///   - usual: a mark where no row shows how one is spelled; nil: a number.
    init(_ values: [RawValue], usual: String?) {
        self.values = values
        self.usual = usual
        isMarked = values.map(Self.isMark)
    }

    /// The row that counts as the primary one.
    var first: Int? { isMarked.firstIndex(of: true) }

    /// As canonical text reads a bool: a table may hold any spelling of it.
    static func isMark(_ value: RawValue) -> Bool {
        switch value {
        case .integer(let number): number == 1
        case .real(let number): number == 1
        case .text(let text), .blob(let text): pairs.contains { $0.0 == word(text).lowercased() }
        case .null, .json, .list: false
        }
    }

    /// A flag spelled as that row spells it, else as another row of the contact does, else as is usual.
    func spelling(_ flag: Bool, of row: Int?) -> RawValue {
        let own = row.flatMap { values[$0] == .null ? nil : values[$0] }
        switch own ?? values.first(where: { $0 != .null }) ?? usual.map({ .text($0) }) {
        case .real: return .real(flag ? 1 : 0)
        case .text(let bytes):
            let text = Self.word(bytes)
            let pair = Self.pair(text) ?? usual.flatMap(Self.pair) ?? Self.pairs[0]
            let word = flag ? pair.0 : pair.1
            guard text.first?.isUppercase == true else { return .text(word) }
            return .text(text == text.uppercased() ? word.uppercased() : word.prefix(1).uppercased() + word.dropFirst())
        default: return .integer(flag ? 1 : 0)
        }
    }

    private static func pair(_ word: String) -> (String, String)? {
        pairs.first { [$0.0, $0.1].contains(word.lowercased()) }
    }

    private static func word(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
