import Contacts
import Fingerprint

/// What becomes of one contact.
struct ContactPlan {
    /// The canonical text of its key; `store:row` where it is yet to get one.
    let contact: String
    /// Those of canonical before those that come after them.
    var operations: [RepairPlan.Operation] = []
    var manual: [RepairPlan.Manual] = []
    /// By number of a store that lacks the contact: the digest of canonical's record without its key.
    var missing: [Int: Digest128] = [:]
    /// By number of a store that alone has it: the digest of its record without its key.
    var surplus: [Int: Digest128] = [:]

    init(contact: String) { self.contact = contact }

    /// Leaves something to a person; fields of one reason and these stores come together.
    mutating func leave(_ why: String, stores: [String], field: String? = nil, proposed: RawValue? = nil) {
        let place = manual.firstIndex { $0.why == why && $0.stores == stores && field != nil && !$0.fields.isEmpty }
        let index = place ?? manual.count
        if place == nil { manual.append(RepairPlan.Manual(contact: contact, stores: stores, why: why)) }
        if let field {
            manual[index].fields.append(field)
            manual[index].proposed[field] = proposed
        }
    }
}

extension ContactPlan {
    private static let keyWasChanged = "is equal there but for its key: the key was changed"

    private struct Place: Hashable {
        let store: Int
        let digest: Digest128
    }

    /// Leaves to a person what is missing from a store that has the same record under another key. Several of either cannot
    /// be told apart; none is taken for another.
    static func separateChangesOfKey(_ plans: inout [ContactPlan], names: [String]) {
        var missing: [Place: [Int]] = [:]
        var surplus: [Place: [Int]] = [:]
        for (index, plan) in plans.enumerated() {
            for (store, digest) in plan.missing {
                missing[Place(store: store, digest: digest), default: []].append(index)
            }
            for (store, digest) in plan.surplus {
                surplus[Place(store: store, digest: digest), default: []].append(index)
            }
        }
        let order = missing.keys.sorted { ($0.store, $0.digest) < ($1.store, $1.digest) }
        for place in order {
            guard let lacking = missing[place], lacking.count == 1, let others = surplus[place], others.count == 1
            else {
                continue
            }
            plans[lacking[0]].leaveChangeOfKey(to: plans[others[0]].contact, in: names[place.store], isWhole: false)
            plans[others[0]].leaveChangeOfKey(to: plans[lacking[0]].contact, in: names[place.store], isWhole: true)
        }
    }

    /// - Parameter isWhole: whether nothing is to be done for the contact anywhere.
    private mutating func leaveChangeOfKey(to other: String, in store: String, isWhole: Bool) {
        operations.removeAll { isWhole || $0.store == store }
        manual.removeAll { isWhole ? !$0.why.hasSuffix(Self.keyWasChanged) : $0.stores == [store] }
        leave("contact \(other) \(Self.keyWasChanged)", stores: [store])
    }
}
