import Contacts
import Stores
import StoreConformance
import TestServers
import TestSupport
import Transport

/// A Twenty of its own for a test, and a way to it beside the store.
final class TwentyBench: Sendable {
    static let key = TestSecret.make("bench")

    let simulator: Simulator
    let client = HTTPClient(userAgent: "rollcall/test")
    private let endpoint: Endpoint

    /// - Parameters:
    ///   - options: of the simulator.
    ///   - isPrepared: whether person gets the fields that contacts need.
    init(_ options: [String] = [], isPrepared: Bool = true) async throws {
        simulator = try await Simulator.twenty(arguments: ["--key", Self.key] + options)
        endpoint = try Endpoint(simulator.endpoint)
        if isPrepared { try await prepare() }
    }

    func service(
        key: String = TwentyBench.key,
        rate: Rate? = nil,
        endpoint text: String? = nil,
        base: Duration = .milliseconds(20)
    ) throws -> Service {
        var retry = RetryPolicy()
        retry.base = base
        return Service(
            name: "crm",
            endpoint: try text.map { try Endpoint($0) } ?? endpoint,
            authorization: StaticAuthorization.bearer(Secret(key)),
            client: client,
            rate: rate,
            retry: retry
        )
    }

    /// The store; `change` edits its settings, `base` is the longest first wait before what failed is sent again.
    func store(
        key: String = TwentyBench.key,
        rate: Rate? = nil,
        endpoint: String? = nil,
        schema: ContactSchema = .standard,
        base: Duration = .milliseconds(20),
        _ change: (inout TwentyStoreSettings) -> Void = { _ in }
    ) throws -> TwentyStore {
        var settings = TwentyStoreSettings()
        change(&settings)
        let service = try service(key: key, rate: rate, endpoint: endpoint, base: base)
        return TwentyStore(name: "crm", settings: settings, schema: schema, service: service)
    }

    /// As `init-store` does it, in fewer requests.
    private func prepare() async throws {
        let person = try await personID()
        for part in try await store().lacking(notify: { _ in }) {
            let type = part.statement.firstMatch(of: /type ([A-Z_]+)/)?.output.1 ?? ""
            try await field(part.name, String(type), of: person)
        }
    }

    // MARK: Beside the store

    /// Sends a request past the store.
    @discardableResult
    func call(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ query: [(name: String, value: String)] = [],
        _ json: JSONValue? = nil
    ) async throws -> JSONValue {
        let response = try await service().send(HTTPRequest(method, path, query: query, json: json))
        guard (200..<300).contains(response.status) else {
            throw ConformanceProblem(
                description: "\(method) \(path): \(response.status) \(String(decoding: response.body, as: UTF8.self))"
            )
        }
        return try response.json()
    }

    func set(_ settings: JSONValue) async throws { try await call(.post, "simulator/settings", [], settings) }

    func stats(_ name: String) async throws -> Int64 { try await call(.get, "simulator/stats")[name]?.int ?? -1 }

    /// Does something right behind the page that is the n-th from now on.
    func after(pages: Int64, _ method: HTTPRequest.Method, _ path: String, _ body: JSONValue = [:]) async throws {
        let plan: JSONValue = [
            "pages": .number(pages), "method": .string(method.rawValue), "path": .string("/rest/" + path), "body": body,
        ]
        try await call(.post, "simulator/after", [], plan)
    }

    @discardableResult
    func add(_ person: JSONValue) async throws -> String {
        try await call(.post, "rest/people", [], person)["data"]?["createPerson"]?["id"]?.string ?? ""
    }

    func add(_ contacts: [LogicalContact]) async throws {
        for start in stride(from: 0, to: contacts.count, by: 200) {
            let rows = contacts[start..<min(start + 200, contacts.count)].map(Self.person)
            try await call(.post, "rest/batch/people", [], .array(rows))
        }
    }

    /// Everybody, deleted ones too.
    func people() async throws -> [JSONValue] {
        let filter = "or(deletedAt[is]:NULL,deletedAt[is]:NOT_NULL)"
        return try await call(.get, "rest/people", [("limit", "200"), ("filter", filter)])["data"]?["people"]?.array
            ?? []
    }

    func person(_ id: String) async throws -> JSONValue? { try await people().first { $0["id"]?.string == id } }

    /// A contact in the shape that Twenty has for it.
    static func person(_ contact: LogicalContact) -> JSONValue {
        var members: [JSONValue.Member] = [.init(name: "contactId", value: .string(contact.key))]
        func text(_ field: String) -> String? { if case .text(let text) = contact[field] { text } else { nil } }
        func list(_ field: String) -> [String] { if case .members(let list) = contact[field] { list } else { [] } }
        members.append(
            .init(
                name: "name",
                value: ["firstName": .string(text("first_name") ?? ""), "lastName": .string(text("last_name") ?? "")]
            )
        )
        if let notes = text("notes") { members.append(.init(name: "notes", value: .string(notes))) }
        if let birthday = text("birthday") { members.append(.init(name: "birthday", value: .string(birthday))) }
        if let flag = text("is_business") { members.append(.init(name: "isBusiness", value: .bool(flag == "true"))) }
        if let version = text("version").flatMap({ Int64($0) }) {
            members.append(.init(name: "version", value: .number(version)))
        }
        if let json = text("llm_context"), let value = try? JSONValue(parsing: Array(json.utf8)) {
            members.append(.init(name: "llmContext", value: value))
        }
        let emails = list(ContactSchema.Name.emails)
        if let first = emails.first {
            let others = JSONValue.array(emails.dropFirst().map { .string($0) })
            members.append(.init(name: "emails", value: ["primaryEmail": .string(first), "additionalEmails": others]))
        }
        let phones = list(ContactSchema.Name.phones)
        if let first = phones.first {
            let others = JSONValue.array(phones.dropFirst().map { ["number": .string($0)] })
            members.append(
                .init(name: "phones", value: ["primaryPhoneNumber": .string(first), "additionalPhones": others])
            )
        }
        return .object(members)
    }
}

/// What a request beside the store met.
struct ConformanceProblem: Error, CustomStringConvertible {
    let description: String
}

extension TwentyBench {
    /// Runs `body` on a session that is closed afterwards.
    func session<Result>(
        _ store: TwentyStore,
        _ body: (any StoreSession) async throws -> Result
    ) async throws -> Result {
        let session = try await store.open(notify: { _ in })
        do {
            let result = try await body(session)
            await session.close()
            return result
        } catch {
            await session.close()
            throw error
        }
    }

    /// Everything a scan passes, and its proof or why there is none.
    func scan(_ store: TwentyStore) async throws -> (
        records: [ContactRecord], layout: StoreLayout, proof: Result<ReadProof, any Error>
    ) {
        try await session(store) { session in
            let sink = KeptRecords()
            for portion in try await session.portions(limit: 2) { try await session.scan(portion, into: sink) }
            do {
                return (sink.records, session.layout, .success(try await session.prove()))
            } catch {
                return (sink.records, session.layout, .failure(error))
            }
        }
    }
}

/// Keeps what a scan passes.
final class KeptRecords: RecordSink {
    private(set) var records: [ContactRecord] = []

    func receive(_ record: BorrowedRecord) throws {
        records.append(ContactRecord(row: record.row, values: record.cells.map { RawValue(copying: $0) }))
    }

    func receiveUnreadable(_ row: RowID, reason: String) throws {
        throw ConformanceProblem(description: "a row was called unreadable: \(reason)")
    }
}

extension StoreLayout {
    /// A record's value of a field.
    func value(_ field: String, _ record: ContactRecord) -> RawValue? { index(of: field).map { record.values[$0] } }
}

extension LogicalContact {
    /// A contact of that key and name.
    static func named(_ key: String, _ name: String = "Ada", email: String? = nil) -> LogicalContact {
        var fields: [String: Value] = ["first_name": .text(name)]
        if let email { fields[ContactSchema.Name.emails] = .members([email]) }
        return LogicalContact(key: key, fields: fields)
    }
}

extension TwentyBench {
    private func personID() async throws -> String {
        let body = try await call(.get, "rest/metadata/objects")["data"]
        let objects = body?.array ?? body?["objects"]?.array ?? []
        return objects.first { $0["nameSingular"]?.string == "person" }?["id"]?.string ?? ""
    }

    /// Adds a custom field to person.
    func field(
        _ name: String,
        _ type: String,
        _ options: JSONValue = nil,
        of object: String? = nil
    ) async throws {
        let person: String
        if let object { person = object } else { person = try await personID() }
        let body: JSONValue = [
            "objectMetadataId": .string(person), "type": .string(type), "name": .string(name), "label": .string(name),
            "options": options,
        ]
        try await call(.post, "rest/metadata/fields", [], body)
    }
}

extension TwentyBench {
    /// Lets two people have one e-mail address, as an administrator may.
    func allowRepeatedAddresses() async throws {
        let body = try await call(.get, "rest/metadata/fields")["data"]
        let fields = body?.array ?? body?["fields"]?.array ?? []
        let emails = fields.first { $0["name"]?.string == "emails" }?["id"]?.string ?? ""
        try await call(.patch, "rest/metadata/fields/\(emails)", [], ["isUnique": false])
    }
}
