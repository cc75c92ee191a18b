import Contacts

extension StoreConformance {
    static let fetching = [
        StoreConformance("a contact is fetched by row, by key, and once by both") { make in
            let contacts = (0..<30).map(LogicalContact.sample)
            try await make(contacts)
                .session { session in
                    let meaning = Meaning(session.layout)
                    let expected = try meaning.root(of: [contacts[17]])
                    let byKey = try await session.fetch([RecordRequest(key: "17", rows: [])])
                    try require(byKey.count == 1 && byKey[0].count == 1, "by key: \(byKey.map(\.count)) records")
                    try require(try meaning.root(of: byKey[0]) == expected, "by key: another contact")
                    let row = byKey[0][0].row
                    let byRow = try await session.fetch([RecordRequest(key: "no such key", rows: [row])])
                    try require(byRow == byKey, "by row: other records than by key")
                    let byBoth = try await session.fetch([RecordRequest(key: "17", rows: [row, row])])
                    try require(byBoth.map { Set($0.map(\.row)) } == [[row]], "by both: other rows than by key")
                }
        },
        StoreConformance("answers come in the order of the requests") { make in
            try await make((0..<30).map(LogicalContact.sample))
                .session { session in
                    let keys = ["29", "nobody", "0", "11", "29"]
                    let found = try await session.fetch(keys.map { RecordRequest(key: $0, rows: []) })
                    try require(found.map(\.count) == [1, 0, 1, 1, 1], "found \(found.map(\.count))")
                    try require(found[0] == found[4], "the same request had two answers")
                    try require(Set(found.flatMap { $0.map(\.row) }).count == 3, "three contacts, other rows")
                    try require(try await session.fetch([]).isEmpty, "an answer to no request")
                }
        },
        StoreConformance("what is fetched is what was scanned") { make in
            try await make((0..<10).map(LogicalContact.sample))
                .session { session in
                    let scanned = try await session.all(portions: 1)
                    let requests = scanned.map { RecordRequest(key: "no such key", rows: [$0.row]) }
                    let fetched = try await session.fetch(requests)
                    try require(fetched.allSatisfy { $0.count == 1 }, "found \(fetched.map(\.count))")
                    try require(fetched.flatMap { $0 } == scanned, "other values than in the scan")
                }
        },
    ]
}
