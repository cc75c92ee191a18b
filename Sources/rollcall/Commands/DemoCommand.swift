import ArgumentParser
import Audit
import Contacts
import Demo
import Foundation
import Ledger
import Reporting

/// `rollcall demo`: the whole job on sample stores.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract:
            "Makes sample stores, audits them clean, seeds faults, finds them, repairs them and takes that back.",
        discussion: """
            The stores are four SQLite files. With --stores simulated they are four systems, started on this machine for \
            as long as the demo runs: the emulator of BigQuery, simulators of Twenty and of Supabase, and a SQLite file.

            EXAMPLE
              rollcall demo --contacts 2000 --seed 7
              rollcall demo --stores simulated


            """
                + ExitStatus.help([
                    (
                        .done,
                        "every seeded fault was found and nothing else, and every step of the repair did what it must"
                    ),
                    (.findings, "the truth was not met"),
                    (.usage, "wrong usage, or the folder holds something else"), (.failure, "an internal failure"),
                    (.interrupted, "interrupted"),
                ])
    )

    @Argument(help: "The folder of the sample; an earlier sample in it is replaced.")
    var folder = "rollcall-demo"

    @Option(help: "How many contacts; fewer than 200 leave room for some kinds of faults only.")
    var contacts = 1000

    @Option(help: "What the sample and its faults follow from.")
    var seed: UInt64 = 1

    @Option(help: "What the stores are.")
    var stores = SampleKind.sqlite

    @OptionGroup var output: OutputOptions

    /// Marks a folder as a sample, which may be replaced.
    private static let mark = ".rollcall-demo"

    func validate() throws {
        guard (1...1_000_000).contains(contacts) else { throw ValidationError("--contacts takes 1 to 1000000.") }
    }

    /// What demo prints as JSON.
    private struct Answer: Encodable {
        let stores: String
        let faults: Int
        let found: Int
        let missed: [ExpectedFault]
        let falseAlarms: [String]
        let cleanVerdict: Verdict
        let repair: DemoRepair.Result
        let report: String?
    }

    func run() async throws {
        try prepareFolder()
        say("Making \(contacts) contacts in four stores of four shapes in \(folder) (seed \(seed)).")
        let sample = try SampleStores.write(to: folder, contacts: contacts, seed: seed, kind: stores)
        guard stores == .simulated else { return try await run(on: sample, nil) }
        let servers = try await SampleServers.start(sample)
        for (name, key) in servers.credentials { setenv(name, key, 1) }
        for (store, address) in await servers.addresses.sorted(by: { $0.key < $1.key }) {
            say("  \(store): \(address)")
        }
        do {
            try await run(on: sample, servers)
            await servers.stop()
        } catch {
            await servers.stop()
            throw error
        }
    }

    private func run(on stores: SampleStores, _ servers: SampleServers?) async throws {
        let configuration = folder + "/rollcall.yaml"
        let text = stores.configurationText(addresses: await servers?.addresses ?? [:])
        try AtomicFile.write(Data(text.utf8), to: configuration)

        let session = try await Session(configuration: configuration)
        let clean = try await audit(session)
        say("Audit of the clean stores: \(VerdictSentence.text(clean.report))")

        let seeded = try await servers?.seedFaults(seed: seed) ?? stores.seedFaults(seed: seed)
        let identity = FindingIdentity(key: try session.state.findingKey())
        let named = seeded.map { $0.naming { identity.name(ofRow: $0, in: $1) } }
        let faults = try stores.writeRules(for: named, seed: seed)
        try AtomicFile.write(try ExpectedFault.expectedJSON(faults), to: folder + "/expected.json")
        say("Seeded \(faults.count) faults; the truth is in \(folder)/expected.json.")

        // The rules came with the faults.
        let ruled = try await Session(configuration: configuration)
        let outcome = try await audit(ruled)
        let files = ReportFiles(html: nil, json: nil, folder: session.configuration.paths.reports)
        let report = try files.write(outcome, hidesFromOthers: false)
        say("\n" + TerminalReport.render(report, color: Output.hasColor))

        let check = TruthCheck(expected: faults, findings: report.findings.filter { $0.state == .confirmed })
        let isClean = clean.report.verdict == .consistent && clean.report.summary.findings == 0
        if output.format == .text { show(check) }
        let repair = try await DemoRepair(
            session: ruled,
            stores: stores,
            servers: servers,
            folder: folder,
            output: output,
            say: say
        )
        .run()
        try show(check, clean.report.verdict, repair, files.shownPath(of: report))
        guard check.isMet, isClean, repair.problems.isEmpty else { throw CommandExit(status: .findings) }
    }

    private func audit(_ session: Session) async throws -> AuditOutcome {
        let input = try session.auditInput(verb: "demo", named: [])
        return try await session.audit(input, quiet: output.quiet, verbose: output.verbose)
    }

    private func show(_ check: TruthCheck) {
        print(check.line)
        for fault in check.missed { print("  missed: \(fault.rule) \(fault.store ?? "-") \(fault.contact ?? "-")") }
        for finding in check.falseAlarms.prefix(20) {
            print("  false alarm: \(finding.rule) \(finding.stores.joined(separator: ",")) \(finding.contact ?? "-")")
        }
    }

    private func show(
        _ check: TruthCheck,
        _ cleanVerdict: Verdict,
        _ repair: DemoRepair.Result,
        _ path: String?
    ) throws {
        if output.format == .json {
            return try Output.json(
                Answer(
                    stores: stores.rawValue,
                    faults: check.found.count + check.missed.count,
                    found: check.found.count,
                    missed: check.missed,
                    falseAlarms: check.falseAlarms.map(\.id),
                    cleanVerdict: cleanVerdict,
                    repair: repair,
                    report: path
                )
            )
        }
        for problem in repair.problems { print("  \(problem)") }
        if let path { print("Report: \(path)") }
    }

    private func say(_ text: String) {
        if !output.quiet, output.format == .text { print(text) }
    }

    private func prepareFolder() throws {
        let files = FileManager.default
        let contents = (try? files.contentsOfDirectory(atPath: folder)) ?? []
        if !contents.isEmpty {
            guard contents.contains(Self.mark) else {
                throw UsageError(message: "\(folder) is not empty and holds no earlier sample; name another folder")
            }
            try files.removeItem(atPath: folder)
        }
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try AtomicFile.write(Data(), to: "\(folder)/\(Self.mark)")
    }
}

extension SampleKind: ExpressibleByArgument {}
