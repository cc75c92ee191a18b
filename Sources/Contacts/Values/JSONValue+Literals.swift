extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByStringInterpolation, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// `null`.
    package init(nilLiteral: ()) { self = .null }

    /// A boolean.
    package init(booleanLiteral value: Bool) { self = .bool(value) }

    /// A whole number.
    package init(integerLiteral value: Int64) { self = .number(value) }

    /// A string.
    package init(stringLiteral value: String) { self = .string(value) }

    /// An array of the elements in their order.
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

    /// An object with the members in the literal's order; a repeated name is kept.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member(name: $0.0, value: $0.1) })
    }
}
