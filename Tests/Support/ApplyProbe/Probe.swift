import Contacts
import Fingerprint
import Foundation
import Ledger
import Repair

/// A program that tests start, and kill:
///
/// | command line | does |
/// |---|---|
/// | `plan FOLDER` | plans the contacts of `contacts.json` anew and saves the plan |
/// | `apply FOLDER [--batch N] [--kill N] [--meet]` | carries the saved plan out |
/// | `undo FOLDER RUN [--batch N] [--kill N]` | takes a run back |
/// | `edit FOLDER` | waits for an apply that was started with `--meet`, and writes what is in `edits.json` |
///
/// `--kill` ends the process by SIGKILL at the checkpoint of that number. `--meet` has the apply say when it has written its
/// first batch, and wait for the end of the edits before it reads again what it wrote.
@main
struct Probe {
    static func main() async {
        do {
            try await run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            FileHandle.standardError.write(Data("ApplyProbe: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func run(_ arguments: [String]) async throws {
        var words: [String] = []
        var numbers: [String: Int] = [:]
        var meets = false
        var rest = arguments[...]
        while let word = rest.popFirst() {
            switch word {
            case "--meet": meets = true
            case "--batch", "--kill":
                guard let number = rest.popFirst().flatMap(Int.init), number > 0 else {
                    throw ProbeFailure("\(word) needs a number")
                }
                numbers[word] = number
            default: words.append(word)
            }
        }
        guard words.count >= 2 else { throw ProbeFailure("a command and a folder are needed") }
        let folder = ProbeFolder(words[1])
        let killSwitch = KillSwitch(at: numbers["--kill"])
        switch (words[0], words.count) {
        case ("plan", 2): try await ProbePlanner(folder: folder).run()
        case ("apply", 2):
            let meeting = meets ? Meeting(folder: folder) : nil
            try await apply(folder, batch: numbers["--batch"], killSwitch, meeting)
        case ("undo", 3): try await undo(words[2], folder, batch: numbers["--batch"], killSwitch)
        case ("edit", 2):
            let edits = try JSONDecoder().decode([ForeignEdit].self, from: contents(of: folder.edits))
            try Meeting(folder: folder).waitForApply()
            try ForeignEdit.write(edits, in: folder)
            Meeting(folder: folder).editsAreDone()
        default: throw ProbeFailure("there is no such command: \(words.joined(separator: " "))")
        }
    }

    private static func apply(
        _ folder: ProbeFolder,
        batch: Int?,
        _ killSwitch: KillSwitch,
        _ meeting: Meeting?
    ) async throws {
        let state = try StateFolder(path: folder.state)
        let applier = Applier(
            plan: try PlanFile.read(path: folder.plan),
            input: folder.input(batch: batch),
            state: state,
            ledger: try await Ledger.open(in: state),
            progress: { if case .verifying = $0 { meeting?.waitForEdits() } },
            checkpoint: { checkpoint in
                killSwitch.pass(checkpoint)
                switch checkpoint {
                case .settled: meeting?.applyHasStarted()
                case .conflictsKept: meeting?.waitForEdits()
                default: break
                }
            }
        )
        try show(try await applier.run(), killSwitch)
    }

    private static func undo(_ run: String, _ folder: ProbeFolder, batch: Int?, _ killSwitch: KillSwitch) async throws {
        let state = try StateFolder(path: folder.state)
        let undo = Undo(
            run: run,
            input: folder.input(batch: batch),
            state: state,
            ledger: try await Ledger.open(in: state),
            progress: { _ in },
            checkpoint: { killSwitch.pass($0) }
        )
        try show(try await undo.run(), killSwitch)
    }

    private static func show(_ report: ApplyReport, _ killSwitch: KillSwitch) throws {
        let result = ProbeResult(report: report, checkpoints: killSwitch.passed)
        try FileHandle.standardOutput.write(contentsOf: JSONEncoder().encode(result))
    }

    /// What a file holds.
    static func contents(of path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }
}
