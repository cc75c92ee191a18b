import Testing

@Suite("Imports point down")
struct LayersTests {
    private let layers: Layers

    init() throws { layers = Layers(document: try Repository.text("docs/architecture.md")) }

    @Test("every target has a level in docs/architecture.md, and every level its target")
    func everyTarget() throws {
        let targets = try Repository.folders(in: "Sources").filter { $0.wholeMatch(of: /C[A-Z0-9]+\w*/) == nil }
        #expect(targets == layers.levels.keys.sorted())
    }

    @Test("no file imports a target of its own level or of a higher one")
    func imports() throws {
        var violations: [String] = []
        for target in layers.levels.keys {
            for file in try Repository.sources(in: "Sources/\(target)") {
                violations += layers.violations(in: try Repository.text(file), of: target, file: file)
            }
        }
        #expect(violations == [])
    }

    @Test("only the program and the sample know concrete stores")
    func stores() throws {
        let users = try Repository.sources(in: "Sources")
            .filter { try Layers.imports(in: Repository.text($0)).contains("Stores") }
            .map { $0.split(separator: "/")[1] }
        #expect(Set(users) == ["rollcall", "Demo"])
    }

    @Test(
        "an import that points up or aside is seen in every spelling",
        arguments: [
            "import High", "package import High", "@testable import High", "internal import Peer",
            "  import struct Peer.Thing", "import Low\nimport High",
        ]
    )
    func seen(text: String) {
        let layers = Layers(levels: ["Low": 0, "Own": 1, "Peer": 1, "High": 2])
        #expect(layers.violations(in: text, of: "Own", file: "f").count == 1)
    }

    @Test(
        "imports that point down, of other packages, and words in prose are not",
        arguments: [
            "import Low", "package import Low", "import Foundation", "// import High", "/// They import High.",
        ]
    )
    func notSeen(text: String) {
        let layers = Layers(levels: ["Low": 0, "Own": 1, "Peer": 1, "High": 2])
        #expect(layers.violations(in: text, of: "Own", file: "f") == [])
    }
}
