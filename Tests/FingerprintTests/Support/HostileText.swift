import TestSupport

/// Random texts that are nearly what a type accepts: written rightly, in an odd spelling, or spoilt.
struct HostileText {
    var random: SeededGenerator

    init(_ seed: UInt64) { random = SeededGenerator(seed) }

    /// A text for a type by its name, that of a set's members included.
    mutating func text(_ type: String) -> String {
        var text: String
        switch type {
        case "id": text = identifier()
        case "bool": text = truth()
        case "int", "real": text = number()
        case "date": text = random.oneIn(3) ? timestamp() : date()
        case "timestamp": text = random.oneIn(4) ? number() : timestamp()
        case "email": text = email()
        case "phone": text = phone()
        case "json": text = json()
        default: text = words()
        }
        if random.oneIn(8) { text = spoilt(text) }
        // Python's libphonenumber reads past control characters, C++'s refuses them.
        if type == "phone" { text.unicodeScalars.removeAll { $0 == "\0" || $0 == "\u{7F}" } }
        if random.oneIn(6) { text = random.pick(Self.spaces) + text + random.pick(Self.spaces) }
        return text
    }

    private static let spaces = ["", " ", "\t", "\n", "\r\n", "\u{B}", "\u{C}", "  ", "\u{A0}", "\u{3000}", "\u{200B}"]

    /// With one character taken away, doubled, or replaced.
    private mutating func spoilt(_ text: String) -> String {
        var scalars = Array(text.unicodeScalars)
        guard !scalars.isEmpty else { return random.pick(["x", "-", "\u{0}", "[", "{", "null", "\"\""]) }
        let index = Int.random(in: scalars.indices, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: scalars.remove(at: index)
        case 1: scalars.insert(scalars[index], at: index)
        default: scalars[index] = random.pick(Array("-+.:@[]{}\"\\,eETZ 09\u{7F}\u{0}é٣".unicodeScalars))
        }
        return scalars.reduce(into: "") { $0.unicodeScalars.append($1) }
    }

    // Texts

    /// Any scalar that Unicode 14 has, more often one of those that normalising moves.
    mutating func scalar() -> Unicode.Scalar {
        let blocks: [ClosedRange<UInt32>] = [
            0x20...0x7E, 0x20...0x7E, 0xA0...0x24F, 0x300...0x36F, 0x370...0x5FF, 0x900...0xFFF, 0x1100...0x11FF,
            0x13A0...0x13FF, 0x1C80...0x1CFF, 0x1E00...0x1FFF, 0x2000...0x2FFF, 0x3040...0x30FF, 0xAB70...0xABBF,
            0xAC00...0xAC40, 0xF900...0xFB4F, 0x10000...0x10FFFF, 0x11080...0x11FFF, 0x1D100...0x1D1FF,
            0x20040...0x200FF,
        ]
        while true {
            let value = UInt32.random(in: random.pick(blocks), using: &random)
            if let scalar = Unicode.Scalar(value), let age = scalar.properties.age, age.major <= 14 { return scalar }
        }
    }

    mutating func words() -> String {
        if random.oneIn(4) {
            return random.pick(["", "Ada", "Zoë", "Zoe\u{308}", "a\r\nb\rc\n", "\r", " ", "NULL", "null"])
        }
        var text = ""
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            text.unicodeScalars.append(random.oneIn(9) ? "\r" : scalar())
        }
        return text
    }

    // Numbers, words of truth, identifiers

    mutating func number() -> String {
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            return random.pick([
                "0", "-0", "+0", "00", "0.0", "-0.0", "1.", ".5", ".", "+", "1e5", "1E-7", "0x10", "nan", "inf", "1_0",
            ])
        case 1: return random.pick(["", "-", "+"]) + random.digits(1...40)
        case 2:
            return random.pick(["", "-"]) + random.digits(1...20) + "."
                + random.pick(["0", "000", random.digits(1...20)])
        case 3:
            return random.digits(1...6) + "." + random.digits(1...6) + "e" + random.pick(["", "-", "+"])
                + random.digits(1...2)
        case 4: return String(Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &random)))
        default:
            return random.pick(["", "-"]) + random.digits(9...10)
                + random.pick(["", "123", "123456", ".5", ".1234567"])
        }
    }

    private mutating func truth() -> String {
        let word = random.pick([
            "t", "true", "y", "yes", "1", "f", "false", "n", "no", "0", "1.0", "0.00", "on", "01", "1.", "2",
        ])
        return random.oneIn(3) ? word.uppercased() : word
    }

    private mutating func identifier() -> String {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return number()
        case 1: return random.digits(37...39)
        case 2:
            let hexadecimal = (0..<36)
                .map { index in
                    [8, 13, 18, 23].contains(index) ? Character("-") : random.pick(Array("0123456789abcdefABCDEF"))
                }
            return String(hexadecimal)
        default: return words()
        }
    }

    // Times

    private mutating func twoDigits(_ most: Int) -> String {
        let number = Int.random(in: 0...most, using: &random)
        return (number < 10 ? "0" : "") + String(number)
    }

    mutating func date() -> String {
        if random.oneIn(5) { return "--" + twoDigits(13) + "-" + twoDigits(32) }
        let year = random.pick([
            "0000", "0001", "1600", "1900", "1969", "1970", "2000", "2023", "2024", "9999", random.digits(4...4),
        ])
        return year + "-" + twoDigits(13) + "-" + random.pick([twoDigits(32), "28", "29", "30", "31"])
    }

    mutating func timestamp() -> String {
        let isMidnight = random.oneIn(2)
        let time = isMidnight ? "00:00:00" : twoDigits(24) + ":" + twoDigits(60) + ":" + twoDigits(60)
        let fraction = random.pick(["", "", ".0", "." + random.digits(1...3), "." + random.digits(4...9), "."])
        let zone = random.pick(["", "Z", " UTC", "+00", "-0000", "+00:00", "z", "GMT"])
        let offset =
            random.pick(["+", "-"]) + twoDigits(24) + random.pick(["", twoDigits(60), ":" + twoDigits(60), ":0"])
        return date() + random.pick(["T", " ", "T", "t", "  "]) + time + fraction + (random.oneIn(2) ? zone : offset)
    }

    // Contact identifiers

    private mutating func email() -> String {
        let locals = [
            "ada", "bob", "C.D", "Ada", "Ada.Lovelace+x", "ΟΔΟΣ", "İ", "o'neil", "\"a b\"", "zoe\u{308}", "",
            "a\u{A0}b", "ΑΣ.Β", "ß",
        ]
        let labels = [
            "example", "EXAMPLE", "x", "straße", "bu\u{308}cher", "münchen", "xn--mnchen-3ya", "пример", "例え", "a_b",
            "-a", "a-",
            "ab--cd", "xn--", "xn--a", "", "ＦＵＬＬ", "faß", "βόλος", String(repeating: "a", count: 63),
            String(repeating: "b", count: 64), "1",
        ]
        let count = Int.random(in: 1...4, using: &random)
        let plain = ["example", "EXAMPLE", "straße", "пример", "mail", "org"]
        let isOdd = random.oneIn(2)
        let domain = (0..<count).map { _ in random.pick(isOdd ? labels : plain) }
            .joined(separator: random.oneIn(9) ? "。" : ".")
        return random.pick(locals) + random.pick(["@", "@", "@", "@", "@", "", "@@"]) + domain
            + random.pick(["", "", ".org", ".org", "."])
    }

    private mutating func phone() -> String {
        let digits: String =
            switch Int.random(in: 0..<6, using: &random) {
            case 0: "+1" + random.pick(["415", "212", "650", "011", "155"]) + random.digits(7...7)
            case 1:
                random.pick(["+", "00", ""])
                    + random.pick(["44", "49", "33", "39", "52", "521", "4402", "7", "86", "91"])
                    + random.digits(7...11)
            case 2: random.pick(["(415) 555-", "+1 415.555.", "+44 20 7946 ", "+1-800-555-"]) + random.digits(4...4)
            case 3: "0" + random.digits(8...11)
            case 4: "+" + random.digits(7...16)
            default: random.digits(3...11)
            }
        let parted =
            random.oneIn(3)
            ? digits.map { random.oneIn(4) ? "\($0)" + random.pick([" ", "-", ".", "/"]) : "\($0)" }.joined() : digits
        return random.pick(["", "", "", "tel:"]) + parted
            + random.pick(["", "", "", "", " ext. 5", "x12", ";ext=7", " #9"])
    }

    // JSON

    mutating func json(_ depth: Int = 0) -> String {
        let space = random.pick(["", "", "", " ", "\n\t", "\r"])
        switch Int.random(in: 0..<(depth > 4 ? 6 : 10), using: &random) {
        case 0: return random.pick(["null", "true", "false", "nul", "True", "\"\""])
        case 1, 2: return jsonNumber()
        case 3, 4, 5: return jsonString()
        case 6, 7:
            let elements = (0..<Int.random(in: 0...4, using: &random)).map { _ in space + json(depth + 1) + space }
            return "[" + elements.joined(separator: ",") + space + "]"
        default:
            let members = (0..<Int.random(in: 0...6, using: &random))
                .map { _ in
                    space + jsonString() + space + ":" + space + json(depth + 1)
                }
            return "{" + members.joined(separator: ",") + space + "}"
        }
    }

    private mutating func jsonNumber() -> String {
        let text = number()
        return random.oneIn(5)
            ? text
            : random.pick([
                "0", "1.0", "-1.50", "1e3", "9007199254740993", "1e-7", "0.00001", "123.456", "1e400", "1e399",
                "-1e-400", "5e-324", "12345678901234567890.5",
            ])
    }

    private mutating func jsonString() -> String {
        var text = "\""
        for _ in 0..<random.pick([0, 1, 1, 2, 3, 9, 20]) {
            switch Int.random(in: 0..<8, using: &random) {
            case 0:
                text += random.pick([
                    "\\n", "\\\"", "\\\\", "\\/", "\\b", "\\u0000", "\\u001F", "\\u00e9", "\\uD83D\\uDE00", "\\u0061",
                ])
            case 1: text.unicodeScalars.append(scalar())
            default: text += random.pick(["a", "b", "c", "\u{FFFF}", "\u{10000}", "é", "\u{7F}"])
            }
        }
        if random.oneIn(60) { text += random.pick(["\\uD800", "\\x", "\t", "\\u12", "\\"]) }
        return text + "\""
    }
}
