import Contacts
import Foundation

/// Findings in few bytes, as the page's script reads them: columns with a number for each finding. Texts, shapes and
/// differences are told once and meant by their position.
struct HTMLFindings: Encodable {
    /// The stores and fields that links of the page count on, by position.
    let stores: [String]
    let fields: [String]
    /// Rule, stores and fields of the report's groups.
    let groups: [[[String]]]

    private(set) var strings: [String] = []
    /// What many findings share: `[rule, kind, severity, state]`, the stores, the fields, and the repair as
    /// `[action, store, source, guard]` or nothing. Numbers are positions in `strings`, -1 is nil.
    private(set) var shapes: [[[Int]]] = []
    /// Field, 1 where masks are the same, the proposed text, then for each store its name, what it shows and its length.
    /// -1 is nil; -2 is what the finding does not tell.
    private(set) var differences: [[Int]] = []

    // A number or text for each finding.
    private(set) var shape: [Int] = []
    private(set) var id: [String] = []
    private(set) var contact: [String?] = []
    private(set) var message: [Int] = []
    /// Positions in `differences`, for each finding as many as its shape has fields.
    private(set) var values: [Int] = []

    // What few findings have, by the finding's position.
    private(set) var related: [Int: [String]] = [:]
    private(set) var score: [Int: Double] = [:]

    /// About as many bytes as the findings take in the page.
    private(set) var bytes = 0
    private var index = Index()

    var count: Int { shape.count }

    private enum CodingKeys: String, CodingKey {
        case stores, fields, groups, strings, shapes, differences, shape, id, contact, message, values, related, score
    }

    /// What is in the columns already. The groups' messages: nil inside where findings of a group have several.
    private struct Index {
        var strings: [String: Int] = [:]
        var shapes: [[[Int]]: Int] = [:]
        var differences: [[Int]: Int] = [:]
        var groups: [[[String]]: Int] = [:]
        /// By shape.
        var groupOfShape: [Int?] = []
        var messageOfGroup: [Int: Int?] = [:]
    }

    init(_ report: AuditReport) {
        stores = report.stores.map(\.name)
        fields = HTMLHeatMap.fields(of: report)
        groups = report.groups.map { [[$0.rule.name], $0.stores, $0.fields] }
        index.groups = Dictionary(zip(groups, groups.indices)) { first, _ in first }
    }

    /// Adds a finding after those that are held.
    mutating func add(_ finding: Finding) {
        let position = addShape(finding)
        let text = addString(finding.message)
        shape.append(position)
        message.append(text)
        id.append(finding.id)
        contact.append(finding.contact)
        for difference in finding.fields { values.append(addDifference(difference)) }
        if !finding.related.isEmpty { related[count - 1] = finding.related }
        if let number = finding.score { score[count - 1] = number }
        let texts = [finding.id, finding.contact ?? ""] + finding.related
        bytes += texts.reduce(0) { $0 + Self.size($1) } + 16 + 7 * finding.fields.count

        if let group = index.groupOfShape[position] {
            let known = index.messageOfGroup[group]
            index.messageOfGroup[group] = known == nil || known == .some(text) ? text : .some(nil)
        }
    }

    /// The message of a group's findings, where all of them have the same; nil also where the page holds none.
    func message(ofGroup number: Int) -> String? {
        index.messageOfGroup[number].flatMap { $0 }.map { strings[$0] }
    }

    private mutating func addShape(_ finding: Finding) -> Int {
        let words = [finding.rule.name, finding.kind.rawValue, finding.severity.rawValue, finding.state.rawValue]
        let repair = finding.repair.map { [$0.action.rawValue, $0.store, $0.source, $0.guard?.rawValue] } ?? []
        let key = [
            words.map { addString($0) },
            finding.stores.map { addString($0) },
            finding.fields.map { addString($0.name) },
            repair.map { text in text.map { addString($0) } ?? -1 },
        ]
        if let known = index.shapes[key] { return known }
        index.shapes[key] = shapes.count
        shapes.append(key)
        let group = [[finding.rule.name], finding.stores, finding.fields.map(\.name)]
        index.groupOfShape.append(finding.state == .confirmed ? index.groups[group] : nil)
        bytes += 8 * key.joined().count
        return shapes.count - 1
    }

    private mutating func addDifference(_ difference: FieldDifference) -> Int {
        var key = [addString(difference.name), difference.sameMask ? 1 : 0]
        key.append(difference.proposed.map { addString($0) } ?? -1)
        for store in Set(difference.values.keys).union(difference.lengths.keys).sorted() {
            key.append(addString(store))
            switch difference.values[store] {
            case .some(.some(let text)): key.append(addString(text))
            case .some(.none): key.append(-1)
            case .none: key.append(-2)
            }
            key.append(difference.lengths[store] ?? -2)
        }
        if let known = index.differences[key] { return known }
        index.differences[key] = differences.count
        differences.append(key)
        bytes += 5 * key.count
        return differences.count - 1
    }

    private mutating func addString(_ text: String) -> Int {
        if let known = index.strings[text] { return known }
        index.strings[text] = strings.count
        strings.append(text)
        bytes += Self.size(text)
        return strings.count - 1
    }

    /// Bytes of a text as inert JSON with its quotes and comma, or more.
    private static func size(_ text: String) -> Int {
        text.utf8.reduce(3) { size, byte in
            switch byte {
            case ..<0x20, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): size + 6
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): size + 2
            // May begin U+2028 or U+2029, whose three bytes become six.
            case 0xE2: size + 4
            default: size + 1
            }
        }
    }
}
