import Foundation
import Testing

/// What README.md says is so.
@Suite("README.md")
struct ReadmeTests {
    /// A command, and the exit code that a comment after it promises: `# exits 1`, else 0.
    private struct Command: Equatable {
        let line: String
        let exit: Int32

        init(_ line: String) {
            let parts = line.split(separator: "#", maxSplits: 1)
            self.line = parts[0].trimmingCharacters(in: .whitespaces)
            exit = (parts.count > 1 ? parts[1].firstMatch(of: /exits (\d+)/) : nil).flatMap { Int32($0.1) } ?? 0
        }
    }

    private let readme: Markdown

    init() throws { readme = Markdown(text: try Repository.text("README.md")) }

    private var commands: [Command] { readme.blocks("sh").joined().filter { !$0.isEmpty }.map(Command.init) }

    /// The targets that commands name: `make install PREFIX=/opt` names `install`.
    private static func targets(_ commands: [String]) -> [String] {
        commands.filter { $0.hasPrefix("make ") }
            .flatMap { $0.split(separator: " ").dropFirst().map(String.init) }
            .filter { !$0.contains("=") }
    }

    @Test("every make target in it, in a block or in a sentence, is one of the Makefile's")
    func targets() throws {
        let makefile = try Repository.text("Makefile")
        let targets = Set(makefile.matches(of: /(?m)^([a-z-]+):/).map { String($0.1) })
        let inBlocks = Self.targets(commands.map(\.line))
        let inSentences = Self.targets(readme.codeSpans)
        #expect(inBlocks.filter { !targets.contains($0) } == [])
        #expect(Set(inBlocks).isSuperset(of: ["demo", "test"]))
        #expect(inSentences.filter { !targets.contains($0) } == [])
        #expect(Set(inSentences).isSuperset(of: ["demo", "test", "install"]))
    }

    @Test("code in a sentence is seen, code in a block is no sentence's")
    func spans() {
        let markdown = Markdown(text: "After `make all`:\n```sh\nmake none `x`\n```\nsee `PREFIX=/opt`.")
        #expect(markdown.codeSpans == ["make all", "PREFIX=/opt"])
        #expect(Self.targets(["make all PREFIX=/opt", "cmake no", "make one two"]) == ["all", "one", "two"])
    }

    @Test(
        "every other command in it runs, one after the other in one folder, and ends as it says",
        .timeLimit(.minutes(20))
    )
    func runs() throws {
        let commands = commands.filter { !$0.line.hasPrefix("make ") }
        try #require(!commands.isEmpty)
        let shell = try Shell()
        defer { shell.remove() }
        let ends = try shell.run(commands.map(\.line))
        #expect(ends.map(\.exit) == commands.map(\.exit), "\(ends.map(\.output).joined(separator: "\n---\n"))")
    }

    @Test("every configuration in it loads", arguments: [0, 1])
    func configuration(_ index: Int) throws {
        let blocks = readme.blocks("yaml")
        try #require(blocks.count == 2)
        let shell = try Shell()
        defer { shell.remove() }
        try shell.write(blocks[index].joined(separator: "\n"), to: "rollcall.yaml")
        // Keys that nobody takes: a status asks no store.
        let end = try shell.run([
            "GOOGLE_APPLICATION_CREDENTIALS=key.json TWENTY_API_KEY=x SUPABASE_SECRET_KEY=sb_secret_x rollcall status"
        ])
        #expect(end == [Shell.End(exit: 0, output: "no run yet\n")])
    }

    @Test(
        "every file that it leads to is there",
        arguments: ["README.md", "docs/architecture.md", "docs/canonical-form.md", "docs/gate.md"]
    )
    func links(document: String) throws {
        let folder = (document as NSString).deletingLastPathComponent
        let links = Markdown(text: try Repository.text(document)).localLinks
        #expect(links.filter { !Repository.exists(folder.isEmpty ? $0 : "\(folder)/\($0)") } == [])
    }

    @Test("a promise of an exit code is read from the comment")
    func promise() {
        #expect(Command("rollcall audit  # exits 1: faults").exit == 1)
        #expect(Command("rollcall audit  # exits 1: faults").line == "rollcall audit")
        #expect(Command("rollcall audit # finds 3").exit == 0)
    }
}
