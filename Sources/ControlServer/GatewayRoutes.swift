import ControlAPI
import Hummingbird
import JobStorage

/// The routes that stop all dispatch and let it go on.
extension ControlService {
    var gatewayRoutes: [Route] {
        [
            setHold("/v1/hold", true, "Stop all dispatch. It stays stopped over a restart."),
            setHold("/v1/release", false, "Let dispatch go on."),
        ]
    }

    private func setHold(_ path: String, _ hold: Bool, _ summary: String) -> Route {
        .post(path, .operator, summary, body: .json("ReasonBody"), answer: .json("HoldView")) {
            call in
            try await order(call) { reason in
                try await store.setHold(hold, reason: reason, by: call.actor, at: call.at)
                return HoldView(hold: hold, reason: reason)
            }
        }
    }
}
