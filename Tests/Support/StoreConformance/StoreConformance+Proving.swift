import Contacts

extension StoreConformance {
    static let proving = [
        StoreConformance("the proof counts the rows") { make in
            try await make((0..<50).map(LogicalContact.sample))
                .session { session in
                    _ = try await session.all(portions: 2)
                    let proof = try await session.prove()
                    try require(proof.rows == 50, "50 rows, the proof says \(proof.rows)")
                    try require(!proof.statement.isEmpty, "the proof says nothing")
                    try require(proof.remarks.isEmpty, "there is nothing to remark: \(proof.remarks)")
                }
        },
        StoreConformance("nothing is proved without a scan") { make in
            try await make([.sample(1)])
                .session { session in
                    try await refused("a store that nobody read was proved") { _ = try await session.prove() }
                    _ = try await session.portions(limit: 1)
                    try await refused("a store was proved before its portion was read") {
                        _ = try await session.prove()
                    }
                }
        },
        StoreConformance("a scan that the sink stopped proves nothing") { make in
            try await make((0..<5).map(LogicalContact.sample))
                .session { session in
                    let portions = try await session.portions(limit: 1)
                    do {
                        try await session.scan(portions[0], into: RefusingSink())
                        throw ConformanceFailure(description: "the sink's error did not come through")
                    } catch is RefusingSink.Refusal {}
                    try await refused("a scan that was stopped was proved") { _ = try await session.prove() }
                }
        },
    ]

    /// Fails unless `body` throws a `StoreError`.
    private static func refused(_ sentence: String, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch is StoreError {
            return
        }
        throw ConformanceFailure(description: sentence)
    }
}
