import Carriers
import Engine
import Recharge
import Testing

@Suite struct RetryPolicyTests {
    let policy = RetryPolicy(attemptsMax: 3, delayBase: .seconds(10), delayMax: .seconds(60))

    @Test(arguments: [(1, 10), (2, 20), (3, 40), (4, 60), (90, 60)])
    func delaysDoubleUpToTheLongest(failures: Int, seconds: Int) {
        #expect(policy.delay(afterFailures: failures, jitter: .max) == .seconds(seconds))
        #expect(policy.delay(afterFailures: failures, jitter: 0) == .seconds(seconds) / 2)
    }

    @Test(arguments: [ReplyMeaning.badNumber, .refused])
    func aLastingRefusalFailsTheJob(meaning: ReplyMeaning) {
        #expect(policy.following(meaning, attempt: 1, jitter: 0) == .fail)
    }

    @Test(arguments: [ReplyMeaning.tryElsewhere, .lowFloat, .wrongPIN, .pinBlocked])
    func aRefusalOfTheSIMTriesAnotherAtOnce(meaning: ReplyMeaning) {
        let expected = Settlement.Following.tryAgain(after: .zero, elsewhere: true)
        #expect(policy.following(meaning, attempt: 2, jitter: 7) == expected)
        #expect(policy.following(meaning, attempt: 3, jitter: 7) == .fail)
    }

    @Test func aBusyCentreIsTriedLaterByAnySIM() {
        let expected = Settlement.Following.tryAgain(after: .seconds(10), elsewhere: false)
        #expect(policy.following(.busy, attempt: 2, jitter: 0) == expected)
        #expect(policy.following(.busy, attempt: 3, jitter: 0) == .fail)
    }

    @Test func anotherCarriersNumberWaitsForAPerson() {
        #expect(policy.following(.notOurNumber, attempt: 1, jitter: 0) == .hold(.notOurNumber))
    }

    @Test(arguments: [ReplyMeaning.recharged, .inProgress, .balance, .information])
    func whatRefusesNothingLeadsNowhere(meaning: ReplyMeaning) {
        #expect(policy.following(meaning, attempt: 1, jitter: 0) == nil)
    }
}
