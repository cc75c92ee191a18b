import Contacts

extension StoreConformance {
    /// The checks for a store that may be read and not written: its maker's stores are opened without the right to write.
    package static let readOnly = [
        StoreConformance("without the right to write a store is read, and nothing is written") { make in
            let contacts = (0..<4).map(LogicalContact.sample)
            let scene = try await WritingScene(contacts, make)
            let start = try await scene.read()
            try require(start.count == 4, "4 contacts, \(start.count) can be read")
            let changes = try await scene.changes(to: [.sample(21, as: 1), .sample(50)], make) + scene.removals(["2"])
            for change in changes {
                let code = try await refusal {
                    let outcomes = try await scene.write([change])
                    // A store may refuse what it has no right for change by change.
                    if case .refused = outcomes[0] { throw refusedAlone(scene.store.name) }
                }
                try require([.readOnly, .denied].contains(code), "writing without the right is called \(code)")
            }
            try require(try await scene.read() == start, "something was written without the right to")
        }
    ]

    /// The checks for a store behind a credential: its maker's stores have a wrong one.
    package static let wrongCredential = [
        StoreConformance("a wrong credential is called that, whatever is done with the store") { make in
            let store = try await make([.sample(1)])
            let ways: [(String, () async throws -> Void)] = [
                ("reading", { _ = try await store.session { try await $0.all(portions: 1) } }),
                (
                    "fetching",
                    {
                        let session = try await store.openForFetches(notify: { _ in })
                        do {
                            _ = try await session.fetch([RecordRequest(key: "1", rows: [])])
                        } catch {
                            await session.close()
                            throw error
                        }
                        await session.close()
                    }
                ),
            ]
            for (way, body) in ways {
                let code = try await refusal(body)
                try require(code == .credentials, "\(way) with a wrong credential is called \(code)")
            }
            guard let store = store as? any WritableStore else { return }
            let code = try await refusal {
                let writer = try await store.openForWriting(notify: { _ in })
                await writer.close()
            }
            try require(code == .credentials, "opening for writing with a wrong credential is called \(code)")
        }
    ]

    /// The code of the error that `body` must throw, which nobody should be told to try again.
    private static func refusal(_ body: () async throws -> Void) async throws -> StoreError.Code {
        do {
            try await body()
        } catch let error as StoreError {
            try require(!error.isRetryable, "what there is no right for is said to be worth another try")
            try require(!error.message.isEmpty, "an error says nothing")
            return error.code
        }
        throw ConformanceFailure(description: "what there is no right for was done")
    }

    private static func refusedAlone(_ store: String) -> StoreError {
        StoreError(.denied, store: store, operation: "write", message: "The change was refused.")
    }
}
