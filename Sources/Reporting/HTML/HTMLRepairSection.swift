/// A section with at most one table.
struct HTMLRepairSection {
    /// The link's target, unique in the page.
    let id: String
    let heading: String
    /// Said where there is nothing to show.
    var calm: String?
    var caption: String?
    /// What the table leaves out.
    var cut: String?
    private(set) var notes: [Note] = []
    var table: HTMLRepairTable?
    var commands: [NextCommand] = []

    struct Note {
        let note: String
    }

    init(id: String, heading: String) {
        self.id = id
        self.heading = heading
    }

    mutating func note(_ text: String) { notes.append(Note(note: text)) }
}
