/// Texts of rule files inside a line.
enum SettingsText {
    /// The text in quotes, on one line.
    static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
    }
}
