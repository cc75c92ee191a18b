import Contacts
import Foundation
import Transport

/// Asks for people: by pages, by id, by key. Live and soft-deleted ones alike.
struct TwentyPeople: Sendable {
    let api: TwentyAPI
    let layout: TwentyLayout
    /// Filters that together show everybody; nil: none, which shows those who are not deleted.
    private(set) var parts: [String?] = [everybody]
    /// When this was learnt, by the server's clock where it shows it.
    private(set) var learntAt = Date()
    /// Whether the server returns so many fields that it leaves some out unless they are named.
    private var namesFields = false

    /// A filter that names `deletedAt` shows deleted people as well.
    private static let everybody = "or(deletedAt[is]:NULL,deletedAt[is]:NOT_NULL)"
    private static let deleted = "deletedAt[is]:NOT_NULL"
    /// What every version gives at a time.
    static let safePage = 60
    /// Bytes of a list inside a filter, so that the address stays within what servers and proxies take.
    private static let listBytes = 5_000

    init(api: TwentyAPI, layout: TwentyLayout) {
        self.api = api
        self.layout = layout
    }

    private var store: TwentyStore { api.store }

    // MARK: Learning

    /// Finds out how this server is asked for deleted people: by one filter, where that shows as many as the two halves.
    mutating func learn() async throws {
        let first = try await page(nil, limit: 1, "open")
        if let date = first.date { learntAt = date }
        if first.isCapped {
            namesFields = true
            let again = try await page(nil, limit: 1, "open")
            guard !again.isCapped else { throw capped("open") }
        }
        for _ in 0..<3 {
            let both = try await countIfTaken(Self.everybody)
            guard let both else { break }
            let live = try await page(nil, limit: 1, "open").total
            let deleted = try await page(Self.deleted, limit: 1, "open").total
            if both == live + deleted { return }
        }
        // One half after the other: who is deleted meanwhile is seen in both.
        parts = [nil, Self.deleted]
    }

    private func countIfTaken(_ filter: String) async throws -> Int? {
        do {
            return try await page(filter, limit: 1, "open").total
        } catch let error as StoreError where error.code == .protocolViolation {
            return nil
        }
    }

    // MARK: Pages

    /// One page of a list.
    struct Page: Sendable {
        let people: [TwentyPerson]
        /// How many people match the filter, whatever the page.
        let total: Int
        /// Where the next page begins; nil: this is the last.
        let next: String?
        let isCapped: Bool
        /// The server's clock; nil where it does not show it.
        let date: Date?
    }

    /// One page, in the order of ids.
    ///
    /// - Parameters:
    ///   - order: another order, for a first page alone: cursors are sound for that of ids only.
    ///   - fields: what is asked for of each; a server that does not know that returns all. Nil: all that is read.
    func page(
        _ filter: String?,
        limit: Int,
        after cursor: String? = nil,
        order: String? = nil,
        fields: [String]? = nil,
        _ operation: String
    ) async throws -> Page {
        var query = [(name: "limit", value: String(limit)), (name: "depth", value: "0")]
        if let filter { query.append(("filter", filter)) }
        if let cursor { query.append(("starting_after", cursor)) }
        if let order { query.append(("order_by", order)) }
        if let fields = fields ?? (namesFields ? ["id"] + layout.columns + TwentyLayout.times : nil) {
            query.append(("fields", fields.joined(separator: ",")))
        }
        let (body, response) = try await api.read("people", query, operation)
        guard let list = body["data"]?["people"]?.array, let total = body["totalCount"]?.int,
            let info = body["pageInfo"], let hasNext = info["hasNextPage"]?.bool
        else {
            throw store.error(
                .protocolViolation,
                operation,
                "Twenty does not list people as its interface is known to."
            )
        }
        let people = list.compactMap(TwentyPerson.init)
        guard people.count == list.count else {
            throw store.error(.protocolViolation, operation, "Twenty returned a person without an id.")
        }
        let end = info["endCursor"]?.string
        guard !hasNext || end?.isEmpty == false && !people.isEmpty else {
            throw store.error(
                .protocolViolation,
                operation,
                "Twenty says that there is a further page and not where it begins, so that the list has no end."
            )
        }
        return Page(
            people: people,
            total: Int(total),
            next: hasNext ? end : nil,
            isCapped: response.header("X-Twenty-Fields-Capped")?.lowercased() == "true",
            date: response.date
        )
    }

    /// Passes all people that match, page by page. A person may come twice.
    ///
    /// - Parameter body: gets one page's people; false ends it.
    /// - Throws: `StoreError` where a cursor comes twice: such a list never ends.
    func forEachPage(
        _ filter: String?,
        limit: Int,
        fields: [String]? = nil,
        _ operation: String,
        _ body: ([TwentyPerson]) throws -> Bool
    ) async throws {
        var cursor: String?
        var seen: Set<String> = []
        var limit = limit
        while true {
            try Task.checkCancellation()
            let page: Page
            do {
                page = try await self.page(filter, limit: limit, after: cursor, fields: fields, operation)
            } catch let error as StoreError
                where error.code == .protocolViolation && cursor == nil && limit > Self.safePage
            {
                limit = Self.safePage
                continue
            }
            guard fields != nil || !page.isCapped else { throw capped(operation) }
            guard try body(page.people), let next = page.next else { return }
            guard seen.insert(next).inserted else {
                throw store.error(
                    .protocolViolation,
                    operation,
                    "Twenty gives the same page again and again, so that the people behind it cannot be read."
                        + " Update Twenty, or report its version; nothing may be called absent from this store."
                )
            }
            cursor = next
        }
    }

    private func capped(_ operation: String) -> StoreError {
        store.error(
            .badMapping,
            operation,
            "person has more fields than Twenty returns at a time, and this version leaves some out even where they are"
                + " named. Deactivate fields of person that nobody needs, or update Twenty."
        )
    }

    // MARK: Counts

    /// How many people there are, deleted ones included, and when the newest change was.
    func state(_ operation: String) async throws -> (total: Int, newest: String?) {
        var total = 0
        var newest: String?
        for part in parts {
            let page = try await page(part, limit: 1, order: "updatedAt[DescNullsLast]", operation)
            total += page.total
            newest = [newest, page.people.first?.updatedAt].compactMap { $0 }.max()
        }
        return (total, newest)
    }

    // MARK: Some people

    /// People by id, those of one request each once; ids of nobody are left out.
    func people(_ ids: [UUID], _ operation: String) async throws -> [UUID: TwentyPerson] {
        var found: [UUID: TwentyPerson] = [:]
        var unique: Set<UUID> = []
        let ids = ids.filter { unique.insert($0).inserted }
        for start in stride(from: 0, to: ids.count, by: Self.safePage) {
            let list = ids[start..<min(start + Self.safePage, ids.count)].map { $0.uuidString.lowercased() }
            try await forEach("id[in]:[\(list.map { "\"\($0)\"" }.joined(separator: ","))]", operation) { people in
                for person in people { found[person.id] = person }
                guard people.allSatisfy({ unique.contains($0.id) }) else { throw strange(operation) }
                return true
            }
        }
        return found
    }

    /// Twenty returned what was not asked for.
    func strange(_ operation: String) -> StoreError {
        store.error(
            .protocolViolation,
            operation,
            "Twenty answers with people who were not asked for: it does not understand the filter, or something between it"
                + " and this program mixes up answers."
        )
    }

    /// Passes the people whose field has one of these texts, which must be fit for a filter.
    func forEach(
        _ path: String,
        in values: [String],
        isNumber: Bool,
        _ operation: String,
        _ body: ([TwentyPerson]) throws -> Bool
    ) async throws {
        var rest = values[...]
        while !rest.isEmpty {
            var list: [String] = []
            var bytes = 0
            while let value = rest.first, list.isEmpty || bytes + value.utf8.count + 9 <= Self.listBytes {
                list.append(isNumber ? value : "\"\(value)\"")
                bytes += value.utf8.count + 9
                rest = rest.dropFirst()
            }
            try await forEach("\(path)[in]:[\(list.joined(separator: ","))]", operation, body)
        }
    }

    /// Passes the people that match a condition, deleted ones too.
    func forEach(
        _ condition: String,
        _ operation: String,
        _ body: ([TwentyPerson]) throws -> Bool
    ) async throws {
        for part in parts { try await forEachPage(Self.joined(condition, part), limit: Self.safePage, operation, body) }
    }

    /// Both conditions; the first may be nil.
    static func joined(_ condition: String?, _ part: String?) -> String? {
        let all = [condition, part].compactMap { $0 }
        return all.isEmpty ? nil : all.joined(separator: ",")
    }

    /// Whether a text means itself inside a quoted value of a filter.
    static func isFit(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 200
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.value >= 0x80 || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                    || " @.+-_:/#=~".unicodeScalars.contains(scalar)
            }
    }

    /// Throws where the key may not see fields that are read: what a record lacks would look like an empty value.
    func checkNothingIsHidden(_ people: some Sequence<TwentyPerson>, _ operation: String) throws {
        var hidden: Set<String> = []
        for person in people { hidden.formUnion(person.hidden(layout)) }
        if !hidden.isEmpty { throw self.hidden(hidden, operation) }
    }

    func hidden(_ fields: Set<String>, _ operation: String) -> StoreError {
        store.error(
            .denied,
            operation,
            "the key may not see \(fields.sorted().joined(separator: ", ")) of person, which metadata lists. Give its role"
                + " the right to see all fields, or set the fields to null in stores.\(store.name).fields."
        )
    }
}
