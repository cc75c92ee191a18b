import Contacts
import Fingerprint
import Synchronization

/// What a value means in a field.
enum CanonicalReading: Sendable, Hashable {
    case absent
    /// Its canonical text; empty where the field tells an empty value from none.
    case value([UInt8])
    /// It cannot be read as the field's type: `!` and its raw text.
    case invalid([UInt8])
}

/// Reads values of single fields as the engine reads those of records. Keeps a reader for each mapping that it has met.
final class CanonicalTexts: Sendable {
    private let phoneRegion: String
    private let readers = Mutex<[FieldMapping: Reader]>([:])

    init(phoneRegion: String) { self.phoneRegion = phoneRegion }

    /// What a value means; of a field inside a JSON column it is the value at the path.
    func reading(of value: RawValue, in mapping: FieldMapping) -> CanonicalReading {
        var mapping = mapping
        // What means nothing to the value by itself; one reader serves them all.
        mapping.path = []
        mapping.column = nil
        mapping.format = .e164
        return readers.withLock { readers in
            if let reader = readers[mapping] { return reader.read(value) }
            let reader = Reader(mapping, phoneRegion: phoneRegion)
            readers[mapping] = reader
            return reader.read(value)
        }
    }

    /// The text that a value is read as, before its type is looked at; nil for what has none.
    func text(of value: RawValue) -> [UInt8]? {
        switch value {
        case .null: nil
        case .text(let bytes), .blob(let bytes): bytes
        case .json(let bytes) where bytes.first == UInt8(ascii: "\""): RawJSON.characters(of: bytes[...])
        case .integer, .real: reading(of: value, in: Self.text).text
        case .json, .list: json(of: value).flatMap { reading(of: .json($0), in: Self.json).text }
        }
    }

    /// The JSON text that says a value; nil where a text is no UTF-8.
    func json(of value: RawValue) -> [UInt8]? {
        switch value {
        case .null: return Array("null".utf8)
        case .real(let number) where !number.isFinite: return text(of: value).flatMap(RawJSON.string)
        case .integer, .real: return text(of: value)
        case .text(let bytes), .blob(let bytes): return RawJSON.string(bytes)
        case .json(let bytes): return bytes
        case .list(let members, _):
            var elements: [[UInt8]] = []
            for member in members {
                guard let element = json(of: member) else { return nil }
                elements.append(element)
            }
            return Array("[".utf8) + elements.joined(separator: Array(", ".utf8)) + Array("]".utf8)
        }
    }

    /// Whether a text is JSON that the engine reads.
    func isJSON(_ bytes: [UInt8]) -> Bool {
        if bytes.isEmpty { return false }
        return if case .invalid = reading(of: .json(bytes), in: Self.json) { false } else { true }
    }

    private static let text = FieldMapping(FieldDefinition("value", .text, group: ""))

    private static let json: FieldMapping = {
        var mapping = FieldMapping(FieldDefinition("value", .json, group: ""))
        mapping.distinguishEmpty = true
        return mapping
    }()

    /// Reads one mapping's values, each as the only field beside a key.
    private final class Reader {
        private let canonicalizer: ContactCanonicalizer
        private let probe = Probe()

        init(_ mapping: FieldMapping, phoneRegion: String) {
            // Under a name of its own: the engine asks no more of the record than the field's text.
            var field = FieldMapping(
                FieldDefinition("value", mapping.field.type, group: "", policies: mapping.field.policies)
            )
            field.separator = mapping.separator
            field.holdsOne = mapping.holdsOne
            field.unit = mapping.unit
            field.precision = mapping.precision
            field.absentAs = mapping.absentAs
            field.distinguishEmpty = mapping.distinguishEmpty
            canonicalizer = ContactCanonicalizer(
                layout: StoreLayout(
                    fields: [FieldMapping(FieldDefinition("key", .id, group: "")), field],
                    columns: []
                ),
                sets: [],
                scheme: .xxh3,
                phoneRegion: phoneRegion,
                inspector: probe
            )
        }

        func read(_ value: RawValue) -> CanonicalReading {
            _ = canonicalizer.contact(ContactRecord(row: .integer(1), values: [.integer(1), value]))
            return probe.reading
        }
    }

    /// Notes what the field of a record was read as.
    private final class Probe: RecordInspector {
        private(set) var reading = CanonicalReading.absent

        func inspectContent(_ record: RecordView) -> [FieldDamage] {
            let text = Array(record.text(1))
            reading = record.isAbsent(1) ? .absent : record.isInvalid(1) ? .invalid(text) : .value(text)
            return []
        }

        func inspectRow(_ record: RecordView) -> [FieldDamage] { [] }
    }
}

extension CanonicalReading {
    /// The canonical text of a value; nil for any other.
    var text: [UInt8]? { if case .value(let text) = self { text } else { nil } }
}
