import TestSupport

/// A JSON value without escapes, which writes itself by the plainest means.
indirect enum PlainJSON {
    /// `true`, `false` or `null`.
    case word(String)
    /// A number by its own canonical text.
    case number(String)
    case string(String)
    case array([PlainJSON])
    case object([Member])

    struct Member {
        let key: String
        let value: PlainJSON
    }

    /// The value without white space, members as they stand.
    var text: [UInt8] { written { $0 } }

    /// The same with members in order of their keys' UTF-8 bytes.
    var canonical: [UInt8] {
        written { $0.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) } }
    }

    private func written(_ order: ([Member]) -> [Member]) -> [UInt8] {
        switch self {
        case .word(let text), .number(let text): Array(text.utf8)
        case .string(let text): Array("\"\(text)\"".utf8)
        case .array(let elements):
            Array("[".utf8) + elements.map { $0.written(order) }.joined(separator: Array(",".utf8)) + Array("]".utf8)
        case .object(let members):
            Array("{".utf8)
                + order(members).map { Array("\"\($0.key)\":".utf8) + $0.value.written(order) }
                .joined(separator: Array(",".utf8)) + Array("}".utf8)
        }
    }
}

/// Random documents without white space and escapes.
struct PlainDocuments {
    /// A document, and whether it holds nothing but what a plain one may.
    struct Document {
        let value: PlainJSON
        let isPlain: Bool
    }

    private static let maximumDepth = 6
    private static let padKey = "~"
    /// Characters of all lengths in UTF-8, those among them that UTF-16 puts in another order.
    private static let characters = Array("abcdefgh_ /09[]{}:,é日\u{7F}\u{E000}\u{FFFF}\u{10000}😀".unicodeScalars)

    private var random: SeededGenerator
    private var isPlain = true

    init(_ seed: UInt64) { random = SeededGenerator(seed) }

    /// An array or object of exactly so many bytes, at least 16.
    mutating func document(count: Int) -> Document {
        while true {
            isPlain = true
            let root = container(1)
            let place = Int.random(in: 0...14, using: &random)
            let room = count - Self.padded(root, with: "", at: place).text.count
            guard room >= 0 else { continue }
            let pad = (0..<room).map { _ in random.pick(Array("abcxyz .-0")) }
            return Document(value: Self.padded(root, with: String(pad), at: place), isPlain: isPlain)
        }
    }

    /// The document with one string more.
    private static func padded(_ root: PlainJSON, with pad: String, at place: Int) -> PlainJSON {
        switch root {
        case .array(var elements):
            elements.insert(.string(pad), at: min(place, elements.count))
            return .array(elements)
        case .object(var members):
            members.insert(.init(key: padKey, value: .string(pad)), at: min(place, members.count))
            return .object(members)
        default: return root
        }
    }

    private mutating func container(_ depth: Int) -> PlainJSON {
        // Few large ones far down, or most documents were of thousands of values.
        let most = depth == 1 ? 14 : depth == 2 ? random.pick([1, 3, 14]) : random.pick([1, 2, 3])
        let count = Int.random(in: random.oneIn(8) && depth > 1 ? 0...0 : 1...most, using: &random)
        guard random.oneIn(2) else { return .array((0..<count).map { _ in value(depth) }) }
        var keys: [String] = []
        while keys.count < count {
            let key = key()
            if !keys.contains(where: { $0.utf8.elementsEqual(key.utf8) }) { keys.append(key) }
        }
        return .object(keys.map { PlainJSON.Member(key: $0, value: value(depth)) })
    }

    private mutating func value(_ depth: Int) -> PlainJSON {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: .word(random.pick(["true", "false", "null"]))
        case 1, 2: .number(number())
        case 3 where depth < Self.maximumDepth, 4 where depth < Self.maximumDepth: container(depth + 1)
        default: .string(characters(random.pick([0, 1, 2, 7, 8, 15, 16, 17, 40])))
        }
    }

    /// Of 0 to 40 bytes and a few more, often with eight in common with others.
    private mutating func key() -> String {
        let beginning = random.pick(["", "", "", "contact_", "contact_", "contact_id", "aaaaaaaa", "日本"])
        let rest = random.pick([0, 0, 1, 1, 2, 3, 7, 8, 9, 30])
        return random.oneIn(2)
            ? beginning + characters(rest) : beginning + String((0..<rest).map { _ in random.pick(Array("abAB")) })
    }

    private mutating func characters(_ count: Int) -> String {
        var text = ""
        let isASCII = random.oneIn(2)
        for _ in 0..<count {
            let scalar = random.pick(Self.characters)
            text.unicodeScalars.append(isASCII && !scalar.isASCII ? "a" : scalar)
        }
        return text
    }

    private mutating func number() -> String {
        let sign = random.oneIn(3) ? "-" : ""
        if random.oneIn(4) {
            let whole = Int.random(in: 1...7, using: &random)
            return sign + random.pick(["0", integer(whole)]) + "." + random.digits(0...5)
                + random.pick(["1", "5", "9"])
        }
        if random.oneIn(9) { return "0" }
        // Rarely, so that most documents have none.
        let count = random.oneIn(30) ? 19 : Int.random(in: 1...18, using: &random)
        if count > 18 { isPlain = false }
        return sign + integer(count)
    }

    private mutating func integer(_ count: Int) -> String {
        random.pick(["1", "5", "9"]) + random.digits((count - 1)...(count - 1))
    }
}
