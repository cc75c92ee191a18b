/// An optional that is written as `null` rather than left out, so that a file's shape does not depend on its data.
@propertyWrapper
package struct ExplicitNull<Value> {
    /// The optional itself; nil is written as `null`.
    package var wrappedValue: Value?

    /// Wraps an optional; used by initialisers, since a wrapped property has no default.
    package init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }
}

extension ExplicitNull: Sendable where Value: Sendable {}
extension ExplicitNull: Equatable where Value: Equatable {}
extension ExplicitNull: Hashable where Value: Hashable {}

extension ExplicitNull: Codable where Value: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        wrappedValue = container.decodeNil() ? nil : try container.decode(Value.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
    }
}
