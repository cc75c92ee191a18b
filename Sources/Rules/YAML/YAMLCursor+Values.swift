/// Typed getters. Each throws a `ConfigurationError` that says what the value must be; none repeats the value.
extension YAMLCursor {
    /// A text that is not empty, quoted or not. `${NAME}` is refused: only `unexpandedText` takes it.
    package func text() throws(ConfigurationError) -> String {
        let text = try unexpandedText()
        guard !text.contains("${") else {
            throw error(Self.expansionMessage)
        }
        return text
    }

    /// A text as it is written, with its `${NAME}`: for credentials.
    package func unexpandedText() throws(ConfigurationError) -> String {
        guard let scalar else { throw error("must be a text") }
        guard !scalar.isEmpty else { throw error("must not be empty") }
        return scalar
    }

    /// `true` or `false`, without quotes.
    package func bool() throws(ConfigurationError) -> Bool {
        guard let bool = plain.flatMap(Bool.init) else { throw unreadable("must be true or false") }
        return bool
    }

    /// A whole number in decimal digits, without quotes.
    package func int(in range: ClosedRange<Int>) throws(ConfigurationError) -> Int {
        guard let text = plain, Self.isDigits(text), let number = Int(text), range.contains(number) else {
            let upper = range.upperBound == .max ? "of at least \(range.lowerBound)" : nil
            let what = upper ?? "from \(range.lowerBound) to \(range.upperBound)"
            throw unreadable("must be a whole number \(what)")
        }
        return number
    }

    /// `500ms`, `2s`, `10m`, `1h` or `7d`; from 0 to 36500 days.
    package func duration() throws(ConfigurationError) -> Duration {
        let units = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)]
        guard let milliseconds = amount(in: units), milliseconds <= 36_500 * 86_400_000 else {
            throw unreadable("must be a duration such as 500ms, 2s, 10m, 1h or 7d, at most 36500d")
        }
        return .milliseconds(milliseconds)
    }

    /// A number of bytes: `1000`, `64KiB`, `512MiB`, `10GiB`, `1TiB`; at least 1.
    package func size() throws(ConfigurationError) -> Int {
        let units = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40), ("", 1)]
        guard let bytes = amount(in: units), bytes > 0 else {
            throw unreadable("must be a size such as 1000 (bytes), 64KiB, 512MiB or 10GiB")
        }
        return bytes
    }

    /// `5%` or `2.5%`, from 0 to 100, as a share: 0.05 for `5%`.
    package func percent() throws(ConfigurationError) -> Double {
        guard let text = scalar, text.last == "%" else { throw unreadable(Self.percentMessage) }
        let parts = text.dropLast().split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ Self.isDigits($0) }), let number = Double(text.dropLast()), number <= 100 else {
            throw error(Self.percentMessage)
        }
        return number / 100
    }

    private static let percentMessage = "must be a percentage such as 5%, from 0% to 100%"

    /// One of an enumeration's words.
    package func choice<Choice>(of type: Choice.Type = Choice.self) throws(ConfigurationError) -> Choice
    where Choice: CaseIterable & RawRepresentable, Choice.RawValue == String {
        guard let choice = scalar.flatMap(Choice.init) else {
            throw unreadable("must be " + Self.alternatives(Choice.allCases.map(\.rawValue)))
        }
        return choice
    }

    /// `"a", "b" or "c"`.
    package static func alternatives(_ words: [String]) -> String {
        let quoted = words.map { "\"\($0)\"" }
        guard let last = quoted.last, quoted.count > 1 else { return quoted.joined() }
        return quoted.dropLast().joined(separator: ", ") + " or " + last
    }

    private static let expansionMessage = "${NAME} is expanded in credential keys only; write the value itself"

    /// The error of a value that is not what it must be.
    private func unreadable(_ message: String) -> ConfigurationError {
        error(scalar?.contains("${") == true ? Self.expansionMessage : message)
    }

    /// A whole number before a unit, in the smallest unit; nil when it is none or too great.
    private func amount(in units: [(suffix: String, factor: Int)]) -> Int? {
        guard let scalar, let unit = units.first(where: { scalar.hasSuffix($0.suffix) }) else { return nil }
        let digits = scalar.dropLast(unit.suffix.count)
        guard Self.isDigits(digits), let number = Int(digits) else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit.factor)
        return overflow ? nil : product
    }

    private static func isDigits(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
