package import Contacts

/// How the people of a Twenty workspace are read and written.
package struct TwentyStoreSettings: Sendable, Hashable {
    /// By field name; `column` is the name of a field of the object person. Fields that are not named use the composites of
    /// person, or the custom field of the schema's name in camelCase.
    package var fields: [String: FieldOverride] = [:]
    /// People that are asked for at a time. A server that gives fewer is taken at its word, one that refuses the number is
    /// asked for 60.
    package var pageSize = 200
    /// People that are made by one request.
    package var batch = 60
    /// How long one answer may take.
    package var timeout: Duration = .seconds(60)

    /// The fields of the schema's names.
    package init() {}
}
