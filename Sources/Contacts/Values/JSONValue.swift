/// A JSON value as it was written: members in their order, repeated names kept, numbers digit for digit.
///
/// Equality is that of Swift's strings, for which differently composed letters are equal; values of contacts are compared
/// in their canonical form, not here.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    /// The number's JSON text, such as `1.50` or `-2e3`.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// A name and its value.
    package struct Member: Sendable, Hashable {
        /// The name, its escapes resolved.
        package var name: String
        /// The value under that name.
        package var value: JSONValue

        /// A member as it is passed.
        package init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// Reads one JSON text (RFC 8259) in UTF-8, with nothing but white space around it.
    ///
    /// - Throws: `JSONSyntaxError` where it is not one, is nested deeper than `JSONSyntaxError.maximumDepth`, or has a
    ///   string that is not Unicode (invalid UTF-8, a lone surrogate).
    package init(parsing bytes: some Collection<UInt8>) throws(JSONSyntaxError) {
        // The closure's own error type is erased by the standard library, so the result carries it.
        let parse = { (buffer: UnsafeBufferPointer<UInt8>) -> Result<JSONValue, JSONSyntaxError> in
            Result { () throws(JSONSyntaxError) in
                var reader = JSONValueReader(buffer)
                return try reader.document()
            }
        }
        let parsed =
            bytes.withContiguousStorageIfAvailable(parse) ?? Array(bytes).withUnsafeBufferPointer(parse)
        self = try parsed.get()
    }

    /// A whole number.
    package static func number(_ value: Int64) -> JSONValue { .number(String(value)) }

    /// The value of an object's first member of that name; nil where there is none, or this is no object.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// An array's element; nil where there is none, or this is no array.
    package subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The text of a string; nil for anything else.
    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The value of a boolean; nil for anything else.
    package var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The value of a number that is written without fraction and exponent and fits; nil for anything else, a string of
    /// digits too.
    package var int: Int64? {
        guard case .number(let text) = self else { return nil }
        return Int64(text)
    }

    /// The elements of an array; nil for anything else.
    package var array: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members of an object, in their order; nil for anything else.
    package var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// Whether this is `null`.
    package var isNull: Bool { self == .null }
}
