/// What a seed came to.
package struct RunResult: Sendable {
    package var findings: [String]
    package var encounters: Encounters
    package var trace: TraceDigest
    /// How many events the machines took.
    package var handled: Int

    init(_ gateway: inout SimulatedGateway<some SimulatedQueue>) {
        findings = gateway.findings()
        encounters = gateway.encounters
        trace = gateway.trace
        handled = gateway.handled
    }
}
