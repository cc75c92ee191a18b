/// Scenarios of the rules about single values and about identifiers.
extension FaultScenario {
    /// Every rule of corruption in every store of its own, and most in all stores alike.
    static func damages(in shapes: [any SampleShape]) -> [FaultScenario] {
        func inEachStore(_ damages: [Damage], _ stores: [String] = SampleStores.names) -> [FaultScenario] {
            Self.inEachStore(damages, stores, shapes)
        }
        func everywhere(_ damages: [Damage]) -> [FaultScenario] {
            damages.filter { damage in shapes.allSatisfy { !$0.impossible.contains(damage) } }
                .map { .damaged($0, in: SampleStores.names) }
        }
        return [
            inEachStore([
                .mojibake, .latinMojibake, .doubleMojibake, .mojibakeInJSON, .lostLetter, .controlCharacter,
                .htmlEntity, .escapedLetter, .escapedLetterInJSON, .foreignBytes, .mojibake, .foreignBytes,
            ]) + everywhere([.mojibake, .foreignBytes]),
            inEachStore([.brokenJSON, .repeatedKey]) + everywhere([.repeatedKey]),
            // What all stores hold is cut nowhere.
            inEachStore([.cutByLetters, .cutByBytes]),
            inEachStore([.noDate, .noBool, .noVersion, .noTime]) + everywhere([.noDate]),
            // Without a name in canonical alone, the others would be behind.
            inEachStore([.noName], others) + everywhere([.noName]),
            inEachStore([.unknownCategory, .strangeSubcategory]) + everywhere([.unknownCategory]),
            inEachStore([.impossibleEmail, .impossiblePhone]) + everywhere([.impossiblePhone]),
            inEachStore([.emailInName, .dateInName, .emailInPhones, .phoneInEmails, .categoryInSubcategory])
                + everywhere([.emailInName, .phoneInEmails]),
            inEachStore([.categoriesExchanged]) + everywhere([.categoriesExchanged]),
            inEachStore([.namesExchanged], others),
            // The history knows the versions of the others only.
            inEachStore([.loweredVersion], others) + inEachStore([.loweredVersionAndText], others),
            inEachStore([.epochTime, .futureTime, .updatedBeforeCreated, .futureBirthday])
                + everywhere([.epochTime, .futureBirthday]),
        ]
        .flatMap(\.self)
    }

    static let identifiers: [FaultScenario] = [
        .sharedIdentifier(.email, in: SampleStores.names), .sharedIdentifier(.phone, in: SampleStores.names),
        .sharedIdentifier(.email, in: ["crm"]), .sharedIdentifier(.phone, in: ["app"]),
        .sharedIdentifier(.email, in: ["app", "local"]),
    ]

    /// Each damage at least once, and something in each of the stores, as far as these can hold it.
    private static func inEachStore(
        _ damages: [Damage],
        _ stores: [String],
        _ shapes: [any SampleShape]
    ) -> [FaultScenario] {
        (0..<max(damages.count, stores.count))
            .compactMap { number in
                let damage = damages[number % damages.count]
                let able = shapes.filter { !$0.impossible.contains(damage) }.map(\.name)
                // The store whose turn it is, or the next one that can hold it.
                return stores.indices.lazy.map { stores[(number + $0) % stores.count] }
                    .first(where: able.contains)
                    .map { .damaged(damage, in: [$0]) }
            }
    }
}
