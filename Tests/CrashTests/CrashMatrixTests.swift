import ApplyProbe
import Contacts
import Foundation
import Repair
import Testing

/// An apply and an undo that are ended by SIGKILL: the same command goes on, and nothing is lost or done twice.
@Suite(.serialized, .timeLimit(.minutes(60))) struct CrashMatrixTests {
    @Test func `an apply that is killed at any of 200 places ends as if it had not been`() async throws {
        let stores = try await CrashStores.make(at: ProbeFolder.newPath())
        defer { stores.folder.remove() }
        #expect(stores.plan.operations.count == 2000)
        #expect(stores.plan.manual == [])
        #expect(Set(stores.plan.operations.map(\.store)) == ["a", "b", "c"])
        #expect(Set(stores.plan.operations.map(\.action)) == [.insert, .update, .delete])
        let matrix = try await CrashMatrix("apply", start: stores.folder, numbered: false)
        defer { matrix.endFolder.remove() }
        #expect(matrix.report.count(.done) == 2000)
        #expect(matrix.end.conflicts.count == 20)
        #expect(Set(matrix.checkpoints) == Set(ApplyCheckpoint.allCases.map { "\($0)" }))
        let before = try await EndState(of: stores.folder, numbered: false)
        #expect(matrix.end.rows != before.rows)
        #expect(matrix.end.rolls != before.rolls)

        let places = matrix.places(200, checkpoints: 160, seed: 4)
        #expect(Set(places).count == 200)
        let undone = try await EndState(of: stores.folder, numbered: true)
        #expect(try await matrix.failures(at: places, undoneTo: undone) == [])
    }

    @Test func `an undo that is killed at any of 50 places ends as if it had not been, with every row as it was`()
        async throws
    {
        let stores = try await CrashStores.make(at: ProbeFolder.newPath())
        defer { stores.folder.remove() }
        let before = try await EndState(of: stores.folder, numbered: true)
        let apply = try await CrashMatrix("apply", start: stores.folder, numbered: true)
        defer { apply.endFolder.remove() }
        let matrix = try await CrashMatrix("undo", run: apply.report.run.id, start: apply.endFolder, numbered: true)
        defer { matrix.endFolder.remove() }
        #expect(matrix.report.count(.done) == 2000)
        #expect(matrix.end.withoutLog.difference(from: before.withoutLog) == nil)

        let places = matrix.places(50, checkpoints: 40, seed: 5)
        #expect(Set(places).count == 50)
        #expect(try await matrix.failures(at: places) == [])
    }
}
