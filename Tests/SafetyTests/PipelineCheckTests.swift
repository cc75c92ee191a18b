import Audit
import Contacts
import Fingerprint
import Foundation
import GRDB
import Ledger
import Repair
import Safety
import Sync
import Testing

/// The checks that try the pipeline out on scratch stores: as it is, and with one part of it broken.
@Suite("The checks on scratch stores", .timeLimit(.minutes(10)))
struct PipelineCheckTests {
    private static func execute(_ sql: String, in path: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    // MARK: Conflict Resolution

    @Test("the real planner resolves conflicts")
    func conflicts() async throws {
        let check = try await SafetyBench.outcome(ConflictCheck(scratch: try await SafetyBench().scratch()))
        #expect(check.status == .pass, "\(check)")
        #expect(check.evidence.count == 6 && check.evidence.allSatisfy { $0.source == .selfTest })
    }

    @Test("a planner that lets the lower version win fails")
    func wrongWinner() async throws {
        let scratch = try await SafetyBench()
            .scratch { pipeline in
                let real = pipeline.plan
                pipeline.plan = { input, state, ledger in
                    // Canonical, whose version is the lower one.
                    let decided = SyncConflict(
                        id: "forced",
                        contact: "1",
                        winner: nil,
                        loser: nil,
                        stores: ["canonical", "second"],
                        fields: [:],
                        why: "",
                        run: "",
                        at: SafetyBench.now
                    )
                    try ledger.add([decided])
                    try ledger.resolveConflict("forced", take: "canonical", at: SafetyBench.now)
                    return try await real(input, state, ledger)
                }
            }
        let check = try await SafetyBench.outcome(ConflictCheck(scratch: scratch))
        #expect(check.status == .fail && check.message.contains("The wrong side won"), "\(check)")
    }

    @Test("a planner that writes what nothing decides fails")
    func undecided() async throws {
        let scratch = try await SafetyBench()
            .scratch { pipeline in
                let real = pipeline.plan
                pipeline.plan = { input, state, ledger in
                    // Without history canonical wins a tie.
                    for name in ["second", "third"] {
                        try FileManager.default.removeItem(atPath: "\(state.rolls)/\(name).roll")
                    }
                    return try await real(input, state, ledger)
                }
            }
        let check = try await SafetyBench.outcome(ConflictCheck(scratch: scratch))
        #expect(check.status == .fail, "\(check)")
    }

    @Test("an apply that keeps no conflict, or writes nothing, fails")
    func unkept() async throws {
        let forgetting = try await SafetyBench()
            .scratch { pipeline in
                let real = pipeline.apply
                pipeline.apply = { plan, input, state, ledger in
                    let report = try await real(plan, input, state, ledger)
                    try Self.execute("DELETE FROM sync_conflicts WHERE winner IS NOT NULL", in: state.ledger)
                    return report
                }
            }
        let forgot = try await SafetyBench.outcome(ConflictCheck(scratch: forgetting))
        #expect(forgot.status == .fail && forgot.message.contains("not kept in sync_conflicts"), "\(forgot)")
        let idle = try await SafetyBench()
            .scratch { pipeline in
                let real = pipeline.apply
                pipeline.apply = { plan, input, state, ledger in
                    var input = input
                    input.isDryRun = true
                    return try await real(plan, input, state, ledger)
                }
            }
        #expect(try await SafetyBench.outcome(ConflictCheck(scratch: idle)).status == .fail)
    }

    // MARK: Idempotency

    @Test("the real apply writes nothing the second time")
    func idempotent() async throws {
        let check = try await SafetyBench.outcome(IdempotencyCheck(scratch: try await SafetyBench().scratch(.sha256)))
        #expect(check.status == .pass, "\(check)")
        #expect(check.evidence.count == 3 && check.evidence[2].seen.hasSuffix("and 0 rows when it was told again"))
    }

    @Test("an apply that writes again what it wrote before fails")
    func repeated() async throws {
        let scratch = try await SafetyBench()
            .scratch { pipeline in
                let real = pipeline.apply
                pipeline.apply = { plan, input, state, ledger in
                    let report = try await real(plan, input, state, ledger)
                    try await Self.touch("1", in: input.targets[1].store)
                    return report
                }
            }
        let check = try await SafetyBench.outcome(IdempotencyCheck(scratch: scratch))
        #expect(check.status == .fail && check.message.contains("is written again"), "\(check)")
    }

    /// Writes a contact whatever it holds.
    private static func touch(_ contact: String, in store: any WritableStore) async throws {
        let writer = try await store.openForWriting { _ in }
        let field = try #require(writer.layout.index(of: "last_updated_by"))
        let session = try await store.openForFetches { _ in }
        let row = try #require(try await session.fetch([RecordRequest(key: contact, rows: [])])[0].first?.row)
        await session.close()
        let change = RecordChange(
            .update,
            key: contact,
            rows: [row],
            values: [field: .text(Array(UUID().uuidString.utf8))]
        )
        _ = try await writer.write([change], decide: { _, _ in true }, journal: { _ in })
        await writer.close()
    }

    @Test("an apply that writes past the stores, one that does nothing, and a planner that never ends fail")
    func otherwise() async throws {
        let hidden = try await SafetyBench()
            .scratch { pipeline in
                let real = pipeline.apply
                pipeline.apply = { plan, input, state, ledger in
                    let report = try await real(plan, input, state, ledger)
                    let folder = (state.path as NSString).deletingLastPathComponent
                    try Self.execute(
                        "UPDATE contacts_master SET last_updated_by = hex(randomblob(8))",
                        in: "\(folder)/third.db"
                    )
                    return report
                }
            }
        #expect(try await SafetyBench.outcome(IdempotencyCheck(scratch: hidden)).status == .fail)
        let idle = try await SafetyBench()
            .scratch { pipeline in
                let real = pipeline.apply
                pipeline.apply = { plan, input, state, ledger in
                    var input = input
                    input.isDryRun = true
                    return try await real(plan, input, state, ledger)
                }
            }
        let nothing = try await SafetyBench.outcome(IdempotencyCheck(scratch: idle))
        #expect(nothing.status == .fail && nothing.message.contains("was not carried out"), "\(nothing)")
        let endless = try await SafetyBench()
            .scratch { pipeline in
                let real = pipeline.plan
                let first = Kept()
                pipeline.plan = { input, state, ledger in
                    let plan = try await real(input, state, ledger)
                    return await first.keep(plan)
                }
            }
        let again = try await SafetyBench.outcome(IdempotencyCheck(scratch: endless))
        #expect(again.status == .fail && again.message.contains("planned for again"), "\(again)")
    }

    private actor Kept {
        private var plan: RepairPlan?

        /// The first that was given.
        func keep(_ plan: RepairPlan) -> RepairPlan {
            let first = self.plan ?? plan
            self.plan = first
            return first
        }
    }

    @Test("an event that is carried out again whenever it is told, or never, fails")
    func events() async throws {
        let echoing = try await SafetyBench()
            .scratch { pipeline in
                let real = pipeline.sync
                pipeline.sync = { input, state, ledger in
                    let report = try await real(input, state, ledger)
                    try await Self.touch("4", in: input.apply.targets[2].store)
                    return report
                }
            }
        let echo = try await SafetyBench.outcome(IdempotencyCheck(scratch: echoing))
        #expect(
            echo.status == .fail && echo.message == "An event that is told again is written again: 1 rows.",
            "\(echo)"
        )
        let deaf = try await SafetyBench().scratch { $0.sync = { _, _, _ in SyncReport() } }
        let unheard = try await SafetyBench.outcome(IdempotencyCheck(scratch: deaf))
        #expect(unheard.status == .fail && unheard.message.contains("was not carried to all"), "\(unheard)")
    }

    // MARK: Error Handling

    private func faults(_ change: (inout ScratchPipeline) -> Void = { _ in }) async throws -> SafetyReport.Check {
        let scratch = try await SafetyBench().scratch(.xxh3, change)
        return try await SafetyBench.outcome(
            ErrorHandlingCheck(scratch: scratch, makeUnreachable: SafetyBench.unreachable)
        )
    }

    @Test("faults become errors of their types")
    func faultsAreKept() async throws {
        let check = try await faults()
        #expect(check.status == .pass, "\(check)")
        #expect(check.evidence[0].seen.hasPrefix("second, its file damaged: an error of type database and code "))
        #expect(check.evidence[1].seen.contains("an error of type network and code unreachable is in the log"))
    }

    @Test(
        "an error that is swallowed, or kept as another type, fails",
        arguments: [
            ("DELETE FROM sync_errors_log WHERE system = 'second'", "not in the error log"),
            ("DELETE FROM sync_errors_log WHERE system = 'third'", "not in the error log"),
            ("UPDATE sync_errors_log SET error_type = 'validation' WHERE system = 'third'", "as validation"),
            ("UPDATE sync_errors_log SET error_type = 'other' WHERE system = 'second'", "as other"),
        ]
    )
    func swallowed(sql: String, words: String) async throws {
        let check = try await faults { pipeline in
            let real = pipeline.sync
            pipeline.sync = { input, state, ledger in
                let report = try await real(input, state, ledger)
                try Self.execute(sql, in: state.ledger)
                return report
            }
        }
        #expect(check.status == .fail && check.message.contains(words), "\(check)")
    }

    @Test("a fault that a cycle does not notice, and an audit that passes over it, fail")
    func unnoticed() async throws {
        let blind = try await faults { pipeline in
            let real = pipeline.sync
            pipeline.sync = { input, state, ledger in
                var input = input
                input.audit.stores.removeAll { $0.reader.name == "third" }
                return try await real(input, state, ledger)
            }
        }
        #expect(blind.status == .fail && blind.message.contains("was not noticed"), "\(blind)")
        let passed = try await faults { pipeline in
            let real = pipeline.audit
            pipeline.audit = { input, state, ledger in
                var input = input
                // The first audit is of sound stores.
                if try ledger.lastRecords(of: "second") != nil {
                    input.stores.removeAll { $0.reader.name == "second" }
                }
                return try await real(input, state, ledger)
            }
        }
        #expect(passed.status == .fail && passed.message.contains("for one that was read"), "\(passed)")
    }
}
