import Contacts

// What columns of databases can hold that keep their types, and the phones of a CRM.
extension SampleContact {
    /// Whether every value is one of its field's type: dates have their year, phones no extension, numbers inside JSON
    /// are exact as doubles.
    ///
    /// Members of sets are texts to a child table, whatever they say.
    var isTyped: Bool { Self.fields.allSatisfy { self[$0.name].map(Self.isTyped) ?? true } }

    /// The contact with what is not typed left out, and long numbers inside JSON as texts.
    var typed: SampleContact {
        var contact = self
        for field in Self.fields {
            guard let value = contact[field.name], !Self.isTyped(value) else { continue }
            switch value {
            case .json(let json): contact[field.name] = .json(json.replacingLongNumbers)
            case .phones(let phones):
                contact.phones = phones.map { SamplePhone(country: $0.country, national: $0.national) }
            default: contact[field.name] = nil
            }
        }
        return contact
    }

    private static func isTyped(_ value: SampleValue) -> Bool {
        switch value {
        case .raw: false
        case .date(let date): !date.hasPrefix("-")
        case .phones(let phones): phones.allSatisfy { $0.extension == nil }
        case .json(let json): json.leaves(where: \.isLongNumber) == 0
        default: true
        }
    }
}

extension SampleJSON {
    /// Whether it is a whole number that a double may not hold.
    fileprivate var isLongNumber: Bool {
        if case .integer(let digits) = self { digits.utf8.count > 15 } else { false }
    }

    fileprivate var replacingLongNumbers: SampleJSON {
        var json = self
        while json.leaves(where: \.isLongNumber) > 0 {
            json = json.replacingLeaf(0, where: \.isLongNumber) { number in
                if case .integer(let digits) = number { .string(digits) } else { number }
            }
        }
        return json
    }
}
