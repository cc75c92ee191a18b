import CPhoneNumber

/// Phone numbers as people of a region dial them.
enum PhoneSpelling {
    /// libphonenumber's national format; nil for a number of another calling code than the region's.
    ///
    /// - Parameter number: in any form that libphonenumber reads.
    static func national(_ number: [UInt8], region: String) -> [UInt8]? {
        let text = [UInt8](unsafeUninitializedCapacity: 96) { output, count in
            count = number.withUnsafeBytes { input in
                output.withMemoryRebound(to: CChar.self) { output in
                    guard let target = output.baseAddress else { return 0 }
                    let text = input.baseAddress?.assumingMemoryBound(to: CChar.self)
                    return rollcall_phone_national(text, input.count, region, target, output.count)
                }
            }
        }
        return text.isEmpty ? nil : text
    }
}
