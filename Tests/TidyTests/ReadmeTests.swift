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

    @Test("every make target in it is one of the Makefile's")
    func targets() throws {
        let makefile = try Repository.text("Makefile")
        let targets = Set(makefile.matches(of: /(?m)^([a-z-]+):/).map { String($0.1) })
        let named = commands.filter { $0.line.hasPrefix("make ") }
            .flatMap { $0.line.split(separator: " ").dropFirst().map(String.init) }.filter { !$0.contains("=") }
        #expect(named.filter { !targets.contains($0) } == [])
        #expect(named.contains("demo") && named.contains("test"))
    }

    @Test(
        "every other command in it runs, one after the other in one folder, and ends as it says",
        .timeLimit(.minutes(5))
    )
    func runs() throws {
        let commands = commands.filter { !$0.line.hasPrefix("make ") }
        try #require(!commands.isEmpty)
        let shell = try Shell()
        defer { shell.remove() }
        let ends = try shell.run(commands.map(\.line))
        #expect(ends.map(\.exit) == commands.map(\.exit), "\(ends.map(\.output).joined(separator: "\n---\n"))")
    }

    @Test("the configuration in it loads")
    func configuration() throws {
        let blocks = readme.blocks("yaml")
        try #require(blocks.count == 1)
        let shell = try Shell()
        defer { shell.remove() }
        try shell.write(blocks[0].joined(separator: "\n"), to: "rollcall.yaml")
        let end = try shell.run(["rollcall status"])
        #expect(end == [Shell.End(exit: 0, output: "no run yet\n")])
    }

    @Test(
        "every file that it leads to is there",
        arguments: ["README.md", "docs/architecture.md", "docs/canonical-form.md"]
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
