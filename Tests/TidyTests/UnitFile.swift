/// A unit of systemd, as it is written.
struct UnitFile {
    /// A line `key=value`, or one that is neither that, a section's name nor a comment.
    enum Line: Equatable {
        case setting(section: String, key: String, value: String)
        case strange(String)
    }

    let lines: [Line]

    init(_ text: String) {
        var section = ""
        var lines: [Line] = []
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            if let match = line.wholeMatch(of: /\[([A-Z]\w+)\]/) {
                section = String(match.1)
            } else if let match = line.wholeMatch(of: /([A-Z]\w+)=(.*)/), !section.isEmpty {
                lines.append(.setting(section: section, key: String(match.1), value: String(match.2)))
            } else {
                lines.append(.strange(String(line)))
            }
        }
        self.lines = lines
    }

    /// The values of a key, in their order.
    subscript(section: String, key: String) -> [String] {
        lines.compactMap { line in
            guard case .setting(section, key, let value) = line else { return nil }
            return value
        }
    }
}
