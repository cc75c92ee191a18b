import Contacts

extension RepairProposal.Action {
    /// `+` for what is added, `-` for what is taken away, `~` for what changes.
    var sign: String {
        switch self {
        case .insert: "+"
        case .delete: "-"
        case .update, .link, .merge: "~"
        case .manual, .unrepresentable, .deferred: "!"
        }
    }
}

extension RepairProposal.Guard {
    /// What it promises, as the end of a sentence.
    var meaning: String {
        switch self {
        case .exact: "written only if nothing changed meanwhile"
        case .window: "compared just before the write; another writer may come between"
        }
    }
}

extension ApplyReport.Outcome {
    /// As people read it behind a count.
    var words: String { words(isDryRun: false) }

    /// Likewise; a dry run writes nothing, so that nothing is done by it.
    func words(isDryRun: Bool) -> String {
        switch self {
        case .done: isDryRun ? "to be written" : "done"
        case .already: "already as planned"
        case .superseded: "superseded"
        case .deferred: "deferred"
        case .unrepresentable: "unrepresentable"
        case .failed: "failed"
        case .notRestored: "not restored"
        }
    }
}
