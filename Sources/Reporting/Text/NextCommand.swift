import Contacts

/// What to run once a plan is there.
struct NextCommand {
    /// As it is typed.
    let line: String
    /// What it does, as a clause.
    let does: String

    /// None where there is nothing to do.
    static func all(_ plan: RepairPlan, file: String) -> [NextCommand] {
        var commands: [NextCommand] = []
        if !plan.operations.isEmpty {
            // A name that begins with a dash would be an option.
            let path = ShellWord.text(file.utf8.first == UInt8(ascii: "-") ? "./\(file)" : file)
            commands.append(
                NextCommand(line: "rollcall apply \(path) --dry-run", does: "checks all of it, writes nothing")
            )
            commands.append(NextCommand(line: "rollcall apply \(path)", does: "carries it out"))
        }
        if !plan.manual.isEmpty {
            commands.append(NextCommand(line: "rollcall explain CONTACT_ID", does: "shows what each store holds"))
        }
        return commands
    }
}
