import Foundation

/// The levels of the targets, as docs/architecture.md lists them.
struct Layers {
    /// By target; C libraries are below all of them and have none.
    let levels: [String: Int]

    init(levels: [String: Int]) { self.levels = levels }

    /// Reads the rows of the table `| level | target | what lives there |`; a row may name several targets.
    init(document: String) {
        var levels: [String: Int] = [:]
        for line in document.split(separator: "\n") {
            guard let row = line.wholeMatch(of: /\| *(\d+) *\|([^|]*)\|.*/), let level = Int(row.1) else { continue }
            for name in row.2.matches(of: /`(\w+)`/) { levels[String(name.1)] = level }
        }
        self.levels = levels
    }

    /// Every import of one of our targets that does not point down, as `file: imports Target`.
    func violations(in text: String, of target: String, file: String) -> [String] {
        guard let own = levels[target] else { return [] }
        return Self.imports(in: text)
            .compactMap { name in
                guard let level = levels[name], level >= own else { return nil }
                return "\(file): imports \(name)"
            }
    }

    /// The modules that a file imports.
    static func imports(in text: String) -> [String] {
        text.matches(
            of: /(?m)^[ \t]*(?:@\w+ )?(?:\w+ )?import (?:(?:struct|class|enum|protocol|func|var|let|typealias) )?(\w+)/
        )
        .map { String($0.1) }
    }
}
