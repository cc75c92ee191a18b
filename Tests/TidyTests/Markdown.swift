import Foundation

/// What a test needs of a Markdown text.
struct Markdown {
    let text: String

    /// The lines of the code blocks of a language, block by block.
    func blocks(_ language: String) -> [[String]] {
        var blocks: [[String]] = []
        var isInside = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if isInside, line == "```" {
                isInside = false
            } else if isInside {
                blocks[blocks.count - 1].append(String(line))
            } else if line == "```\(language)" {
                isInside = true
                blocks.append([])
            }
        }
        return blocks
    }

    /// The code in its sentences, that of blocks left out.
    var codeSpans: [String] {
        var prose: [Substring] = []
        var isInside = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isInside.toggle()
            } else if !isInside {
                prose.append(line)
            }
        }
        return prose.joined(separator: "\n").matches(of: /`([^`]+)`/).map { String($0.1) }
    }

    /// Where its links and pictures lead, other sites left out.
    var localLinks: [String] {
        let links =
            text.matches(of: /\]\(([^)#]+)[^)]*\)/).map(\.1) + text.matches(of: /src(?:set)?="([^"]+)"/).map(\.1)
        return links.map(String.init).filter { !$0.contains("://") }
    }
}
