import TestSupport
import Contacts

/// Stores whose contacts come, change and go.
struct ChangingStores {
    private var contacts: RandomContacts
    private let keys: [ContactKey]
    /// Of canonical, then of each compared store, by the key's text.
    private var sides: [[String: ContactRow]]

    init(seed: UInt64, contacts count: Int, stores: Int) {
        contacts = RandomContacts(seed)
        keys = contacts.keys(count)
        sides = Array(repeating: [:], count: stores + 1)
        for key in keys where !contacts.random.oneIn(3) { giveAll(key) }
    }

    /// The rows of all sides.
    var rows: [[ContactRow]] { sides.map { side in keys.compactMap { side[$0.text] } } }

    /// Changes about half of the contacts.
    mutating func change() {
        for key in keys where contacts.random.oneIn(2) {
            let side = contacts.random.pick(Array(sides.indices))
            switch Int.random(in: 0..<10, using: &contacts.random) {
            case 0: giveAll(key)
            case 1, 2, 3: for side in sides.indices { sides[side][key.text] = nil }
            case 4: sides[side][key.text] = nil
            case 5: sides[side][key.text]?.isDeleted = true
            case 6: for side in sides.indices { sides[side][key.text]?.isDeleted = true }
            default:
                let content = sides[side][key.text]?.content ?? contacts.content()
                sides[side][key.text] = contacts.row(key, contacts.changed(content))
            }
        }
    }

    /// All sides come to hold one content.
    private mutating func giveAll(_ key: ContactKey) {
        let content = contacts.content()
        for side in sides.indices { sides[side][key.text] = contacts.row(key, content) }
    }
}
