import Testing

@Suite("Sources are finished")
struct SourceTests {
    /// What no source says, as `line: words`.
    private static func leftovers(in text: String) -> [String] {
        let words = /\b(?:TODO|FIXME|XXX)\b|(?i:\b(?:for now|stub|stubs|stubbed|placeholder|hack|hacky)\b)/
        let calls = /\btry!|\bfatalError\(|@unchecked Sendable/
        return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .flatMap { number, line in
                (line.matches(of: words).map(\.output) + line.matches(of: calls).map(\.output))
                    .map { "\(number + 1): \($0)" }
            }
    }

    private static let longest = 400

    @Test("no file has more than 400 lines")
    func length() throws {
        let long = try Repository.sources(in: "Sources")
            .filter {
                try Repository.text($0).split(separator: "\n", omittingEmptySubsequences: false).count > Self.longest
                    + 1
            }
        #expect(long == [])
    }

    @Test("nothing is left to be done, and nothing ends the program or hides a race")
    func leftovers() throws {
        let found = try Repository.sources(in: "Sources")
            .flatMap { file in
                Self.leftovers(in: try Repository.text(file)).map { "\(file):\($0)" }
            }
        #expect(found == [])
    }

    @Test(
        "what is left over is seen",
        arguments: [
            ("// TODO: later", ["1: TODO"]), ("a\nlet x = try! f()", ["2: try!"]), ("fatalError()", ["1: fatalError("]),
            ("final class A: @unchecked Sendable {}", ["1: @unchecked Sendable"]), ("// Good for now", ["1: for now"]),
            ("let stub = 1 // A Hack", ["1: stub", "1: Hack"]), ("let stubborn = hacksaw(todo)", []),
            ("try f()", []),
        ]
    )
    func seen(text: String, expected: [String]) { #expect(Self.leftovers(in: text) == expected) }
}
