import GRDB
import TestSupport

/// Changes stores that were equal, each contact in at most one way: a single store, or several at the same time.
struct RandomFaults {
    /// What happened to a contact, and what must be of it in the end unless a person has to decide.
    struct Fault {
        /// What the stores must hold of the contact behind the repair.
        enum Outcome {
            /// The store's own rows, as they were before.
            case rows(of: String)
            /// Nobody has the contact any more.
            case gone
            /// Nothing in particular but that the stores agree.
            case agreement
        }

        let contact: Int
        let isOfOneStore: Bool
        let what: String
        let outcome: Outcome
    }

    private var random: SeededGenerator
    /// Canonical first.
    private let stores: [TestStore]
    /// No value is written twice.
    private var value = 1000
    private(set) var faults: [Fault] = []

    init(seed: UInt64, stores: [TestStore]) {
        random = SeededGenerator(seed)
        self.stores = stores
    }

    /// Changes about two in three of these contacts, and adds up to four others.
    mutating func seed(_ people: [Person]) throws {
        for person in people where !random.oneIn(3) {
            if random.oneIn(3) { try seedSeveral(person) } else { try seedOne(person) }
        }
        for id in 101..<101 + Int.random(in: 0...4, using: &random) { try add(id) }
    }

    private mutating func note(_ contact: Int, _ what: String, one: Bool, _ outcome: Fault.Outcome) {
        faults.append(Fault(contact: contact, isOfOneStore: one, what: what, outcome: outcome))
    }

    // MARK: One store

    private mutating func seedOne(_ person: Person) throws {
        let store = random.pick(stores)
        switch Int.random(in: 0..<10, using: &random) {
        case 0:
            try store.edit { try $0.remove(person.id) }
            note(person.id, "removed in \(store.name)", one: true, store.name == "a" ? .gone : .rows(of: "a"))
        case 1:
            try store.edit { try $0.mark(person.id) }
            note(person.id, "marked deleted in \(store.name)", one: true, .gone)
        case 2:
            try stores[1].edit { try $0.repeatRow(person.id) }
            note(person.id, "twice in b", one: true, .rows(of: "b"))
        default:
            let version = random.oneIn(2) ? 6 : person.version
            let what = try change(person, in: store, version: version)
            note(person.id, "\(what) in \(store.name)", one: true, .rows(of: store.name))
        }
    }

    private mutating func add(_ id: Int) throws {
        let person = Person(id, using: &random)
        if random.oneIn(3) {
            var other = person
            if random.oneIn(2) { other.notes = "Other \(id)" }
            try stores[1].edit { try $0.insert(person) }
            try stores[2].edit { try $0.insert(other) }
            note(id, "added in b and c", one: false, .agreement)
        } else {
            let store = random.pick(stores)
            try store.edit { try $0.insert(person) }
            note(id, "added in \(store.name)", one: true, .rows(of: store.name))
        }
    }

    // MARK: Several stores

    private mutating func seedSeveral(_ person: Person) throws {
        let pair = stores.shuffled(using: &random).prefix(2)
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            let other = pair[1].name == "a" ? pair[0] : pair[1]
            let edited = other.name == pair[0].name ? pair[1] : pair[0]
            let what = try change(person, in: edited, version: 6)
            try other.edit { try $0.remove(person.id) }
            note(person.id, "\(what) in \(edited.name), removed in \(other.name)", one: false, .agreement)
        case 1:
            try stores[0].edit { try $0.remove(person.id) }
            let what = try change(person, in: stores[2], version: 6)
            note(person.id, "\(what) in c, removed in a", one: false, .agreement)
        case 2:
            let what = try change(person, in: stores[2], version: 6)
            let store = random.pick(Array(stores.prefix(2)))
            try store.edit { try $0.mark(person.id) }
            note(person.id, "\(what) in c, marked deleted in \(store.name)", one: false, .agreement)
        case 3:
            // The same in both: nobody has to decide anything.
            let start = (random, value)
            let what = try change(person, in: pair[0], version: 6, avoidsInsights: true)
            (random, value) = start
            _ = try change(person, in: pair[1], version: 6, avoidsInsights: true)
            note(person.id, "\(what) alike in \(pair[0].name) and \(pair[1].name)", one: false, .agreement)
        default:
            let versions = random.pick([(6, 7), (7, 6), (6, 6), (5, 5)])
            let first = try change(person, in: pair[0], version: versions.0)
            let second = try change(person, in: pair[1], version: versions.1)
            let what = "\(first) in \(pair[0].name) (\(versions.0)), \(second) in \(pair[1].name) (\(versions.1))"
            note(person.id, what, one: false, .agreement)
        }
    }

    // MARK: A change

    /// Gives one field another value than it has anywhere.
    ///
    /// - Returns: the field.
    private mutating func change(
        _ person: Person,
        in store: TestStore,
        version: Int,
        avoidsInsights: Bool = false
    ) throws -> String {
        value += 1
        let fields = ["job_title", "notes", "birthday", "is_me", "emails", "phones", "ai_insights"]
        let field = random.pick(avoidsInsights || !store.shape.hasInsights ? fields.dropLast() : fields)
        let isEmptied = random.oneIn(5)
        let isReplaced = random.oneIn(2)
        let day = 1 + value % 28
        try store.edit { editor in
            let id = person.id
            switch field {
            case "job_title":
                let isEmptied = isEmptied && person.title != nil
                try editor.set(field, isEmptied ? .null : "Title \(value)".databaseValue, of: id)
            case "notes":
                let isEmptied = isEmptied && person.notes != nil
                try editor.set(field, isEmptied ? .null : "Notes \(value)".databaseValue, of: id)
            case "birthday":
                let date = "1991-\(value % 2 == 0 ? "03" : "04")-\(day < 10 ? "0" : "")\(day)"
                try editor.set(field, date.databaseValue, of: id)
            case "is_me": try editor.set(field, store.shape.bool(!person.isMe), of: id)
            case "emails":
                let kept = isReplaced ? Array(person.emails.dropFirst()) : person.emails
                try editor.setIdentifiers("email", isEmptied ? [] : kept + ["new.\(value)@example.net"], of: id)
            case "phones":
                let kept = isReplaced ? [] : person.phones
                try editor.setIdentifiers("phone", kept + [Person.phone(value)], of: id)
            default: try editor.set(field, #"{"city":"Rome","n":\#(value)}"#.databaseValue, of: id)
            }
            try editor.setVersion(version, of: id)
        }
        return field
    }
}
