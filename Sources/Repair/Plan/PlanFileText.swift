import Contacts
import Dispatch
import Foundation
import Synchronization

/// The text of a plan's file as `PlanEncoding` lays it out, line by line: its digests are those of the text as it stands, and
/// its elements can be read at the same time.
struct PlanFileText {
    private var parts: [String: [Data]] = [:]

    /// Nil for a file that is laid out otherwise.
    init?(_ data: Data) {
        var lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
        guard lines.popFirst()?.elementsEqual("{".utf8) == true, lines.popLast()?.isEmpty == true,
            lines.popLast()?.elementsEqual("}".utf8) == true
        else { return nil }
        while let line = lines.popFirst() {
            guard let part = Self.part(line) else { return nil }
            var text = part.text
            if PlanEncoding.lists.contains(part.name) {
                guard let elements = Self.elements(text, &lines) else { return nil }
                parts[part.name] = elements
            } else {
                if !lines.isEmpty, text.popLast() != UInt8(ascii: ",") { return nil }
                parts[part.name] = [text]
            }
        }
        guard Set(parts.keys) == Set(PlanEncoding.identity + PlanEncoding.rest + ["seal"]) else { return nil }
    }

    /// The digest that should be the plan's id.
    var id: String { digest(PlanEncoding.identity) }
    /// The digest that should be its seal.
    var seal: String { digest(PlanEncoding.rest) }

    private func digest(_ names: [String]) -> String {
        PlanEncoding.digest(names.map { ($0, parts[$0] ?? []) })
    }

    /// The plan that the text says.
    ///
    /// - Throws: `DecodingError` where it is none.
    func plan() throws -> RepairPlan {
        var head = Data("{".utf8)
        for (name, text) in parts {
            let value = PlanEncoding.lists.contains(name) ? Data("[]".utf8) : text.first ?? Data()
            head += Data("\(head.count == 1 ? "" : ",")\"\(name)\":".utf8) + value
        }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom(PlanTime.decode)
        var plan = try decoder.decode(RepairPlan.self, from: head + Data("}".utf8))
        guard plan.schema == RepairPlan.schema else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "this is another schema"))
        }
        plan.manual = try Self.decode(parts["manual"] ?? [])
        plan.operations = try Self.decode(parts["operations"] ?? [])
        return plan
    }

    /// Elements that are read by one task at a time.
    private static let stride = 2_000

    private static func decode<Element: Decodable & Sendable>(_ texts: [Data]) throws -> [Element] {
        let portions = (texts.count + stride - 1) / stride
        let results = Mutex([Result<[Element], any Error>?](repeating: nil, count: portions))
        DispatchQueue.concurrentPerform(iterations: portions) { portion in
            let decoder = JSONDecoder()
            let own = texts[(portion * stride)..<min((portion + 1) * stride, texts.count)]
            let result = Result { try own.map { try decoder.decode(Element.self, from: $0) } }
            results.withLock { $0[portion] = result }
        }
        return try results.withLock { try $0.flatMap { try $0?.get() ?? [] } }
    }

    /// Of `"name":text` both; the last part's text ends its line, any other's has a comma behind it.
    private static func part(_ line: Data) -> (name: String, text: Data)? {
        guard line.first == UInt8(ascii: "\""), let end = line.dropFirst().firstIndex(of: UInt8(ascii: "\"")),
            line[(end + 1)...].first == UInt8(ascii: ":")
        else { return nil }
        return (String(decoding: line[(line.startIndex + 1)..<end], as: UTF8.self), line[(end + 2)...])
    }

    /// The elements of a list that begins at the end of a line, each of which is an object on a line of its own.
    private static func elements(_ head: Data, _ lines: inout ArraySlice<Data>) -> [Data]? {
        if head.elementsEqual("[],".utf8) { return [] }
        guard head.elementsEqual("[".utf8) else { return nil }
        var elements: [Data] = []
        while var line = lines.popFirst() {
            if line.suffix(3).elementsEqual("}],".utf8) {
                elements.append(line.dropLast(2))
                return elements
            }
            guard line.popLast() == UInt8(ascii: ","), line.last == UInt8(ascii: "}") else { return nil }
            elements.append(line)
        }
        return nil
    }
}
