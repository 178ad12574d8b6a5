import Recharge

extension SimulatedWorld {
    /// The state of everything as one line of JSON.
    ///
    /// Written by hand, since nothing in it but the folder's name needs escaping.
    func statusJSON(_ directory: PoolDirectory) -> String {
        let modems = stations.enumerated().map { place, station in
            let identity = station.modem.identity
            let path = directory.link(of: place + 1)
                .replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            return "{\"index\":\(place + 1),\"path\":\"\(path)\","
                + "\"state\":\"\(station.plug.rawValue)\",\"iccid\":\"\(identity.iccid.digits)\","
                + "\"imsi\":\"\(identity.imsi.digits)\",\"imei\":\"\(identity.imei.digits)\","
                + "\"number\":\"\(identity.number)\",\"stored\":\(station.modem.storage.count),"
                + "\"waiting\":\(station.waitingCount),\"submits\":\(station.modem.submitCount),"
                + "\"balance_minor\":\(centre.balance(of: identity.iccid).minorUnits)}"
        }
        return "{\"charges\":\(centre.chargeCount),\"refusals\":\(centre.refusalCount),"
            + "\"reversals\":\(centre.reversalCount),"
            + "\"modems\":[\(modems.joined(separator: ","))]}"
    }
}
