/// The regions in which phone numbers can be read.
package enum PhoneRegion {
    /// Whether libphonenumber knows a region, by its ISO 3166-1 alpha-2 code.
    package static func exists(_ region: String) -> Bool { PhoneCanonicalizer.regionExists(region) }
}
