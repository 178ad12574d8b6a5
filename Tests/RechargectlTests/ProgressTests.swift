import ControlAPI
import Recharge
import Testing

@testable import rechargectl

@Suite struct ProgressTests {
    @Test func oneLineShowsBarCountsRateAndTimeLeft() throws {
        var progress = BatchProgress()
        progress.observe(try SampleViews.batch([.ready: 33, .succeeded: 7]), at: .seconds(0))
        progress.observe(
            try SampleViews.batch([.succeeded: 20, .failed: 2, .unknown: 1, .ready: 17]),
            at: .seconds(5)
        )
        #expect(
            ProgressLine.text(progress, width: 80)
                == "[█████░░░░░] 23/40  succeeded 20  failed 2  unknown 1  3.2/s  6 s left"
        )
    }

    @Test func nothingIsPromisedBeforeAnythingWasSeen() throws {
        var progress = BatchProgress()
        progress.observe(try SampleViews.batch([.ready: 4]), at: .zero)
        #expect(progress.rate == nil)
        #expect(ProgressLine.text(progress, width: 80) == "[░░░░░░░░░░] 0/4")
        progress.observe(try SampleViews.batch([.ready: 4]), at: .seconds(3))
        #expect(progress.rate == nil && progress.timeLeft == nil)
    }

    @Test func theRateFollowsTheLastTenSeconds() throws {
        var progress = BatchProgress()
        for second in 0...60 {
            let done = second < 30 ? second * 10 : 300 + (second - 30)
            let view = try SampleViews.batch([.succeeded: done, .ready: 1000 - done])
            progress.observe(view, at: .seconds(second))
        }
        #expect(progress.rate == 1)
        #expect(progress.timeLeft == .seconds(670))
    }

    @Test func theBarIsFullOnlyWhenEverythingIsSettled() throws {
        for settled in 0...40 {
            var progress = BatchProgress()
            let view = try SampleViews.batch([.succeeded: settled, .ready: 40 - settled])
            progress.observe(view, at: .zero)
            let line = ProgressLine.text(progress, width: 80)
            #expect(line.contains("░") == (settled < 40))
        }
    }

    @Test(arguments: [
        (Duration.milliseconds(1), "1 s"), (.seconds(59), "59 s"), (.seconds(60), "1 min"),
        (.seconds(250), "4 min 10 s"), (.seconds(7500), "2 h 5 min"), (.seconds(3600), "1 h"),
    ])
    func durationsReadAsPeopleSayThem(_ duration: Duration, _ text: String) {
        #expect(ProgressLine.text(duration) == text)
    }

    @Test func aLineFitsTheTerminal() throws {
        var progress = BatchProgress()
        let counts: [JobState: Int] = [
            .succeeded: 100_000, .failed: 2000, .unknown: 300, .held: 10, .cancelled: 9,
        ]
        progress.observe(try SampleViews.batch(counts), at: .zero)
        for width in [1, 20, 40, 80, 200] {
            #expect(ProgressLine.text(progress, width: width).columnCount <= max(width - 1, 1))
        }
    }

    @Test(arguments: [
        ([JobState.succeeded: 2], true), ([.succeeded: 1, .unknown: 1], true),
        ([.succeeded: 1, .held: 1], true), ([.succeeded: 1, .armed: 1], false),
        ([.succeeded: 1, .ready: 1], false), ([.scheduled: 1], false),
    ])
    func watchingEndsWhenNothingIsLeftToWaitFor(_ counts: [JobState: Int], _ isOver: Bool) throws {
        #expect(try SampleViews.batch(counts).isSettled == isOver)
    }

    @Test func aBatchStillBeingWrittenIsNotOver() throws {
        #expect(try !SampleViews.batch([:], state: .staging).isSettled)
    }
}
