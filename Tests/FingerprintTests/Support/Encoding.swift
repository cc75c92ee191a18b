import Contacts

@testable import Fingerprint

/// Reading values as a scan reads them: through a layout and a record encoder.
enum Encoding {
    /// What one record became.
    struct Encoded {
        let outcome: RecordEncoder.Outcome
        let bytes: [UInt8]
        let texts: [[UInt8]?]
        let keyDigest: UInt64
        /// By field set.
        let digests: [Digest128]
    }

    /// Encodes records of one layout, one after the other, with one encoder.
    static func encode(
        _ records: [[RawValue]],
        _ fields: [FieldMapping],
        region: String = "US",
        scheme: HashScheme = .xxh3,
        sets: [FieldSet]? = nil
    ) -> [Encoded] {
        let layout = StoreLayout(fields: fields, columns: [])
        let sets = sets ?? [FieldSet(of: layout)]
        var encoder = RecordEncoder(layout: layout, sets: sets, scheme: scheme, phoneRegion: region)
        var result: [Encoded] = []
        for record in records {
            let outcome = RawValue.withCells(record) { encoder.encode($0) }
            result.append(
                Encoded(
                    outcome: outcome,
                    bytes: Array(encoder.record.bytes.bytes),
                    texts: encoder.texts(),
                    keyDigest: encoder.head.keyDigest,
                    digests: sets.indices.map { encoder.digest($0) }
                )
            )
        }
        return result
    }

    /// The canonical texts of values of one field, nil where absent.
    static func texts(_ values: [RawValue], _ type: FieldType, _ options: WrittenOptions = .init()) -> [[UInt8]?] {
        let key = FieldMapping(FieldDefinition("contact_id", .id, group: "tests"))
        let fields = [key, options.mapping("value", type)]
        return encode(values.map { [.integer(7), $0] }, fields, region: options.region ?? "US").map { $0.texts[1] }
    }

    /// The canonical text of one value, nil where absent.
    static func text(_ value: RawValue, _ type: FieldType, _ options: WrittenOptions = .init()) -> [UInt8]? {
        texts([value], type, options)[0]
    }
}
