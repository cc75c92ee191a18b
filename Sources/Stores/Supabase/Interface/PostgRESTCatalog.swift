import Contacts
import Foundation

/// What a PostgREST service says of its tables.
struct PostgRESTCatalog: Sendable {
    private let client: PostgRESTClient
    private let operation: String
    /// The OpenAPI document; nil where the service gives none.
    private let document: JSONValue?
    /// The server's clock when it was asked, or ours.
    let date: Date

    init(_ client: PostgRESTClient, operation: String) async throws {
        self.client = client
        self.operation = operation
        let answer = try await client.description(operation: operation)
        document = answer?.document
        date = answer?.date ?? Date()
    }

    /// A table that is described, or, where nothing is, one that has a row to show; nil where there is none of that name.
    ///
    /// - Throws: `StoreError`.
    func table(_ name: String) async throws -> PostgRESTTable? {
        if let properties = document?["definitions"]?[name]?["properties"]?.members {
            let required = Set(document?["definitions"]?[name]?["required"]?.array?.compactMap(\.string) ?? [])
            let verbs = document?["paths"]?["/" + name]?.members.map { Set($0.map(\.name)) }
            return PostgRESTTable(
                name: name,
                columns: properties.map { member in
                    PostgRESTColumn(
                        name: member.name,
                        format: member.value["format"]?.string ?? "",
                        isRequired: required.contains(member.name)
                    )
                },
                key: properties.filter { $0.value["description"]?.string?.contains("<pk/>") ?? false }.map(\.name),
                isWritable: verbs.map { $0.isSuperset(of: ["post", "patch", "delete"]) } ?? true
            )
        }
        let page: PostgRESTClient.Page
        do {
            page = try await client.rows(of: name, [("limit", "1")], operation: operation)
        } catch let error as StoreError where error.code == .noTable {
            return nil
        }
        guard let row = page.rows.first?.members else {
            throw StoreError(
                .protocolViolation,
                store: client.store,
                operation: operation,
                message:
                    "the service does not describe table \(client.schema).\(name), which is empty, so that its columns"
                    + " cannot be known. Let it describe its tables (openapi-mode), or give the key's role the right to"
                    + " see them."
            )
        }
        return PostgRESTTable(
            name: name,
            columns: row.map { PostgRESTColumn(name: $0.name, format: "", isRequired: false) },
            key: [],
            isWritable: true
        )
    }

    /// Tables that are described, some of them.
    var names: [String] { Array((document?["definitions"]?.members ?? []).map(\.name).sorted().prefix(10)) }
}

/// A table or view as PostgREST describes it.
struct PostgRESTTable: Sendable {
    let name: String
    /// In the table's order.
    let columns: [PostgRESTColumn]
    /// The primary key's columns; empty where none is known.
    let key: [String]
    /// Whether rows may be added, changed and taken away, as far as the service says.
    let isWritable: Bool

    /// The column of that name in any letter case, the exact one first.
    func column(_ name: String) -> PostgRESTColumn? {
        columns.first { $0.name == name } ?? columns.first { $0.name.lowercased() == name.lowercased() }
    }
}
