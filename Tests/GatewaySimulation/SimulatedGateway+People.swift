import Carriers
import Engine
import JobStorage
import Recharge
import Simulation

/// What people do over the real store: take back what was recharged, pay into a float.
extension SimulatedGateway<StoredQueue> {
    /// Orders the reversal of so many recharges, if the process is there; what the store refuses by
    /// the carrier's terms stays as it is.
    mutating func reverse(_ count: Int) async {
        lookAtJobs()
        guard let operation = profile.operations.reverse, upAt == nil else { return }
        let terms = ReversalTerms(
            within: operation.within,
            sameMonth: operation.sameMonth,
            perMonth: operation.perMonth,
            offsetMinutes: Int64(profile.zone.offsetMinutes(at: now.utc))
        )
        for job in standings.filter({ $0.state == .succeeded && !$0.isReversal }).prefix(count) {
            if killsHere() { return goDown() }
            log("job \(job.id) is to be reversed")
            do {
                try await queue.reverse(job.id, terms, at: now.utc)
                changed()
                if killsHere() { return goDown() }
            } catch let error as JobStoreError
                where error.code == .wrongState || error.code == .diskFull
            {
                log("not reversed: \(error)")
            } catch {
                end(because: error)
                return goDown()
            }
        }
    }

    /// Books money for the SIM in a transceiver and pays it in, if the process is there.
    mutating func payIn(_ amount: Amount, modem: Int) async {
        guard upAt == nil else { return }
        let sim = world.stations[modem - 1].modem.identity.iccid
        do {
            // The figure that opens the books may have been stated before this is paid in.
            if try !queue.isFloatOpen(sim) { unsureFloats.insert(sim) }
            try await queue.topUp(sim, amount, at: now.utc)
            changed()
            meet("top-up", modem)
            await tell(FaultScript.Line(modem: modem, .topUp(amount)))
        } catch let error as JobStoreError
            where error.code == .notFound || error.code == .diskFull
        {
            log("not paid in: \(error)")
        } catch {
            unsureFloats.insert(sim)
            end(because: error)
            goDown()
        }
    }

    /// Whether each SIM's books say what the carrier has for it.
    mutating func lookAtFloats() {
        do {
            for (sim, minorUnits) in try queue.floats() where !unsureFloats.contains(sim) {
                let carrier = world.centre.balance(of: sim).minorUnits
                guard carrier != minorUnits else { continue }
                violations.append("the books of \(sim) say \(minorUnits), the carrier \(carrier)")
            }
        } catch {
            violations.append("the floats cannot be read: \(error)")
        }
    }
}
