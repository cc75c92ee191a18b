import Testing

@Suite("What other targets see has its contract")
struct DocCommentTests {
    @Test("every declaration that other targets see has a comment right above it")
    func comments() throws {
        let comments = DocComments()
        let missing = try Repository.sources(in: "Sources").filter { $0.hasSuffix(".swift") }
            .flatMap { file in
                comments.missing(in: try Repository.text(file)).map { "\(file):\($0)" }
            }
        #expect(missing == [])
    }

    @Test(
        "a missing comment is seen",
        arguments: [
            ("package struct A {}", ["1: package struct A {}"]),
            ("public final class A {}", ["1: public final class A {}"]),
            ("package private(set) var a = 1", ["1: package private(set) var a = 1"]),
            ("@inlinable package var a: Int { 1 }", ["1: @inlinable package var a: Int { 1 }"]),
            ("/// A.\n\npackage let a = 1", ["3: package let a = 1"]),
            ("// A.\npackage let a = 1", ["2: package let a = 1"]),
            ("///\npackage let a = 1", ["2: package let a = 1"]),
            ("/// A.\nlet a = 1\n@frozen\npackage enum B {}", ["4: package enum B {}"]),
            ("/// A.\npackage let a = 1\npackage let b = 2", ["3: package let b = 2"]),
            ("/// A.\npackage enum A {\n    package enum B {\n        case c\n    }\n}", ["3: package enum B {"]),
            ("/// A.\npackage protocol A {\n    func b()\n}", ["3: func b()"]),
            ("extension A {\n    package init?(b: Int) { nil }\n}", ["2: package init?(b: Int) { nil }"]),
            ("extension A: Codable {\n    package init(b: Int) {}\n}", ["2: package init(b: Int) {}"]),
            ("extension A: B {\n    package var description: C { D }\n}", ["2: package var description: C { D }"]),
            (
                "extension A: Hashable {\n    struct B {}\n}\nextension A {\n    package func hash() {}\n}",
                ["5: package func hash() {}"]
            ),
        ]
    )
    func seen(text: String, expected: [String]) { #expect(DocComments().missing(in: text) == expected) }

    @Test(
        "what has a comment, needs none or is no declaration passes",
        arguments: [
            "/// A.\npackage struct A {}", "/// A.\n@frozen\n@available(*, unavailable)\npackage struct A {}",
            "/// A.\n@inlinable @inline(__always)\npackage func a() {}",
            "/// A.\n///\n/// - Returns: b.\npublic func a() {}",
            "struct A {\n    let b = 1\n}", "protocol A {\n    func b()\n}", "package import Foundation",
            "package import struct Foundation.Data", "// package let a = 1", "/// package let a = 1",
            "extension A: CustomStringConvertible {\n    package var description: String { b }\n}",
            "extension A: Codable where B: Codable {\n    package init(from decoder: any Decoder) throws {}\n}",
            "/// A.\npackage enum A: B, Comparable {\n    package static func < (a: A, b: A) -> Bool { false }\n}",
            "/// A.\npackage struct A:\n    Hashable\n{\n    package func hash(into hasher: inout Hasher) {}\n}",
            "/// A.\npackage struct A: Hashable {\n    /// B.\n    package struct B {}\n\n    package func hash() {}\n}",
        ]
    )
    func notSeen(text: String) { #expect(DocComments().missing(in: text) == []) }
}

/// The comments of a Swift file, whose lines are laid out as swift-format does it.
private struct DocComments {
    /// Members whose contract is that of a protocol, by the protocols that their type or extension names.
    static let witnesses: [String: Set<Substring>] = [
        "CustomStringConvertible": ["description"],
        "CustomDebugStringConvertible": ["debugDescription"],
        "CustomReflectable": ["customMirror"],
        "Equatable": ["=="],
        "Hashable": ["==", "hash"],
        "Comparable": ["==", "<"],
        "Codable": ["init(from", "encode"],
        "RandomNumberGenerator": ["next"],
        "ContactStore": ["name", "kind", "open"],
        "StoreSession": ["layout", "snapshotAt", "portions", "scan", "prove", "fetch", "close"],
        "SafetyCheck": ["name", "run"],
        "RecordSink": ["receive", "receiveUnreadable"],
    ]

    private let declaration = Declaration.pattern
    private let attributes = /\s*(?:@\w+(?:\([^)]*\))?\s*)+/

    /// Declarations that other targets see and that have no comment, as `line: declaration`.
    func missing(in text: String) -> [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var scopes: [Scope] = []
        var found: [String] = []
        for (number, line) in lines.enumerated() {
            let code = line.drop { $0 == " " }
            guard let declaration = code.wholeMatch(of: declaration).flatMap(Declaration.init) else { continue }
            let indentation = line.count - code.count
            scopes.removeAll { $0.indentation >= indentation }
            let isRequired = declaration.isSeen || scopes.last?.isSeenProtocol == true
            let isWitness = scopes.last?.witnesses.contains(declaration.name) == true
            if isRequired, !isWitness, !hasComment(below: lines[..<number]) { found.append("\(number + 1): \(code)") }
            if declaration.hasMembers {
                scopes.append(Scope(declaration, indentation, header: lines[number...]))
            }
        }
        return found
    }

    /// Whether a comment ends these lines, or stands above the attributes that do.
    private func hasComment(below lines: ArraySlice<Substring>) -> Bool {
        let above = lines.last { $0.wholeMatch(of: attributes) == nil }
        return above?.prefixMatch(of: /\s*\/\/\/ +\S/) != nil
    }

    /// A line that declares something.
    private struct Declaration {
        let keyword: Substring
        /// The first name; of an initialiser, `init(` and its first label.
        let name: Substring
        /// Whether other targets see it by a word of its own.
        let isSeen: Bool

        /// What stands before the keyword, the keyword and the rest of the line.
        static var pattern: Regex<(Substring, Substring, Substring, Substring)> {
            #/
            ((?:@\w+(?:\([^)]*\))?\s+|[a-z]+(?:\(set\))?\s+)*?)
            (struct|enum|class|actor|protocol|extension|func|init|var|let|subscript|typealias|associatedtype)\b
            (.*)
            /#
        }

        init?(_ match: Regex<(Substring, Substring, Substring, Substring)>.Match) {
            let words = match.1.split(separator: " ")
            guard !words.contains("import") else { return nil }
            keyword = match.2
            isSeen = words.contains("package") || words.contains("public")
            name =
                keyword == "init"
                ? "init" + match.3.prefix { !" :)".contains($0) }
                : match.3.drop { $0 == " " }.prefix { !" :(".contains($0) }
        }

        var hasMembers: Bool { ["struct", "enum", "class", "actor", "protocol", "extension"].contains(keyword) }
    }

    /// A type or extension whose members follow.
    private struct Scope {
        let indentation: Int
        /// Whether its members are seen without a word of their own.
        let isSeenProtocol: Bool
        let witnesses: Set<Substring>

        /// - Parameter header: the lines from that of the declaration on.
        init(_ declaration: Declaration, _ indentation: Int, header: ArraySlice<Substring>) {
            self.indentation = indentation
            isSeenProtocol = declaration.isSeen && declaration.keyword == "protocol"
            let end = header.firstIndex { $0.contains("{") } ?? header.startIndex
            let words = header[...end].joined(separator: " ").split { !$0.isLetter && !$0.isNumber }
            witnesses = words.reduce(into: []) { $0.formUnion(DocComments.witnesses[String($1)] ?? []) }
        }
    }
}
