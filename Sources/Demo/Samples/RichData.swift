/// The five JSON fields of a sample contact.
enum RichData {
    static let fields = ["llm_context", "communication_stats", "social_network", "ai_insights", "recommendations"]

    private static let notes = SampleVocabulary.notes + SampleLanguage.all.flatMap(\.notes)

    static func add(to contact: inout SampleContact, _ random: inout SeededRandom) {
        for field in fields where random.chance(80) {
            contact[field] = .json(value(of: field, &random))
        }
    }

    private static func value(of field: String, _ random: inout SeededRandom) -> SampleJSON {
        switch field {
        case "llm_context": context(&random)
        case "communication_stats": statistics(&random)
        case "social_network": network(&random)
        case "ai_insights": insights(&random)
        default: recommendations(&random)
        }
    }

    private static func context(_ random: inout SeededRandom) -> SampleJSON {
        .object([
            "summary": .string(
                random.pick(notes) + " → " + random.pick(SampleVocabulary.organizations)
            ),
            "tokens": .integer(random.below(50) * 1000),
            "model": .object(["temperature": .decimal(significand: 1 + Int64(random.below(99)), scale: 2)]),
            "reviewed": random.chance(20) ? .null : .bool(random.chance(50)),
        ])
    }

    private static func statistics(_ random: inout SeededRandom) -> SampleJSON {
        .object([
            "messages": .object([
                "e-mail": .integer(random.below(5000)), "téléphone": .integer(random.below(40) * 10),
            ]),
            "bytes": .integer(String(9_007_199_254_740_992 + random.below(1000))),
            "balance": .decimal(significand: Int64(random.below(2_000_001)) - 1_000_000, scale: 2),
            "last": .string("2023-0\(1 + random.below(9))-15T08:00:00Z"),
        ])
    }

    private static func network(_ random: inout SeededRandom) -> SampleJSON {
        .object([
            "profiles": .array(
                (0..<random.below(3))
                    .map { _ in
                        .object([
                            "url": .string("https://social.example/@u\(random.below(100_000))"),
                            "followers": .integer(random.below(900) * 100),
                        ])
                    }
            ),
            "closeness": .decimal(significand: 1 + Int64(random.below(999_999)), scale: 7),
            "serial": .integer("1234567890123456789012\(padded(random.below(1000), 3))"),
        ])
    }

    private static func insights(_ random: inout SeededRandom) -> SampleJSON {
        let traits = random.shuffled(SampleVocabulary.traits).prefix(1 + random.below(3))
        return .object([
            "traits": .array(traits.map { .string($0) }),
            "score": .decimal(significand: Int64(random.below(1_000_000_000)), scale: 9),
            "nested": .object([
                "deep": .object([
                    "deeper": .array([.integer(random.below(10)), .object(["x": .null, "": .string("")])])
                ])
            ]),
        ])
    }

    private static func recommendations(_ random: inout SeededRandom) -> SampleJSON {
        .array(
            (0..<(1 + random.below(3)))
                .map { index in
                    .object([
                        "action": .string(random.pick(["call", "send 🎁", "écrire", "line\none\ttab"])),
                        "priority": .integer(index),
                    ])
                }
        )
    }
}
