import TestSupport

/// A contact as a test means it, however a store spells it.
struct Person: Sendable {
    let id: Int
    var title: String? = "Painter"
    var notes: String? = "Sound."
    var birthday: String? = "1990-12-31"
    var isMe = false
    var insights: String? = #"{"city":"Berlin"}"#
    var emails: [String]
    var phones: [String]
    var version = 5

    /// A contact like any other; its identifiers are its own.
    init(_ id: Int) {
        self.id = id
        emails = ["person.\(id)@example.org", "p\(id)@example.com"]
        phones = [Self.phone(id)]
    }

    /// A contact of which anything may be missing.
    init(_ id: Int, using random: inout SeededGenerator) {
        self.init(id)
        if random.oneIn(4) { title = nil }
        if random.oneIn(4) { notes = nil }
        if random.oneIn(4) { birthday = nil }
        if random.oneIn(4) { insights = nil }
        if random.oneIn(4) { emails.removeLast() }
        if random.oneIn(4) { phones = [] }
        isMe = random.oneIn(4)
    }

    /// A phone number of nobody else; `number` is below 10,000.
    static func phone(_ number: Int) -> String {
        let digits = "\(number)"
        return "+1415555" + String(repeating: "0", count: max(4 - digits.count, 0)) + digits
    }
}
