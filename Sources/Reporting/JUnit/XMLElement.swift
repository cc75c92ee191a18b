/// An element of an XML document.
struct XMLElement {
    let name: String
    /// In their order; names are ours, values are escaped when written.
    var attributes: [(name: String, value: String)] = []
    var children: [XMLElement] = []
    /// Lines of text, escaped when written; of an element without children.
    var lines: [String] = []

    /// The document whose root this is: UTF-8, an element a line, with a line end after the last.
    var document: String {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        write(to: &text, indentation: "")
        return text
    }

    private func write(to text: inout String, indentation: String) {
        text += "\(indentation)<\(name)"
        for (name, value) in attributes { text += " \(name)=\"\(XMLText.escape(value))\"" }
        if children.isEmpty, lines.isEmpty {
            text += "/>\n"
        } else if children.isEmpty {
            text += ">\(lines.map(XMLText.escape).joined(separator: "\n"))</\(name)>\n"
        } else {
            text += ">\n"
            for child in children { child.write(to: &text, indentation: indentation + "  ") }
            text += "\(indentation)</\(name)>\n"
        }
    }
}
