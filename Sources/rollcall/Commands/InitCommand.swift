import ArgumentParser

/// `rollcall init`: a configuration to start from.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes a commented rollcall.yaml and rules/; never overwrites.",
        discussion: "EXAMPLE\n  rollcall init contacts-audit\n\n"
            + ExitStatus.help([(.done, "written, or there already"), (.usage, "a file could not be written")])
    )

    @Argument(help: "The folder; it is made if it is missing.")
    var folder = "."

    @OptionGroup var output: OutputOptions

    /// What init prints as JSON.
    private struct Answer: Encodable {
        let wrote: [String]
        let kept: [String]
    }

    func run() throws {
        let written = try InitTemplate.write(to: folder)
        if output.format == .json { return try Output.json(Answer(wrote: written.created, kept: written.kept)) }
        guard !output.quiet else { return }
        for path in written.created { print("wrote \(path)") }
        for path in written.kept { print("kept \(path)") }
    }
}
