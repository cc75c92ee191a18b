import Contacts
import Fingerprint
import Foundation

/// A plan's parts as JSON, each encoded once, and the digests over them.
struct PlanEncoding {
    private let parts: [(name: String, text: [Data])]
    /// Over configuration, roots, operations and manual.
    let id: String
    /// Over all the rest, the id included.
    let seal: String

    /// The parts that the id is over, and those that the seal is over, in their order.
    static let identity = ["configuration", "manual", "operations", "roots"]
    static let rest = ["createdAt", "id", "run", "schema", "summary"]
    /// The parts that are lists, an element a line.
    static let lists = ["manual", "operations"]

    init(_ plan: RepairPlan) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        func list<Element: Encodable>(_ elements: [Element]) throws -> [Data] {
            try elements.map { try encoder.encode($0) }
        }
        let identity: [(name: String, text: [Data])] = [
            ("configuration", [try encoder.encode(plan.configuration)]), ("manual", try list(plan.manual)),
            ("operations", try list(plan.operations)), ("roots", [try encoder.encode(plan.roots)]),
        ]
        assert(identity.map(\.name) == Self.identity)
        id = Self.digest(identity)
        let rest: [(name: String, text: [Data])] = [
            ("createdAt", [try encoder.encode(PlanTime.text(plan.createdAt))]), ("id", [try encoder.encode(id)]),
            ("run", [try encoder.encode(plan.run)]), ("schema", [try encoder.encode(plan.schema)]),
            ("summary", [try encoder.encode(plan.summary)]),
        ]
        assert(rest.map(\.name) == Self.rest)
        seal = Self.digest(rest)
        parts = identity + rest + [("seal", [try encoder.encode(seal)])]
    }

    /// The file: one JSON object, its keys sorted, operations and manual cases one a line.
    var data: Data {
        var data = Data("{".utf8)
        for (number, part) in parts.sorted(by: { $0.name < $1.name }).enumerated() {
            data.append(contentsOf: Array("\(number == 0 ? "" : ",")\n\"\(part.name)\":".utf8))
            let isList = Self.lists.contains(part.name)
            if isList { data.append(UInt8(ascii: "[")) }
            for (index, element) in part.text.enumerated() {
                if isList { data.append(contentsOf: Array(index == 0 ? "\n".utf8 : ",\n".utf8)) }
                data.append(element)
            }
            if isList { data.append(UInt8(ascii: "]")) }
        }
        data.append(contentsOf: Array("\n}\n".utf8))
        return data
    }

    /// The digest of some parts, each with its name and the lengths of its elements.
    static func digest(_ parts: [(name: String, text: [Data])]) -> String {
        var digest = TextDigest()
        for part in parts {
            digest.add(Data("\(part.name):\(part.text.count);".utf8))
            for element in part.text {
                digest.add(Data("\(element.count):".utf8) + element + Data(",".utf8))
            }
        }
        return digest.text
    }
}
