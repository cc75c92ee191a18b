import Contacts

extension StoreConformance {
    /// Checks of what is larger than anybody expects, for a store that can be written and whose key takes 64 bits.
    package static let extremes = [
        StoreConformance("keys above 2^53 are told apart, read and written") { make in
            // As a double, the first three are one number.
            let keys = ["9007199254740992", "9007199254740993", "9007199254740994", "9223372036854775807"]
            let contacts = keys.enumerated().map { LogicalContact.sample($0, as: $1) }
            let scene = try await WritingScene(contacts, make)
            try await scene.requireMeaning(contacts, "keys above 2^53 were not read as they are")
            for (key, contact) in zip(keys, contacts) {
                let found = try await scene.records(of: key)
                try require(found.count == 1, "of key \(key), \(found.count) records were fetched")
                try require(
                    try scene.meaning.root(of: found) == scene.meaning.root(of: [contact]),
                    "of key \(key), another one's record was fetched"
                )
            }
            for key in ["9007199254740991", "9007199254740995"] {
                try require(try await scene.records(of: key).isEmpty, "key \(key) is nobody's, and was fetched")
            }
            let added = LogicalContact.sample(9, as: "9007199254740995")
            let changed = LogicalContact.sample(21, as: keys[1])
            let changes = try await scene.changes(to: [changed, added], make) + scene.removals([keys[0]])
            _ = try await scene.steps(of: changes)
            try await scene.requireMeaning(
                [changed, contacts[2], contacts[3], added],
                "of keys above 2^53, others were written than were to be"
            )
        },
        StoreConformance("a contact has 500 e-mails, and gets 500 others") { make in
            let contacts = [LogicalContact.sample(0), .sample(1).withEmails(500, "old"), .sample(2)]
            let scene = try await WritingScene(contacts, make)
            try await scene.requireMeaning(contacts, "500 e-mails were not read as they are")
            let start = try await scene.read()
            let wanted = [
                LogicalContact.sample(1).withEmails(500, "new"), LogicalContact.sample(9).withEmails(500, "mine"),
            ]
            let steps = try await scene.steps(of: try await scene.changes(to: wanted, make))
            try await scene.requireMeaning(
                [contacts[0], wanted[0], contacts[2], wanted[1]],
                "500 e-mails were not written as they are"
            )
            for outcome in try await scene.carryOut(steps.takenBack).outcomes { _ = try outcome.written() }
            try await scene.requireState(start, "500 e-mails were taken back")
        },
    ]
}

extension LogicalContact {
    /// With so many e-mails of a host, the first of them primary.
    fileprivate func withEmails(_ count: Int, _ host: String) -> LogicalContact {
        let emails = (0..<count).map { "ada.\(key).\($0)@\(host).example.com" }
        return LogicalContact(key: key, fields: fields.merging([ContactSchema.Name.emails: .members(emails)]) { $1 })
    }

    /// A contact with the values of another one, under any key.
    fileprivate static func sample(_ number: Int, as key: String) -> LogicalContact {
        LogicalContact(key: key, fields: sample(number).fields)
    }
}
