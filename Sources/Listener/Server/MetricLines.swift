/// Lines of the OpenMetrics text format.
enum MetricLines {
    /// What a counter is, before its samples.
    static func family(_ name: String, _ help: String) -> [String] {
        ["# TYPE \(name) counter", "# HELP \(name) \(help)"]
    }

    /// One value of a counter.
    static func sample(_ name: String, _ labels: [(name: String, value: String)], _ value: Int) -> String {
        let pairs = labels.map { "\($0.name)=\"\(escape($0.value))\"" }
        return "\(name){\(pairs.joined(separator: ","))} \(value)"
    }

    private static func escape(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
