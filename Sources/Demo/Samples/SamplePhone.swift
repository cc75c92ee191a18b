/// A telephone number by meaning, and the ways in which people write it.
struct SamplePhone: Sendable, Hashable {
    /// The country calling code.
    var country: Int
    /// The national number, without a trunk prefix.
    var national: String
    var `extension`: String?

    /// As machines write it; an extension after `;ext=`.
    var e164: String { "+\(country)\(national)" + (`extension`.map { ";ext=\($0)" } ?? "") }

    /// As people in the United States write it; holds no semicolon.
    func written(using random: inout SeededRandom) -> String {
        let number = country == 1 ? northAmerican(using: &random) : foreign(using: &random)
        return number + (`extension`.map { random.pick([" x", " ext. ", " ext "]) + $0 } ?? "")
    }

    /// In international form with marks between the digits; holds no semicolon.
    func international(using random: inout SeededRandom) -> String {
        let mark = random.pick([" ", "-", "."])
        return "+\(country)\(mark)" + grouped(mark) + (`extension`.map { " x\($0)" } ?? "")
    }

    private func northAmerican(using random: inout SeededRandom) -> String {
        switch random.below(5) {
        case 0: "(\(national.prefix(3))) \(national.dropFirst(3).prefix(3))-\(national.suffix(4))"
        case 1: grouped("-")
        case 2: grouped(".")
        case 3: "1 " + grouped(" ")
        default: national
        }
    }

    private func foreign(using random: inout SeededRandom) -> String {
        switch random.below(3) {
        case 0: "+\(country) (0)" + grouped(" ")
        case 1: "011 \(country) " + grouped(" ")
        default: "+\(country) " + grouped(" ")
        }
    }

    private func grouped(_ mark: String) -> String {
        "\(national.prefix(3))\(mark)\(national.dropFirst(3).prefix(3))\(mark)\(national.dropFirst(6))"
    }
}
