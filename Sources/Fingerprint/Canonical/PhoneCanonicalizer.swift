import CPhoneNumber

/// Canonical text of type phone: E.164 by libphonenumber.
///
/// libphonenumber takes some ten microseconds a number. Numbers that it would return unchanged are told by
/// `PhoneTable`; answers to the others are kept.
struct PhoneCanonicalizer: ~Copyable {
    private let region: String
    private var answers: [[UInt8]: [UInt8]] = [:]
    private static let maximumAnswers = 20_000
    /// libphonenumber refuses longer texts.
    private static let maximumLength = 250

    init(region: String) { self.region = region }

    /// Whether libphonenumber knows a region.
    static func regionExists(_ region: String) -> Bool { rollcall_phone_region_exists(region) != 0 }

    /// Appends the text; on `.invalid` nothing is appended.
    @inline(__always)
    mutating func write(_ raw: UnsafeRawBufferPointer, to out: inout ByteBuffer) -> Reading {
        if PhoneTable.isCanonical(raw) {
            out.append(raw)
            return .value
        }
        return writeSlowly(raw, to: &out)
    }

    @inline(never)
    private mutating func writeSlowly(_ raw: UnsafeRawBufferPointer, to out: inout ByteBuffer) -> Reading {
        let bytes = Bytes.trimmed(raw)
        if bytes.isEmpty { return .absent }
        guard bytes.count <= Self.maximumLength, UTF8Check.check(bytes) != .invalid else { return .invalid }
        let number = Array(bytes)
        if let answer = answers[number] {
            answer.withUnsafeBytes { out.append($0) }
            return answer.isEmpty ? .invalid : .value
        }
        let answer = Self.e164(number, region: region)
        if answers.count >= Self.maximumAnswers { answers.removeAll(keepingCapacity: true) }
        answers[number] = answer
        answer.withUnsafeBytes { out.append($0) }
        return answer.isEmpty ? .invalid : .value
    }

    /// libphonenumber's answer; empty where the number does not parse or is not possible.
    static func e164(_ number: [UInt8], region: String) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 64) { output, count in
            count = number.withUnsafeBytes { input in
                output.withMemoryRebound(to: CChar.self) { output in
                    guard let target = output.baseAddress else { return 0 }
                    let text = input.baseAddress?.assumingMemoryBound(to: CChar.self)
                    return rollcall_phone_e164(text, input.count, region, target, output.count)
                }
            }
        }
    }
}
