/// Names inside SQL text.
enum SQLName {
    /// The name as an SQL identifier, whatever characters it has.
    static func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }
}
