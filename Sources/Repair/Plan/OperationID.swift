import Contacts
import Fingerprint

/// Makes the idempotency keys of operations.
enum OperationID {
    /// 32 hexadecimal digits over store, contact, action, fields, expect and leave: the same write to the same state has the
    /// same key.
    static func of(_ operation: RepairPlan.Operation) -> String {
        var bytes: [UInt8] = []
        for part in [operation.store, operation.contact, operation.action.rawValue] { append(part, to: &bytes) }
        for part in [operation.expect, operation.leave] { append(part ?? "-", to: &bytes) }
        for (name, change) in operation.fields.sorted(by: { $0.key < $1.key }) {
            append(name, to: &bytes)
            append(change.from, to: &bytes)
            append(change.to, to: &bytes)
        }
        return HashScheme.sha256.digest(of: bytes).description
    }

    private static func append(_ text: String, to out: inout [UInt8]) { append(Array(text.utf8), to: &out) }

    private static func append(_ bytes: [UInt8], to out: inout [UInt8]) {
        out += Array("\(bytes.count):".utf8) + bytes + [UInt8(ascii: ",")]
    }

    /// The kind of value, then the value.
    private static func append(_ value: RawValue, to out: inout [UInt8]) {
        switch value {
        case .null: append("null", to: &out)
        case .integer(let number):
            append("integer", to: &out)
            append(String(number), to: &out)
        case .real(let number):
            append("real", to: &out)
            append(String(number.bitPattern), to: &out)
        case .text(let bytes):
            append("text", to: &out)
            append(bytes, to: &out)
        case .blob(let bytes):
            append("blob", to: &out)
            append(bytes, to: &out)
        case .json(let bytes):
            append("json", to: &out)
            append(bytes, to: &out)
        case .list(let members, let primary):
            append("list \(members.count) \(primary.map(String.init) ?? "-")", to: &out)
            for member in members { append(member, to: &out) }
        }
    }
}
