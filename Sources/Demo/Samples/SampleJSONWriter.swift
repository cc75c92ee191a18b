/// Writes one JSON value in one of the many texts that mean the same.
struct SampleJSONWriter {
    enum Style {
        /// Keys sorted by their UTF-8 bytes, no white space, plain numbers.
        case minified
        /// Keys in any order, no white space, plain numbers.
        case shuffled
        /// Keys in the order of the value, one member a line.
        case indented
        /// Keys in any order, stray white space, `\u` escapes, numbers such as `1.0` and `1e3`.
        case awkward
        /// As Postgres prints `jsonb`: keys sorted by their length, then by their bytes, a space behind commas and colons.
        case postgres
    }

    private let style: Style
    private var random: SeededRandom
    private var text = ""

    /// The text of the value; for one state of `random` always the same.
    static func text(of value: SampleJSON, _ style: Style, using random: inout SeededRandom) -> String {
        var writer = SampleJSONWriter(style: style, random: random)
        writer.write(value, depth: 0)
        random = writer.random
        return writer.text
    }

    private init(style: Style, random: SeededRandom) {
        self.style = style
        self.random = random
    }

    private mutating func write(_ value: SampleJSON, depth: Int) {
        space()
        switch value {
        case .object(let members):
            list(arranged(members), "{", "}", depth) { writer, member in
                writer.write(.string(member.name), depth: depth + 1)
                writer.text += writer.style == .indented || writer.style == .postgres ? ": " : ":"
                writer.write(member.value, depth: depth + 1)
            }
        case .array(let elements):
            list(elements, "[", "]", depth) { writer, element in writer.write(element, depth: depth + 1) }
        case .string(let string): write(string)
        case .integer(let digits): write(digits: digits)
        case .decimal(let significand, let scale): write(significand, scale)
        case .bool(let flag): text += flag ? "true" : "false"
        case .null: text += "null"
        }
        space()
    }

    private mutating func list<Item>(
        _ items: [Item],
        _ opening: String,
        _ closing: String,
        _ depth: Int,
        _ writeItem: (inout SampleJSONWriter, Item) -> Void
    ) {
        text += opening
        for (index, item) in items.enumerated() {
            if index > 0 { text += style == .postgres ? ", " : "," }
            if style == .indented { text += "\n" + String(repeating: "  ", count: depth + 1) }
            writeItem(&self, item)
        }
        if style == .indented, !items.isEmpty { text += "\n" + String(repeating: "  ", count: depth) }
        text += closing
    }

    private mutating func arranged(_ members: [SampleJSON.Member]) -> [SampleJSON.Member] {
        switch style {
        case .minified: members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        case .shuffled, .awkward: random.shuffled(members)
        case .indented: members
        case .postgres:
            members.sorted { a, b in
                let (first, second) = (a.name.utf8, b.name.utf8)
                return first.count == second.count
                    ? first.lexicographicallyPrecedes(second) : first.count < second.count
            }
        }
    }

    private mutating func space() {
        if style == .awkward, random.chance(15) { text += random.pick([" ", "\t", "\n", "  ", "\r\n"]) }
    }
}

// Strings and numbers.
extension SampleJSONWriter {
    private mutating func write(_ string: String) {
        let escapesMore = style == .awkward && random.chance(30)
        text += "\""
        if !escapesMore, string.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) {
            text += string
        } else {
            for scalar in string.unicodeScalars { write(scalar, escapesMore) }
        }
        text += "\""
    }

    private mutating func write(_ scalar: Unicode.Scalar, _ escapesMore: Bool) {
        switch scalar {
        case "\"": text += "\\\""
        case "\\": text += "\\\\"
        case "\n": text += escapesMore ? "\\u000A" : "\\n"
        case "\t": text += "\\t"
        case "/" where escapesMore: text += "\\/"
        case _ where scalar.value < 0x20 || (escapesMore && !scalar.isASCII):
            for unit in UTF16.encode(scalar)! {
                let digits = String(unit, radix: 16, uppercase: random.chance(50))
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        default: text.unicodeScalars.append(scalar)
        }
    }

    private mutating func write(digits: String) {
        guard style == .awkward else {
            text += digits
            return
        }
        let significant = String(digits.reversed().drop { $0 == "0" }.reversed())
        switch random.below(5) {
        case 0: text += digits + ".0"
        case 1: text += digits + ".000"
        case 2 where !significant.isEmpty && significant != digits:
            text += significant + random.pick(["e", "E", "e+"]) + String(digits.count - significant.count)
        case 3 where digits.count > 1: text += "\(digits.prefix(1)).\(digits.dropFirst())e\(digits.count - 1)"
        default: text += digits
        }
    }

    private mutating func write(_ significand: Int64, _ scale: Int) {
        let sign = significand < 0 ? "-" : ""
        let digits = padded(Int(significand.magnitude), scale + 1)
        let plain = "\(sign)\(digits.dropLast(scale)).\(digits.suffix(scale))"
        guard style == .awkward else {
            text += plain
            return
        }
        switch random.below(3) {
        case 0: text += plain + "0"
        case 1: text += "\(significand)e-\(scale)"
        default: text += plain
        }
    }
}
