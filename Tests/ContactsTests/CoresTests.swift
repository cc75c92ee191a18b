import Testing

@testable import Contacts

@Suite struct CoresTests {
    @Test func thereIsOneAtLeast() { #expect(Cores.available >= 1) }

    @Test(arguments: [
        ("Name:\tx\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n", 2), ("Cpus_allowed:\t1\n", 1),
        ("Cpus_allowed:\tff,ffffffff\n", 40), ("Cpus_allowed:\t00000000,00000000,80000001\n", 2),
    ])
    func theMaskIsCounted(status: String, count: Int) { #expect(Cores.count(inStatus: status) == count) }

    @Test(arguments: ["", "Name:\tx\n", "Cpus_allowed:\t0\n", "Cpus_allowed_list:\t0-1\n"])
    func aTextWithoutAMaskSaysNothing(status: String) { #expect(Cores.count(inStatus: status) == nil) }
}
