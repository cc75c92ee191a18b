import Contacts

/// Steps and values as compact JSON in the ledger. Equal values are equal text, and reading it gives exactly what was
/// written: reals by bit pattern, bytes that are no UTF-8, the whole of 64-bit integers.
///
/// A step is `[table, row, before, after]`; a row is a number, a name, or null where the store has yet to name it; before
/// and after are objects by column, sorted, or null where there is no row. Values are spelled by type: `null`, an
/// integer, a text, an array for a list. What JSON has no type for is an object:
///
/// | object | value |
/// |---|---|
/// | `{"real":"3ff8000000000000"}` | a real, its bits in hexadecimal |
/// | `{"json":"{}"}` | JSON text |
/// | `{"blob":"…"}`, `{"bytes":"…"}`, `{"jsonBytes":"…"}` | a blob; a text, or JSON text, that is no UTF-8: in base64 |
/// | `{"members":[…],"primary":0}` | a list with a primary member |
enum ExactJSON {
    /// - Throws: `DecodingError` for what `ExactJSONWriter` does not write.
    static func steps(_ text: String) throws -> [RowStep] {
        try read(text) { reader throws in try reader.list { reader throws in try reader.step() } }
    }

    /// - Throws: likewise.
    static func values(_ text: String) throws -> [String: RawValue] {
        try read(text) { reader throws in try reader.values() }
    }

    private static func read<Value>(_ text: String, _ body: (inout ExactJSONReader) throws -> Value) throws -> Value {
        var text = text
        return try text.withUTF8 { bytes in
            var reader = ExactJSONReader(bytes)
            let value = try body(&reader)
            try reader.end()
            return value
        }
    }
}
