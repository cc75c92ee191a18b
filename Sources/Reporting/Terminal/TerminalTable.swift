/// Columns of text, as wide as their widest cell. Cells are escaped when added.
struct TerminalTable {
    /// Columns of numbers.
    var alignsRight: Set<Int> = []
    private let head: [String]
    private var rows: [[String]] = []

    /// - Parameter head: The columns' names; a table without columns has no lines.
    init(_ head: [String]) { self.head = head.map(TerminalText.escape) }

    mutating func add(_ row: [String]) { rows.append(row.map(TerminalText.escape)) }

    func lines(_ style: TerminalStyle) -> [String] {
        guard !head.isEmpty else { return [] }
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        return [style.quiet(line(head, widths))] + rows.map { line($0, widths) }
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = cells.indices.map { column in
            let space = String(repeating: " ", count: widths[column] - cells[column].count)
            return alignsRight.contains(column) ? space + cells[column] : cells[column] + space
        }
        let text = "  " + padded.joined(separator: "  ")
        return String(text.reversed().drop { $0 == " " }.reversed())
    }
}
