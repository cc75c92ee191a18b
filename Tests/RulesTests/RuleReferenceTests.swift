import Contacts
import Foundation
import Rules
import Testing

@Suite struct RuleReferenceTests {
    /// docs/rules.md is what the program prints.
    @Test func theDocumentIsUpToDate() throws {
        let file = URL(filePath: #filePath).appending(path: "../../../docs/rules.md").standardizedFileURL
        let document = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        let isUpToDate = document == RuleReference.markdown
        #expect(isUpToDate, "docs/rules.md is out of date; make it again: make rules-reference")
    }

    @Test func everyRuleHasOneRow() throws {
        let lines = RuleReference.markdown.split(separator: "\n", omittingEmptySubsequences: false)
        var kind = ""
        var rows: [String: [String]] = [:]
        for line in lines {
            if line.hasPrefix("## ") { kind = String(line.dropFirst(3)) }
            if line.hasPrefix("| `") { rows[kind, default: []].append(String(line)) }
        }
        #expect(lines.filter { $0.hasPrefix("## ") } == FindingKind.allCases.map { "## \($0.rawValue)" })
        for kind in FindingKind.allCases {
            let rules = RuleCatalog.all.filter { $0.id.kind == kind }
            let wanted = rules.map { rule in
                "| `\(rule.id)` | \(rule.severity.rawValue) | \(rule.summary) | \(rule.needsHistory ? "needed" : "") | "
            }
            let found = rows[kind.rawValue] ?? []
            #expect(found.count == wanted.count)
            for (row, start) in zip(found, wanted) { #expect(row.hasPrefix(start), "\(row)") }
        }
    }

    /// The examples are rule files that load.
    @Test func theExamplesLoad() throws {
        let text = RuleReference.customExample + RuleReference.waiverExample
        let book = try RuleFolder.load(text).get()
        #expect(book.custom.map(\.id.name) == ["custom.no_birthday"])
        #expect(book.waivers.map(\.rule) == [.driftField])
        let blocks = RuleReference.markdown.components(separatedBy: "```yaml\n").dropFirst()
            .map { $0.components(separatedBy: "```\n")[0] }
        #expect(blocks.count == 3)
        for block in blocks { #expect(throws: Never.self) { try RuleFolder.load(block).get() } }
    }
}
