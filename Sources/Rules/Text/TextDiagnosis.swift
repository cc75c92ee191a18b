/// What is wrong with a text.
package struct TextDiagnosis: Sendable, Hashable {
    /// Every way in which it is damaged; not empty.
    package let damage: Set<TextDamage>
    /// The text that it certainly was, which is sound; nil where that is not certain.
    package let repaired: String?
}
