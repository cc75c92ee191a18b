import Foundation

/// JSON inside the ledger: sorted keys, times in milliseconds, so that equal values are equal text.
enum LedgerJSON {
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(date.milliseconds)
        }
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func value<Value: Decodable>(_ type: Value.Type = Value.self, from text: String) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            Date(milliseconds: try decoder.singleValueContainer().decode(Int64.self))
        }
        return try decoder.decode(type, from: Data(text.utf8))
    }
}

/// Lists of names as JSON text. Millions of findings share few lists, so the latest are remembered.
struct NameListCoder {
    private var texts: [[String]: String] = [:]
    private var lists: [String: [String]] = [:]
    private static let limit = 10_000

    mutating func text(_ names: [String]) throws -> String {
        if let text = texts[names] { return text }
        let text = try LedgerJSON.text(names)
        if texts.count >= Self.limit { texts.removeAll(keepingCapacity: true) }
        texts[names] = text
        return text
    }

    mutating func names(_ text: String) throws -> [String] {
        if let names = lists[text] { return names }
        let names = try LedgerJSON.value([String].self, from: text)
        if lists.count >= Self.limit { lists.removeAll(keepingCapacity: true) }
        lists[text] = names
        return names
    }
}
