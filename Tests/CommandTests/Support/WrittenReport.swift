import Foundation

/// What the tests read of a `report.json`, with types of their own.
struct WrittenReport: Decodable {
    struct Run: Decodable {
        let id: String
        let exit: Int32
        let chain: Int
    }

    struct Store: Decodable {
        let name: String
        let records: Int?
        let root: String?
        let complete: Bool
    }

    struct Summary: Decodable {
        let findings: Int
        let byRule: [String: Int]
        let new: Int
        let gone: Int
        let unchanged: Int
    }

    struct Field: Decodable, Hashable {
        let name: String
    }

    struct Finding: Decodable, Hashable {
        let id: String
        let rule: String
        let kind: String
        let contact: String?
        let stores: [String]
        let fields: [Field]
        let state: String
        let message: String
        let related: [String]
    }

    struct Truncated: Decodable, Equatable {
        let findings: Int
        let file: String
    }

    struct Coverage: Decodable {
        let notChecked: [NotChecked]
    }

    struct NotChecked: Decodable, Hashable {
        let what: String
        let rule: String?
        let store: String?
        let why: String
    }

    let run: Run
    let verdict: String
    let stores: [Store]
    let summary: Summary
    let findings: [Finding]
    let coverage: Coverage
    let truncated: Truncated?

    init(_ bytes: Data) throws { self = try JSONDecoder().decode(Self.self, from: bytes) }

    /// The confirmed findings of a rule.
    func findings(_ rule: String) -> [Finding] { findings.filter { $0.rule == rule && $0.state == "confirmed" } }
}

/// What the tests read of `history --format json`.
struct WrittenRun: Decodable {
    let id: String
    let verb: String
    let verdict: String?
    let exit: Int32
    let chain: Int

    static func all(_ text: String) throws -> [WrittenRun] {
        try JSONDecoder().decode([WrittenRun].self, from: Data(text.utf8))
    }
}
