import Contacts
import Foundation
import Transport

/// Carries out journalled steps: sends them, reads what came of them, and takes back what Twenty keeps otherwise than it was
/// given.
struct TwentyWriting {
    let people: TwentyPeople
    let steps: TwentySteps

    /// How often a write is sent of which nobody knows whether it was done.
    private static let maximumAttempts = 3
    /// How often a reader that is behind is asked again, and after how long.
    private static let maximumReads = 3
    private static let pause = Duration.milliseconds(700)

    private var api: TwentyAPI { people.api }

    /// How far a list has come.
    private struct Progress {
        var done: [RowStep] = []
        /// By the position in `done`: what Twenty answered to a step that wrote values.
        var answers: [Int: TwentyPerson] = [:]
        var end: WriteOutcome?
    }

    /// Carries out each list whole, or not at all where Twenty refuses a step of it.
    ///
    /// - Returns: what became of each, in order; steps with the values that Twenty keeps.
    /// - Throws: `StoreError` where the store cannot be written, or nobody knows whether a write was done. Others may have been
    ///   written.
    func write(_ lists: [[RowStep]]) async throws -> [WriteOutcome] {
        var progress = [Progress](repeating: Progress(), count: lists.count)
        try await create(lists, &progress)
        for (index, list) in lists.enumerated() {
            for step in list where step.before != nil && progress[index].end == nil {
                try await carryOut(step, &progress[index])
            }
        }
        return try await verified(lists, &progress)
    }

    // MARK: Changing

    private func carryOut(_ step: RowStep, _ progress: inout Progress) async throws {
        for attempt in 1...Self.maximumAttempts {
            let answer = try await answer(to: step)
            switch answer {
            case .done(let body): return note(step, TwentySteps.isMark(step) ? nil : Self.person(in: body), &progress)
            case .missing:
                progress.end = .skipped
                return
            case .refused(let problem):
                try await takeBack(progress.done)
                progress.end = .refused(try await refusal(problem, step).why)
                return
            case .unknown(let error):
                let person = try await person(of: step)
                switch steps.standing(of: step, person) {
                case .after: return note(step, TwentySteps.isMark(step) ? nil : person, &progress)
                case .before where attempt < Self.maximumAttempts: continue
                case .before: throw error
                case .neither:
                    progress.end = .skipped
                    return
                }
            }
        }
    }

    private func note(_ step: RowStep, _ answer: TwentyPerson?, _ progress: inout Progress) {
        progress.answers[progress.done.count] = answer
        progress.done.append(step)
    }

    /// As `send`; an answer about somebody else says nothing of the step.
    private func answer(to step: RowStep) async throws -> TwentyAPI.Answer {
        let answer = try await send(step)
        guard case .done(let body) = answer, Self.person(in: body)?.row != step.row else { return answer }
        return .unknown(strangeAnswer)
    }

    private var strangeAnswer: StoreError {
        api.store.error(
            .protocolViolation,
            "write",
            "Twenty answers a write with somebody else than who was written. Check what stands between it and this program."
        )
    }

    private func send(_ step: RowStep) async throws -> TwentyAPI.Answer {
        let path = try api.path(ofPerson: step.row?.description ?? "")
        if TwentySteps.isMark(step) {
            if step.after?[TwentySteps.deletedAt] == .null {
                return try await api.write(.patch, path + "/restore", json: [:])
            }
            return try await api.write(.delete, path, [("soft_delete", "true")])
        }
        return try await api.write(.patch, path, json: .object(steps.payload(step.after ?? [:])))
    }

    private static func person(in body: JSONValue) -> TwentyPerson? {
        (body["data"]?.members ?? []).lazy.compactMap { TwentyPerson($0.value) }.first
    }

    private func person(of step: RowStep) async throws -> TwentyPerson? {
        guard let id = step.row.flatMap(TwentyFetch.id) else { return nil }
        return try await people.people([id], "write")[id]
    }

    // MARK: Adding

    private func create(_ lists: [[RowStep]], _ progress: inout [Progress]) async throws {
        let all = lists.indices.compactMap { index in lists[index].first.map { (index: index, step: $0) } }
            .filter { $0.step.before == nil }
        let size = max(1, api.store.settings.batch)
        for start in stride(from: 0, to: all.count, by: size) {
            var left = Array(all[start..<min(start + size, all.count)])
            if left.count > 1 { left = try await createTogether(left, &progress) }
            for (index, step) in left { try await createAlone(step, &progress[index]) }
        }
    }

    /// - Returns: those who are to be added one by one, since Twenty refused one of them.
    private func createTogether(
        _ entries: [(index: Int, step: RowStep)],
        _ progress: inout [Progress]
    ) async throws -> [(index: Int, step: RowStep)] {
        var left = entries
        for attempt in 1...Self.maximumAttempts {
            let answer = try await api.write(.post, "batch/people", json: .array(left.map { person($0.step) }))
            var made: [UUID: TwentyPerson] = [:]
            var failure: StoreError?
            var isRefused = false
            switch answer {
            case .done(let body):
                let list = (body["data"]?.members ?? []).lazy.compactMap { $0.value.array }.first ?? []
                for person in list.compactMap(TwentyPerson.init) { made[person.id] = person }
            case .unknown(let error): failure = error
            case .refused, .missing: isRefused = true
            }
            // A refused batch may have been carried out in part.
            if made.count < left.count {
                made = try await people.people(left.compactMap { $0.step.row.flatMap(TwentyFetch.id) }, "write")
            }
            var rest: [(index: Int, step: RowStep)] = []
            for entry in left {
                if let person = entry.step.row.flatMap(TwentyFetch.id).flatMap({ made[$0] }) {
                    note(entry.step, person, &progress[entry.index])
                } else {
                    rest.append(entry)
                }
            }
            left = rest
            if left.isEmpty || isRefused { return left }
            if attempt == Self.maximumAttempts, let failure { throw failure }
        }
        return left
    }

    private func createAlone(_ step: RowStep, _ progress: inout Progress) async throws {
        for attempt in 1...Self.maximumAttempts {
            var answer = try await api.write(.post, "people", json: person(step))
            if case .done(let body) = answer, Self.person(in: body)?.row != step.row {
                answer = .unknown(strangeAnswer)
            }
            switch answer {
            case .done(let body): return note(step, Self.person(in: body), &progress)
            case .refused(let problem):
                // One that was made before its answer was lost is a duplicate of itself.
                if let person = try await person(of: step), steps.standing(of: step, person) == .after {
                    return note(step, person, &progress)
                }
                progress.end = .refused(try await refusal(problem, step).why)
                return
            case .missing:
                progress.end = .refused("the CRM does not take a person of that kind")
                return
            case .unknown(let error):
                if let person = try await person(of: step) { return note(step, person, &progress) }
                if attempt == Self.maximumAttempts { throw error }
            }
        }
    }

    /// A person with the id that the step has for it.
    private func person(_ step: RowStep) -> JSONValue {
        let id = JSONValue.Member(name: "id", value: .string(step.row?.description ?? ""))
        return .object([id] + steps.payload(step.after ?? [:]))
    }

    // MARK: Refusals

    private func refusal(_ problem: TwentyProblem, _ step: RowStep) async throws -> WriteRefusal {
        let fields = Array((step.after ?? [:]).keys)
        var holder: TwentyHolder?
        if problem.isDuplicate { holder = try await self.holder(of: step) }
        return WriteRefusal(problem, fields: fields, holder: holder)
    }

    /// Who has the e-mail address that a step writes; nil where nobody was found.
    private func holder(of step: RowStep) async throws -> TwentyHolder? {
        var address = step.after?["emails"].flatMap { TwentySteps.json($0)["primaryEmail"]?.string }?.lowercased() ?? ""
        if address.isEmpty { address = try await person(of: step)?["emails"]?["primaryEmail"]?.string ?? "" }
        guard TwentyPeople.isFit(address) else { return nil }
        var holder: TwentyHolder?
        try await people.forEach("emails.primaryEmail[eq]:\"\(address)\"", "write") { page in
            if let other = page.first(where: { $0.row != step.row }) { holder = other.isDeleted ? .deleted : .live }
            return holder == nil
        }
        return holder
    }

    /// Takes steps back that were done a moment ago, the last first.
    private func takeBack(_ done: [RowStep]) async throws {
        for step in done.reversed() {
            let isAddition = step.before == nil
            let back = isAddition ? TwentySteps.mark(step.row, deleted: true) : step.reversed
            var answer = try await send(back)
            if case .unknown = answer { answer = try await send(back) }
            switch answer {
            case .done, .missing: continue
            case .refused, .unknown:
                throw api.store.error(
                    .input,
                    "write",
                    "a change that Twenty took in part could not be taken back. What was written is in the journal: run the"
                        + " same command again."
                )
            }
        }
    }

    // MARK: Verifying

    /// Reads everybody who was written again. What the answer to the write said counts where a reader is behind, or where
    /// somebody wrote the person since.
    private func verified(_ lists: [[RowStep]], _ progress: inout [Progress]) async throws -> [WriteOutcome] {
        let read = try await readBack(progress)
        var outcomes: [WriteOutcome] = []
        for index in lists.indices {
            if let end = progress[index].end {
                outcomes.append(end)
                continue
            }
            outcomes.append(try await verified(progress[index], read))
        }
        return outcomes
    }

    private func verified(_ progress: Progress, _ read: [UUID: TwentyPerson]) async throws -> WriteOutcome {
        var done = progress.done
        for (position, step) in progress.done.enumerated() {
            guard let after = step.after, !TwentySteps.isMark(step), let id = step.row.flatMap(TwentyFetch.id) else {
                continue
            }
            let answer = progress.answers[position]
            let known = [answer, read[id]].compactMap { $0 }
            guard let kept = answer.map({ read[id]?.updatedAt == $0.updatedAt ? read[id] ?? $0 : $0 }) ?? known.first
            else {
                continue
            }
            let others = steps.differing(after, kept)
            guard others.isEmpty else {
                try await takeBack(done)
                return .refused(
                    "the CRM keeps another value of \(others.joined(separator: ", ")) than it was given, so the change was"
                        + " taken back"
                )
            }
            done[position].after = steps.image(like: after, kept)
        }
        return .written(done)
    }

    /// Those who were written, as they are read; again where a reader shows them as they were before.
    private func readBack(_ progress: [Progress]) async throws -> [UUID: TwentyPerson] {
        var expected: [UUID: String] = [:]
        for one in progress where one.end == nil {
            for (position, step) in one.done.enumerated() where !TwentySteps.isMark(step) {
                guard let id = step.row.flatMap(TwentyFetch.id) else { continue }
                expected[id] = one.answers[position]?.updatedAt ?? ""
            }
        }
        var found: [UUID: TwentyPerson] = [:]
        var left = Array(expected.keys)
        for attempt in 1...Self.maximumReads where !left.isEmpty {
            if attempt > 1 { try await Task.sleep(for: Self.pause) }
            found.merge(try await people.people(left, "write")) { $1 }
            left = left.filter { id in found[id].map { $0.updatedAt < expected[id] ?? "" } ?? true }
        }
        return found
    }
}
