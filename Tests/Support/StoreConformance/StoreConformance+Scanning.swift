import Contacts

extension StoreConformance {
    private static let sizes = [0, 1, 3, 2500]

    static let scanning =
        sizes.map { size in
            StoreConformance("\(size) contacts are read once each, whatever the portions") { make in
                let store = try await make((0..<size).map(LogicalContact.sample))
                for limit in [1, 2, 8] {
                    try await store.session { session in
                        let records = try await session.all(portions: limit)
                        try require(records.count == size, "\(size) contacts, \(records.count) records")
                        try require(Set(records.map(\.row)).count == size, "a row was read twice")
                    }
                }
            }
        } + [
            StoreConformance("records mean what the contacts mean") { make in
                let contacts = (0..<40).map(LogicalContact.sample) + [LogicalContact(key: "4711")]
                try await make(contacts)
                    .session { session in
                        let meaning = Meaning(session.layout)
                        let records = try await session.all(portions: 2)
                        try require(
                            try meaning.root(of: records) == meaning.root(of: contacts),
                            "the records have another root than the contacts that were written"
                        )
                        let less = try meaning.root(of: Array(records.dropLast()))
                        try require(try less != meaning.root(of: contacts), "a root does not depend on its records")
                    }
            },
            StoreConformance("the layout has the key first, schema order, and a value for each field") { make in
                try await make([.sample(1)])
                    .session { session in
                        let layout = session.layout
                        let compared = layout.fields.filter { $0.field.role == .compared }
                        try require(layout.fields.first?.field.name == ContactSchema.Name.key, "the key is not first")
                        try require(
                            layout.fields.prefix(compared.count).allSatisfy { $0.field.role == .compared },
                            "metadata stands before compared fields"
                        )
                        let order = ContactSchema.standard.fields.map(\.name)
                        let places = compared.compactMap { order.firstIndex(of: $0.field.name) }
                        try require(places == places.sorted(), "the fields are not in schema order")
                        let counts = try await session.all(portions: 1).map(\.values.count)
                        try require(counts == [layout.fields.count], "\(layout.fields.count) fields, \(counts) values")
                        let accounted = Set(layout.fields.map(\.field.name) + layout.notCompared.map(\.field))
                        let lost = order.filter { !accounted.contains($0) }
                        try require(lost.isEmpty, "fields are neither held nor listed as not compared: \(lost)")
                    }
            },
        ]
}
