import Contacts

extension JSONValue {
    /// What a record is found by: the text or the whole number under a name, as the store would spell it; nil where there is
    /// none, or none that any store would hold.
    func name(_ member: String) -> String? {
        let text: String? =
            switch self[member] {
            case .string(let text): text
            case .number(let digits): digits
            default: nil
            }
        guard let text, !text.isEmpty, text.utf8.count <= 512 else { return nil }
        return text
    }
}
