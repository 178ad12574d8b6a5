import ControlAPI
import Testing

struct SocketPathTests {
    @Test func aNamedSocketIsTheOnlyOne() {
        let environment = ["RECHARGED_SOCKET": "/b", "XDG_RUNTIME_DIR": "/run/user/7"]
        #expect(SocketPath.candidates(explicit: "/a", environment: environment) == ["/a"])
        #expect(SocketPath.candidates(explicit: nil, environment: environment) == ["/b"])
    }

    @Test func theSystemsDaemonComesBeforeTheUsersOwn() {
        #expect(
            SocketPath.candidates(explicit: nil, environment: ["XDG_RUNTIME_DIR": "/run/user/7"])
                == ["/run/recharged/control.sock", "/run/user/7/recharged/control.sock"]
        )
        #expect(
            SocketPath.candidates(explicit: "", environment: [:], name: .read, uid: 1000)
                == ["/run/recharged/read.sock", "/tmp/recharged-1000/read.sock"]
        )
    }

    @Test func aRelativeRuntimeFolderIsNotTrusted() {
        let folder = SocketPath.userFolder(environment: ["XDG_RUNTIME_DIR": "x"], uid: 5)
        #expect(folder == "/tmp/recharged-5")
    }

    @Test func queriesAreEscaped() {
        let path = ControlPath.with(
            [("number", "+86138"), ("name", "批 1&2"), ("limit", nil)],
            ControlPath.jobs
        )
        #expect(path == "/v1/jobs?number=%2B86138&name=%E6%89%B9%201%262")
    }
}
