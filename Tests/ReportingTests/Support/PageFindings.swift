import Contacts
import Foundation

/// The findings that a page holds, read back from its columns as the page's script reads them.
struct PageFindings: Decodable {
    let strings: [String]
    let shapes: [[[Int]]]
    let differences: [[Int]]
    let shape: [Int]
    let id: [String]
    let contact: [String?]
    let message: [Int]
    let values: [Int]
    let related: [String: [String]]
    let score: [String: Double]

    /// The text of the page's data, in which nothing can be markup.
    static func text(of page: String) -> String? {
        guard let start = page.range(of: "id=\"data\" nonce=\"n0nce\">"),
            let end = page[start.upperBound...].range(of: "</script>")
        else { return nil }
        return String(page[start.upperBound..<end.lowerBound])
    }

    /// All of them, in order; nil where words of a rule, kind, state or repair are none.
    func all() -> [Finding?] {
        var next = 0
        return shape.indices.map { row in
            let lists = shapes[shape[row]]
            let count = lists[2].count
            defer { next += count }
            return finding(row, lists, values[next..<next + count].map { differences[$0] })
        }
    }

    private func finding(_ row: Int, _ lists: [[Int]], _ fields: [[Int]]) -> Finding? {
        let words = lists[0].map { strings[$0] }
        let repair = lists[3].map { $0 < 0 ? nil : strings[$0] }
        guard let kind = FindingKind(rawValue: words[1]), let severity = Severity(rawValue: words[2]),
            let state = FindingState(rawValue: words[3]), fields.map({ $0[0] }) == lists[2]
        else { return nil }
        var proposal: RepairProposal?
        if !repair.isEmpty {
            guard let action = repair[0].flatMap(RepairProposal.Action.init) else { return nil }
            proposal = RepairProposal(
                action: action,
                store: repair[1],
                source: repair[2],
                guard: repair[3].flatMap(RepairProposal.Guard.init)
            )
        }
        return Finding(
            id: id[row],
            rule: RuleID(words[0]),
            kind: kind,
            severity: severity,
            contact: contact[row],
            stores: lists[1].map { strings[$0] },
            fields: fields.map(difference),
            state: state,
            message: strings[message[row]],
            related: related[String(row)] ?? [],
            score: score[String(row)],
            repair: proposal
        )
    }

    private func difference(_ numbers: [Int]) -> FieldDifference {
        var values: [String: String?] = [:]
        var lengths: [String: Int] = [:]
        for cell in stride(from: 3, to: numbers.count, by: 3) {
            let store = strings[numbers[cell]]
            if numbers[cell + 1] != -2 {
                values[store] = .some(numbers[cell + 1] < 0 ? nil : strings[numbers[cell + 1]])
            }
            if numbers[cell + 2] != -2 { lengths[store] = numbers[cell + 2] }
        }
        return FieldDifference(
            name: strings[numbers[0]],
            values: values,
            sameMask: numbers[1] == 1,
            lengths: lengths,
            proposed: numbers[2] < 0 ? nil : strings[numbers[2]]
        )
    }
}
