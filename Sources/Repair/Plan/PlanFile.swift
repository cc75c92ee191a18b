package import Contacts
package import Foundation

/// Writes plans to files and reads them back, whole and as they were made (`rollcall.plan/1`).
package enum PlanFile {
    /// The plan with its id and its seal, contacts in the order of their keys.
    ///
    /// - Throws: `EncodingError` where a number is not finite.
    package static func sealed(_ plan: RepairPlan) throws -> RepairPlan {
        var plan = plan
        plan.createdAt = PlanTime.rounded(plan.createdAt)
        plan.operations = byContact(plan.operations, \.contact)
        plan.manual = byContact(plan.manual, \.contact)
        let text = try PlanEncoding(plan)
        plan.id = text.id
        plan.seal = text.seal
        return plan
    }

    /// Puts the plan in place of what is at `path`, in one step, for its owner only.
    ///
    /// - Parameter path: in a folder that exists. A symbolic link is replaced.
    /// - Throws: `PlanFileError`; nothing is left under a name that was not there.
    package static func write(_ plan: RepairPlan, to path: String) throws {
        try PrivateFile.write(PlanEncoding(plan).data, to: path)
    }

    /// The plan that a file holds.
    ///
    /// - Throws: `RepairError`: `notAPlan`, `newer` or `edited`.
    package static func read(path: String) throws -> RepairPlan {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
        } catch {
            throw RepairError(.notAPlan, "\(path) cannot be read: name a file that `rollcall plan -o` wrote.")
        }
        let plan: RepairPlan
        let digests: (id: String, seal: String)
        if let text = PlanFileText(data), let decoded = try? text.plan() {
            (plan, digests) = (decoded, (text.id, text.seal))
        } else {
            // Laid out otherwise: by another program, perhaps, that changed nothing else.
            plan = try decoded(data, path)
            let text = try PlanEncoding(plan)
            digests = (text.id, text.seal)
        }
        guard digests == (plan.id, plan.seal) else {
            throw RepairError(
                .edited,
                "\(path) was changed after it was made. Nothing was written: make the plan anew with `rollcall plan`."
            )
        }
        return plan
    }

    /// Checks that a plan may be carried out here and at this time.
    ///
    /// - Parameters:
    ///   - configuration: the digest of the stores, mappings and fields at hand.
    ///   - maxAge: how old it may be.
    /// - Throws: `RepairError`: `otherConfiguration` or `tooOld`.
    package static func check(
        _ plan: RepairPlan,
        configuration: String,
        maxAge: Duration,
        now: Date
    ) throws {
        guard plan.configuration == configuration else {
            throw RepairError(
                .otherConfiguration,
                "The plan was made for other stores, mappings or fields than this configuration has."
                    + " Nothing was written: make the plan anew with `rollcall plan`."
            )
        }
        let age = Duration.seconds(now.timeIntervalSince(plan.createdAt))
        guard age <= maxAge else {
            throw RepairError(
                .tooOld,
                "The plan is of \(PlanTime.text(plan.createdAt)), older than \(maxAge.formatted())."
                    + " Nothing was written: make it anew with `rollcall plan`, or allow its age with --max-age."
            )
        }
    }

    private static func byContact<Element>(_ elements: [Element], _ contact: (Element) -> String) -> [Element] {
        // What belongs to one contact keeps its order: operations come after those that they wait for.
        elements.enumerated()
            .sorted { a, b in
                let (x, y) = (contact(a.element), contact(b.element))
                return x == y ? a.offset < b.offset : x.utf8.lexicographicallyPrecedes(y.utf8)
            }
            .map(\.element)
    }

    private static func decoded(_ data: Data, _ path: String) throws -> RepairPlan {
        struct Head: Decodable { let schema: String }
        func refused(_ code: RepairError.Code, _ why: String) -> RepairError { RepairError(code, "\(path) \(why)") }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom(PlanTime.decode)
        if let plan = try? decoder.decode(RepairPlan.self, from: data), plan.schema == RepairPlan.schema { return plan }
        // What a decoder says of a file may quote it.
        guard let head = try? decoder.decode(Head.self, from: data) else {
            throw refused(.notAPlan, "is no plan, or was cut off: make it anew with `rollcall plan`.")
        }
        let (family, version) = parts(of: head.schema)
        let (ownFamily, ownVersion) = parts(of: RepairPlan.schema)
        guard family == ownFamily, let version else {
            throw refused(.notAPlan, "is no plan: name a file that `rollcall plan -o` wrote.")
        }
        guard version <= ownVersion ?? 0 else {
            throw refused(
                .newer,
                "was written by a newer version of rollcall (plan \(version)): carry it out with that one, or make it anew."
            )
        }
        throw refused(.notAPlan, "is no whole plan: make it anew with `rollcall plan`.")
    }

    /// Of `rollcall.plan/1` the name and the number.
    private static func parts(of schema: String) -> (family: Substring, version: Int?) {
        let parts = schema.split(separator: "/", maxSplits: 1)
        return (parts.first ?? "", parts.count == 2 ? Int(parts[1]) : nil)
    }
}
