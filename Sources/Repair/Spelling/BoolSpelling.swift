import Contacts

/// A bool, spelled as its place spells bools.
enum BoolSpelling {
    private static let words = [("true", "false"), ("t", "f"), ("yes", "no"), ("y", "n"), ("1", "0")]

    /// The bool in the spelling that stands there, else in that of the column's type.
    static func spelled(_ isTrue: Bool, at place: SpellingPlace) -> RawValue {
        switch place.shown {
        case .number: return .integer(isTrue ? 1 : 0)
        case .bool: return literal(isTrue)
        case .text(let bytes):
            if let word = word(isTrue, like: String(decoding: bytes, as: UTF8.self)) { return .text(word) }
        case .nothing, .json: break
        }
        if place.isJSON { return literal(isTrue) }
        return place.kind == .text ? .text(isTrue ? "true" : "false") : .integer(isTrue ? 1 : 0)
    }

    private static func literal(_ isTrue: Bool) -> RawValue { .json(Array((isTrue ? "true" : "false").utf8)) }

    /// The word for it in the pair that `text` is of, in its letter case; nil where it is of none.
    private static func word(_ isTrue: Bool, like text: String) -> String? {
        guard let pair = words.first(where: { [$0.0, $0.1].contains(text.lowercased()) }) else { return nil }
        let word = isTrue ? pair.0 : pair.1
        if text == text.lowercased() { return word }
        return text == text.uppercased() ? word.uppercased() : word.prefix(1).uppercased() + word.dropFirst()
    }
}
