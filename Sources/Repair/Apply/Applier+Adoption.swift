import Contacts
import Ledger

extension Applier {
    static let isLapsed = "the record that it is made from is no longer as the plan saw it"

    /// Inserts of contacts that are made from records without a key which are no longer as the plan saw them: such a record
    /// may have got another contact_id meanwhile, and its contact would be there twice.
    ///
    /// - Returns: their entries, superseded. What was begun goes on.
    func lapsedAdoptions(_ run: RepairRun) async throws -> [JournalEntry] {
        var links: [String: [(link: Int, insert: Int)]] = [:]
        for (position, operation) in plan.operations.enumerated() where operation.action == .link {
            for insert in operation.after.compactMap({ positions[$0] })
            where plan.operations[insert].action == .insert && run.entries[insert] == nil && run.begun[insert] == nil {
                links[operation.store, default: []].append((position, insert))
            }
        }
        var lapsed: [JournalEntry] = []
        for target in input.targets {
            guard let own = links[target.name] else { continue }
            let session = try await target.store.openForFetches { progress(.waiting($0)) }
            do {
                let judge = OperationJudge(layout: session.layout, input: input)
                for part in Batches.split(own, limit: Self.readLimit, marks: { _ in ([], []) }) {
                    try Task.checkCancellation()
                    let found = try await session.fetch(part.map { judge.request(plan.operations[$0.link]) })
                    for (item, records) in zip(part, found) {
                        guard case .superseded = judge.verdict(plan.operations[item.link], records) else { continue }
                        lapsed.append(entry(item.insert, .superseded, Self.isLapsed))
                    }
                }
            } catch {
                await session.close()
                throw error
            }
            await session.close()
        }
        return lapsed
    }
}
