import Contacts
import Fingerprint
import Foundation

/// Finds people by their ids and by the keys of contacts.
struct TwentyFetch {
    let people: TwentyPeople
    let operation: String

    /// For each request the people who may be the contact, each once, those of its rows first; deleted ones too.
    ///
    /// The usual spellings of a key are its canonical text and, of a number, that with a sign, a zero in front or `.0` behind.
    ///
    /// - Throws: `StoreError`, `denied` where a record lacks a field that is read.
    func people(for requests: [RecordRequest]) async throws -> [[TwentyPerson]] {
        let rows = requests.map { request in request.rows.compactMap(Self.id) }
        let byID = try await people.people(rows.flatMap { $0 }, operation)
        try people.checkNothingIsHidden(byID.values, operation)
        var result = rows.map { ids in
            var seen: Set<UUID> = []
            return Array(
                ids.filter { seen.insert($0).inserted }.compactMap { byID[$0] }.prefix(RecordRequest.maximumRecords)
            )
        }
        let known = result
        let open = requests.indices.filter { result[$0].count < RecordRequest.maximumRecords }
        let askable = open.filter { isAskable && TwentyPeople.isFit(requests[$0].key) }
        try await addByKey(askable.map { ($0, requests[$0].key) }, known, &result)
        let wanted = Set(askable)
        let unread = open.filter { index in
            result[index].isEmpty && (requests[index].isThorough || !wanted.contains(index))
        }
        if !unread.isEmpty { try await addByReadingThrough(unread.map { ($0, requests[$0].key) }, known, &result) }
        return result
    }

    /// A row's id; nil for what is none.
    static func id(_ row: RowID) -> UUID? {
        if case .text(let text) = row { UUID(uuidString: text) } else { nil }
    }

    // MARK: By key

    private var key: TwentyLayout.Source { people.layout.key }

    /// Whether people can be asked for by the key: a filter compares whole fields only.
    private var isAskable: Bool {
        let index = people.layout.layout.index(of: ContactSchema.Name.key)
        let hasPath = index.map { !people.layout.layout.fields[$0].path.isEmpty } ?? true
        return key.member == nil && !hasPath && ["TEXT", "NUMBER", "NUMERIC"].contains(key.field.type)
    }

    private var isNumber: Bool { key.field.type != "TEXT" }

    private func addByKey(
        _ requests: [(index: Int, key: String)],
        _ known: [[TwentyPerson]],
        _ result: inout [[TwentyPerson]]
    ) async throws {
        guard !requests.isEmpty else { return }
        var seen: Set<String> = []
        let spellings = requests.flatMap { Self.spellings(of: $0.key, isNumber: isNumber) }
            .filter { seen.insert($0).inserted }
        var matcher = Matcher(requests, known, people.layout)
        try await people.forEach(key.field.name, in: spellings, isNumber: isNumber, operation) { page in
            try people.checkNothingIsHidden(page, operation)
            for person in page where !matcher.add(person, to: &result) { throw people.strange(operation) }
            return !matcher.isFull(result)
        }
    }

    private static func spellings(of key: String, isNumber: Bool) -> [String] {
        let digits = key.hasPrefix("-") ? key.dropFirst() : key[...]
        let isWhole = !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
        if isNumber { return isWhole && Int64(key) != nil ? [key] : [] }
        if !isWhole { return UUID(uuidString: key) == nil ? [key] : [key, key.uppercased()] }
        return [key, "\(key).0"] + (key.hasPrefix("-") ? [] : ["+\(key)", "0\(key)"])
    }

    /// One pass over all people.
    private func addByReadingThrough(
        _ requests: [(index: Int, key: String)],
        _ known: [[TwentyPerson]],
        _ result: inout [[TwentyPerson]]
    ) async throws {
        var matcher = Matcher(requests, known, people.layout)
        for part in people.parts {
            try await people.forEachPage(part, limit: people.api.store.settings.pageSize, operation) { page in
                try people.checkNothingIsHidden(page, operation)
                for person in page { _ = matcher.add(person, to: &result) }
                return true
            }
        }
    }

    /// Tells whose person a record is.
    private struct Matcher {
        private let wanted: [[UInt8]: [Int]]
        private var seen: [Set<UUID>]
        private let layout: TwentyLayout
        private let keyIndex: Int
        private let canonicalKey = CanonicalKey()

        init(_ requests: [(index: Int, key: String)], _ known: [[TwentyPerson]], _ layout: TwentyLayout) {
            wanted = Dictionary(grouping: requests, by: { Array($0.key.utf8) }).mapValues { $0.map(\.index) }
            seen = known.map { Set($0.map(\.id)) }
            self.layout = layout
            keyIndex = layout.layout.index(of: ContactSchema.Name.key) ?? 0
        }

        /// - Returns: whether the person has one of the keys.
        mutating func add(_ person: TwentyPerson, to result: inout [[TwentyPerson]]) -> Bool {
            let mapping = layout.layout.fields[keyIndex]
            let value = person[layout.key.field.name].map { TwentyValue.raw($0, layout.key, mapping) } ?? .null
            guard let key = key(value, mapping), let indices = wanted[key] else { return false }
            for index in indices
            where result[index].count < RecordRequest.maximumRecords && seen[index].insert(person.id).inserted {
                result[index].append(person)
            }
            return true
        }

        /// Whether no request can take another person.
        func isFull(_ result: [[TwentyPerson]]) -> Bool {
            wanted.values.allSatisfy { $0.allSatisfy { result[$0].count >= RecordRequest.maximumRecords } }
        }

        private func key(_ value: RawValue, _ mapping: FieldMapping) -> [UInt8]? {
            guard !mapping.path.isEmpty else { return value.withCell { canonicalKey.text(of: $0) } }
            guard case .json(let bytes) = value, let json = try? JSONValue(parsing: bytes) else { return nil }
            let member = mapping.path.reduce(Optional(json)) { $0?[$1] } ?? .null
            return TwentyValue.raw(member).withCell { canonicalKey.text(of: $0) }
        }
    }
}
