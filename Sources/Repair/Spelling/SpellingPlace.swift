import Contacts

/// Where a value is to be written, and how values are spelled there.
struct SpellingPlace {
    /// What stands there shows of the spelling.
    enum Shown {
        case nothing
        /// A number, with a fraction in its type or not.
        case number(isWhole: Bool)
        /// `true` or `false` in JSON.
        case bool
        /// A text without ASCII white space around; not empty.
        case text([UInt8])
        /// An array or object in JSON.
        case json
    }

    /// What the column is declared as; `other` inside JSON.
    let kind: ColumnKind
    /// Whether the value is a member of a JSON column or an element of a JSON array.
    let isMember: Bool
    /// Whether the column hands over JSON values, not text.
    let isJSONColumn: Bool
    /// Whether texts are bytes there.
    let isBytes: Bool
    let shown: Shown

    /// Whether what stands there is a list in JSON.
    let showsArray: Bool

    /// Whether values there are JSON values.
    var isJSON: Bool { isMember || isJSONColumn }

    /// - Parameter content: what stands there, of a field inside a JSON column the member alone.
    init(_ mapping: FieldMapping, column: StoreColumn?, content: RawValue) {
        let isMember = !mapping.path.isEmpty
        self.isMember = isMember
        kind = isMember ? .other : ColumnKind(column)
        isJSONColumn = if case .json = content, !isMember { true } else { false }
        isBytes =
            if case .blob = content, !isMember { true } else { !isMember && column?.type.contains("BYTE") == true }
        shown = Self.shown(content)
        showsArray =
            switch content {
            case .text(let bytes), .blob(let bytes), .json(let bytes):
                bytes.trimmingSpace().first == UInt8(ascii: "[")
            default: false
            }
    }

    private init(kind: ColumnKind, isMember: Bool) {
        self.kind = kind
        self.isMember = isMember
        isJSONColumn = false
        isBytes = false
        shown = .nothing
        showsArray = false
    }

    /// An element of a JSON array.
    static let element = SpellingPlace(kind: .other, isMember: true)
    /// A row, or an element of an array that the store has a type for.
    static let row = SpellingPlace(kind: .other, isMember: false)
    /// A part of a text.
    static let part = SpellingPlace(kind: .text, isMember: false)

    /// Whether numbers are written as numbers here.
    ///
    /// - Parameter usual: the answer where neither what stands there nor the column's type gives one.
    func holdsNumbers(usual: Bool) -> Bool {
        switch shown {
        case .number: true
        case .text: kind.holdsNumbers
        case .nothing, .bool, .json: kind == .other ? usual : kind.holdsNumbers
        }
    }

    private static func shown(_ content: RawValue) -> Shown {
        switch content {
        case .null, .list: return .nothing
        case .integer: return .number(isWhole: true)
        case .real: return .number(isWhole: false)
        case .text(let bytes), .blob(let bytes): return text(bytes)
        case .json(let bytes):
            let bytes = bytes.trimmingSpace()
            switch bytes.first {
            case UInt8(ascii: "\""): return text(RawJSON.characters(of: bytes[...]))
            case UInt8(ascii: "["), UInt8(ascii: "{"): return .json
            case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
            case UInt8(ascii: "n"), nil: return .nothing
            default: return .number(isWhole: !bytes.contains(UInt8(ascii: ".")))
            }
        }
    }

    private static func text(_ bytes: [UInt8]) -> Shown {
        let text = bytes.trimmingSpace()
        return text.isEmpty ? .nothing : .text(text)
    }
}
