import Contacts

/// A table of texts, the first of a row its head. Rows are written as HTML when they are added: there may be thousands, for
/// which the template is too slow.
struct HTMLRepairTable {
    /// What it shows, for those who cannot see it.
    let label: String
    let columns: [HTMLName]
    /// Nil for a table that is too short to be searched.
    let search: Search?
    /// The rows as HTML, in which nothing can be markup but ours.
    private(set) var body = ""
    private(set) var count = 0

    /// The field that searches the table.
    struct Search {
        let table: String
    }

    enum Cell {
        case text(String)
        case number(Int)
        /// What becomes of the record as a whole, of fields, and what is said of others.
        case changes(whole: String?, [HTMLChange], more: String?)
    }

    /// - Parameter id: Of a table that can be searched; unique in the page.
    init(_ label: String, columns: [String], searchedAs id: String? = nil) {
        self.label = label
        self.columns = columns.map { HTMLName(name: $0) }
        search = id.map { Search(table: $0) }
    }

    /// Bytes that the rows take in the page.
    var bytes: Int { body.utf8.count }

    mutating func add(_ head: String, _ cells: [Cell]) {
        body += "<tr><th scope=\"row\">\(Self.isolated(head, "code"))</th>"
        for cell in cells { body += Self.markup(cell) }
        body += "</tr>\n"
        count += 1
    }

    private static func markup(_ cell: Cell) -> String {
        switch cell {
        case .text(let text): return "<td>\(isolated(text))</td>"
        case .number(let number): return "<td\(number == 0 ? " class=\"nil\"" : "")>\(Format.count(number))</td>"
        case .changes(let whole, let changes, let more):
            var text = "<td class=\"moves\">" + (whole.map { isolated($0) } ?? "")
            for change in changes { text += markup(change) }
            return text + (more.map { isolated($0, "under") } ?? "") + "</td>"
        }
    }

    private static func markup(_ change: HTMLChange) -> String {
        let arrow = " <span aria-hidden=\"true\">→</span><span class=\"sr\">becomes</span> "
        return "<div\(change.isMove ? "" : " class=\"set\"")>\(isolated(change.field, "code")) "
            + (change.isMove ? value(change.from) + arrow : "") + value(change.to)
            + (change.same.map { "<span class=\"same\">\(HTMLText.escape($0))</span>" } ?? "") + "</div>"
    }

    private static func value(_ mask: String?) -> String {
        mask.map { isolated($0, "value") } ?? "<span class=\"nil\">absent</span>"
    }

    /// Text that somebody else wrote, with a direction of its own.
    private static func isolated(_ text: String, _ kind: String? = nil) -> String {
        "<bdi\(kind.map { " class=\"\($0)\"" } ?? "")>\(HTMLText.escape(text))</bdi>"
    }
}
